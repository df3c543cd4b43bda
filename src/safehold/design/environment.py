"""The one Jinja environment of every page: our layouts, GOV.UK's macros, and what pages call."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, Undefined
from markupsafe import Markup

from safehold.design import exit_script, files_script, languages, unsaved, words
from safehold.design.chrome import chrome, reading_sentence
from safehold.design.components import Components
from safehold.design.fields import Fields
from safehold.design.standing import Standing

MACROS = "govuk_frontend_jinja"


def environment(**options: Any) -> Environment:
    """Build the environment from the options that Django's Jinja2 backend passes."""
    options["loader"] = ChoiceLoader(
        [options["loader"], PrefixLoader({MACROS: PackageLoader(MACROS)})]
    )
    # The macros leave options out on purpose; Django's debugging kind would print each of them.
    options["undefined"] = Undefined
    options["autoescape"] = True
    env = Environment(  # noqa: S701 - set above
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"], **options
    )
    env.policies["ext.i18n.trimmed"] = True
    env.install_gettext_callables(  # type: ignore[attr-defined]  # the extension brings it
        languages.said, languages.said_of, newstyle=True
    )
    components = Components(env)
    fields = Fields(components)
    env.globals.update(
        static=static,
        url=_url,
        chrome=chrome,
        standing=Standing(env),
        reading_sentence=reading_sentence,
        own=languages.own,
        govuk=components,
        field=fields.field,
        error_summary=fields.error_summary,
        not_drawn=unsaved.not_drawn,
        files_script=Markup(files_script.SOURCE),  # noqa: S704 - as the next
        exit_script=Markup(exit_script.SOURCE),  # noqa: S704 - our own file, allowed by its hash
    )
    env.filters.update(
        day=words.day,
        moment=words.moment,
        number=words.number,
        counted=words.counted,
        phone=words.phone,
    )
    return env


def _url(name: str, **parts: Any) -> str:
    return reverse(name, kwargs=parts or None)
