"""`safehold languages`: what stands between each language and the visitors who would read it."""

from __future__ import annotations

from collections.abc import Iterator

import click

from safehold.config import languages
from safehold.domain.force import Force
from safehold.domain.languages import Catalogue, NotACatalogue, digest, faults, known
from safehold.records.media import queries as media
from safehold.records.media.queries import Standing

MOST_FAULTS = 5


@click.command()
def command() -> None:
    """List each language of the profile: what is shown, what waits for a speaker, what is missing.

    A part is shown once a named speaker has read it and the profile says so, with its digest, in
    a table [[translations]]: language, part, digest, approved_by, on. So are films in British Sign
    Language (bfi) and pages of easy words (en-GB-easy) that lie in the data folder's media/public.
    """
    from django.conf import settings

    force: Force = settings.FORCE
    click.echo("en-GB  English: what every page is written in.")
    for code in force.languages[1:]:
        click.echo(f"{code}  {known()[code].autonym}")
        for line in _lines(force, code):
            click.echo(f"  {line}")
    for found in media.standings(data=settings.SAFEHOLD_DATA, approvals=force.approvals):
        click.echo(f"{found.form}  {found.slot}: {_form(found)}")


def _form(found: Standing) -> str:
    if found.wrong:
        return f"not shown. {found.wrong}"
    if found.approval:
        return f"shown; {found.approval.approved_by} approved it on {found.approval.on}."
    return f'waits for somebody to approve it. digest = "{found.digest}"'


def _lines(force: Force, code: str) -> Iterator[str]:
    try:
        words = languages.catalogue(code)
    except NotACatalogue as error:
        yield f"{error} Every page comes in English."
        return
    for part, messages in languages.parts().items():
        if messages:
            yield f"{part}: {_standing(force, code, part, words)}"


def _standing(force: Force, code: str, part: str, words: Catalogue) -> str:
    messages = languages.parts()[part]
    wrong = list(faults(messages, words))
    if wrong:
        more = f" And {len(wrong) - MOST_FAULTS} more." if len(wrong) > MOST_FAULTS else ""
        return f"not whole. {' '.join(wrong[:MOST_FAULTS])}{more}"
    version = digest(messages, words)
    approvals = [a for a in force.approvals if (a.language, a.part) == (code, part)]
    for approval in approvals:
        if approval.digest == version:
            return f"shown; {approval.approved_by} read it on {approval.on}."
    changed = "changed since it was approved; " if approvals else ""
    return f'{changed}waits for a speaker. digest = "{version}"'
