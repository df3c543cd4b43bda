"""What becomes of a share: its file fetched, handed over, acknowledged, taken back, destroyed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import sharing
from safehold.domain.access import Permission
from safehold.domain.sharing import Eyes, NotShared
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import System
from safehold.records.shares import must_not, queries
from safehold.records.shares.choosing import answered
from safehold.records.shares.models import Act, Share, ShareAct
from safehold.records.shares.sharing import (
    NotWaiting,
    OnTheList,
    OwnShare,
    locked,
    record,
    stopped_by_the_list,
)
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

__all__ = ["Act", "NotShared", "OnTheList"]
SCHEDULER = System("scheduler")


class FileGone(Exception):
    """There is no file to fetch; the message says why."""


def unanswered(row: Share) -> list[must_not.Person]:
    """Return whoever was put on the list since the file was made."""
    return [each for each in must_not.people(row.report_id) if each.key not in row.answers]


def fetch(
    *, share_id: UUID, answers: Mapping[str, str], by: StaffMember, at: datetime
) -> tuple[bytes, str]:
    """Give the file to whoever shares it, with its neutral name; the list is checked once more.

    `answers` are for whoever was put on the list since. Raises Refused, ShareNotFound, NotWaiting,
    FileGone, NotShared, or OnTheList, which is recorded too.
    """
    report_id = queries.one(share_id, by=by).report_id
    with stopped_by_the_list(report_id, by=by, at=at), transaction.atomic():
        must_not.lock_cases_of(report_id)
        must_not.locked(report_id)
        row = locked(share_id, Permission.SHARE_REPORT, by)
        if row.asked_by_id != by.pk:
            raise NotWaiting("Whoever shares it fetches the file.")
        content = _still_there(row, at=at)
        must_not.must_be_allowed(report_id=report_id, agency_id=row.agency_id)
        row.answers |= answered([each.key for each in unanswered(row)], answers)
        row.save(update_fields=["answers"])
        ShareAct.objects.create(share=row, act=Act.FETCHED, by=by, at=at)
        record(Action.SHARE_FETCHED, row, "", by=by, at=at)
    return content, f"{row.reference}.age"


@transaction.atomic
def note(*, share_id: UUID, act: str, words: str, by: StaffMember, at: datetime) -> Share:
    """Note what became of a file: how it was handed over, who has it, that it is taken back.

    A file that is taken back is destroyed here too. Raises ReasonTooThin, Refused, ShareNotFound,
    NotWaiting, or NotShared.
    """
    stated = meaningful(words)
    row = locked(share_id, Permission.SHARE_REPORT, by)
    if row.made_at is None:
        raise NotWaiting("There is no file yet.")
    if act not in set(Act) - {Act.FETCHED}:
        raise NotShared("Choose what became of it.", field="act")
    if act == Act.TAKEN_BACK:
        row.taken_back_at, row.file = row.taken_back_at or at, None
        row.save(update_fields=["taken_back_at", "file"])
    ShareAct.objects.create(share=row, act=act, words=stated, by=by, at=at)
    record(Action.SHARE_NOTED, row, stated, by=by, at=at, detail={"act": act})
    return row


@transaction.atomic
def review(*, share_id: UUID, was_right: bool, why: str, by: StaffMember, at: datetime) -> Share:
    """Say whether it was right to share what could not wait, once.

    Raises ReasonTooThin, Refused, ShareNotFound, NotWaiting, or OwnShare.
    """
    stated = meaningful(why)
    row = locked(share_id, Permission.AGREE_SHARE, by)
    if sharing.basis_of(row.basis).eyes is not Eyes.AFTER or row.reviewed_at is not None:
        raise NotWaiting("This does not wait to be looked at.")
    if row.asked_by_id == by.pk:
        raise OwnShare("You shared it yourself: another supervisor looks at it.")
    row.reviewed_by, row.reviewed_at, row.was_right, row.review = by, at, was_right, stated
    row.save()
    record(Action.SHARE_REVIEWED, row, stated, by=by, at=at, detail={"was right": was_right})
    return row


def destroy_files(*, at: datetime) -> int:
    """Destroy every file whose time is over; return how many. What was shared stays on record."""
    over = Share.objects.filter(until__lte=at, file__isnull=False).values_list("pk", flat=True)
    return sum(_destroy(share_id, at=at) for share_id in list(over))


@transaction.atomic
def _destroy(share_id: UUID, *, at: datetime) -> int:
    row = Share.objects.select_for_update(no_key=True).get(pk=share_id)
    if row.file is None:
        return 0
    row.file = None
    row.save(update_fields=["file"])
    record(Action.SHARE_FILE_DESTROYED, row, "", by=SCHEDULER, at=at)
    return 1


def _still_there(row: Share, *, at: datetime) -> bytes:
    if row.made_at is None or row.until is None or row.key is None:
        raise FileGone("There is no file yet.")
    if row.taken_back_at is not None:
        raise FileGone("This was taken back, so its file is gone.")
    if row.file is None or row.until <= at:
        raise FileGone("The time to fetch it is over, so its file is gone. Share it again.")
    if row.key.ended_at is not None:
        raise FileGone("The agency's key was ended since. Share it again with their new key.")
    return bytes(row.file)
