"""Holding names against what was told, in memory: nothing of it is kept, nor which name it was."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db import transaction

from safehold.domain import names, spelling
from safehold.records.conflicts.models import Colleague, LinkedParty, MarksMade
from safehold.records.intake.names import replace_marks, version_of_marks
from safehold.records.staff.models import StaffMember
from safehold.records.staff.queries import names_of_all

# Under the same key nobody can tell what came and went; under one that is old they could try.
MADE_AGAIN_AFTER = timedelta(days=1)
_ROW = 1


def meets_anybody(texts: Iterable[str]) -> bool:
    """Tell whether texts name a colleague, or anybody linked to one."""
    found = names.forms_in(texts)
    return any(names.forms_of_name(name) & found for name in _all_names())


def meets_own(texts: Iterable[str], *, member: StaffMember) -> bool:
    """Tell whether texts name a member or whoever is linked to them, a wrong letter or not."""
    read = tuple(texts)
    linked = LinkedParty.objects.filter(colleague=member, ended_at=None)
    own = [member.name, *linked.values_list("name", flat=True)]
    return any(names.nearly_in_text(name, read) for name in own)


def names_of_colleagues() -> dict[str, tuple[str, ...]]:
    """Return the words of the name of every colleague who is known, whole names alone."""
    known = [*names_of_all(), *Colleague.objects.values_list("name", flat=True)]
    words = {name: spelling.words_of(name) for name in known}
    return {name: said for name, said in words.items() if len(said) > 1}


def keep_marks(*, at: datetime) -> bool:
    """Make the marks anew where a name came or went, or they are old; tell whether they were.

    The two stores share no transaction: what is noted last is that it was done, so a crash between
    them makes the marks once more.
    """
    forms = sorted(frozenset[str]().union(*map(names.forms_of_name, _all_names())))
    digest = hashlib.sha256("\n".join([names.RULES.version, *forms]).encode()).hexdigest()
    made = MarksMade.objects.filter(pk=_ROW).first()
    young = made is not None and at - made.made_at < MADE_AGAIN_AFTER
    if made and young and made.digest == digest and version_of_marks() == made.version:
        return False
    version = replace_marks(forms)
    with transaction.atomic():
        MarksMade.objects.update_or_create(
            id=_ROW, defaults={"version": version, "digest": digest, "made_at": at}
        )
    return True


def are_compared() -> bool:
    """Tell whether names of what arrives now are compared with those that were last marked."""
    made = MarksMade.objects.filter(pk=_ROW).values_list("version", flat=True).first()
    return made is not None and made == version_of_marks()


def _all_names() -> Iterator[str]:
    yield from names_of_all()
    for linked in LinkedParty.objects.filter(ended_at=None):
        yield linked.name
        if linked.colleague_name:
            yield linked.colleague_name
    yield from Colleague.objects.values_list("name", flat=True).iterator(chunk_size=2000)
