"""What risk started is an action of the case: somebody owns it, by a time, and says how it ended.

A grade, an answer or a flag starts it in its own transaction. What could not be started then, since
nobody who might own it saw the case, is taken up by the scheduler (`take_up`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from safehold.domain import risk
from safehold.domain.access import Permission
from safehold.records.cases import operations as cases
from safehold.records.cases import queries
from safehold.records.cases.models import Case, CaseKind, CaseMember, CaseParty, Relation
from safehold.records.incidents.models import Part
from safehold.records.people import facts
from safehold.records.people.models import PersonFlag
from safehold.records.people.operations import Origin as Whence
from safehold.records.risk.models import Started
from safehold.records.safety import actions
from safehold.records.safety.models import SafetyAction
from safehold.records.safety.models_of_actions import Origin
from safehold.records.safety.reaching import may_own
from safehold.records.staff.models import StaffMember

FLAGGED = "A flag that they may harm themselves"
OPENED = f"{FLAGGED}, and no case that was open"
AT_ONCE = 200


def act_on(started: Started, *, by: StaffMember, at: datetime) -> SafetyAction | None:
    """Make an action of what risk started, once; None where nobody here may own it yet.

    Inside the transaction of whoever started it. A pathway that a flag began in this case goes on.
    """
    case = started.assessment.case
    if started.kind == risk.SUICIDE_KIND:
        going = _going_on(case, started.assessment.victim.identity)
        if going is not None:
            return going
    owner = next((each for each in (started.owner, by) if may_own(case, each)), None)
    if owner is None or not by.may(Permission.WORK_SAFETY):
        return None
    return actions.start_from(
        case=case,
        kind=started.kind,
        about=started.pk,
        due=started.due_at,
        owner=owner,
        origin=Origin.GRADE if started.grade_id else Origin.ASSESSMENT,
        words=started.why,
        by=by,
        at=at,
    )


@transaction.atomic
def add_flag(
    *, identity: UUID, kind: str, words: str, origin: Whence, by: StaffMember, at: datetime
) -> PersonFlag:
    """Flag a person; one that they may harm themselves starts its pathway at once.

    In the case that somebody owns and that is about them; where none is open, in one that is opened
    for it, owned by whoever flags. Raises as `facts.add_flag` does.
    """
    kept = facts.add_flag(identity=identity, kind=kind, words=words, origin=origin, by=by, at=at)
    if kind == risk.SUICIDE_FLAG and by.may(Permission.WORK_SAFETY):
        case = _case_of(identity, by) or _opened_for(kept, identity, by=by, at=at)
        if case is not None:
            _start(kept, case, by=by, at=at)
    return kept


def pathway_of(identity: UUID, *, by: StaffMember) -> SafetyAction | None:
    """Return the newest action of the pathway of somebody, in a case that a member may know of."""
    if not by.may(Permission.SEE_SAFETY):
        return None
    rows = SafetyAction.objects.filter(
        started_from__in=_keys_of(identity), case__in=queries.seen_by(by).values("pk")
    )
    found = rows.select_related("case", "owner").order_by("-started_at", "pk")
    return found.first()


def actions_of(started: Iterable[Started]) -> dict[UUID, SafetyAction]:
    """Return the action that each was made, as it goes on now, by the key of what started it."""
    rows = SafetyAction.objects.filter(started_from__in=[each.pk for each in started])
    found = rows.select_related("owner", "closed_by").order_by("started_at", "pk")
    return {each.started_from: each for each in found if each.started_from}


def take_up(*, at: datetime) -> int:
    """Start what was not started: of flags that an import brought, of cases without an owner then.

    Again, it starts nothing twice. Returns how many it started.
    """
    made = SafetyAction.objects.filter(started_from=OuterRef("pk"))
    flags = _flags_that_wait().filter(~Exists(made))
    started = Started.objects.filter(~Exists(made), assessment__case__closed_at=None)
    count = 0
    for flag in flags.select_related("person", "recorded_by").order_by("pk")[:AT_ONCE]:
        count += _take_up_flag(flag, at)
    related = ("assessment__case", "assessment__victim", "owner", "started_by")
    for row in started.select_related(*related).order_by("started_at", "pk")[:AT_ONCE]:
        with transaction.atomic():
            by = row.started_by if may_own(row.assessment.case, row.started_by) else row.owner
            count += act_on(row, by=by, at=at) is not None
    return count


def _flags_that_wait() -> QuerySet[PersonFlag]:
    """Return flags of people whom an owned case is about, and whom nobody has assessed since."""
    owned = CaseParty.objects.filter(
        person__identity=OuterRef("person__identity"),
        case__closed_at=None,
        case__members__relation=Relation.OWNER,
        case__members__until=None,
    )
    since = Started.objects.filter(
        kind=risk.SUICIDE_KIND,
        assessment__victim__identity=OuterRef("person__identity"),
        started_at__gte=OuterRef("recorded_at"),
    )
    flags = PersonFlag.objects.filter(kind=risk.SUICIDE_FLAG, ended_at=None)
    return flags.filter(Exists(owned), ~Exists(since))


@transaction.atomic
def _take_up_flag(flag: PersonFlag, at: datetime) -> bool:
    for case in _open_of(flag.person.identity):
        owners = CaseMember.objects.filter(case=case, relation=Relation.OWNER, until=None)
        members = [flag.recorded_by, *(row.member for row in owners.select_related("member"))]
        by = next((each for each in members if may_own(case, each)), None)
        if by is not None:
            return _start(flag, case, by=by, at=at)
    return False


def _start(flag: PersonFlag, case: Case, *, by: StaffMember, at: datetime) -> bool:
    """Start the pathway of a flag in a case, unless one goes on there."""
    if _going_on(case, flag.person.identity) is not None:
        return False
    what = risk.suicide_pathway()
    row = CaseMember.objects.filter(case=case, relation=Relation.OWNER, until=None)
    owns = [each.member for each in row.select_related("member")]
    actions.start_from(
        case=case,
        kind=what.kind,
        about=flag.pk,
        due=at + what.due,
        owner=next((each for each in (*owns, by) if may_own(case, each)), by),
        origin=Origin.FLAG,
        words=FLAGGED,
        by=by,
        at=at,
    )
    return True


def _going_on(case: Case, identity: UUID) -> SafetyAction | None:
    rows = SafetyAction.objects.filter(
        case=case, kind=risk.SUICIDE_KIND, closed_at=None, started_from__in=_keys_of(identity)
    )
    return rows.first()


def _keys_of(identity: UUID) -> list[UUID]:
    """Return the keys of what may have started a pathway of somebody: flags, and signs."""
    flags = PersonFlag.objects.filter(person__identity=identity, kind=risk.SUICIDE_FLAG)
    signs = Started.objects.filter(kind=risk.SUICIDE_KIND, assessment__victim__identity=identity)
    return [*flags.values_list("pk", flat=True), *signs.values_list("pk", flat=True)]


def _open_of(identity: UUID) -> QuerySet[Case]:
    """Return the open cases about somebody, those that protect first, the newest first."""
    rows = Case.objects.filter(closed_at=None, parties__person__identity=identity)
    protects = Exists(Case.objects.filter(pk=OuterRef("pk"), kind=CaseKind.PROTECTION))
    return rows.distinct().annotate(protects=protects).order_by("-protects", "-opened_at", "pk")


def _case_of(identity: UUID, by: StaffMember) -> Case | None:
    seen = _open_of(identity).filter(pk__in=queries.seen_by(by).values("pk"))
    return next((case for case in seen if may_own(case, by)), None)


def _opened_for(flag: PersonFlag, identity: UUID, *, by: StaffMember, at: datetime) -> Case | None:
    """Open a case for a flag, owned by whoever set it; None where they may not.

    Somebody who is sealed, or whom only others know of in a case, gets none by this.
    """
    if flag.person.sealed_to or not by.may(Permission.WORK_CASES):
        return None
    case = cases.open_case(
        kind=CaseKind.PROTECTION,
        incident_ids=[],
        why=OPENED,
        restricted=False,
        owner=by,
        team=by.team,
        by=by,
        at=at,
    )
    cases.add_party(case_id=case.pk, identity=identity, part=Part.VICTIM, by=by, at=at)
    return case
