"""What members tried to see that is not for them: sorted afterwards, told to standards alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Count, Max, Min, QuerySet

from safehold.domain.access import Actor, Permission, Role, Subject, refusal
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.cases import knowing
from safehold.records.cases.models import Case
from safehold.records.conflicts import asked, kept_people, otherwise, recusals
from safehold.records.conflicts.models_of_people import Asked, Attempt, Ground
from safehold.records.contacts.models import Profile
from safehold.records.dvds.models import Application
from safehold.records.feedback.models import Feedback
from safehold.records.incidents import queries as incidents
from safehold.records.incidents.models import Incident
from safehold.records.people import finding
from safehold.records.people.models import Person
from safehold.records.shares.models import Share
from safehold.records.staff.models import StaffMember
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.reasons import meaningful

PER_PAGE: Final = 50
MOST_AT_ONCE: Final = 500
_MOST_WORDS: Final = 6
_EXACT: Final = 100
_Met = tuple[str, str, Ground, int]  # kind, key, why, how near


class NothingTried(LookupError):
    """There is no attempt of this member at this that nobody has dealt with."""


@dataclass(frozen=True, slots=True)
class Tried:
    """All attempts of one member at one thing that nobody has dealt with."""

    member: StaffMember
    subject_kind: str
    subject_id: str
    ground: str
    count: int
    first: datetime
    last: datetime
    nearness: int
    words: tuple[str, ...]
    called: str

    @property
    def ground_label(self) -> str:
        """Return why it is not for them."""
        return Ground(self.ground).label


def sort_asked(*, most: int = MOST_AT_ONCE) -> int:
    """Keep of what was asked since what was not for whoever asked; return how many those were.

    The rest is not kept here: a search stays in the audit, and an address that leads nowhere tells
    nothing.
    """
    found = 0
    for row in Asked.objects.select_related("member").order_by("pk")[:most]:
        with transaction.atomic():
            met = list(_met(row))
            Attempt.objects.bulk_create(
                Attempt(
                    member=row.member,
                    at=row.at,
                    ground=ground,
                    subject_kind=kind,
                    subject_id=key,
                    words=row.words,
                    nearness=near,
                )
                for kind, key, ground, near in met
            )
            Asked.objects.filter(pk=row.pk).delete()
        found += len(met)
    return found


def count_open(*, by: StaffMember) -> int:
    """Count what was tried, by whom and at what, and not dealt with; none for any other role."""
    if not by.may(Permission.KEEP_CONFLICTS):
        return 0
    return _grouped(by).count()


def listed(*, by: StaffMember, page: int = 1) -> Page[Any]:
    """Return one page of what was tried and not dealt with, the latest first. Raises Refused."""
    by.must(Permission.KEEP_CONFLICTS)
    found = Paginator(_grouped(by).order_by("-last", "member_id", "subject_id"), PER_PAGE)
    return found.get_page(page)


def in_words(rows: Sequence[Mapping[str, Any]]) -> list[Tried]:
    """Return rows of `listed` with the member, what was typed, and what it was about."""
    members = StaffMember.objects.in_bulk([row["member_id"] for row in rows])
    called = _called(rows)
    return [
        Tried(
            member=members[row["member_id"]],
            subject_kind=row["subject_kind"],
            subject_id=row["subject_id"],
            ground=row["ground"],
            count=row["count"],
            first=row["first"],
            last=row["last"],
            nearness=row["nearest"],
            words=_typed(row),
            called=called.get(row["subject_id"], ""),
        )
        for row in rows
    ]


def one(*, member_id: int, kind: str, key: UUID, by: StaffMember) -> Tried:
    """Return what one member tried at one thing. Raises Refused, or NothingTried."""
    by.must(Permission.KEEP_CONFLICTS)
    rows = _grouped(by).filter(member_id=member_id, subject_kind=kind, subject_id=str(key))
    row = rows.order_by("ground").first()
    if row is None:
        raise NothingTried("There is nothing to deal with here.")
    return in_words([row])[0]


@transaction.atomic
def settle(*, tried: Tried, why: str, by: StaffMember, at: datetime) -> None:
    """Note what came of attempts: they stay, and are not shown as new. Raises ReasonTooThin."""
    stated = meaningful(why)
    by.must(Permission.KEEP_CONFLICTS)
    rows = _open(by).filter(
        member=tried.member,
        subject_kind=tried.subject_kind,
        subject_id=tried.subject_id,
        at__lte=tried.last,  # what came while they read is new
    )
    if not rows.update(settled_at=at, settled_by=by, settled_why=stated):
        raise NothingTried("Somebody else has dealt with this.")
    audit.append(
        action=Action.ATTEMPTS_SETTLED,
        by=by,
        subject=About("linked", ""),
        at=at,
        reason=stated,
        detail={"member": tried.member.pk, tried.subject_kind: tried.subject_id},
    )


def _open(by: StaffMember) -> QuerySet[Attempt]:
    # Not their own, and not at what they are kept from themselves.
    kept = Person.objects.filter(identity__in=kept_people.identities_kept_from(by))
    keys = list(map(str, kept.values_list("pk", flat=True)))
    rows = Attempt.objects.filter(settled_at=None).exclude(member=by)
    return rows.exclude(subject_kind="person", subject_id__in=keys)


def _grouped(by: StaffMember) -> QuerySet[Any, Any]:
    rows = _open(by).values("member_id", "subject_kind", "subject_id", "ground")
    return rows.annotate(
        count=Count("pk"), first=Min("at"), last=Max("at"), nearest=Max("nearness")
    )


def _typed(row: Mapping[str, Any]) -> tuple[str, ...]:
    same = {name: row[name] for name in ("member_id", "subject_kind", "subject_id")}
    said = Attempt.objects.filter(settled_at=None, **same).exclude(words="").order_by("-at")
    return tuple(dict.fromkeys(said.values_list("words", flat=True)[:100]))[:_MOST_WORDS]


def _called(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    keys = [row["subject_id"] for row in rows if row["subject_kind"] == "person"]
    people = Person.objects.filter(pk__in=keys).values_list("pk", "identity", "reference")
    names = finding.names_of(identity for _, identity, _ in people)
    found = {
        str(key): f"{names.get(identity, [''])[0]} {reference}".strip()
        for key, identity, reference in people
    }
    for kind, model in (("report", TriageSlip), ("case", Case), ("incident", Incident)):
        wanted = [row["subject_id"] for row in rows if row["subject_kind"] == kind]
        known: QuerySet[Any] = model._default_manager.filter(pk__in=wanted)
        found |= {str(key): said for key, said in known.values_list("pk", "reference")}
    return found


def _met(row: Asked) -> Iterator[_Met]:
    if row.subject_kind == asked.SEARCH:
        sought = finding.Sought(row.words)
        for identity, near in finding.hidden_from(sought, member=row.member).items():
            yield "person", str(identity), _why_hidden(identity, row.member), round(near * _EXACT)
        return
    if row.subject_kind in {asked.CONTACT, asked.ADDRESS, asked.RECORD}:
        for kind, found in otherwise.met(row.subject_kind, row.words, member=row.member):
            if ground := _OF_KIND[kind](found, row.member):
                yield kind, str(found), ground, _EXACT
        return
    kind, key = row.subject_kind, row.subject_id
    if kind == asked.REFERENCE:
        slips = TriageSlip.objects.exclude(reference="").filter(reference=row.words)
        slip = slips.values_list("pk", flat=True).first()
        kind, key = "report", str(slip or "")
    if key and (ground := _OF_KIND[kind](UUID(key), row.member)):
        yield kind, key, ground, _EXACT


def _why_hidden(identity: UUID, member: StaffMember) -> Ground:
    sealed = Person.objects.filter(identity=identity).exclude(sealed_to__in=["", member.role])
    return Ground.SEALED if sealed.exists() else Ground.KEPT


def _person(key: UUID, member: StaffMember) -> Ground | None:
    identity = Person.objects.filter(pk=key).values_list("identity", flat=True).first()
    if identity is None or finding.visible_to(member).filter(pk=key).exists():
        return None
    return _why_hidden(identity, member)


def _case(key: UUID, member: StaffMember) -> Ground | None:
    case = Case.objects.filter(pk=key).first()
    if case is None:
        return None
    if case.sealed_to not in {"", member.role}:
        return Ground.SEALED
    return None if knowing.may_know(case, member) else Ground.KEPT


def _incident(key: UUID, member: StaffMember) -> Ground | None:
    found = Incident.objects.filter(pk=key).first()
    if found is None:
        return None
    if incidents.kept_from(member).filter(pk=key).exists():
        return Ground.KEPT
    return _by_subject(Subject(police_party=found.police_party), member)


def _of(*models: Any) -> Callable[[UUID, StaffMember], Ground | None]:
    def look(key: UUID, member: StaffMember) -> Ground | None:
        found = (model._default_manager.filter(pk=key).first() for model in models)
        row = next((each for each in found if each is not None), None)
        return _by_subject(recusals.subject_of(row), member) if row is not None else None

    return look


def _by_subject(subject: Subject, member: StaffMember) -> Ground | None:
    if str(member.pk) in subject.recused:
        return Ground.KEPT
    # As of any role that may see reports at all: what is asked is whether the subject forbids it.
    actor = Actor(str(member.pk), frozenset({member.role, str(Role.TRIAGE_OFFICER)}))
    return Ground.SEALED if refusal(actor, Permission.SEE_INBOX, subject) else None


_OF_KIND: Final[Mapping[str, Callable[[UUID, StaffMember], Ground | None]]] = {
    "report": _of(TriageSlip, Feedback),
    "incident": _incident,
    "person": _person,
    "case": _case,
    "application": _of(Application),
    "contact": _of(Profile),
    "share": _of(Share),
}
