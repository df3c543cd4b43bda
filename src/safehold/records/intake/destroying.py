"""Destroying a report in this store: its envelopes with the keys in front of them, files, messages.

A file key stands in front of what it opens, sealed to the force's keys, and nowhere else: with the
row goes the key, and the force's own keys open nothing of it. A tombstone is written first, and the
chain says what was destroyed by the digests that it held when it arrived.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connections, transaction
from django.utils import timezone

from safehold.crypto.envelopes import parts
from safehold.crypto.errors import Tampered
from safehold.domain import retention
from safehold.records.intake import chain
from safehold.records.intake.at_rest import empty_write_ahead_log
from safehold.records.intake.chain import INTAKE, IntakeAction
from safehold.records.intake.models import (
    Nudge,
    PassedReport,
    ReturnPlace,
    Said,
    SealedReport,
    SentPart,
    SpentCode,
    Tombstone,
)
from safehold.records.intake.recording import coarse

_ACTOR = "retention"


class AddedMeanwhile(Exception):
    """Something was added to a report since it was looked at: it is not destroyed."""


def inventory(report_id: UUID) -> dict[str, Any]:
    """Say what is held of a report, by digests of ciphertexts and ids of the keys they open with.

    Nothing is opened. Values are plain, for a certificate.
    """
    report = SealedReport.objects.using(INTAKE).filter(pk=report_id).first()
    messages = list(Said.objects.using(INTAKE).filter(report_id=report_id).order_by("number"))
    sealed = [] if report is None else _envelopes(report)
    sealed += [message.for_us for message in messages]
    return {
        "envelopes": {}
        if report is None
        else chain.digests(
            slip=report.slip,
            account=report.account,
            identity=report.identity,
            release=report.release,
        ),
        "files": _files(report_id),
        "messages": [_digest([each.for_us, each.for_her or b""]) for each in messages],
        "codes": ReturnPlace.objects.using(INTAKE).filter(report_id=report_id).count(),
        "addresses for nudges": Nudge.objects.using(INTAKE).filter(report_id=report_id).count(),
        "keys": sorted({key for envelope in sealed if envelope for key in _key_ids(envelope)}),
    }


def _envelopes(report: SealedReport) -> list[Any]:
    return [report.slip, report.account, report.identity, report.release]


def destroy(*, report_id: UUID, act: UUID, expected: int | None, at: datetime) -> bool:
    """Destroy all that is held of a report, once; tell whether this call did it.

    `act` names the certificate. `expected` is how many messages there were when it was looked at;
    None for a report that was destroyed before and came back with a backup. Raises AddedMeanwhile.
    """
    with transaction.atomic(using=INTAKE):
        _hold_off_writers()
        if Tombstone.objects.using(INTAKE).filter(pk=report_id).exists():
            return False
        said = Said.objects.using(INTAKE).filter(report_id=report_id)
        if expected is not None and said.count() != expected:
            raise AddedMeanwhile("Something was added since it was looked at.")
        today = timezone.localdate(at)
        _bury([report_id], act=act, today=today)
        _say_spent(report_id, today)
        SentPart.objects.using(INTAKE).filter(report_id=report_id).delete()
        said.delete()
        PassedReport.objects.using(INTAKE).filter(pk=report_id).delete()
        Nudge.objects.using(INTAKE).filter(report_id=report_id).delete()
        _remove([report_id], act=act, at=at)
    empty_write_ahead_log()
    return True


def remove(report_ids: Iterable[UUID], *, at: datetime) -> list[str]:
    """Remove sealed feedback whose time is over; return the acts under which it went.

    Inside the caller's transaction. What went before, where that was interrupted, keeps its act.
    """
    ids, act = sorted(report_ids), uuid4()
    buried = Tombstone.objects.using(INTAKE).filter(pk__in=ids)
    known = dict(buried.values_list("report_id", "act"))
    new = [report_id for report_id in ids if report_id not in known]
    _bury(new, act=act, today=timezone.localdate(at))
    _remove(new, act=act, at=at)
    return sorted({str(each) for each in known.values()} | ({str(act)} if new else set()))


def forget_spent_codes(*, at: datetime) -> int:
    """Forget where codes led that nobody came back with for the time in the rules."""
    over = SpentCode.objects.using(INTAKE).filter(last_day__lt=timezone.localdate(at))
    count, _ = over.delete()
    return count


def _bury(ids: Iterable[UUID], *, act: UUID, today: date) -> None:
    for report_id in ids:
        Tombstone(report_id=report_id, act=act, day=today).save(using=INTAKE)


def _remove(ids: list[UUID], *, act: UUID, at: datetime) -> None:
    SealedReport.objects.using(INTAKE).filter(pk__in=ids).delete()
    for report_id in ids:
        chain.append(
            action=IntakeAction.REPORT_DESTROYED,
            actor=_ACTOR,
            report_id=report_id,
            at=coarse(at),
            detail={"act": str(act)},
        )


def _say_spent(report_id: UUID, today: date) -> None:
    places = ReturnPlace.objects.using(INTAKE).filter(report_id=report_id)
    last = retention.after(today, 12 * retention.table().codes_said_years)
    for find in places.values_list("find", flat=True):
        SpentCode.objects.using(INTAKE).get_or_create(find=find, defaults={"last_day": last})
    places.delete()


def _hold_off_writers() -> None:
    """Let whoever writes finish, and whoever comes wait, so that nothing arrives unseen.

    SQLite has one writer at a time. The order is that in which the public site writes.
    """
    connection = connections[INTAKE]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for table in ("intake_returnplace", "intake_nudge", "intake_said"):
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def _files(report_id: UUID) -> list[dict[str, Any]]:
    rows = SentPart.objects.using(INTAKE).filter(report_id=report_id)
    found = []
    for file_id in sorted(set(rows.values_list("file_id", flat=True)), key=str):
        digest, count = hashlib.sha256(), 0
        parts_of_it = rows.filter(file_id=file_id).order_by("number")
        for content in parts_of_it.values_list("content", flat=True).iterator(chunk_size=4):
            digest.update(content)
            count += 1
        found.append({"parts": count, "sha256": digest.hexdigest()})
    return found


def _digest(contents: Iterable[bytes | memoryview]) -> str:
    digest = hashlib.sha256()
    for content in contents:
        digest.update(content)
    return digest.hexdigest()


def _key_ids(envelope: bytes | memoryview) -> list[str]:
    try:
        return [key.hex() for key, _ in parts(bytes(envelope)).stanzas]
    except Tampered:
        return []
