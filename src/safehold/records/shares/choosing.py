"""Opening a report to share it: what can go, to whom, and whether what was chosen may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.utils.timezone import localtime

from safehold.domain import sharing
from safehold.domain.access import Permission
from safehold.domain.contact_profile import Details, Terms
from safehold.domain.journey.ask import KIND as DVDS
from safehold.domain.sharing import Basis, NotShared, Parcel, Part
from safehold.records.agencies import queries as agencies
from safehold.records.agencies.models import AgencyKey
from safehold.records.contacts import operations as contacts
from safehold.records.contacts import queries as profiles
from safehold.records.shares import must_not
from safehold.records.shares.must_not import Person
from safehold.records.staff.models import StaffMember
from safehold.records.triage import identities
from safehold.records.triage import queries as triage
from safehold.records.triage.accounts import Account
from safehold.records.triage.openings import must, must_not_know_the_name, open_again, read_by
from safehold.records.triage.reasons import ReasonTooThin, meaningful

NOT_YET = "S-XXXX-XXXX"  # a preview has no reference of its own


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody wants to share: with whom, on which basis, what of it, and their answers."""

    agency_id: UUID
    basis: str
    purpose: str = ""
    told: str = ""
    parts: tuple[str, ...] = ()
    statements: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """A report opened to be shared, in memory for one request.

    `details` are of safe contact, None where none may go; `may_share` is what they answered about
    a support service, empty where that was not asked or is in the envelope of a hidden name.
    """

    key: AgencyKey
    basis: Basis
    parts: tuple[Part, ...] = field(repr=False)
    details: Details | None = field(repr=False)
    people: tuple[Person, ...] = field(repr=False)
    may_share: str
    hidden: bool
    how_told: str


@dataclass(frozen=True, slots=True)
class Ready:
    """A plan that may be carried out, with the words that go."""

    key: AgencyKey
    basis: Basis
    parts: tuple[Part, ...] = field(repr=False)
    statements: Mapping[str, str]
    answers: Mapping[str, str]
    purpose: str
    told: str


def may_begin(*, report_id: UUID, by: StaffMember) -> None:
    """Raise Refused, ReportNotFound, or NotReadYet unless the member may share this report."""
    must(Permission.SHARE_REPORT, report_id=report_id, by=by)
    must_not_know_the_name(report_id=report_id, by=by)
    read_by(report_id=report_id, by=by)


def open_to_share(
    *, report_id: UUID, agency_id: UUID, basis: str, by: StaffMember, at: datetime
) -> Opened:
    """Open an account once more, with safe contact and the list, for an agency and a basis.

    Each is a look that is on record before. Raises Refused, ReportNotFound, NotReadYet, NotShared,
    OnTheList, AccountSealed, ContactSealed, or ListSealed.
    """
    may_begin(report_id=report_id, by=by)
    chosen, key = sharing.basis_of(basis), agencies.key_of(agency_id)
    if key is None:
        raise NotShared(
            "This agency has no key that two of us have checked with them.", field="agency_id"
        )
    must_not.must_be_allowed(report_id=report_id, agency_id=agency_id)
    to = f"share it with {key.agency.name}, basis: {chosen.label.lower()}"
    account = open_again(report_id=report_id, to=to, by=by, at=at)
    if chosen.key == sharing.CONSENT:
        sharing.must_not_have_refused(account.may_share)
    hidden = identities.is_hidden(report_id)
    contact = _contact(account, f"To {to}", hidden=hidden, by=by, at=at)
    return Opened(
        key=key,
        basis=chosen,
        parts=sharing.offered(_said(account), contact=contact),
        details=contact[1] if contact else None,
        people=tuple(must_not.people_by_name(triage.slip(report_id=report_id, by=by), by=by)),
        may_share=account.may_share,
        hidden=hidden,
        how_told=account.how_told,
    )


def ready(plan: Plan, opened: Opened) -> Ready:
    """Hold a plan to every rule. Raises NotShared with the question that its message is about."""
    statements = sharing.stated(opened.basis, plan.statements)
    parts = sharing.chosen(opened.parts, plan.parts)
    if opened.basis.key == sharing.CONSENT:
        sharing.must_have_agreed(
            answer=opened.may_share,
            agency_kind=opened.key.agency.kind,
            ticked=plan.parts,
            how_agreed=statements["how_agreed"],
        )
    return Ready(
        key=opened.key,
        basis=opened.basis,
        parts=parts,
        statements=statements,
        answers=answered([person.key for person in opened.people], plan.answers),
        purpose=_some(plan.purpose, "purpose"),
        told=_some(plan.told, "told"),
    )


def answered(people: list[str], answers: Mapping[str, str]) -> dict[str, str]:
    """Return an answer for each person on the list. Raises NotShared where one is missing."""
    return {key: _some(answers.get(key, ""), f"answer-{key}") for key in people}


def file_of(plan: Ready, *, reference: str, at: datetime) -> str:
    """Write what goes to the agency."""
    force = settings.FORCE
    return sharing.written(
        Parcel(
            reference=reference,
            made_on=_day(at),
            sender=f"{force.name}, {force.unit_name}",
            return_to=f"{force.unit_name}, telephone {force.phones.non_emergency}, with the "
            "reference above; in danger 999",
            agency=plan.key.agency.name,
            basis=plan.basis,
            purpose=plan.purpose,
            told=plan.told,
            parts=plan.parts,
        )
    )


def preview(plan: Ready, *, at: datetime) -> str:
    """Write what would go, to be read before it does."""
    return file_of(plan, reference=NOT_YET, at=at).partition(sharing.JSON_BEGINS)[0].rstrip()


def _day(at: datetime) -> date:
    return localtime(at).date()


def _some(words: str, name: str) -> str:
    try:
        return meaningful(words)
    except ReasonTooThin as error:
        raise NotShared(str(error), field=name) from None


def _said(account: Account) -> list[Part]:
    return [
        Part(each.key, each.question, each.parts)
        for group in account.groups
        for each in group.answers
    ]


def _contact(
    account: Account, reason: str, *, hidden: bool, by: StaffMember, at: datetime
) -> tuple[Terms, Details] | None:
    """Open safe contact as it stands now, unless the name is hidden or was never given."""
    named = account.how_told == "named" or account.kind == DVDS
    profile = profiles.of_report(account.report_id)
    if hidden or not named or profile is None or profile.hidden:
        return None
    details = contacts.open_details(profile_id=profile.pk, reason=reason, by=by, at=at)
    return profiles.terms_of(profiles.versions(profile)[0]), details
