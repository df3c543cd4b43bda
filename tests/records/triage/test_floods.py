"""A flood is set aside in a pile: nothing is lost, nothing else is buried, a person decides."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain.access import Refused, Role
from safehold.domain.answering import Waits
from safehold.domain.flooding import FEWEST_SAMPLES, LIMITS
from safehold.records.audit.models import AuditEvent
from safehold.records.clocks.models import Clock
from safehold.records.duty import operations as duty
from safehold.records.duty.models import Alarm
from safehold.records.incidents import set_aside
from safehold.records.incidents.models import Incident
from safehold.records.places.models import PlaceKind
from safehold.records.staff.models import StaffMember
from safehold.records.triage import floods, operations, piles, queries, watching
from safehold.records.triage.models import Flood, Opening, TriageSlip
from safehold.records.triage.piles import Pile
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, arrive, member
from tests.flooded import flood, slip

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
MANY = LIMITS.shape_more_than + 10
PILED = MANY - LIMITS.shape_stay
REASON = "Sent by a machine, every one of them alike"
DANGER = [{"prompt": "followed-now", "reason": "Followed now"}]


@pytest.fixture
def supervisor() -> StaffMember:
    return member(Role.SUPERVISOR)


def pile(by: StaffMember) -> Pile:
    (found,) = piles.open_piles(by=by)
    return found


def has_opened(by: StaffMember, rows: list[TriageSlip], count: int = FEWEST_SAMPLES) -> None:
    for row in rows[-count:]:
        Opening.objects.create(slip=row, member=by, at=AT, reason=REASON)


def aside(by: StaffMember, *, until: int = 10**9) -> Flood:
    return floods.set_aside_together(
        flood_id=pile(by).flood.pk, until=until, reason=REASON, by=by, at=AT
    )


def test_what_is_over_goes_into_a_pile_and_the_first_stay(supervisor):
    rows = flood(MANY)
    assert pile(supervisor).count == PILED
    listed = queries.inbox(by=supervisor).object_list
    assert [each for each in listed if not isinstance(each, Pile)] == rows[: LIMITS.shape_stay]
    assert queries.new(by=supervisor).count() == MANY


def test_as_many_as_the_rules_allow_are_no_flood(supervisor):
    flood(LIMITS.shape_more_than)
    assert not piles.open_piles(by=supervisor)


def test_alike_over_two_hours_is_no_flood(supervisor):
    rows = [slip(at=AT + timedelta(hours=number % 2)) for number in range(MANY)]
    floods.gather(rows, at=AT)
    assert not piles.open_piles(by=supervisor)


def test_what_the_worker_opens_goes_the_same_way(supervisor):
    for _ in range(LIMITS.shape_more_than + 1):
        arrive()
    assert pile(supervisor).count == LIMITS.shape_more_than + 1 - LIMITS.shape_stay
    began = AuditEvent.objects.filter(action="pile begun")
    assert began.count() == 1


def test_what_a_fall_left_out_of_its_pile_is_gathered_by_the_next_look(supervisor, monkeypatch):
    with monkeypatch.context() as falling:
        falling.setattr(floods, "gather_new", lambda *, at: 0)
        for _ in range(LIMITS.shape_more_than + 1):
            arrive()
    assert not piles.open_piles(by=supervisor)
    assert operations.open_new_slips(at=AT) == 0
    assert pile(supervisor).count == LIMITS.shape_more_than + 1 - LIMITS.shape_stay


def test_an_act_on_many_names_them_all_in_as_many_rows_as_it_takes(supervisor, monkeypatch):
    monkeypatch.setattr(floods, "_NAMED_AT_ONCE", 7)
    has_opened(supervisor, flood(MANY))
    aside(supervisor)
    rows = AuditEvent.objects.filter(action="pile set aside").order_by("sequence")
    assert [row.detail["from"] for row in rows] == list(range(1, PILED + 1, 7))
    named = [key for row in rows for key in row.detail["which"]]
    gone = TriageSlip.objects.filter(state="set_aside").values_list("pk", flat=True)
    assert sorted(named) == sorted(map(str, gone))


def test_the_audit_says_that_it_was_a_pile_that_alarmed(supervisor):
    flood(MANY, prompts=DANGER)
    duty.send_due(at=AT)
    row = AuditEvent.objects.filter(action="alarm sent").latest("sequence")
    assert (row.subject_kind, row.subject_id) == ("pile", str(pile(supervisor).flood.pk))


def test_the_list_shows_one_line_in_the_place_of_the_most_urgent(supervisor):
    before = slip(at=AT - timedelta(hours=2), kind="place")
    flood(MANY)
    after = slip(at=AT + timedelta(hours=1), kind="place")
    lines = list(queries.inbox(by=supervisor).object_list)
    assert lines[0] == before
    assert isinstance(lines[-2], Pile)
    assert lines[-1] == after


def test_a_flood_with_danger_alarms_once_and_stands_first_as_one_line(supervisor):
    quiet = slip(at=AT - timedelta(hours=2), kind="home")
    flood(MANY, prompts=DANGER)
    lines = list(queries.inbox(by=supervisor).object_list)
    assert isinstance(lines[LIMITS.shape_stay], Pile)
    assert lines[-1] == quiet
    assert len(lines) == LIMITS.shape_stay + 2
    assert piles.count_danger(piles.open_piles(by=supervisor)) == 1
    assert queries.danger_without_owner(by=supervisor).count() == LIMITS.shape_stay


def test_a_flood_that_varies_is_one_by_its_kind(supervisor):
    rows = [slip(cell=f"89{number:013x}") for number in range(LIMITS.kind_more_than + 1)]
    other = slip(kind="home")
    floods.gather([*rows, other], at=AT)
    assert pile(supervisor).count == LIMITS.kind_more_than + 1 - LIMITS.kind_stay
    assert not TriageSlip.objects.get(pk=other.pk).piled


def test_what_was_taken_or_opened_stays_in_the_list(supervisor):
    rows = [slip() for _ in range(MANY)]
    operations.take_report(report_id=rows[-1].pk, by=supervisor, at=AT)
    Opening.objects.create(slip=rows[-2], member=supervisor, at=AT, reason=REASON)
    floods.gather(rows, at=AT)
    assert pile(supervisor).count == PILED - 2


def test_taking_one_puts_it_into_the_list_and_it_is_found_by_its_reference(supervisor):
    rows = flood(MANY)
    assert queries.by_reference(reference=rows[-1].reference, by=supervisor) == rows[-1].pk
    operations.take_report(report_id=rows[-1].pk, by=supervisor, at=AT)
    assert pile(supervisor).count == PILED - 1
    assert rows[-1] in queries.inbox(by=supervisor).object_list


def test_a_pile_about_colleagues_is_for_professional_standards_alone(supervisor):
    flood(MANY, party_is_police="yes")
    assert not piles.open_piles(by=supervisor)
    (found,) = piles.open_piles(by=member(Role.PROFESSIONAL_STANDARDS))
    with pytest.raises(floods.FloodNotFound):
        floods.put_back(flood_id=found.flood.pk, reason=REASON, by=supervisor, at=AT)
    assert str(found.flood.pk) in piles.about_colleagues()


def test_the_two_sides_have_piles_of_their_own():
    rows = [slip(party_is_police=side) for side in ("yes", "no") for _ in range(MANY)]
    floods.gather(rows, at=AT)
    assert Flood.objects.count() == 2
    assert {
        (row.flood.police_party, row.police_party)
        for row in TriageSlip.objects.filter(piled=True).select_related("flood")
    } == {(True, True), (False, False)}


def test_it_is_set_aside_only_by_who_has_opened_some_of_it(supervisor):
    rows = flood(MANY)
    with pytest.raises(floods.NotSampled, match=str(FEWEST_SAMPLES)):
        aside(supervisor)
    has_opened(supervisor, rows)
    aside(supervisor)
    kept = TriageSlip.objects.filter(state="set_aside")
    assert kept.count() == PILED
    assert {(row.set_aside_reason, row.closed_by_id) for row in kept} == {(REASON, supervisor.pk)}
    assert not piles.open_piles(by=supervisor)
    assert not queries.danger_set_aside(by=supervisor)
    row = AuditEvent.objects.order_by("sequence").last()
    gone = TriageSlip.objects.filter(state="set_aside").values_list("pk", flat=True)
    which = row.detail.pop("which")
    assert sorted(which) == sorted(map(str, gone))
    assert (row.action, row.detail) == ("pile set aside", {"reports": PILED, "from": 1})


@pytest.mark.parametrize("role", [Role.TRIAGE_OFFICER, Role.IDENTITY_KEEPER])
def test_only_a_supervisor_decides(role, supervisor):
    flood(MANY)
    by = member(role)
    found = pile(by).flood.pk
    with pytest.raises(Refused):
        floods.put_back(flood_id=found, reason=REASON, by=by, at=AT)
    with pytest.raises(Refused):
        aside(by)
    with pytest.raises(ReasonTooThin):
        floods.put_back(flood_id=found, reason="real", by=supervisor, at=AT)


def test_what_came_after_it_was_looked_at_is_not_set_aside_unseen(supervisor):
    rows = flood(MANY)
    has_opened(supervisor, rows)
    until = piles.last_in(pile(supervisor).flood)
    flood(3)
    aside(supervisor, until=until)
    assert pile(supervisor).count == 3


def test_a_pile_with_danger_waits_for_another_person_who_has_read_some(supervisor):
    rows = flood(MANY, prompts=DANGER)
    has_opened(supervisor, rows)
    found = aside(supervisor)
    other = member(Role.SUPERVISOR, name="Ana Reed")
    assert piles.to_confirm(by=other) == [found]
    kept: dict[str, Any] = {"flood_id": found.pk, "reason": REASON, "at": AT}
    with pytest.raises(floods.SamePersonAgain):
        floods.confirm(by=supervisor, **kept)
    with pytest.raises(floods.NotSampled):
        floods.confirm(by=other, **kept)
    has_opened(other, rows)
    floods.confirm(by=other, **kept)
    assert not piles.to_confirm(by=other)
    confirmed = TriageSlip.objects.filter(flood=found, piled=True)
    assert set(confirmed.values_list("confirmed_by", flat=True)) == {other.pk}


def test_all_of_it_can_be_put_back_also_after_it_was_set_aside(supervisor):
    rows = flood(MANY)
    has_opened(supervisor, rows)
    found = aside(supervisor)
    floods.put_back(flood_id=found.pk, reason="They are real after all", by=supervisor, at=AT)
    assert queries.inbox(by=supervisor).paginator.count == MANY
    assert {row.flood_id for row in rows} == {None}
    floods.gather(rows, at=AT)
    assert not piles.open_piles(by=supervisor), "it is not put into a pile again"
    with pytest.raises(floods.NothingInIt):
        floods.put_back(flood_id=found.pk, reason="They are real after all", by=supervisor, at=AT)


def test_a_pile_that_was_set_aside_alarms_nobody_about_answers(supervisor):
    rows = flood(MANY)
    TriageSlip.objects.update(wants_reply="yes")
    watching.escalate(at=AT)  # gives them their clocks
    has_opened(supervisor, rows)
    found = aside(supervisor)
    later = AT + timedelta(days=10)
    watching.escalate(at=later)
    assert not Alarm.objects.filter(report_id=found.pk, ended_at=None).exists()
    floods.put_back(flood_id=found.pk, reason="They are real after all", by=supervisor, at=later)
    running = Clock.objects.filter(stopped_at=None, waits=Waits.ANSWER)
    assert running.count() == MANY


def test_as_many_as_there_are_go_some_at_a_time(supervisor, monkeypatch):
    for module, name in ((floods, "_AT_ONCE"), (watching, "_AT_A_TIME"), (set_aside, "_BATCH")):
        monkeypatch.setattr(module, name, 3)
    rows = flood(MANY, prompts=DANGER)
    has_opened(supervisor, rows)
    found = aside(supervisor)
    assert TriageSlip.objects.filter(state="set_aside").count() == PILED
    assert Incident.objects.filter(set_aside=True).count() == PILED
    second = member(Role.SUPERVISOR, name="Ana Reed")
    has_opened(second, rows)
    floods.confirm(flood_id=found.pk, reason="Read some of it too", by=second, at=AT)
    assert TriageSlip.objects.filter(confirmed_by=second).count() == PILED
    floods.put_back(flood_id=found.pk, reason="They are real after all", by=supervisor, at=AT)
    assert TriageSlip.objects.filter(state="new").count() == MANY
    alarmed = Alarm.objects.filter(ended_at=None, of_pile=False)
    assert alarmed.count() == PILED, "each with danger alarms by itself again"


def test_one_of_a_pile_that_was_set_aside_can_still_be_accepted():
    officer = member(Role.SUPERVISOR)
    ids = [arrive() for _ in range(LIMITS.shape_more_than + 1)]
    for report_id in ids[-FEWEST_SAMPLES:]:
        operations.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    aside(officer)
    decisions = operations.Decisions(None, "Elm Row", PlaceKind.NOT_SAID, "behaviour")
    operations.accept_report(report_id=ids[-1], decisions=decisions, by=officer, at=AT)
    row = TriageSlip.objects.get(pk=ids[-1])
    assert (row.state, row.piled) == ("accepted", False)


def test_the_store_keeps_a_pile_whole(supervisor):
    rows = flood(MANY)
    for half in ({"flood": None}, {"state": "accepted"}, {"owner": supervisor}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TriageSlip.objects.filter(pk=rows[-1].pk).update(**half)
    for half in ({"state": "set_aside"}, {"reason": "x"}, {"confirmed_at": AT}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Flood.objects.update(**half)


_KINDS = st.sampled_from(["place", "home", "stalking"])
_ARRIVALS = st.lists(
    st.tuples(_KINDS, st.integers(0, 2), st.booleans(), st.integers(1, 40)), max_size=6
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_ARRIVALS)
def test_whatever_arrives_the_list_and_the_piles_together_are_all_that_is_new(supervisor, arrived):
    TriageSlip.objects.all().delete()
    Flood.objects.all().delete()
    for kind, hour, danger, count in arrived:
        prompts = DANGER if danger else []
        flood(count, kind=kind, at=AT + timedelta(hours=hour), prompts=prompts)
    lines, page = [], queries.inbox(by=supervisor)
    for number in page.paginator.page_range:
        lines += queries.inbox(by=supervisor, page=number).object_list
    slips = [each for each in lines if not isinstance(each, Pile)]
    shown = [each for each in lines if isinstance(each, Pile)]
    assert len(lines) == page.paginator.count == len({id(each) for each in lines})
    assert len(slips) + sum(each.count for each in shown) == sum(each[3] for each in arrived)
    order = [each.first if isinstance(each, Pile) else each for each in lines]
    urgent = [
        (not row.danger, not row.danger_now, row.kind == "place", row.received_at, row.arrival)
        for row in order
    ]
    assert urgent == sorted(urgent)
    assert slips == list(TriageSlip.objects.filter(piled=False).order_by(*piles.URGENCY))
