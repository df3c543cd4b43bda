"""Questions to the intake store: a holder's own draft, and for staff what has arrived, sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from safehold.records.intake import tickets
from safehold.records.intake.chain import INTAKE, IntakeAction, digests
from safehold.records.intake.models import Draft, IntakeEvent, SealedReport, SentPart
from safehold.records.intake.tickets import DraftGone, DraftState, DraftTicket

__all__ = [
    "Arrival",
    "DraftGone",
    "DraftState",
    "NoSuchReport",
    "Sealed",
    "count_files",
    "draft_state",
    "envelopes_not_as_received",
    "has_identity",
    "has_release",
    "sealed_report",
    "sealed_reports_since",
    "sent_parts",
]


class NoSuchReport(LookupError):
    """No report of that id is in the store."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A report that arrived: its slip, and the cursor to ask for what came after it."""

    cursor: int
    report_id: UUID
    reference: str
    received_at: datetime
    slip: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A report with all its envelopes. `received_at` is cut to the hour."""

    report_id: UUID
    reference: str
    received_at: datetime
    slip: bytes = field(repr=False)
    account: bytes = field(repr=False)
    identity: bytes | None = field(repr=False)
    release: bytes | None = field(repr=False)


def draft_state(ticket: DraftTicket, at: datetime) -> DraftState:
    """Return what a draft holds: its answers, or the reference once it was sent.

    Raises DraftGone for one that never was, was idle too long, or lost a half, all alike.
    """
    # Every request of a form asks this: the shortest question that can be put.
    for draft in Draft.objects.using(INTAKE).filter(id=ticket.draft_id):
        if draft.last_used_at > tickets.idle_before(at):
            return tickets.state_of(draft, tickets.key_of(ticket, draft))
    raise DraftGone


def count_files(report_id: UUID) -> int:
    """Count the files that came with a report; nothing of them is read."""
    rows = SentPart.objects.using(INTAKE).filter(report_id=report_id)
    return rows.values("file_id").distinct().count()


def sent_parts(file_id: UUID) -> Iterator[bytes]:
    """Give the locked parts of a file that was sent, in their order."""
    rows = SentPart.objects.using(INTAKE).filter(file_id=file_id).order_by("number")
    for content in rows.values_list("content", flat=True).iterator(chunk_size=4):
        yield bytes(content)


def sealed_report(report_id: UUID) -> Sealed:
    """Return a report with its envelopes. Raises NoSuchReport."""
    report = SealedReport.objects.using(INTAKE).filter(id=report_id).first()
    if report is None:
        raise NoSuchReport(f"No report {report_id} is in the store.")
    return Sealed(
        report_id=report.id,
        reference=report.reference,
        received_at=report.received_at,
        slip=bytes(report.slip),
        account=bytes(report.account),
        identity=None if report.identity is None else bytes(report.identity),
        release=None if report.release is None else bytes(report.release),
    )


def has_identity(report_id: UUID) -> bool:
    """Tell whether a report came with an identity of its own, without reading any envelope."""
    reports = SealedReport.objects.using(INTAKE).filter(id=report_id)
    return reports.exclude(identity=None).exists()


def has_release(report_id: UUID) -> bool:
    """Tell whether an envelope for the unit stands beside a hidden name; it may hold nothing."""
    reports = SealedReport.objects.using(INTAKE).filter(id=report_id)
    return reports.exclude(release=None).exists()


def sealed_reports_since(cursor: int, *, limit: int = 100) -> list[Arrival]:
    """Return up to `limit` reports that arrived after a cursor, in order; begin with 0.

    The cursor is the number of the report's event. Numbers have no gap and become visible in
    order, so a reader who keeps the last cursor misses none and sees none twice. A report that
    was removed meanwhile is passed over.
    """
    received = IntakeEvent.objects.using(INTAKE).filter(action=IntakeAction.REPORT_RECEIVED)
    arrivals: list[Arrival] = []
    while len(arrivals) < limit:
        wanted = limit - len(arrivals)
        events = list(
            received.filter(sequence__gt=cursor)
            .order_by("sequence")
            .values_list("sequence", "report_id")[:wanted]
        )
        if not events:
            break
        arrivals += _arrivals([(number, UUID(report_id)) for number, report_id in events])
        cursor = events[-1][0]
    return arrivals


def envelopes_not_as_received() -> Iterator[UUID]:
    """Yield each stored report whose envelopes are not those that its event in the chain names.

    Anybody can seal to a public key: only the digest in the chain tells a report from another put
    in its place. A report without an event counts too; a report that was removed does not.
    """
    events = IntakeEvent.objects.using(INTAKE).filter(action=IntakeAction.REPORT_RECEIVED)
    for report in SealedReport.objects.using(INTAKE).order_by("id").iterator(chunk_size=100):
        event = events.filter(report_id=str(report.id)).first()
        found = digests(
            slip=report.slip,
            account=report.account,
            identity=report.identity,
            release=report.release,
        )
        if event is None or event.detail != found:
            yield report.id


def _arrivals(events: list[tuple[int, UUID]]) -> list[Arrival]:
    reports = SealedReport.objects.using(INTAKE).defer("account", "identity", "release")
    present = reports.in_bulk([report_id for _, report_id in events])
    return [
        Arrival(number, report.id, report.reference, report.received_at, bytes(report.slip))
        for number, report_id in events
        if (report := present.get(report_id)) is not None
    ]
