"""What a visitor's draft goes through: begun, saved, sent or destroyed.

Nothing here is recorded by person: a visitor has no name, and that somebody began a report and
thought better of it is hers to keep. Only a report that was sent leaves an event.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import OperationalError, transaction
from django.utils import timezone

from safehold.crypto import conversations
from safehold.crypto.drafts import DraftKey, new_device_half, new_server_half
from safehold.domain import triage_slip
from safehold.records.intake import names, recording, references, tickets, uploads
from safehold.records.intake.at_rest import empty_write_ahead_log
from safehold.records.intake.chain import INTAKE
from safehold.records.intake.models import Draft
from safehold.records.intake.quick_commits import quick
from safehold.records.intake.recording import coarse
from safehold.records.intake.tickets import DraftGone, DraftState, DraftTicket

log = logging.getLogger(__name__)

_OVERWRITTEN = bytes(32)

__all__ = [
    "AlreadySent",
    "DraftChanged",
    "DraftGone",
    "DraftTicket",
    "Receipt",
    "change_answers",
    "coarse",
    "destroy_idle_drafts",
    "discard_draft",
    "keep_with_receipt",
    "save_answers",
    "start_draft",
    "submit",
    "use_draft",
]


class AlreadySent(Exception):
    """The draft was sent; `reference` is what its receipt shows."""

    def __init__(self, reference: str) -> None:
        super().__init__("This draft was already sent.")
        self.reference = reference


class DraftChanged(Exception):
    """The draft holds other answers than those that the report was made of."""

    def __init__(self) -> None:
        super().__init__("This draft holds other answers by now.")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What is shown after sending, however often it is asked for."""

    reference: str


@dataclass(frozen=True, slots=True)
class _Held:
    draft: Draft
    key: DraftKey
    state: DraftState


@quick()
def start_draft(*, journey: str, at: datetime) -> DraftTicket:
    """Begin an empty draft of a journey and return what the device must hold of it."""
    ticket = DraftTicket(uuid4(), new_device_half())
    draft = Draft(
        id=ticket.draft_id, server_half=new_server_half(), last_used_at=tickets.used_at(at)
    )
    draft.content = tickets.locked(DraftState(journey, {}), tickets.key_of(ticket, draft))
    draft.save(using=INTAKE, force_insert=True)
    return ticket


@quick()
def save_answers(*, ticket: DraftTicket, answers: Mapping[str, Any], at: datetime) -> None:
    """Replace the answers of a draft. Raises DraftGone, AlreadySent, or PayloadTooLarge."""
    change_answers(ticket=ticket, change=lambda _: answers, at=at)


@quick()
def change_answers(
    *,
    ticket: DraftTicket,
    change: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    at: datetime,
    read: DraftState | None = None,
) -> None:
    """Put in the place of a draft's answers what `change` makes of those that it holds by now.

    Nobody else writes to the draft meanwhile. `read` is the draft as it was read before: where it
    is the same still, it is not read and opened a second time. Raises DraftGone, AlreadySent, or
    PayloadTooLarge.
    """
    if read is not None and _kept_unless_changed(read, change, at):
        return
    held = _hold(ticket, at)
    if held.state.reference:
        raise AlreadySent(held.state.reference)
    _keep(held, DraftState(held.state.journey, dict(change(held.state.answers))), at)


@transaction.atomic(using=INTAKE)
def keep_with_receipt(
    *, ticket: DraftTicket, change: Callable[[Mapping[str, Any]], Mapping[str, Any]], at: datetime
) -> None:
    """Change what stands beside a receipt, which is nothing of what was sent.

    Raises DraftGone, also where nothing was sent.
    """
    held = _hold(ticket, at)
    if not held.state.reference:
        raise DraftGone
    left = dict(change(held.state.answers))
    _keep(held, DraftState(held.state.journey, left, held.state.reference), at)


@quick()
def use_draft(*, ticket: DraftTicket, at: datetime) -> None:
    """Note that a draft is being read, so that it is not destroyed as idle; change nothing else."""
    used = tickets.used_at(at)
    rows = Draft.objects.using(INTAKE).filter(id=ticket.draft_id, last_used_at__lt=used)
    rows.filter(last_used_at__gt=tickets.idle_before(at)).update(last_used_at=used)


def discard_draft(*, draft_id: UUID, at: datetime) -> None:
    """Destroy a draft at once, known or not; the device's half is not needed to forget.

    Nobody can read it, or a file of it, from the first commit on, whatever happens after it.
    """
    _destroy(id=draft_id)


def destroy_idle_drafts(*, at: datetime) -> int:
    """Destroy every draft that nobody used for the time in the rules; return how many.

    Then empties SQLite's write-ahead log, where earlier states of drafts still lie: those that were
    destroyed on leaving since the last run too.
    """
    destroyed = _destroy(last_used_at__lte=tickets.idle_before(at))
    uploads.forget_ownerless(timezone.localdate(at))
    empty_write_ahead_log()
    return destroyed


def submit(
    *,
    ticket: DraftTicket,
    slip: Mapping[str, Any],
    account: Mapping[str, Any],
    identity: Mapping[str, Any] | None,
    typed: Mapping[str, str] | None = None,
    made_of: Mapping[str, Any] | None = None,
    at: datetime,
) -> Receipt:
    """Seal a report to the force's keys, record it once, and leave only its reference behind.

    `typed` says by which call a member typed it for somebody; it is sealed with the account.
    `made_of` is what the draft held when the report was made: DraftChanged is raised where it holds
    something else by now, so that nothing that a person saved is left out of what she sends.
    Sending the same draft again returns the same receipt and records nothing. Raises DraftGone,
    BadSlip, PayloadTooLarge, and KeyFileRefused or NoRecipient where there is nobody to seal to.
    """
    sent = _sent_as(ticket, at)
    receipt = (
        Receipt(sent)
        if sent
        else _submitted(
            ticket=ticket,
            # Before anything is locked: long texts take long, and SQLite has one writer.
            compared=names.compare(slip, account=account, identity=identity),
            account=account,
            identity=identity,
            typed=typed,
            made_of=made_of,
            at=at,
        )
    )
    try:
        uploads.forget_lost()
    except OperationalError:
        log.exception("Files were sent, and what came of them first is destroyed within a minute")
    return receipt


@transaction.atomic(using=INTAKE)
def _submitted(
    *,
    ticket: DraftTicket,
    compared: names.Compared,
    account: Mapping[str, Any],
    identity: Mapping[str, Any] | None,
    typed: Mapping[str, str] | None,
    made_of: Mapping[str, Any] | None,
    at: datetime,
) -> Receipt:
    held = _hold(ticket, at)
    if held.state.reference:
        return Receipt(held.state.reference)
    if made_of is not None and held.state.answers != dict(made_of):
        raise DraftChanged
    report_id = uuid4()
    files = uploads.for_report(held.draft.id, held.key)
    if files:
        account = {**account, "files": files}
    proof_key = conversations.new_proof_key()
    day = timezone.localdate(at).isoformat()
    if typed:
        account = {**account, "typed": dict(typed)}
    account = {**account, "proof": {"key": proof_key, "day": day}}
    slip = compared.slip(files=files)
    sealed = recording.sealed(report_id, slip=slip, account=account, identity=identity)
    received_at = coarse(at)
    try:
        reference = recording.record(
            report_id,
            sealed,
            key=held.key,
            submission=references.submission_mark(held.key),
            received_at=received_at,
        )
    except recording.RecordedBefore:
        reference = references.reference(held.key)
        _keep(held, DraftState(held.state.journey, {}, reference), at)
        return Receipt(reference)
    sent = {
        "report": str(report_id),
        "day": day,
        # What shows follows from what she said; only what is sealed, from whose name was met.
        "standards": compared.said.for_standards,
        "sealed": triage_slip.from_mapping(slip).for_standards,
        "proof": proof_key,
    }
    left = {"sent": sent, "typed": True} if typed else {"sent": sent}
    _keep(held, DraftState(held.state.journey, left, reference), at)
    uploads.send(files, draft_id=held.draft.id, report_id=report_id)
    recording.note_arrival(report_id, sealed, at=received_at)
    return Receipt(reference)


def _hold(ticket: DraftTicket, at: datetime) -> _Held:
    # The row stays locked to the end of the transaction: of two submissions one comes second.
    rows = Draft.objects.using(INTAKE).select_for_update()
    draft = rows.filter(id=ticket.draft_id, last_used_at__gt=tickets.idle_before(at)).first()
    if draft is None:
        raise DraftGone
    key = tickets.key_of(ticket, draft)
    return _Held(draft, key, tickets.state_of(draft, key))


def _kept_unless_changed(
    read: DraftState,
    change: Callable[[Mapping[str, Any]], Mapping[str, Any]],
    at: datetime,
) -> bool:
    """Keep a change of a draft that nobody changed since it was read; tell whether that was so.

    One statement looks and writes. The same answers locked again are other bytes, so what is equal
    was never written to.
    """
    if read.key is None or read.reference or not read.used_at:
        return False
    if read.used_at <= tickets.idle_before(at):
        return False
    state = DraftState(read.journey, dict(change(read.answers)))
    content = tickets.locked(state, read.key)
    rows = Draft.objects.using(INTAKE)
    unchanged = rows.filter(id=read.key.draft_id, content=read.locked)
    return unchanged.update(content=content, last_used_at=tickets.used_at(at)) == 1


def _sent_as(ticket: DraftTicket, at: datetime) -> str:
    rows = Draft.objects.using(INTAKE).filter(id=ticket.draft_id)
    draft = rows.filter(last_used_at__gt=tickets.idle_before(at)).first()
    if draft is None:
        raise DraftGone
    return tickets.state_of(draft, tickets.key_of(ticket, draft)).reference


def _keep(held: _Held, state: DraftState, at: datetime) -> None:
    held.draft.content = tickets.locked(state, held.key)
    held.draft.last_used_at = tickets.used_at(at)
    held.draft.save(using=INTAKE, update_fields=["content", "last_used_at"])


def _destroy(**which: Any) -> int:
    # Overwritten first and committed, for parts of files take long; secure_delete clears the page,
    # and `empty_write_ahead_log` does the rest. On PostgreSQL the old row stays in the file until
    # vacuum, readable only with the other half.
    rows = Draft.objects.using(INTAKE).filter(**which)
    with transaction.atomic(using=INTAKE):
        rows.update(server_half=_OVERWRITTEN, content=b"")
    with transaction.atomic(using=INTAKE):
        uploads.forget_of_drafts(rows.values_list("pk", flat=True))
        destroyed, _ = rows.delete()
    return destroyed
