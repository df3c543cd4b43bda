"""Referring somebody to an agency or a service, and what they answered. Nothing is sent by it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from safehold.domain import safety, sharing
from safehold.domain.sharing import NotShared
from safehold.records.agencies.models import Agency
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.cases.models import Case
from safehold.records.cases.operations import about
from safehold.records.safety.models import Referral, SafetyAction
from safehold.records.safety.reaching import (
    locked_case,
    must_not_be_barred,
    protected_person,
)
from safehold.records.services import queries as services
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful


class NotAReferral(ValueError):
    """What was typed is no referral yet; the message says what is missing, `field` where."""

    def __init__(self, message: str, *, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class ReferralNotFound(LookupError):
    """The case has no such referral."""


class AnsweredMeanwhile(Exception):
    """Somebody wrote the answer down already; the message says what it was."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom to refer to, for what, and what was said to it.

    Of `agency_id` and `service_id` one is given. `basis` is a key of the lawful bases that a share
    has; with agreement it is that they agreed.
    """

    purpose: str
    agreed: str
    answer_by: date
    basis: str = ""
    why: str = ""
    agency_id: UUID | None = None
    service_id: UUID | None = None
    action_id: UUID | None = None


@transaction.atomic
def refer(
    *, case_id: UUID, identity: UUID, wanted: Wanted, by: StaffMember, at: datetime
) -> Referral:
    """Write down that somebody is referred. What is passed on is passed as a share, apart.

    Raises ReasonTooThin, Refused, CaseNotFound, Closed, PersonNotFound, NotAReferral, or OnTheList
    where the agency must get nothing of this case.
    """
    purpose = meaningful(wanted.purpose)
    case = locked_case(case_id, by)
    person = protected_person(case, identity, by=by)
    basis, why = _basis(wanted)
    if wanted.answer_by < timezone.localdate(at):
        raise NotAReferral("Choose a day from today on.", field="answer_by")
    agency, name = _to(wanted, on=timezone.localdate(at))
    must_not_be_barred(case, agency=agency, name=name)
    made = Referral.objects.create(
        case=case,
        person=person,
        agency=agency,
        service=None if agency else wanted.service_id,
        to=name,
        purpose=purpose,
        agreed=wanted.agreed,
        basis=basis,
        why=why,
        action=_action(case, wanted.action_id),
        made_at=at,
        made_by=by,
        answer_by=wanted.answer_by,
    )
    _record(Action.REFERRAL_MADE, made, by=by, at=at)
    return made


@transaction.atomic
def answer(
    *, case_id: UUID, referral_id: UUID, answer: str, words: str, by: StaffMember, at: datetime
) -> Referral:
    """Write down what came of a referral.

    Raises ReasonTooThin, Refused, CaseNotFound, Closed, ReferralNotFound, AnsweredMeanwhile, or
    NotAReferral.
    """
    stated = meaningful(words)
    case = locked_case(case_id, by)
    if answer not in safety.keys("referral_answers"):
        raise NotAReferral("Choose what they answered.", field="answer")
    rows = Referral.objects.select_for_update(no_key=True).filter(case=case)
    row = rows.filter(pk=referral_id).first()
    if row is None:
        raise ReferralNotFound("There is no such referral in this case.")
    if row.answered_by is not None:
        words = safety.label("referral_answers", row.answer).lower()
        raise AnsweredMeanwhile(
            f"{row.answered_by.name} has written it down already ({words}): “{row.answer_words}”."
        )
    row.answer, row.answer_words, row.answered_at, row.answered_by = answer, stated, at, by
    row.save(update_fields=["answer", "answer_words", "answered_at", "answered_by"])
    _record(Action.REFERRAL_ANSWERED, row, by=by, at=at)
    return row


def services_to_refer_to(*, on: date) -> list[tuple[str, str]]:
    """Return the keys and names of the services of the register that were asked lately."""
    return [(str(each.key), each.service.name) for each in services.shown(on)]


def _basis(wanted: Wanted) -> tuple[str, str]:
    if wanted.agreed not in safety.keys("agreements"):
        raise NotAReferral("Choose whether they agreed.", field="agreed")
    if wanted.agreed == safety.AGREED:
        return sharing.CONSENT, ""
    if wanted.basis == sharing.CONSENT:
        raise NotAReferral("Without their agreement it needs another basis.", field="basis")
    try:
        key = sharing.basis_of(wanted.basis).key
    except NotShared as error:
        raise NotAReferral(str(error), field="basis") from None
    if not wanted.why.strip():
        raise NotAReferral("Say why they are referred without their agreement.", field="why")
    return key, wanted.why.strip()


def _to(wanted: Wanted, *, on: date) -> tuple[Agency | None, str]:
    if wanted.agency_id is not None:
        agency = Agency.objects.filter(pk=wanted.agency_id, ended_at=None).first()
        if agency is not None:
            return agency, agency.name
    else:
        names = dict(services_to_refer_to(on=on))
        if name := names.get(str(wanted.service_id)):
            return None, name
    raise NotAReferral("Choose whom to refer to from the list.", field="to")


def _action(case: Case, action_id: UUID | None) -> SafetyAction | None:
    if action_id is None:
        return None
    found = SafetyAction.objects.filter(case=case, pk=action_id).first()
    if found is None:
        raise NotAReferral("Choose an action of this case.", field="action")
    return found


def _record(action: Action, of: Referral, *, by: StaffMember, at: datetime) -> None:
    # To whom is a key of ours: no name stands in the audit.
    detail = {"referral": str(of.pk), "agreed": of.agreed, "basis": of.basis}
    detail |= {"agency": str(of.agency_id or ""), "service": str(of.service or "")}
    detail |= {"answer": of.answer} if of.answer else {}
    audit.append(action=action, by=by, subject=about(of.case_id), at=at, detail=detail)
