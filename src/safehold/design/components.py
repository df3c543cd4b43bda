"""GOV.UK components as functions: `govuk.button(text="Continue")` in a template or in Python."""

from collections.abc import Callable
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


class Components:
    """The macros in use, by name. A name that is not in MACROS raises AttributeError."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        if name not in MACROS:
            raise AttributeError(f"no component is called {name}")

        def render(**params: Any) -> Markup:
            return self.render(name, params)

        return render

    def render(self, name: str, params: dict[str, Any]) -> Markup:
        """Render one component with the options that GOV.UK Frontend documents for it."""
        path = f"govuk_frontend_jinja/components/{name.replace('_', '-')}/macro.html"
        macro = getattr(self._environment.get_template(path).module, f"govuk{MACROS[name]}")
        return Markup(macro(params).strip())  # noqa: S704 - the macro escaped what it was given
