"""The work on a pile ends together once it is decided; what needs a person is left out and said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from safehold import rules
from safehold.domain import flooding
from safehold.domain.access import Refused, Role
from safehold.domain.answering import Waits
from safehold.domain.flooding import LIMITS
from safehold.domain.retention import Standing
from safehold.records.audit import operations as audit
from safehold.records.audit.models import AuditEvent
from safehold.records.clocks.models import Clock
from safehold.records.conflicts.models import Recusal
from safehold.records.conversations.waiting import start_clocks
from safehold.records.duty.models import Alarm
from safehold.records.incidents.models import CrimeDecision, Incident
from safehold.records.intake.models import Said
from safehold.records.retention import facts
from safehold.records.triage import (
    ending_piles,
    endings,
    floods,
    operations,
    piles,
    waiting,
)
from safehold.records.triage.models import Flood, NameRequest, Opening, TriageSlip
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, REASON, member
from tests.flooded import flood

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
MANY = LIMITS.shape_more_than + 10
PILED = MANY - LIMITS.shape_stay
WHY = "One machine sent all of it, and nothing in it is real"
LATER = AT + timedelta(days=3)
DANGER = [{"prompt": "followed-now", "reason": "Followed now"}]


@pytest.fixture
def by(monkeypatch):
    monkeypatch.setattr(piles, "still_to_open", lambda **_: 0)
    return member(Role.SUPERVISOR)


def aside(by, *, at=AT, **changes: object) -> tuple[Flood, list[TriageSlip]]:
    flood(MANY, at=at, **changes)
    (found,) = piles.open_piles(by=by)
    pile = found.flood
    floods.set_aside_together(flood_id=pile.pk, until=10**9, reason=REASON, by=by, at=at)
    return pile, list(piles.in_pile(pile).order_by("arrival"))


def end(pile: Flood, by, *, at=LATER, **more: object) -> int:
    return ending_piles.end_pile(flood_id=pile.pk, reason=WHY, by=by, at=at, **more)


def has_read(row: TriageSlip, by) -> None:
    """Note that a member opened an account: these slips came with none."""
    Opening.objects.create(slip=row, member=by, at=LATER, reason=REASON)


def writes(report_id: UUID, *, at=AT) -> None:
    last = Said.objects.using("intake").filter(report_id=report_id).count()
    Said.objects.using("intake").create(
        id=report_id if not last else UUID(int=report_id.int ^ last),
        report_id=report_id,
        number=last + 1,
        from_us=False,
        day=timezone.localdate(at),
        for_us=b"sealed",
    )


def test_all_of_it_ends_with_the_reason_and_the_audit_names_each(by):
    pile, rows = aside(by)
    found = ending_piles.look(flood_id=pile.pk, by=by)
    assert (found.ends, found.ended, found.left_out, found.count) == (PILED, 0, (), PILED)
    assert end(pile, by) == PILED
    ended = piles.in_pile(pile)
    assert set(ended.values_list("ended_by", "ended_reason", "ended_at")) == {(by.pk, WHY, LATER)}
    events = AuditEvent.objects.filter(action="work on a pile ended").order_by("sequence")
    named = [key for row in events for key in row.detail["which"]]
    assert sorted(named) == sorted(str(row.pk) for row in rows)
    assert {(row.subject_kind, row.subject_id, row.reason) for row in events} == {
        ("pile", str(pile.pk), WHY)
    }
    with pytest.raises(ending_piles.NothingToEnd):
        end(pile, by)
    found = ending_piles.look(flood_id=pile.pk, by=by)
    assert (found.ends, found.ended) == (0, PILED)


def test_it_is_due_when_its_time_is_over_and_not_a_day_before(by):
    pile, rows = aside(by)
    ids = [row.pk for row in rows]
    never = facts.look(ids, today=timezone.localdate(AT + timedelta(days=9999)))
    assert {each.found.standing for each in never.values()} == {Standing.OPEN}
    end(pile, by)
    over = timezone.localdate(LATER).replace(year=LATER.year + 1)
    day_before = facts.look(ids, today=over - timedelta(days=1))
    assert {each.found.standing for each in day_before.values()} == {Standing.KEPT}
    assert all(each.is_due for each in facts.look(ids, today=over).values())


def test_what_is_written_after_the_end_waits_for_a_person_and_starts_the_time_again(by):
    pile, rows = aside(by)
    end(pile, by)
    wrote, at = rows[0].pk, LATER + timedelta(days=200)
    writes(wrote, at=at)
    over = timezone.localdate(LATER).replace(year=LATER.year + 1)
    looked = facts.look([wrote, rows[1].pk], today=over)
    assert (looked[wrote].found.standing, looked[rows[1].pk].found.standing) == (
        Standing.KEPT,
        Standing.DUE,
    )
    assert start_clocks(at=at) == 1
    assert [each.pk for each in waiting.late(by=by, at=at + timedelta(days=2))] == [wrote]


def _child(row: TriageSlip) -> None:
    TriageSlip.objects.filter(pk=row.pk).update(child_present="not sure")


def _undecided(row: TriageSlip) -> None:
    Incident.objects.filter(report_id=row.pk).update(
        crime_decision=CrimeDecision.NOT_YET,
        crime_reason="",
        crime_decided_at=None,
        crime_decided_by=None,
    )


def _asked_for(row: TriageSlip) -> None:
    NameRequest.objects.create(
        slip=row,
        asked_by=member(),
        asked_at=AT,
        reason=REASON,
        soon="today",
        needed_by=LATER,
    )


def _shared(row: TriageSlip, monkeypatch) -> None:
    says = "share S1 waits for a supervisor to agree or not"
    monkeypatch.setattr(
        endings.shares, "open_of", lambda ids: {row.pk: [says]} if row.pk in ids else {}
    )


def _to_be_reached(row: TriageSlip, monkeypatch) -> None:
    monkeypatch.setattr(endings.contacts, "with_open_due", lambda ids: {row.pk} & set(ids))


LEFT_OUT: dict[str, tuple[Callable[..., None], str]] = {
    "a child, or maybe": (_child, "There is a child in it, or may be"),
    "an unread message": (lambda row: writes(row.pk), "1 message from whoever holds the code"),
    "no decision on crime": (_undecided, "Nobody has decided whether it is a crime."),
    "its name asked for": (_asked_for, "Its hidden name was asked for"),
    "an open share": (_shared, "Under Shares, share S1 waits"),
    "somebody to be reached": (_to_be_reached, "There is still a time"),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_needs_a_person_is_left_out_and_said(by, name, monkeypatch):
    pile, rows = aside(by)
    make, why = LEFT_OUT[name]
    make(rows[3], *([monkeypatch] if make in {_shared, _to_be_reached} else []))
    found = ending_piles.look(flood_id=pile.pk, by=by)
    assert found.ends == PILED - 1
    (left,) = found.left_out
    assert (left.report_id, left.reference) == (rows[3].pk, rows[3].reference)
    assert left.why.startswith(why)
    assert end(pile, by) == PILED - 1
    assert TriageSlip.objects.get(pk=rows[3].pk).ended_at is None
    if name != "a child, or maybe":  # which alone is no reason against an end of its own
        has_read(rows[3], by)
        with pytest.raises(endings.NotOver, match=why[:20]):
            endings.end_report(report_id=rows[3].pk, reason=WHY, by=by, at=LATER)


def test_danger_ends_on_pages_of_its_own_also_when_two_have_agreed(by):
    pile, rows = aside(by, prompts=DANGER)
    floods.confirm(flood_id=pile.pk, reason=REASON, by=member(Role.SUPERVISOR), at=AT)
    found = ending_piles.look(flood_id=pile.pk, by=by)
    assert (found.ends, len(found.left_out)) == (0, PILED)
    with pytest.raises(ending_piles.NothingToEnd):
        end(pile, by)
    has_read(rows[0], by)
    endings.end_report(report_id=rows[0].pk, reason=WHY, by=by, at=LATER)
    assert ending_piles.look(flood_id=pile.pk, by=by).ended == 1


def test_where_the_rules_let_danger_end_together_nobody_gets_past_the_second_person(
    by, monkeypatch
):
    monkeypatch.setattr(flooding, "ended_alone", lambda *, danger, child: "")
    pile, _ = aside(by, prompts=DANGER)
    with pytest.raises(ending_piles.NothingToEnd):
        end(pile, by)
    floods.confirm(flood_id=pile.pk, reason=REASON, by=member(Role.SUPERVISOR), at=AT)
    assert end(pile, by) == PILED


@given(st.booleans(), st.booleans(), st.lists(st.sampled_from(["danger", "child"]), unique=True))
def test_a_report_ends_alone_exactly_where_it_has_what_the_rules_name(danger, child, are):
    has = {"danger": danger, "child": child}
    assert bool(flooding.ended_alone(danger=danger, child=child, by=are)) is any(
        has[each] for each in are
    )


def test_every_word_of_the_rule_is_known():
    for each in rules.load("floods").tables["ended_alone"]["are"]:
        assert flooding.ended_alone(danger=True, child=True, by=[each])


@pytest.mark.parametrize("state", ["open", "put back"])
def test_only_a_pile_that_was_set_aside_ends(by, state):
    if state == "open":
        flood(MANY)
        pile = piles.open_piles(by=by)[0].flood
    else:
        pile, _ = aside(by)
        floods.put_back(flood_id=pile.pk, reason=REASON, by=by, at=AT)
    with pytest.raises(ending_piles.NotSetAside):
        end(pile, by)
    assert not TriageSlip.objects.exclude(ended_at=None).exists()


@pytest.mark.parametrize("role", [Role.TRIAGE_OFFICER, Role.IDENTITY_KEEPER])
def test_only_who_may_end_one_report_may_end_a_pile(by, role):
    pile, _ = aside(by)
    for act in (
        lambda who: end(pile, who),
        lambda who: ending_piles.look(flood_id=pile.pk, by=who),
    ):
        with pytest.raises(Refused):
            act(member(role))
    with pytest.raises(ReasonTooThin):
        ending_piles.end_pile(flood_id=pile.pk, reason="done", by=by, at=LATER)


def test_a_pile_about_colleagues_ends_with_professional_standards_alone(by):
    standards = member(Role.PROFESSIONAL_STANDARDS)
    pile, _ = aside(standards, party_is_police="yes")
    with pytest.raises(piles.FloodNotFound):
        end(pile, by)
    assert end(pile, standards) == PILED


def test_what_a_member_is_kept_from_is_neither_counted_nor_ended(by):
    pile, rows = aside(by)
    Recusal.objects.create(report_id=rows[0].pk, member=by, at=AT)
    found = ending_piles.look(flood_id=pile.pk, by=by)
    assert (found.count, found.ends) == (PILED - 1, PILED - 1)
    assert end(pile, by) == PILED - 1
    assert TriageSlip.objects.get(pk=rows[0].pk).ended_at is None


def test_it_goes_some_at_a_time_and_the_next_press_goes_on(by, monkeypatch):
    monkeypatch.setattr(ending_piles, "_AT_ONCE", 7)
    pile, _ = aside(by)
    assert end(pile, by, enough=lambda: True) == 7
    assert ending_piles.look(flood_id=pile.pk, by=by).ends == PILED - 7
    left = iter([False, True])
    assert end(pile, by, enough=lambda: next(left)) == 14
    assert end(pile, by) == PILED - 21
    assert AuditEvent.objects.filter(action="work on a pile ended").count() == 4


def test_reports_end_with_their_audit_row_or_not_at_all(by, monkeypatch):
    pile, _ = aside(by)

    def broken(**_: object) -> None:
        raise RuntimeError("the audit is away")

    with monkeypatch.context() as away:
        away.setattr(audit, "append", broken)
        with pytest.raises(RuntimeError):
            end(pile, by)
    assert ending_piles.look(flood_id=pile.pk, by=by).ended == 0


def test_one_that_begins_again_is_in_no_pile_and_waits_for_an_owner(by):
    pile, rows = aside(by)
    end(pile, by)
    endings.begin_again(report_id=rows[0].pk, reason=REASON, by=by, at=LATER)
    row = TriageSlip.objects.get(pk=rows[0].pk)
    assert (row.piled, row.ended_at, row.ended_reason) == (False, None, "")
    running = Clock.objects.filter(report_id=row.pk, stopped_at=None)
    assert [each.waits for each in running] == [Waits.OWNER]
    operations.take_report(report_id=row.pk, by=by, at=LATER)
    assert not running.all().exists()
    assert not Alarm.objects.filter(ended_at=None).exists()


def test_putting_the_pile_back_leaves_what_has_ended(by):
    pile, rows = aside(by)
    _undecided(rows[0])
    end(pile, by)
    floods.put_back(flood_id=pile.pk, reason=REASON, by=by, at=LATER)
    assert TriageSlip.objects.get(pk=rows[0].pk).state == "new"
    assert ending_piles.look(flood_id=pile.pk, by=by).ended == PILED - 1
