"""Letting all of a case leave: asked for, agreed to by another person, made, fetched, looked at."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from safehold.crypto import age_files
from safehold.domain import case_files, persons, sources
from safehold.domain.access import Permission
from safehold.domain.case_access import Act, Part
from safehold.domain.case_files import Parcel
from safehold.records.agencies import queries as agencies
from safehold.records.agencies.models import AgencyKey
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, Member, System
from safehold.records.cases import operations as working
from safehold.records.cases import queries as cases
from safehold.records.cases.models import Case
from safehold.records.exports import queries
from safehold.records.exports.contents import Contents, contents_of, opened_to
from safehold.records.exports.models import CaseExport
from safehold.records.intake.references import ALPHABET, GROUP
from safehold.records.shares import case_lists, must_not
from safehold.records.shares.must_not import OnTheList
from safehold.records.staff.models import StaffMember
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.reasons import meaningful

SCHEDULER = System("scheduler")
LEFT_OUT = (
    "What people told us in a report: it stays sealed.",
    "What does not hold any more: it was ended with a reason.",
    "Whatever whoever asked for this may not see.",
)
PROTECTED_LEFT_OUT = "Protected addresses."
PROTECTED_IN = "Protected addresses but those that whoever asked was named to read."


class NotAsked(ValueError):
    """What was typed cannot stand; `field` names the box."""

    def __init__(self, message: str, *, field: str) -> None:
        super().__init__(message)
        self.field = field


class OwnExport(Exception):
    """Somebody else has to decide: this member asked for it."""


class NotWaiting(Exception):
    """The export does not wait for this, or its file is gone; the message says so."""


def about(export_id: UUID) -> About:
    """Name an export as the audit does."""
    return About("export", str(export_id))


def working_print(*, case_id: UUID, reason: str, by: StaffMember, at: datetime) -> Contents:
    """Record the look and that it is printed, then return a case with protected addresses masked.

    Raises ReasonTooThin, Refused, or CaseNotFound.
    """
    stated = meaningful(reason)
    by.must(Permission.EXPORT_CASE)
    cases.must(case_id, Part.PRINTS, Act.SEE, by=by)
    case = working.look_at_case(case_id=case_id, reason=stated, by=by, at=at)
    with transaction.atomic(durable=True):
        audit.append(
            action=Action.CASE_PRINTED, by=by, subject=working.about(case.pk), at=at, reason=stated
        )
    return contents_of(case, opened=frozenset(), by=by)


def ask(
    *,
    case_id: UUID,
    agency_id: UUID,
    purpose: str,
    protected_why: str,
    list_answer: str,
    once: UUID,
    by: StaffMember,
    at: datetime,
) -> CaseExport:
    """Ask for all of a case to leave. `once` makes a form that is sent twice one export.

    Raises ReasonTooThin, Refused, CaseNotFound, NotAsked, or OnTheList, which is recorded too.
    """
    stated = meaningful(purpose)
    by.must(Permission.EXPORT_CASE)
    cases.must(case_id, Part.PRINTS, Act.CHANGE, by=by)
    case = cases.get(case_id=case_id, by=by)
    known = CaseExport.objects.filter(once=once, case=case, asked_by=by).first()
    if known is not None:
        return known
    _key(agency_id)
    with _stopped_by_a_list(case, by=by, at=at), transaction.atomic():
        _must_be_allowed_by_the_case(case.pk, agency_id)
        _must_be_allowed(case, agency_id)
        if queries.must_not_receive(case)[1] and not list_answer.strip():
            raise NotAsked("Say how you know that none of them can read it.", field="list_answer")
        row = CaseExport(
            reference=_reference(),
            once=once,
            case=case,
            agency_id=agency_id,
            rules_version=case_files.version(),
            purpose=stated,
            protected_why=meaningful(protected_why) if protected_why.strip() else "",
            list_answer=meaningful(list_answer) if list_answer.strip() else "",
            asked_by=by,
            asked_at=at,
        )
        row.save(force_insert=True)
        _record(Action.EXPORT_ASKED, row, stated, by=by, at=at)
    return row


def agree(*, export_id: UUID, agreed: bool, why: str, by: StaffMember, at: datetime) -> CaseExport:
    """Say whether all of a case may leave. Until its file is made, a yes can be taken back.

    Raises ReasonTooThin, Refused, ExportNotFound, OwnExport, NotWaiting, or OnTheList.
    """
    stated = meaningful(why)
    by.must(Permission.AGREE_EXPORT)
    found = queries.one(export_id, by=by)
    with _stopped_by_a_list(found.case, by=by, at=at), transaction.atomic():
        if agreed:
            _must_be_allowed_by_the_case(found.case_id, found.agency_id)
            _must_be_allowed(found.case, found.agency_id)
        row = _locked(export_id)
        takes_back = row.agreed is True and not agreed
        if row.made_at is not None or (row.agreed is not None and not takes_back):
            raise NotWaiting("Nobody has to agree to this any more.")
        if row.asked_by_id == by.pk:
            raise OwnExport("You asked for it yourself: another person decides.")
        row.agreed, row.agreed_by, row.agreed_at, row.agreed_why = agreed, by, at, stated
        row.save()
        action = Action.EXPORT_AGREED if agreed else Action.EXPORT_NOT_AGREED
        _record(action, row, stated, by=by, at=at)
    return row


def make(*, export_id: UUID, by: StaffMember, at: datetime) -> CaseExport:
    """Make the file of an export that somebody agreed to: the look is on record before.

    Raises Refused, ExportNotFound, CaseNotFound, NotWaiting, NotAsked, or OnTheList.
    """
    by.must(Permission.EXPORT_CASE)
    found = _mine(queries.one(export_id, by=by), by)
    cases.must(found.case_id, Part.PRINTS, Act.CHANGE, by=by)
    working.look_at_case(
        case_id=found.case_id, reason=f"To make the export {found.reference}", by=by, at=at
    )
    with _stopped_by_a_list(found.case, by=by, at=at), transaction.atomic():
        _must_be_allowed_by_the_case(found.case_id, found.agency_id)
        _must_be_allowed(found.case, found.agency_id)
        row, key = _mine(_locked(export_id), by), _key(found.agency_id)
        opened = opened_to(by) if row.protected_why else frozenset[UUID]()
        parcel = _parcel(row, contents_of(row.case, opened=opened, by=by), key, at=at)
        row.file = age_files.encrypt(case_files.bundle(parcel), key=key.public)
        row.digest = hashlib.sha256(row.file).hexdigest()
        row.size, row.key = len(row.file), key
        row.made_at, row.until = at, at + case_files.file_stays()
        row.save()
        detail = {"sha256": row.digest, "size": row.size, "protected": bool(row.protected_why)}
        _record(Action.EXPORT_MADE, row, row.purpose, by=by, at=at, detail=detail)
    return row


def fetch(*, export_id: UUID, by: StaffMember, at: datetime) -> tuple[bytes, str]:
    """Give the file to whoever asked for it, with its neutral name; the lists are checked again.

    Raises Refused, ExportNotFound, NotWaiting, or OnTheList.
    """
    by.must(Permission.EXPORT_CASE)
    found = queries.one(export_id, by=by)
    with _stopped_by_a_list(found.case, by=by, at=at), transaction.atomic():
        _must_be_allowed_by_the_case(found.case_id, found.agency_id)
        _must_be_allowed(found.case, found.agency_id)
        row = _locked(export_id)
        if row.asked_by_id != by.pk:
            raise NotWaiting("Whoever asked for it fetches the file.")
        content = _still_there(row, at=at)
        row.fetched_at = row.fetched_at or at
        row.save(update_fields=["fetched_at"])
        _record(Action.EXPORT_FETCHED, row, "", by=by, at=at)
    return content, f"{row.reference}.age"


@transaction.atomic
def look_afterwards(
    *, export_id: UUID, was_right: bool, words: str, by: StaffMember, at: datetime
) -> CaseExport:
    """Say, as somebody apart, that one has looked at an export, and whether it was right, once.

    Raises ReasonTooThin, Refused, ExportNotFound, OwnExport, or NotWaiting.
    """
    stated = meaningful(words)
    by.must(Permission.REVIEW_EXPORT)
    queries.one(export_id, by=by)
    row = _locked(export_id)
    if row.made_at is None or row.reviewed_at is not None:
        raise NotWaiting("This does not wait to be looked at.")
    if by.pk in {row.asked_by_id, row.agreed_by_id}:
        raise OwnExport("You had a part in it yourself: another person looks at it.")
    row.reviewed_by, row.reviewed_at, row.was_right, row.review = by, at, was_right, stated
    row.save(update_fields=["reviewed_by", "reviewed_at", "was_right", "review"])
    _record(Action.EXPORT_LOOKED_AT, row, stated, by=by, at=at, detail={"was right": was_right})
    return row


def destroy_files(*, at: datetime) -> int:
    """Destroy every file whose time is over; return how many. That it left stays on record."""
    over = CaseExport.objects.filter(until__lte=at, file__isnull=False)
    return sum(_destroy(key, at=at) for key in list(over.values_list("pk", flat=True)))


@transaction.atomic
def _destroy(export_id: UUID, *, at: datetime) -> int:
    row = _locked(export_id)
    if row.file is None:
        return 0
    row.file = None
    row.save(update_fields=["file"])
    _record(Action.EXPORT_FILE_DESTROYED, row, "", by=SCHEDULER, at=at)
    return 1


def _must_be_allowed(case: Case, agency_id: UUID) -> None:
    """Lock every report of a case against changes of its list, then hold the agency to them all."""
    reports = queries.reports_in(case)
    list(TriageSlip.objects.select_for_update(no_key=True).filter(pk__in=reports).order_by("pk"))
    for report_id in reports:
        must_not.must_be_allowed(report_id=report_id, agency_id=agency_id)


def _must_be_allowed_by_the_case(case_id: UUID, agency_id: UUID) -> None:
    """Lock a case, so that its own list stands still, then hold the agency to it."""
    list(Case.objects.select_for_update(no_key=True).filter(pk=case_id))
    if agency_id in case_lists.barred_from_case(case_id).agencies:
        raise OnTheList("This agency must get nothing of this case.")


@contextmanager
def _stopped_by_a_list(case: Case, *, by: StaffMember, at: datetime) -> Iterator[None]:
    """Put on record that a list stopped somebody, apart from what was undone by it."""
    try:
        yield
    except OnTheList:
        with transaction.atomic():
            audit.append(action=Action.EXPORT_STOPPED, by=by, subject=working.about(case.pk), at=at)
        raise OnTheList(
            "This agency is on the must-not-receive list of a report in this case."
        ) from None


def _key(agency_id: UUID) -> AgencyKey:
    key = agencies.key_of(agency_id)
    if key is None:
        raise NotAsked(
            "This agency has no key that two of us have checked with them.", field="agency_id"
        )
    return key


def _locked(export_id: UUID) -> CaseExport:
    rows = CaseExport.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("case", "agency", "key", "asked_by").get(pk=export_id)


def _mine(row: CaseExport, by: StaffMember) -> CaseExport:
    if row.agreed is not True or row.made_at is not None:
        raise NotWaiting("This does not wait for its file.")
    if row.asked_by_id != by.pk:
        raise NotWaiting("Whoever asked for it makes the file.")
    return row


def _still_there(row: CaseExport, *, at: datetime) -> bytes:
    if row.until is None or row.key is None:
        raise NotWaiting("There is no file yet.")
    if row.file is None or row.until <= at:
        raise NotWaiting("The time to fetch it is over, so its file is gone. Ask for it again.")
    if row.key.ended_at is not None:
        raise NotWaiting("The agency’s key was ended since. Ask for it again with their new key.")
    return bytes(row.file)


def _parcel(row: CaseExport, contents: Contents, key: AgencyKey, *, at: datetime) -> Parcel:
    force = settings.FORCE
    protected = PROTECTED_IN if row.protected_why else PROTECTED_LEFT_OUT
    return Parcel(
        reference=row.reference,
        rows=contents.rows,
        about={
            "made_at": _moment(at),
            "case": row.case.reference,
            "sender": f"{force.name}, {force.unit_name}",
            "recipient": row.agency.name,
            "key": key.public[-age_files.READ_OUT :],
            "purpose": row.purpose,
            "asked": {"by": row.asked_by.name, "at": _moment(row.asked_at)},
            "agreed": {
                "by": row.agreed_by.name if row.agreed_by else "",
                "at": _moment(row.agreed_at),
                "why": row.agreed_why,
            },
            "protected_addresses": row.protected_why or "left out",
            "must_not_receive": row.list_answer or "nobody by their part or by name",
            "rules": {
                "exports": row.rules_version,
                "people": persons.RULES.version,
                "sources": sources.RULES.version,
            },
            "histories": contents.looked,
            "left_out": [*LEFT_OUT, protected],
            "conditions": case_files.conditions(),
        },
    )


def _moment(at: datetime | None) -> str:
    return at.isoformat(timespec="seconds") if at else ""


def _reference() -> str:
    first, second = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(2))
    return f"X-{first}-{second}"


def _record(
    action: Action,
    row: CaseExport,
    reason: str,
    *,
    by: Member | System,
    at: datetime,
    detail: Mapping[str, object] | None = None,
) -> None:
    audit.append(
        action=action,
        by=by,
        subject=about(row.pk),
        at=at,
        reason=reason,
        detail={"case": str(row.case_id), "agency": str(row.agency_id), **(detail or {})},
    )
