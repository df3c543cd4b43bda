"""GOV.UK components as functions: `govuk.button(text="Continue")` in a template or in Python."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment
from markupsafe import Markup

MACROS: Final = {
    "back_link": "BackLink",
    "button": "Button",
    "checkboxes": "Checkboxes",
    "date_input": "DateInput",
    "details": "Details",
    "error_message": "ErrorMessage",
    "error_summary": "ErrorSummary",
    "fieldset": "Fieldset",
    "hint": "Hint",
    "input": "Input",
    "inset_text": "InsetText",
    "label": "Label",
    "radios": "Radios",
    "select": "Select",
    "skip_link": "SkipLink",
    "summary_list": "SummaryList",
    "tag": "Tag",
    "textarea": "Textarea",
    "warning_text": "WarningText",
}
# Drawn from words of our own pages alone, so the same few again and again: a third of the time of
# a question page. Nothing that can hold what someone typed may be kept here.
KEPT: Final = frozenset({"back_link", "button", "skip_link"})
KEPT_AT_MOST: Final = 512


class Components:
    """The macros in use, by name. A name that is not in MACROS raises AttributeError."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._macros: dict[str, Callable[..., str]] = {}
        self._kept = lru_cache(maxsize=KEPT_AT_MOST)(self._draw_again)

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        if name not in MACROS:
            raise AttributeError(f"no component is called {name}")

        def render(**params: Any) -> Markup:
            return self.render(name, params)

        return render

    def render(self, name: str, params: dict[str, Any]) -> Markup:
        """Render one component with the options that GOV.UK Frontend documents for it."""
        if name in KEPT and all(isinstance(value, str) for value in params.values()):
            # Markup and the same words as plain text are equal, and drawn differently.
            return self._kept(name, tuple((n, type(v), v) for n, v in params.items()))
        return self._draw(name, params)

    def _draw_again(self, name: str, given: tuple[tuple[str, type, str], ...]) -> Markup:
        return self._draw(name, {key: value for key, _, value in given})

    def _draw(self, name: str, params: dict[str, Any]) -> Markup:
        return Markup(self._macro(name)(params).strip())  # noqa: S704 - the macro escaped it all

    def _macro(self, name: str) -> Callable[..., str]:
        if name not in self._macros:
            path = f"govuk_frontend_jinja/components/{name.replace('_', '-')}/macro.html"
            module = self._environment.get_template(path).module
            self._macros[name] = getattr(module, f"govuk{MACROS[name]}")
        return self._macros[name]
