"""Destroying what two people decided on, so that it can be taken up after a crash at any point.

The stores share no transaction, so it goes in steps, and each is whole or not at all:

1. begun: what there is, by digests, is written down, and the audit says that it begins;
2. gone from the intake store: tombstone, removal and chain in one;
3. certified: certificate, removal from the records store and audit in one;
4. a copy of the certificate beside the stores, and the logs of both emptied.

Whoever goes on finds the state `destroying` and does the steps that are missing.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from safehold.crypto.signing import Signer, load_signer
from safehold.domain import retention
from safehold.records.audit import operations as audit
from safehold.records.audit import queries as events
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import Member, System
from safehold.records.beside import forgetting as beside
from safehold.records.contacts import forgetting as contacts
from safehold.records.conversations import forgetting as conversations
from safehold.records.dvds import forgetting as dvds
from safehold.records.exhibits import forgetting as exhibits
from safehold.records.exports import forgetting as exports
from safehold.records.feedback.models import Feedback
from safehold.records.incidents import forgetting as incidents
from safehold.records.intake import destroying as intake
from safehold.records.intake.at_rest import empty_write_ahead_log
from safehold.records.intake.destroying import AddedMeanwhile
from safehold.records.nudges.models import Due as NudgeDue
from safehold.records.people import forgetting as people
from safehold.records.retention import certificates, facts
from safehold.records.retention.certificates import BadCertificate, Signed
from safehold.records.retention.dropping import close_if_done, drop, record_drop
from safehold.records.retention.models import (
    Certificate,
    Destruction,
    DueReport,
    Keep,
    LegalHold,
    State,
)
from safehold.records.retention.runs import lock_for
from safehold.records.shares import forgetting as shares
from safehold.records.triage import forgetting as triage
from safehold.records.triage.arrivals import locked
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.openings import about
from safehold.records.triage.queries import ReportNotFound

__all__ = ["BadCertificate", "NotDestroyed", "carry_out", "destroy_again"]

CAME_BACK = "It came back with a backup"
SCHEDULER = System("scheduler")
log = logging.getLogger(__name__)
RECORDS = "default"


class NotDestroyed(Exception):
    """Some of what should be destroyed was not; the message names each act, and nothing of it.

    `made` are the certificates of what was.
    """

    def __init__(self, message: str, made: list[Certificate]) -> None:
        super().__init__(message)
        self.made = made


@dataclass
class _Failed:
    acts: list[UUID] = field(default_factory=list)
    last: Exception | None = None

    @contextmanager
    def noted(self, act: UUID) -> Iterator[None]:
        """Go on after what fails here, and note it by its act."""
        try:
            yield
        except Exception as error:
            log.exception(f"not destroyed: act {act}")
            self.acts.append(act)
            self.last = error

    def tell(self, made: list[Certificate], *, beside: str = "") -> None:
        """Raise NotDestroyed where anything failed."""
        if self.acts:
            named = ", ".join(map(str, self.acts))
            raise NotDestroyed(f"Not destroyed: {named}. {beside}".strip(), made) from self.last


class _Counts(Protocol):
    def held(self, report_id: UUID) -> dict[str, int]: ...


_ROOMS: tuple[_Counts, ...] = (
    triage,
    incidents,
    dvds,
    contacts,
    exhibits,
    shares,
    exports,
    people,
    beside,
)


def carry_out(
    *, at: datetime, limit: int = 20, by: Member | System = SCHEDULER
) -> list[Certificate]:
    """Destroy what two people confirmed, and take up what was interrupted; return certificates.

    One that cannot go keeps no other. Raises NotDestroyed when the rest is done, naming each that
    failed, and KeyFileRefused where nothing could be signed: then nothing is begun.
    """
    since = at - timedelta(hours=retention.table().wait_hours)
    begun = Destruction.objects.filter(state=State.DESTROYING)
    ready = Destruction.objects.filter(state=State.CONFIRMED, run__confirmed_at__lte=since)
    ids = [*_ids(begun, limit), *_ids(ready, limit)]  # what is stuck takes no place of the rest
    if not ids:
        return []
    signer = load_signer(settings.KEYS_FOLDER)
    made: list[Certificate] = []
    failed = _Failed()
    for destruction_id in ids:
        with failed.noted(destruction_id):
            one = _destroy(destruction_id, signer, by=by, at=at)
            made += [one] if one is not None else []
    failed.tell(made)
    return made


def destroy_again(
    *, folder: Path | None = None, by: Member | System = SCHEDULER, at: datetime
) -> int:
    """Destroy again what came back with a backup, as certificates beside the stores say.

    Return how many. Raises BadCertificate when the rest is done, naming each file that is damaged
    or not signed by us, and NotDestroyed, naming each whose report could not go.
    """
    count, failed = 0, _Failed()
    try:
        for signed in certificates.unknown_in(folder or certificates.folder()):
            with failed.noted(signed.certificate_id):
                _again(signed, by=by, at=at)
                count += 1
    except BadCertificate as error:
        failed.tell([], beside=str(error))
        raise
    failed.tell([])
    return count


def _ids(rows: Any, limit: int) -> list[UUID]:
    return list(rows.order_by("run__confirmed_at", "pk").values_list("pk", flat=True)[:limit])


def _destroy(
    destruction_id: UUID, signer: Signer, *, by: Member | System, at: datetime
) -> Certificate | None:
    row = Destruction.objects.select_related("run__proposed_by", "run__confirmed_by").get(
        pk=destruction_id
    )
    if row.state == State.CONFIRMED and not _begin(row, by=by, at=at):
        return None
    try:
        intake.destroy(
            report_id=row.report_id, act=row.pk, expected=len(row.inventory["messages"]), at=at
        )
    except AddedMeanwhile as error:
        with transaction.atomic():
            lock_for(row)
            _take_off(row, str(error), by=by, at=at)
        return None
    return _certify(row, signer, by=by, at=at)


def _begin(row: Destruction, *, by: Member | System, at: datetime) -> bool:
    """Write down what there is, and that it goes; tell whether it does."""
    what = intake.inventory(row.report_id)
    with transaction.atomic():
        lock_for(row)
        if row.state != Destruction.objects.values_list("state", flat=True).get(pk=row.pk):
            return False  # called off meanwhile
        why = _why_not(row, at)
        if why:
            _take_off(row, why, by=by, at=at)
            return False
        row.state, row.begun_at, row.inventory = State.DESTROYING, at, what
        row.save(update_fields=["state", "begun_at", "inventory"])
        _record_begin(row.report_id, row.pk, by=by, at=at)
    return True


def _take_off(row: Destruction, why: str, *, by: Member | System, at: datetime) -> None:
    drop(row, why)
    close_if_done(row.run, at=at)
    record_drop(row, by=by, at=at)


def _why_not(row: Destruction, at: datetime) -> str:
    """Say why a report may not go now, under the lock that a hold waits for; empty where it may."""
    try:
        locked(row.report_id)
    except ReportNotFound as error:
        return str(error)
    one = facts.look([row.report_id], today=timezone.localdate(at)).get(row.report_id)
    if one is None or not one.is_due:
        return f"It is not due any more. {one.found.why if one else ''}".strip()
    return ""


def _certify(
    row: Destruction, signer: Signer, *, by: Member | System, at: datetime
) -> Certificate | None:
    with transaction.atomic():
        lock_for(row)
        fresh = Destruction.objects.select_for_update(no_key=True).get(pk=row.pk)
        if fresh.state != State.DESTROYING:
            return Certificate.objects.filter(pk=row.pk).first()  # another process was first
        what = {**row.inventory, **_in_records(row.report_id), "stores": _stores()}
        signed = certificates.signed(row, what, signer=signer, at=at)
        made = _forget(signed, by=by, at=at)
        fresh.state, fresh.inventory = State.CERTIFIED, {}
        fresh.save(update_fields=["state", "inventory"])
        close_if_done(row.run, at=at)
        _record_end(made, by=by, at=at, detail={})
    _finish(signed)
    return made


def _again(signed: Signed, *, by: Member | System, at: datetime) -> None:
    report_id, act = signed.report_id, signed.certificate_id
    with transaction.atomic():
        if not _begun_again(report_id, act):
            _record_begin(report_id, act, by=by, at=at, reason=CAME_BACK)
    intake.destroy(report_id=report_id, act=act, expected=None, at=at)
    with transaction.atomic():
        # What the backup still had of its way here is over: it has gone it once.
        open_ones = Destruction.objects.filter(report_id=report_id).order_by("run_id")
        for row in open_ones.exclude(state__in=[State.CERTIFIED, State.CALLED_OFF]):
            lock_for(row)
            row.state, row.inventory = State.CERTIFIED, {}
            row.save(update_fields=["state", "inventory"])
            close_if_done(row.run, at=at)
        made = _forget(signed, by=by, at=at)
        _record_end(made, by=by, at=at, detail={"again": True})
    _finish(signed)


def _begun_again(report_id: UUID, act: UUID) -> bool:
    """Tell whether this was begun before and not ended: the audit says so once."""
    last = events.events_about(about(report_id)).filter(
        action__in=[Action.DESTRUCTION_BEGUN, Action.REPORT_DESTROYED]
    )
    newest = last.order_by("-sequence").first()
    return (
        newest is not None
        and newest.action == Action.DESTRUCTION_BEGUN
        and newest.reason == CAME_BACK
        and newest.detail == {"act": str(act)}
    )


def _forget(signed: Signed, *, by: Member | System, at: datetime) -> Certificate:
    """Remove what the records store holds, inside the caller's act; its audit row comes after.

    The certificate is first: without it the database removes nothing.
    """
    made, report_id = signed.row(), signed.report_id
    made.save(force_insert=True)
    slip = TriageSlip.objects.select_for_update(no_key=True).filter(pk=report_id).first()
    for model in (DueReport, LegalHold, Keep):
        model._default_manager.filter(report_id=report_id).delete()
    contacts.forget(report_id)
    exhibits.forget(report_id)
    exports.forget(report_id)  # while the incident still says whose case it is
    shares.forget(report_id)
    Feedback.objects.filter(pk=report_id).delete()
    conversations.forget(report_id)
    beside.forget(report_id)
    people.forget(report_id)
    incidents.forget(report_id)
    dvds.forget(report_id)
    if slip is not None:
        triage.forget(report_id, at=at)
    NudgeDue.objects.filter(pk=report_id).delete()
    return made


def _finish(signed: Signed) -> None:
    certificates.keep_file(signed)
    empty_write_ahead_log(RECORDS)


def _in_records(report_id: UUID) -> dict[str, Any]:
    counts = {name: count for room in _ROOMS for name, count in room.held(report_id).items()}
    envelopes = [
        *contacts.sealed_words(report_id),
        *exhibits.sealed_keys(report_id),
        *shares.sealed_words(report_id),
        *triage.sealed_again(report_id),
    ]
    return {
        "counts": {name: count for name, count in sorted(counts.items()) if count},
        "envelopes of the records store": [_sha256(envelope) for envelope in envelopes],
        "holds": LegalHold.objects.filter(report_id=report_id).count(),
        "decisions to keep": Keep.objects.filter(report_id=report_id).count(),
    }


def _stores() -> dict[str, str]:
    return {"intake": connections["intake"].vendor, "records": connections[RECORDS].vendor}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _record_begin(
    report_id: UUID, act: UUID, *, by: Member | System, at: datetime, reason: str = ""
) -> None:
    audit.append(
        action=Action.DESTRUCTION_BEGUN,
        by=by,
        subject=about(report_id),
        at=at,
        reason=reason,
        detail={"act": str(act)},
    )


def _record_end(
    made: Certificate, *, by: Member | System, at: datetime, detail: dict[str, Any]
) -> None:
    audit.append(
        action=Action.REPORT_DESTROYED,
        by=by,
        subject=about(made.report_id),
        at=at,
        detail={"certificate": str(made.pk), "sha256": made.digest, **detail},
    )
