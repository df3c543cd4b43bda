"""What was done in a case, in one order, from every room that does something in cases.

A room adds its own by `add_source` when it is loaded (`AppConfig.ready`): this one knows none of
them. What happened, the incidents, comes from `histories`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from safehold.records.audit.actors import About
from safehold.records.cases import knowing
from safehold.records.cases.models import Act, Case, CaseAct, CaseIncident
from safehold.records.staff.models import StaffMember

MOST = 300  # of one case: the newest


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that was done: when, what in a few words, by whom and why.

    `more` is what it says beyond that; `about` leads to the record, as the audit names it.
    """

    at: datetime
    what: str
    by: str
    why: str = ""
    more: str = ""
    about: About | None = None


Source = Callable[[Case, StaffMember], Iterable[Moment]]
_SOURCES: dict[str, Source] = {}


def add_source(name: str, source: Source) -> None:
    """Let a room tell what it did in a case: of a case that the member may see, what they may.

    A name is one source: the same again takes the place of the one before.
    """
    _SOURCES[name] = source


def of_case(case: Case, *, by: StaffMember) -> list[Moment]:
    """Return what was done in a case that was given out, the newest first."""
    found = [each for source in _SOURCES.values() for each in source(case, by)]
    return sorted(found, key=lambda each: each.at, reverse=True)[:MOST]


def _own(case: Case, _: StaffMember) -> Iterator[Moment]:
    """Tell what was done with the case itself, and who was named."""
    for act in CaseAct.objects.filter(case=case).select_related("by"):
        yield Moment(act.at, f"Case {_WORDS[Act(act.act)]}", act.by.name, act.why)
    for row in knowing.named_on(case):
        relation = row.get_relation_display().lower()
        yield Moment(row.since, f"Named: {row.member.name}, {relation}", row.named_by.name)
        if row.until is not None and row.ended_by is not None:
            what = f"No longer: {row.member.name}, {relation}"
            yield Moment(row.until, what, row.ended_by.name, row.ended_why)
    taken = CaseIncident.objects.filter(case=case, added_at__gt=case.opened_at)
    for one in taken.select_related("incident", "added_by"):
        yield Moment(
            one.added_at,
            f"Incident {one.incident.reference} taken in",
            one.added_by.name,
            about=About("incident", str(one.incident_id)),
        )
    # Last: of what is of one moment the first comes last.
    yield Moment(case.opened_at, "Case opened", case.opened_by.name, case.opened_why)


_WORDS = {
    Act.CLOSED: "closed",
    Act.REOPENED: "opened again",
    Act.RESTRICTED: "restricted to those who work on it",
    Act.LIFTED: "shown to the unit again",
    Act.KEPT: "to be kept longer",
}
add_source("cases", _own)
