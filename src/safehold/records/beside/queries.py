"""Which reports may tell of the same as one, and what was decided about them.

Only among what the member may open, and never across the border to professional standards: a
report about a colleague is compared with others about colleagues, and with nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q, QuerySet

from safehold.domain import alike
from safehold.domain.access import Permission
from safehold.domain.journey.ask import KIND as DVDS
from safehold.domain.linking import may_be_linked
from safehold.domain.triage_slip import FOR_STANDARDS
from safehold.records.beside.models import Comparison, Verdict
from safehold.records.conflicts import recusals
from safehold.records.incidents import queries as incidents
from safehold.records.incidents.models import Incident, TimePrecision
from safehold.records.staff.models import StaffMember
from safehold.records.triage import queries as triage
from safehold.records.triage.models import AccountMark, State, TriageSlip
from safehold.records.triage.queries import ReportNotFound

__all__ = ["Candidate", "Verdict", "candidates", "count", "history", "may_be_tied", "pair"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report that may tell of the same, why, and what was decided last, if anything was."""

    slip: TriageSlip
    reasons: tuple[str, ...]
    decided: Comparison | None


def candidates(*, report_id: UUID, by: StaffMember) -> list[Candidate]:
    """Return what may tell of the same as a report, undecided first, then the best reasons.

    Raises Refused or ReportNotFound. None for whoever may not open the report.
    """
    slip = triage.slip(report_id=report_id, by=by)
    if not _may_compare(slip, by):
        return []
    decided = _decided(slip)
    mine = incidents.of_report(slip.pk)
    around = incidents.reports_of(incidents.may_be_same(mine)) if mine else {}
    marks = _marks([slip.pk])
    found = _rows(slip, [*around, *_marked(marks.get(slip.pk, frozenset())), *decided])
    sketches = _sketches({**found, slip.pk: slip})
    listed = [
        Candidate(
            other, alike.reasons(sketches[slip.pk], sketches[other.pk]), decided.get(other.pk)
        )
        for other in found.values()
    ]
    kept_from = set(recusals.kept_from(by))
    shown = (each for each in listed if each.slip.pk not in kept_from)
    return sorted((each for each in shown if each.reasons or each.decided), key=_order)


def count(*, report_id: UUID, by: StaffMember) -> int:
    """Count what may tell of the same as a report and was not found to be something else."""
    if not by.may(Permission.OPEN_ACCOUNT):
        return 0
    found = candidates(report_id=report_id, by=by)
    return sum(each.decided is None or each.decided.verdict != Verdict.NOT_SAME for each in found)


def pair(*, report_id: UUID, other_id: UUID, by: StaffMember) -> tuple[TriageSlip, TriageSlip]:
    """Return two slips that the member may compare.

    Raises Refused, or ReportNotFound where there is no such pair, whatever the other report is.
    """
    slip = triage.slip(report_id=report_id, by=by)
    by.must(Permission.OPEN_ACCOUNT, triage.subject_of(slip))
    other = _comparable(slip).filter(pk=other_id).first()
    if other is None or not (_may_compare(slip, by) and _may_compare(other, by)):
        raise ReportNotFound("There is no such report to compare.")
    return slip, other


def history(*, report_id: UUID, other_id: UUID, by: StaffMember) -> list[Comparison]:
    """Return every decision about two reports that the member may compare, the newest first.

    Raises as `pair` does.
    """
    pair(report_id=report_id, other_id=other_id, by=by)
    one, other = ordered(report_id, other_id)
    rows = Comparison.objects.filter(one_id=one, other_id=other).select_related("decided_by")
    return list(rows.order_by("-decided_at", "-pk"))


def may_be_tied(report_ids: Iterable[UUID]) -> bool:
    """Tell whether every one of these reports may be tied to a person; only an accepted one may."""
    bases = [incidents.basis_of(report_id) for report_id in report_ids]
    return all(basis is not None and may_be_linked(basis) for basis in bases)


def ordered(report_id: UUID, other_id: UUID) -> tuple[UUID, UUID]:
    """Give the keys of a pair in the one order in which they are kept."""
    return min(report_id, other_id), max(report_id, other_id)


def _may_compare(slip: TriageSlip, by: StaffMember) -> bool:
    if slip.kind == DVDS or slip.state == State.SEALED:
        return False
    return by.may(Permission.OPEN_ACCOUNT, triage.subject_of(slip))


def _comparable(slip: TriageSlip) -> QuerySet[TriageSlip]:
    rows = TriageSlip.objects.exclude(kind=DVDS).exclude(state=State.SEALED).exclude(pk=slip.pk)
    if slip.police_party:
        return rows.filter(party_is_police__in=FOR_STANDARDS)
    return rows.exclude(party_is_police__in=FOR_STANDARDS)


def _rows(slip: TriageSlip, keys: Iterable[UUID]) -> dict[UUID, TriageSlip]:
    known = _comparable(slip).filter(pk__in=list(keys))
    return {row.pk: row for row in [*known.select_related("owner"), *_near(slip)]}


def _near(slip: TriageSlip) -> list[TriageSlip]:
    squares = alike.squares_near(slip.cell)
    if not squares:
        return []
    around = _comparable(slip).filter(cell__in=squares, kind__in=alike.kinds_with(slip.kind))
    rows = around.select_related("owner")
    # The nearest in time on each side, so that a flood in the square is not read whole.
    before = rows.filter(
        received_at__lte=slip.received_at, received_at__gte=slip.received_at - alike.DAYS
    ).order_by("-received_at", "pk")[: alike.MOST]
    after = rows.filter(
        received_at__gt=slip.received_at, received_at__lte=slip.received_at + alike.DAYS
    ).order_by("received_at", "pk")[: alike.MOST]
    return [*before, *after]


def _marks(keys: Iterable[UUID]) -> dict[UUID, frozenset[str]]:
    found: dict[UUID, set[str]] = {}
    rows = AccountMark.objects.filter(slip_id__in=list(keys)).values_list("slip_id", "mark")
    for key, mark in rows:
        found.setdefault(key, set()).add(mark)
    return {key: frozenset(marks) for key, marks in found.items()}


def _marked(marks: frozenset[str]) -> list[UUID]:
    rows = AccountMark.objects.filter(mark__in=marks).order_by("-pk")
    return list(rows.values_list("slip_id", flat=True)[: alike.MOST])


def _decided(slip: TriageSlip) -> dict[UUID, Comparison]:
    rows = Comparison.objects.filter(Q(one=slip) | Q(other=slip)).select_related("decided_by")
    return {
        row.other_id if row.one_id == slip.pk else row.one_id: row
        for row in rows.order_by("decided_at", "pk")
    }


def _sketches(slips: Mapping[UUID, TriageSlip]) -> dict[UUID, alike.Sketch]:
    marks, accepted = _marks(slips), incidents.incidents_of(slips)
    return {
        key: _sketch(slip, marks.get(key, frozenset()), accepted.get(key))
        for key, slip in slips.items()
    }


def _sketch(slip: TriageSlip, marks: frozenset[str], incident: Incident | None) -> alike.Sketch:
    plain = alike.Sketch(slip.kind, slip.cell, slip.received_at, marks)
    if incident is None:
        return plain
    return replace(
        plain,
        classification=incident.classification,
        place=str(incident.place_id or ""),
        starts_at=incident.starts_at,
        ends_at=incident.ends_at,
        to_the_hour=incident.time_precision == TimePrecision.HOURS,
    )


def _order(candidate: Candidate) -> tuple[bool, int, bool, object]:
    open_still = candidate.decided is None or candidate.decided.verdict == Verdict.UNSURE
    by_words = any("letter for letter" in reason for reason in candidate.reasons)
    return not open_still, -len(candidate.reasons), not by_words, candidate.slip.received_at
