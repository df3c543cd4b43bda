"""The one Jinja environment of every page: our layouts, GOV.UK's macros, and what pages call."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, Undefined
from markupsafe import Markup

from safehold.design import exit_script, words
from safehold.design.chrome import chrome
from safehold.design.components import Components
from safehold.design.fields import Fields

MACROS = "govuk_frontend_jinja"


def environment(**options: Any) -> Environment:
    """Build the environment from the options that Django's Jinja2 backend passes."""
    options["loader"] = ChoiceLoader(
        [options["loader"], PrefixLoader({MACROS: PackageLoader(MACROS)})]
    )
    # The macros leave options out on purpose; Django's debugging kind would print each of them.
    options["undefined"] = Undefined
    options["autoescape"] = True
    env = Environment(trim_blocks=True, lstrip_blocks=True, **options)  # noqa: S701 - set above
    components = Components(env)
    fields = Fields(components)
    env.globals.update(
        static=static,
        url=_url,
        chrome=chrome,
        govuk=components,
        field=fields.field,
        error_summary=fields.error_summary,
        exit_script=Markup(exit_script.SOURCE),  # noqa: S704 - our own file, allowed by its hash
    )
    env.filters.update(day=words.day, moment=words.moment, counted=words.counted)
    return env


def _url(name: str, **parts: Any) -> str:
    return reverse(name, kwargs=parts or None)
