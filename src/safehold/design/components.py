"""GOV.UK components as functions: `govuk.button(text="Continue")` in a template or in Python."""

from collections.abc import Callable, Hashable
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
# a question page. Nothing that can hold what someone typed may be kept here. Others are kept where
# whoever draws them says that nothing but our own words is in them (`fields.py`).
KEPT: Final = frozenset({"back_link", "button", "skip_link"})
KEPT_AT_MOST: Final = 1024


class Components:
    """The macros in use, by name. A name that is not in MACROS raises AttributeError."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._macros: dict[str, Callable[..., str]] = {}
        self._kept: dict[Hashable, Markup] = {}

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        if name not in MACROS:
            raise AttributeError(f"no component is called {name}")

        def render(**params: Any) -> Markup:
            return self.render(name, params)

        return render

    def render(self, name: str, params: dict[str, Any], *, keep: bool = False) -> Markup:
        """Render one component with the options that GOV.UK Frontend documents for it.

        `keep` says that its options hold our own words alone: it is drawn once, and used again.
        """
        if not keep and not (
            name in KEPT and all(isinstance(value, str) for value in params.values())
        ):
            return self._draw(name, params)
        key = (name, _as_key(params))
        drawn = self._kept.get(key)
        if drawn is None:
            drawn = self._draw(name, params)
            if len(self._kept) >= KEPT_AT_MOST:
                self._kept.clear()
            self._kept[key] = drawn
        return drawn

    def _draw(self, name: str, params: dict[str, Any]) -> Markup:
        return Markup(self._macro(name)(params).strip())  # noqa: S704 - the macro escaped it all

    def _macro(self, name: str) -> Callable[..., str]:
        if name not in self._macros:
            path = f"govuk_frontend_jinja/components/{name.replace('_', '-')}/macro.html"
            module = self._environment.get_template(path).module
            self._macros[name] = getattr(module, f"govuk{MACROS[name]}")
        return self._macros[name]


def _as_key(value: Any) -> Hashable:
    # Equal is not the same: Markup and plain text are drawn differently, and True is not 1.
    if isinstance(value, dict):
        return tuple((name, _as_key(each)) for name, each in value.items())
    if isinstance(value, list):
        return tuple(_as_key(each) for each in value)
    return type(value), value
