"""Recording what was searched for a person's history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain.access import Permission
from safehold.domain.sources import SOURCES
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.histories.models import Outcome, SourceSearch
from safehold.records.people import operations as people
from safehold.records.staff.models import StaffMember


class NotASource(ValueError):
    """The source is not on the list, or is one that the page itself searches."""


class WordsNeeded(ValueError):
    """What was found, or why it was not searched, is not said."""


@transaction.atomic
def record_search(
    *, identity: UUID, source: str, outcome: str, words: str, by: StaffMember, at: datetime
) -> SourceSearch:
    """Record that somebody searched a source for a person, or why nobody did.

    Raises Refused, PersonNotFound, NotASource, or WordsNeeded.
    """
    by.must(Permission.RECORD_PEOPLE)
    people.standing(identity, by=by)
    if source not in SOURCES or SOURCES[source].ours:
        raise NotASource("Choose a source from the list.")
    said = words.strip()
    if outcome != Outcome.NOTHING and not said:
        raise WordsNeeded(
            "Write why it was not searched."
            if outcome == Outcome.NOT_DONE
            else "Write in brief what was found."
        )
    kept = SourceSearch.objects.create(
        identity=identity, source=source, outcome=Outcome(outcome), words=said, at=at, by=by
    )
    audit.append(
        action=Action.SOURCE_SEARCHED,
        by=by,
        subject=people.about(identity),
        at=at,
        detail={"source": source, "outcome": str(outcome)},
    )
    return kept
