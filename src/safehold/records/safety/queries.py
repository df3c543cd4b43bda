"""Questions about the safety of a case, and about what a member has to do."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from safehold.domain import safety
from safehold.domain.access import Permission
from safehold.records.audit import queries as looks
from safehold.records.cases import queries as cases
from safehold.records.cases.models import Case, CaseMember, Relation
from safehold.records.cases.operations import about
from safehold.records.people.models import Address, Home
from safehold.records.safety import markers
from safehold.records.safety.models import (
    AddressMarker,
    ChildNote,
    MarkerReview,
    PlanCopy,
    PlanLine,
    PlanVersion,
    Referral,
    SafetyAction,
)
from safehold.records.safety.models_of_actions import State
from safehold.records.safety.reaching import Protected, protected_in, reports_in, seen_case
from safehold.records.staff.models import StaffMember

__all__ = ["Protected", "State", "reports_in"]


class Whose(StrEnum):
    """Which list of open actions is asked for."""

    MINE = "mine"
    TEAM = "team"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan for one person as it stands: its newest version, None where there is none yet."""

    protected: Protected
    version: PlanVersion | None
    earlier: int


@dataclass(frozen=True, slots=True)
class Child:
    """A child of a case and the newest note of it, None where nobody wrote one."""

    protected: Protected
    note: ChildNote | None


@dataclass(frozen=True, slots=True)
class Marked:
    """A marker, its address, and whether it holds."""

    marker: AddressMarker
    address: Address
    standing: safety.Standing


@dataclass(frozen=True, slots=True)
class Safety:
    """All that a case has for somebody's safety."""

    case: Case
    plans: Sequence[Plan]
    actions: Sequence[SafetyAction]
    referrals: Sequence[Referral]
    markers: Sequence[Marked]
    children: Sequence[Child]
    names: Mapping[UUID, str]

    @property
    def open_actions(self) -> list[SafetyAction]:
        """Return the actions that are open, the soonest first."""
        return [action for action in self.actions if action.closed_at is None]


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of open actions, the soonest first; `after` leads on, None where none is left."""

    actions: Sequence[SafetyAction]
    after: UUID | None


def of_case(*, case_id: UUID, by: StaffMember, on: date) -> Safety:
    """Return the safety of a case, in the same number of questions however much there is.

    Raises Refused, or CaseNotFound. The look is recorded before, by `cases.look_at_case`.
    """
    case = seen_case(case_id, by)
    protected = protected_in(case, by=by)
    actions = SafetyAction.objects.filter(case=case).select_related(
        "owner", "agency", "closed_by", "line"
    )
    referrals = Referral.objects.filter(case=case).select_related(
        "made_by", "answered_by", "agency", "person"
    )
    return Safety(
        case=case,
        plans=_plans(case, protected),
        actions=list(actions.order_by("due_at", "pk")),
        referrals=list(referrals.order_by("-made_at", "pk")),
        markers=_marked(AddressMarker.objects.filter(case=case), by=by, on=on),
        children=_children(case, protected),
        names={each.identity: each.name for each in protected},
    )


def version_shown(*, case_id: UUID, identity: UUID, by: StaffMember) -> PlanVersion | None:
    """Return the newest version of somebody's plan with its lines, None without one.

    Raises Refused, or CaseNotFound.
    """
    case = seen_case(case_id, by)
    rows = PlanVersion.objects.filter(plan__case=case, plan__person__identity=identity)
    return rows.prefetch_related("lines").order_by("-written_at", "-number").first()


def child_note(*, case_id: UUID, identity: UUID, by: StaffMember) -> ChildNote | None:
    """Return the newest note of a child of a case. Raises Refused, or CaseNotFound."""
    case = seen_case(case_id, by)
    rows = ChildNote.objects.filter(case=case, child__identity=identity)
    return rows.order_by("-number", "-at").first()


def opened_for(*, case_id: UUID, by: StaffMember, since: datetime) -> tuple[datetime, str] | None:
    """Return when a member last opened a case and why, None where not since a moment.

    Raises Refused, or CaseNotFound.
    """
    seen_case(case_id, by)
    return looks.last_look(subject=about(case_id), by=by, since=since)


def open_in(case_id: UUID) -> str:
    """Say how many actions are open in a case and how many referrals wait, empty for none."""
    actions = SafetyAction.objects.filter(case_id=case_id, closed_at=None).count()
    referrals = Referral.objects.filter(case_id=case_id, answer="").count()
    said = [
        f"{actions} {'action' if actions == 1 else 'actions'}" if actions else "",
        f"{referrals} {'referral' if referrals == 1 else 'referrals'} without an answer"
        if referrals
        else "",
    ]
    return " and ".join(filter(None, said))


def listed(*, whose: Whose, by: StaffMember, at: datetime, after: UUID | None = None) -> Listed:
    """Return a page of open actions of cases that a member may see, the soonest first.

    What is late is the member's team's, and everybody's for whoever watches over the unit. `after`
    is the last one of the page before; one that is not there leads to the first page.
    """
    found = _open(by)
    if whose is Whose.MINE:
        found = found.filter(owner=by)
    elif whose is Whose.TEAM or not by.may(Permission.HAND_ON_OTHERS):
        # Somebody without a team has nobody's work as their team's.
        found = found.filter(team=by.team) if by.team else found.filter(owner=by)
    if whose is Whose.LATE:
        found = found.filter(due_at__lte=at)
    last = SafetyAction.objects.filter(pk=after).values("due_at", "pk").first() if after else None
    if last is not None:
        later = Q(due_at__gt=last["due_at"]) | Q(due_at=last["due_at"], pk__gt=last["pk"])
        found = found.filter(later, due_at__gte=last["due_at"])
    rows = list(found.order_by("due_at", "pk")[: safety.A_PAGE + 1])
    more = len(rows) > safety.A_PAGE
    shown = rows[: safety.A_PAGE]
    return Listed(shown, shown[-1].pk if more else None)


def due_by(*, by: StaffMember, until: datetime, limit: int) -> list[SafetyAction]:
    """Return a member's own open actions that are due before a moment, the late ones first.

    None for whoever may not see safety. One question.
    """
    if not by.may(Permission.SEE_SAFETY):
        return []
    return list(_open(by).filter(owner=by, due_at__lt=until).order_by("due_at", "pk")[:limit])


def late_by_owner(members: Collection[int], *, by: StaffMember, at: datetime) -> dict[int, int]:
    """Count the actions of each of these members that are late, in one question."""
    late = _open(by).filter(due_at__lte=at, owner__in=list(members))
    return dict(late.values_list("owner").order_by("owner").annotate(count=Count("pk")))


def late_of(member_id: int, *, by: StaffMember, at: datetime, limit: int) -> list[SafetyAction]:
    """Return the actions of a member that are late, as far as whoever asks may know of them."""
    late = _open(by).filter(due_at__lte=at, owner=member_id)
    return list(late.order_by("due_at", "pk")[:limit])


def looks_late(
    owners: Collection[int], *, by: StaffMember, on: date, limit: int | None = None
) -> list[tuple[int, PlanVersion]]:
    """Return the plans in open cases of these owners whose next look is late, with the owner.

    The longest late first; in one question.
    """
    if not by.may(Permission.SEE_SAFETY):
        return []
    newer = PlanVersion.objects.filter(plan=OuterRef("plan"), number__gt=OuterRef("number"))
    owned = CaseMember.objects.filter(
        relation=Relation.OWNER, until=None, case=OuterRef("plan__case")
    )
    rows = PlanVersion.objects.filter(
        ~Exists(newer),
        Exists(cases.seen_by(by).filter(pk=OuterRef("plan__case"))),
        next_look__lt=on,
        plan__case__closed_at=None,
    ).annotate(owner=Subquery(owned.values("member_id")[:1]))
    rows = rows.filter(owner__in=list(owners)).select_related("plan__case")
    found = rows.order_by("next_look", "pk")[:limit]
    return [(row.owner, row) for row in found]


def open_of_case(case_id: UUID, *, by: StaffMember) -> list[SafetyAction]:
    """Return the open actions of a case that a member may know of, the first due first."""
    found = _open(by).filter(case_id=case_id).select_related("owner", "agency")
    return list(found.order_by("due_at", "pk"))


def markers_at(
    address_ids: Iterable[UUID], *, by: StaffMember, on: date
) -> dict[UUID, list[Marked]]:
    """Return the markers on addresses that a member may read: those that hold, and those over.

    Of an address that they may not read, none: not even that there is one. One that was ended is
    not shown.
    """
    rows = AddressMarker.objects.filter(address__in=list(address_ids), ended_at=None)
    found: dict[UUID, list[Marked]] = {}
    for each in _marked(rows, by=by, on=on):
        found.setdefault(each.address.pk, []).append(each)
    return found


def markers_of_person(identity: UUID, *, by: StaffMember, on: date) -> dict[UUID, list[Marked]]:
    """Return the markers on the addresses of a person, by address, as `markers_at` does."""
    homes = Home.objects.filter(person__identity=identity, ended_at=None)
    return markers_at(homes.values_list("address_id", flat=True), by=by, on=on)


def _open(by: StaffMember) -> QuerySet[SafetyAction]:
    if not by.may(Permission.SEE_SAFETY):
        return SafetyAction.objects.none()
    # A probe of each row's case, and not a list of all cases.
    seen = Exists(cases.seen_by(by).filter(pk=OuterRef("case_id")))
    return SafetyAction.objects.filter(seen, closed_at=None).select_related(
        "case", "owner", "agency"
    )


def _plans(case: Case, protected: Sequence[Protected]) -> list[Plan]:
    copies = PlanCopy.objects.select_related("by").order_by("-at", "pk")
    rows = (
        PlanVersion.objects.filter(plan__case=case)
        .select_related("plan__person", "written_by")
        .prefetch_related("lines", Prefetch("copies", copies))
        .order_by("-written_at", "-number")
    )
    by_person: dict[UUID, list[PlanVersion]] = {}
    for row in rows:
        by_person.setdefault(row.plan.person.identity, []).append(row)
    found = []
    for each in protected:
        versions = by_person.get(each.identity, [])
        if versions or not each.child:  # a child has a plan of its own where somebody makes one
            newest = versions[0] if versions else None
            found.append(Plan(each, newest, earlier=max(0, len(versions) - 1)))
    return found


def _children(case: Case, protected: Sequence[Protected]) -> list[Child]:
    notes: dict[UUID, ChildNote] = {}
    rows = ChildNote.objects.filter(case=case).select_related("child", "by")
    for row in rows.order_by("number", "at"):
        notes[row.child.identity] = row
    return [Child(each, notes.get(each.identity)) for each in protected if each.child]


def _marked(rows: QuerySet[AddressMarker], *, by: StaffMember, on: date) -> list[Marked]:
    # Of an address that the member may not read there is nothing here, not even that it is marked.
    reviews = MarkerReview.objects.select_related("by").order_by("-at", "pk")
    found = (
        rows.filter(address__in=markers.readable(Address.objects.all(), by).values("pk"))
        .select_related("address", "set_by", "ended_by")
        .prefetch_related(Prefetch("reviews", reviews))
        .order_by("expires", "pk")
    )
    return [Marked(row, row.address, markers.standing(row, on=on)) for row in found]


def names_in(case: Case, *, by: StaffMember, children: bool = False) -> dict[UUID, str]:
    """Return the names of those whom a case may protect, by key; of its children alone if asked."""
    found = protected_in(case, by=by)
    return {each.identity: each.name for each in found if each.child or not children}


def line_of(case: Case, key: str) -> PlanLine | None:
    """Return a line of a plan of the case by its key as it was sent, None for any other."""
    try:
        wanted = UUID(key)
    except ValueError:
        return None
    return PlanLine.objects.filter(pk=wanted, version__plan__case=case).first()


def action_of(case: Case, action_id: UUID) -> SafetyAction | None:
    """Return an action of a case, None for any other."""
    found = SafetyAction.objects.filter(case=case, pk=action_id)
    return found.select_related("owner", "agency", "closed_by").first()


def has_referral(case: Case, referral_id: UUID) -> bool:
    """Tell whether a referral is of a case."""
    return Referral.objects.filter(case=case, pk=referral_id).exists()


def has_marker(case: Case, marker_id: UUID, *, by: StaffMember) -> bool:
    """Tell whether a marker is of a case, at an address that the member may read."""
    may_read = markers.readable(Address.objects.all(), by).values("pk")
    return AddressMarker.objects.filter(case=case, pk=marker_id, address__in=may_read).exists()
