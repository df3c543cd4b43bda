"""A place report, ready to be sealed: the slip that a worker reads, and the account for a person.

Pure: answers and the time in, plain values out, so that whoever fills a practice store sends what
a visitor would have sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, tzinfo

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.made import (
    SAFEGUARDING,
    MadeReport,
    NotWhole,
    answered,
    cell_of,
    said_of_party,
)
from safehold.domain.journey.place_questions import PLACE, RULES
from safehold.domain.journey.signs import prompts
from safehold.domain.journey.times import when_it_was
from safehold.domain.journey.walk import cleared, reachable, still_needed
from safehold.domain.journey.whereabouts import whereabouts
from safehold.domain.triage_slip import Said, TriageSlip

KIND = "place"
AN_HOUR = timedelta(hours=1)
_PROMPTS: tuple[Mapping[str, str], ...] = tuple(RULES.tables["danger"]["prompts"])


class PlaceMissing(NotWhole):
    """A report without the one answer that it needs."""

    def __init__(self) -> None:
        super().__init__("A place report needs a place.")


def place_report(answers: Answers, *, at: datetime, zone: tzinfo) -> MadeReport:
    """Build a report of answers sent at an aware moment; `zone` is where the force is.

    There is no identity: none is asked for. Raises PlaceMissing. Times in the account go no finer
    than the hour in which it was sent.
    """
    kept = cleared(PLACE, answers)
    if still_needed(PLACE, kept):
        raise PlaceMissing
    place = whereabouts(kept)
    hour = at.replace(minute=0, second=0, microsecond=0)
    slip = TriageSlip(
        kind=KIND,
        danger=prompts(_PROMPTS, PLACE, kept),
        cell=cell_of(place),
        child_present=_child(kept),
        party_is_police=said_of_party(kept),
        wants_reply=Said.NO,
    )
    account = {
        "kind": KIND,
        "journey": {"key": PLACE.key, "version": PLACE.version},
        "sent_in_hour": hour.isoformat(),
        "place": place.to_plain(),
        "when": when_it_was(kept, at=hour + AN_HOUR, zone=zone).to_plain(),
        "roles": _roles(kept),
        "answers": [answered(question, kept) for question in reachable(PLACE, kept)],
    }
    return MadeReport(slip.as_mapping(), account)


def _roles(answers: Answers) -> list[dict[str, str]]:
    # A child who tells of a place has a role, as any child in a report.
    if _child(answers) is not Said.YES:
        return []
    return [{"role": "reporter", "child": "yes", "prompt": SAFEGUARDING}]


def _child(answers: Answers) -> Said:
    # An adult who reports says nothing of children near by, and was not asked.
    age = answers.one("you_age", "answer")
    if age == "under_18":
        return Said.YES
    asked = answers.has("you_age") and age in {"", "rather_not"}
    return Said.NOT_SAID if asked else Said.NOT_ASKED
