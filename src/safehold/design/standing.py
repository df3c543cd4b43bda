"""What stands on a page whoever reads it: drawn once for each language, and used again.

Such a part is a template that is given nothing of the page or of the request: only the chrome, and
a yes or a no for what may stand in it. So nothing that a visitor typed, chose or holds can be in
it, and no token or nonce either.
"""

from __future__ import annotations

from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from safehold.design.chrome import chrome
from safehold.design.made_once import MadeOnce


class Standing:
    """Draws such parts: `standing("layout/_foot.html")` in a template."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._drawn: MadeOnce[Markup] = MadeOnce()

    def __call__(self, template: str, **chosen: bool) -> Markup:
        """Draw a part. `chosen` says what stands in it; TypeError for anything but yes or no."""
        for name, given in chosen.items():
            if not isinstance(given, bool):
                raise TypeError(f"{name} of {template} must be a yes or a no.")
        key = (template, tuple(sorted(chosen.items())))
        return self._drawn.of(key, lambda: self._draw(template, chosen))

    def _draw(self, template: str, chosen: dict[str, bool]) -> Markup:
        given: dict[str, Any] = {"around": chrome(), **chosen}
        drawn = self._environment.get_template(template).render(given)
        return Markup(drawn)  # noqa: S704 - a template of ours, which escaped it all
