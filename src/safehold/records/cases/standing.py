"""How a member stands to a case, and what of it that lets them see or change.

The table is `rules/case_access.toml` (`domain/case_access`). What no row of it lifts, a case that
is sealed to another role or about whoever asks, is `knowing`'s and is asked first.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.utils import timezone

from safehold.domain import access, case_access
from safehold.domain.access import Refused
from safehold.domain.case_access import Act, Agency, Part, Relation, Standing
from safehold.records.cases.models import Case, CaseMember, GlassCase
from safehold.records.cases.models import Relation as Named
from safehold.records.staff.models import StaffMember

_WHOSE = "stands_of_member"
NOT_THIS_PART = "This part of the case is not for you. Whoever owns the case can name you."


def agency_of(member: StaffMember) -> Agency:
    """Return whether a member is of the force or of a partner agency."""
    return Agency.PARTNER if member.agency else Agency.FORCE


def as_named(member: StaffMember, relations: Iterable[Relation]) -> Standing:
    """Return how a member stands to a case in relations that are known."""
    return Standing(member.role, agency_of(member), frozenset(relations))


def shown_to(member: StaffMember) -> Q:
    """Return which cases are there for a member, of those that nothing keeps them from.

    The unit's, where the table shows those to whoever is named on nothing; those on which they
    work; and those that they opened in an emergency, while that lasts. Of cases about colleagues
    the role that they are sealed to is the unit.
    """
    works = CaseMember.objects.filter(case=OuterRef("pk"), member=member, until=None)
    shown = Q(Exists(works)) | Q(Exists(_glass(member).filter(case=OuterRef("pk"))))
    if not case_access.may(as_named(member, {Relation.UNIT}), Part.CASE, Act.SEE):
        return shown
    sealed = member.role in access.table().police_party_roles
    theirs = Q(restricted=False, sealed_to=member.role) if sealed else Q(restricted=False)
    return shown | theirs


def read_with(found: QuerySet[Case], member: StaffMember) -> QuerySet[Case]:
    """Have cases read together with how a member stands to each: `of` asks no more of them."""
    named = CaseMember.objects.filter(case=OuterRef("pk"), member=member, until=None)
    stands: dict[str, Exists] = {
        _column(relation): Exists(named.filter(relation=relation)) for relation in Named.values
    }
    glass = Exists(_glass(member).filter(case=OuterRef("pk")))
    return found.annotate(**stands, **{_column(Relation.GLASS): glass, _WHOSE: Value(member.pk)})


def of(case: Case, member: StaffMember) -> Standing:
    """Return how a member stands to a case that they may know of."""
    if getattr(case, _WHOSE, None) == member.pk:
        said = {relation for relation in Relation if getattr(case, _column(relation), False)}
    else:
        said = _asked(case, member)
    return as_named(member, said if case.restricted else said | {Relation.UNIT})


def _asked(case: Case, member: StaffMember) -> set[Relation]:
    rows = CaseMember.objects.filter(case=case, member=member, until=None)
    relations = {Relation(word) for word in rows.values_list("relation", flat=True)}
    if _glass(member).filter(case=case.pk).exists():
        relations.add(Relation.GLASS)
    return relations


def _column(relation: str) -> str:
    return f"stands_as_{relation}"


def must(case: Case, member: StaffMember, part: Part, act: Act) -> None:
    """Raise Refused unless the table lets a member see or change a part of a case."""
    if not case_access.may(of(case, member), part, act):
        raise Refused(NOT_THIS_PART)


def fits(member: StaffMember, relation: str) -> bool:
    """Tell whether a member can be named to stand in a relation: one that gives them something."""
    return case_access.may(as_named(member, {Relation(relation)}), Part.CASE, Act.SEE)


def _glass(member: StaffMember) -> QuerySet[GlassCase]:
    return GlassCase.objects.filter(glass__member=member, glass__until__gt=timezone.now())
