"""Lists of reports to destroy: one person proposes, another confirms exactly what was proposed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from safehold.domain import retention
from safehold.domain.access import Permission, Subject
from safehold.records.audit.actions import Action
from safehold.records.retention import facts
from safehold.records.retention.dropping import close_if_done, drop, record, record_drop
from safehold.records.retention.models import Destruction, Run, State
from safehold.records.retention.operations import SamePerson
from safehold.records.retention.queries import NotFound
from safehold.records.staff.models import StaffMember
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.queries import subject_of
from safehold.records.triage.reasons import ReasonTooThin, meaningful

__all__ = ["NotFound", "ReasonTooThin", "SamePerson"]


class NotDue(ValueError):
    """A report that may not be destroyed now; the message says which and why."""


class NothingChosen(ValueError):
    """A list without a report, or with more than one list may have."""


class NotAsShown(Exception):
    """What is confirmed is not what was shown; the message says so."""


class ClosedBefore(Exception):
    """The list was confirmed, carried out or called off already; the message says so."""


@transaction.atomic
def propose(*, report_ids: Iterable[UUID], reason: str, by: StaffMember, at: datetime) -> Run:
    """Propose that reports whose time is over are destroyed.

    Reports about colleagues make a list of their own. Raises ReasonTooThin, NothingChosen, Refused,
    or NotDue.
    """
    stated = meaningful(reason)
    ids = sorted(set(report_ids))
    most = retention.table().most_at_once
    if not ids or len(ids) > most:
        raise NothingChosen(f"Choose reports for the list, up to {most}.")
    _lock(ids)
    looked = facts.look(ids, today=timezone.localdate(at))
    for report_id in ids:
        _must_be_due(looked.get(report_id), by=by)
    _must_be_one_list(looked.values())
    version = retention.table().version
    run = Run.objects.create(
        digest=_digest(looked.values(), version),
        police_party=looked[ids[0]].slip.police_party,
        reason=stated,
        proposed_by=by,
        proposed_at=at,
    )
    for one in looked.values():
        Destruction.objects.create(
            run=run,
            report_id=one.slip.pk,
            reference=one.slip.reference,
            police_party=one.slip.police_party,
            status=str(one.facts.status),
            rules_version=version,
            until=one.until,
            why=one.found.why,
        )
    for report_id in ids:
        record(Action.DESTRUCTION_PROPOSED, report_id, run, by=by, at=at, reason=stated)
    return run


NOT_THEIRS = "It is not for whoever confirmed the list to decide about it."


@transaction.atomic
def confirm(*, run_id: UUID, digest: str, by: StaffMember, at: datetime) -> Run:
    """Confirm a list as somebody else than who proposed it; what is no longer due drops off it.

    `digest` is that of the list as it was shown. Nothing is destroyed before the time to wait is
    over. Raises Refused, NotFound, ClosedBefore, SamePerson, or NotAsShown.
    """
    run = _open(run_id)
    by.must(Permission.DESTROY_REPORT, Subject(police_party=run.police_party))
    if run.confirmed_at is not None:
        raise ClosedBefore("Somebody has confirmed this list already.")
    if run.proposed_by_id == by.pk:
        raise SamePerson("You proposed this yourself: another person confirms it.")
    if digest != run.digest:
        raise NotAsShown("This is not the list that was shown. Read it again.")
    rows = list(run.reports.filter(state=State.PROPOSED).order_by("report_id"))
    _lock([row.report_id for row in rows])
    looked = facts.look([row.report_id for row in rows], today=timezone.localdate(at))
    for row in rows:
        why = _against(looked.get(row.report_id), by=by)
        if why:
            drop(row, why)
        else:
            row.state = State.CONFIRMED
            row.save(update_fields=["state"])
    run.confirmed_by, run.confirmed_at = by, at
    run.save()
    close_if_done(run, at=at)
    for row in rows:
        if row.state == State.CONFIRMED:
            record(Action.DESTRUCTION_CONFIRMED, row.report_id, run, by=by, at=at)
        else:
            record_drop(row, by=by, at=at)
    return run


@transaction.atomic
def call_off(*, run_id: UUID, reason: str, by: StaffMember, at: datetime) -> Run:
    """Call a list off, as far as nothing of it has gone.

    Whoever may propose or confirm it may. Raises ReasonTooThin, Refused, NotFound, or ClosedBefore.
    """
    stated = meaningful(reason)
    run = _open(run_id)
    subject = Subject(police_party=run.police_party)
    if not by.may(Permission.DESTROY_REPORT, subject):
        by.must(Permission.REVIEW_RETENTION, subject)
    rows = list(run.reports.filter(state__in=[State.PROPOSED, State.CONFIRMED]))
    if not rows:
        raise ClosedBefore("Nothing of this list is left to be called off.")
    for row in rows:
        drop(row, stated)
    close_if_done(run, at=at)
    for row in rows:
        record_drop(row, by=by, at=at)
    return run


def lock_for(row: Destruction) -> None:
    """Lock the list of one report, then the report, to the end of the transaction."""
    Run.objects.select_for_update(no_key=True).get(pk=row.run_id)
    _lock([row.report_id])


def _against(one: facts.Looked | None, *, by: StaffMember) -> str:
    """Say why a report of a list is not confirmed by a member, empty where it is."""
    if one is None:
        return "It is not here any more."
    if not by.may(Permission.DESTROY_REPORT, subject_of(one.slip)):
        return NOT_THEIRS  # passed on since, or they are kept from it: it says neither
    return "" if one.is_due else _not_due(one)


def _must_be_due(one: facts.Looked | None, *, by: StaffMember) -> None:
    if one is None:
        raise NotDue("One of them is not here any more. Look at the list again.")
    by.must(Permission.REVIEW_RETENTION, subject_of(one.slip))
    if not one.is_due:
        raise NotDue(_not_due(one))


def _must_be_one_list(looked: Iterable[facts.Looked]) -> None:
    slips = [one.slip for one in looked]
    taken = Destruction.objects.filter(report_id__in=[slip.pk for slip in slips])
    if (known := taken.exclude(state=State.CALLED_OFF).first()) is not None:
        raise NotDue(f"{known.reference} is on a list already.")
    if len({slip.police_party for slip in slips}) > 1:
        raise NotDue("Reports about colleagues make a list of their own.")


def _open(run_id: UUID) -> Run:
    run = Run.objects.select_for_update(no_key=True).filter(pk=run_id).first()
    if run is None:
        raise NotFound("There is no such list.")
    if run.closed_at is not None:
        raise ClosedBefore("This list was carried out or called off already.")
    return run


def _lock(ids: Iterable[UUID]) -> None:
    # In one order, and before anything is asked: a hold that comes now comes before or after.
    rows = TriageSlip.objects.select_for_update(no_key=True).filter(pk__in=list(ids))
    list(rows.order_by("pk").values_list("pk", flat=True))


def _digest(looked: Iterable[facts.Looked], version: str) -> str:
    rows = [(str(one.slip.pk), one.until, str(one.facts.status)) for one in looked]
    return retention.list_digest(rows, version=version)


def _not_due(one: facts.Looked) -> str:
    return f"{one.slip.reference} is not due now. {one.found.why}"
