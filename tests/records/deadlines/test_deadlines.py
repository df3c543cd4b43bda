"""Deadlines of cases: started, known later, extended, handed on, stopped, told of in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from safehold.domain import deadline_rules
from safehold.domain.access import Refused, Role
from safehold.domain.deadlines import last_day
from safehold.records.append_only import WrittenOnce
from safehold.records.audit.models import AuditEvent
from safehold.records.cases import members
from safehold.records.cases import operations as cases
from safehold.records.cases.models import Case, Relation
from safehold.records.cases.queries import CaseNotFound
from safehold.records.deadlines import changing, escalating, extending, operations, queries
from safehold.records.deadlines.extending import Authority, NotFurther
from safehold.records.deadlines.models import About, Deadline, DeadlineAct
from safehold.records.deadlines.operations import NotARule, NotAStart, NotForThem, Over, Starting
from safehold.records.deadlines.queries import DeadlineNotFound
from safehold.records.duty.models import Alarm
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, REASON, member
from tests.due import UNKNOWN, case_of, deadline

pytestmark = [pytest.mark.database, pytest.mark.django_db(databases=["default", "intake"])]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DONE = "She was told on the telephone, as she asked"


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def boss():
    return member(Role.SUPERVISOR, name="Pell Lisle")


@pytest.fixture
def case(officer) -> Case:
    return case_of(officer)


def authority(**more: Any) -> Authority:
    said = {"name": "Insp. R. Vale", "rank": "inspector", "granted_at": AT, "why": REASON}
    return Authority(**(said | {"asked": True, "views_words": "She wants him kept away"} | more))


def acts(row: Deadline) -> list[str]:
    return [act.what for act in queries.acts_of(row)]


def audited(row: Deadline) -> list[str]:
    rows = AuditEvent.objects.filter(subject_kind="deadline", subject_id=str(row.pk))
    return list(rows.order_by("sequence").values_list("action", flat=True))


def test_it_starts_with_a_date_and_with_how_that_was_reckoned(officer, case) -> None:
    row = deadline(case, by=officer)
    assert str(last_day(row.due_at)) == "2026-11-23"  # a Sunday; enhanced, so the Monday
    assert row.steps[0] == "It starts on Sunday 22 November 2026 at 09:12."
    assert row.rule.version == deadline_rules.every()["vc6_arrest"].version
    assert acts(row) == ["started"]
    assert audited(row) == ["deadline started"]


def test_standard_rights_need_a_reason(officer, case) -> None:
    with pytest.raises(NotAStart, match="no enhanced rights"):
        deadline(case, by=officer, enhanced=False)
    row = deadline(case, by=officer, enhanced=False, words="A company, and nobody hurt")
    assert str(last_day(row.due_at)) == "2026-11-27"


def test_an_unknown_start_has_no_date_until_it_is_known(officer, case) -> None:
    row = deadline(case, "spo_notify", UNKNOWN, by=officer)
    assert (row.due_at, row.no_date) == (None, "Start not known: when it was served")
    assert queries.without_date(by=officer, own=True) == [row]
    row = operations.set_start(
        deadline_id=row.pk, starts_at=AT, how=REASON, by=officer, at=AT + HOUR
    )
    assert str(last_day(row.due_at)) == "2026-11-24"
    assert queries.without_date(by=officer, own=True) == []
    with pytest.raises(NotAStart, match="known already"):
        operations.set_start(deadline_id=row.pk, starts_at=AT, how=REASON, by=officer, at=AT + HOUR)
    assert acts(row) == ["started", "start_known"]


def test_holidays_that_are_not_loaded_give_no_date(officer, case) -> None:
    late = datetime(2028, 12, 20, 10, tzinfo=UTC)
    row = deadline(case, "vrr_acknowledge", late, by=officer)
    assert row.due_at is None
    assert row.no_date == "Cannot be told: the holidays of 2029 are not loaded."
    assert queries.without_date(by=officer, own=True) == [row]


@pytest.mark.parametrize(
    ("starting", "says"),
    [
        (Starting("nothing", AT), "from the list"),
        (Starting("spo_notify", AT + DAY), "still to come"),
        (Starting("spo_notify", AT.replace(year=1999)), "too long ago"),
        (Starting("spo_notify", replace(UNKNOWN, missing=" ")), "what is missing"),
        (Starting("dvpo_ends", AT, number=29), "14 to 28"),
        (Starting("dvpo_ends", AT), "14 to 28"),
        (Starting("spo_notify", AT, about=About.PERSON, about_id=uuid4()), "from the list"),
    ],
)
def test_what_cannot_start_is_refused_in_a_sentence(officer, case, starting, says) -> None:
    with pytest.raises((NotARule, NotAStart, NotForThem, operations.NotThatLong), match=says):
        operations.start(case_id=case.pk, starting=starting, by=officer, at=AT)
    assert not Deadline.objects.exists()


def test_a_clock_of_an_order_that_is_not_live_here_refuses(officer, case, settings) -> None:
    settings.FORCE = replace(settings.FORCE, orders_live_here=())
    with pytest.raises(NotARule, match="A DAPN is not live here"):
        deadline(case, "dapn_hearing", by=officer)
    settings.FORCE = replace(settings.FORCE, orders_live_here=("dapn",))
    row = deadline(case, "dapn_hearing", by=officer)
    assert row.due_at == datetime(2026, 11, 25, tzinfo=UTC)  # from Monday: Sunday is skipped


def test_a_form_that_is_sent_twice_starts_one(officer, case) -> None:
    key = uuid4()
    assert deadline(case, by=officer, key=key) == deadline(case, by=officer, key=key)
    assert acts(Deadline.objects.get()) == ["started"]
    with pytest.raises(NotForThem):
        deadline(case_of(officer), by=officer, key=key)


def test_nothing_starts_in_a_closed_case_or_for_whoever_may_not(officer, case) -> None:
    with pytest.raises(Refused):
        deadline(case, by=member(Role.ANALYST))
    cases.close(case_id=case.pk, why=REASON, by=officer, at=AT)
    with pytest.raises(operations.Closed):
        deadline(case, by=officer)


# The ladder of bail.


def test_bail_climbs_step_by_step_by_whoever_may(officer, case) -> None:
    row = deadline(case, "bail", AT, by=officer)
    assert str(last_day(row.due_at)) == "2027-02-22"
    climb = [
        ("inspector", "2027-05-22"),
        ("superintendent", "2027-08-22"),
        ("court", "2027-11-22"),
        ("court", "2028-05-22"),
    ]
    for rung, (rank, until) in enumerate(climb):
        row = extending.extend(
            deadline_id=row.pk, shown_rung=rung, authority=authority(rank=rank), by=officer, at=AT
        )
        assert str(last_day(row.due_at)) == until
    with pytest.raises(NotFurther, match="further"):
        extending.extend(
            deadline_id=row.pk, shown_rung=4, authority=authority(rank="court"), by=officer, at=AT
        )
    told = DeadlineAct.objects.filter(what="extended").order_by("due_after")
    assert [act.rank for act in told] == [rank for rank, _ in climb]
    assert told[0].due_before < told[0].due_after
    assert (told[0].views, told[0].views_words) == ("asked", "She wants him kept away")
    assert audited(row)[1:] == ["deadline changed"] * 4


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"rank": "custody_officer"}, "Inspector"),
        ({"rank": "nobody"}, "Inspector"),
        ({"rank": "court"}, "Inspector"),
        ({"name": " "}, "who gave it"),
        ({"granted_at": AT + DAY}, "still to come"),
        ({"views_words": ""}, "thinks of it"),
        ({"asked": False, "views_words": ""}, "why nobody asked"),
    ],
)
def test_an_extension_without_its_authority_is_refused(officer, case, more, says) -> None:
    row = deadline(case, "bail", by=officer)
    with pytest.raises(NotFurther, match=says):
        extending.extend(
            deadline_id=row.pk, shown_rung=0, authority=authority(**more), by=officer, at=AT
        )
    assert acts(row) == ["started"]


def test_what_is_over_is_not_extended_but_one_that_was_given_in_time_is(officer, case) -> None:
    arrest = AT - 120 * DAY
    row = deadline(case, "bail", arrest, by=officer)
    late = authority(granted_at=row.due_at)
    with pytest.raises(NotFurther, match="what is over is not extended"):
        extending.extend(deadline_id=row.pk, shown_rung=0, authority=late, by=officer, at=AT)
    in_time = authority(granted_at=row.due_at - HOUR)
    extending.extend(deadline_id=row.pk, shown_rung=0, authority=in_time, by=officer, at=AT)


def test_two_who_extend_climb_one_step(officer, case) -> None:
    row = deadline(case, "bail", by=officer)
    how = {"deadline_id": row.pk, "shown_rung": 0, "by": officer, "at": AT}
    extending.extend(authority=authority(), **how)
    with pytest.raises(NotFurther, match="meanwhile"):
        extending.extend(authority=authority(rank="superintendent"), **how)


def test_detention_climbs_without_asking_the_victim_and_others_do_not_climb(officer, case) -> None:
    row = deadline(case, "detention", by=officer)
    how = {"shown_rung": 0, "by": officer, "at": AT}
    rank = authority(rank="superintendent", views_words="")
    assert extending.extend(deadline_id=row.pk, authority=rank, **how).due_at == AT + 36 * HOUR
    other = deadline(case, by=officer)
    with pytest.raises(NotFurther):
        extending.extend(deadline_id=other.pk, authority=authority(), **how)


# Stopping, and whose it is.


def test_it_is_stopped_by_what_was_done_with_what_proves_it(officer, case) -> None:
    row = deadline(case, by=officer)
    stop = {"deadline_id": row.pk, "by": officer, "at": AT + DAY}
    with pytest.raises(ReasonTooThin):
        operations.stop(how="ok", proof="call", done_at=AT, **stop)
    with pytest.raises(NotAStart, match="proves"):
        operations.stop(how=DONE, proof="a feeling", done_at=AT, **stop)
    with pytest.raises(NotAStart, match="still to come"):
        operations.stop(how=DONE, proof="call", done_at=AT + 2 * DAY, **stop)
    with pytest.raises(NotAStart, match="before it started"):
        operations.stop(how=DONE, proof="call", done_at=AT - HOUR, **stop)
    operations.stop(how=DONE, proof="call", done_at=AT + HOUR, **stop)
    with pytest.raises(Over, match="stopped this already"):
        operations.stop(how=DONE, proof="call", done_at=AT, **stop)
    with pytest.raises(Over):
        extending.extend(deadline_id=row.pk, shown_rung=0, authority=authority(), by=officer, at=AT)
    (event,) = AuditEvent.objects.filter(action="deadline stopped")
    assert event.reason == DONE


def test_it_goes_with_its_case_and_can_be_handed_to_whoever_works_on_it(
    officer, boss, case
) -> None:
    row, other, third = deadline(case, by=officer), member(name="Ro Tarn"), member(name="Ada Fenn")
    mine = lambda who: [each.pk for each in queries.due(by=who, own=True)[0]]  # noqa: E731 - short
    assert mine(officer) == [row.pk]
    handing = {"deadline_id": row.pk, "why": REASON, "by": officer, "at": AT}
    with pytest.raises(NotForThem):
        operations.hand_on(member_id=third.pk, **handing)
    naming = {"case_id": case.pk, "why": REASON, "by": officer, "at": AT}
    members.name_member(member=third, relation=Relation.TEAM, **naming)
    operations.hand_on(member_id=third.pk, **handing)
    assert (mine(officer), mine(third)) == ([], [row.pk])
    # Whoever works on the case no longer has it no longer: it is the owner's, whoever that is.
    (works,) = (each for each in case.members.all() if each.member_id == third.pk)
    ends = {"case_id": case.pk, "why": REASON, "by": officer, "at": AT}
    members.end_membership(membership_id=works.pk, **ends)
    assert (mine(officer), mine(third)) == ([row.pk], [])
    members.name_member(member=other, relation=Relation.OWNER, **naming)
    assert (mine(officer), mine(other)) == ([], [row.pk])
    assert [each.pk for each in queries.due(by=boss, own=False)[0]] == [row.pk]


def test_a_restricted_or_sealed_case_hides_its_deadlines(officer, boss) -> None:
    hidden = case_of(officer, restricted=True)
    row = deadline(hidden, by=officer)
    assert queries.due(by=boss, own=False) == ([], None)
    assert queries.of_case(hidden.pk, by=boss) == []
    assert queries.about_colleagues() == [str(row.pk)]
    for act in (
        lambda: queries.get(deadline_id=row.pk, by=boss),
        lambda: operations.look_at(deadline_id=row.pk, reason=REASON, by=boss, at=AT),
        lambda: operations.see_to(deadline_id=row.pk, words=REASON, by=boss, at=AT),
    ):
        with pytest.raises(DeadlineNotFound):
            act()
    with pytest.raises(CaseNotFound):
        deadline(hidden, by=boss)
    Case.objects.update(restricted=False, sealed_to=Role.PROFESSIONAL_STANDARDS)
    with pytest.raises(DeadlineNotFound):
        queries.get(deadline_id=row.pk, by=officer)


def test_the_list_has_the_longest_late_first_and_goes_on_where_it_ended(officer, case) -> None:
    rows = [deadline(case, starts=AT - n * DAY, by=officer) for n in range(5)]
    deadline(case, "spo_notify", UNKNOWN, by=officer)
    found, after = queries.due(by=officer, own=True, limit=2)
    seen = list(found)
    while after:
        found, after = queries.due(by=officer, own=True, after=after, limit=2)
        seen += found
    assert sorted(seen, key=lambda row: row.pk) == sorted(rows, key=lambda row: row.pk)
    assert [row.due_at for row in seen] == sorted(row.due_at for row in rows)


def test_what_waits_is_counted_in_one_question(
    officer, boss, case, django_assert_max_num_queries
) -> None:
    deadline(case, starts=AT - 10 * DAY, by=officer)
    deadline(case, starts=AT - 2 * DAY, by=officer)  # a Friday: due by the end of Monday
    deadline(case, "spo_notify", UNKNOWN, by=officer)
    deadline(case_of(None, by=boss), starts=AT - 10 * DAY, by=boss)
    at, over = AT + DAY, datetime(2026, 11, 24, 0, 1, tzinfo=UTC)
    with django_assert_max_num_queries(3):  # and whom the member is kept from
        own = queries.waiting(by=officer, at=at, day_over=over)
    assert own == queries.Waiting(late=1, today=1, unknown=1)
    assert queries.waiting(by=boss, at=at, day_over=over) == queries.Waiting(late_all=2, nobodys=1)
    assert queries.waiting(by=member(Role.ANALYST), at=at, day_over=over) == queries.Waiting()


# Telling somebody in time.


def test_whoever_holds_the_watch_is_told_before_a_notice_lapses(officer, case) -> None:
    row = deadline(case, "dvpn_hearing", by=officer)  # due at the end of Tuesday
    before = row.due_at - 12 * HOUR
    assert escalating.escalate(at=before - HOUR) == 0
    assert escalating.escalate(at=before) == 1
    assert escalating.escalate(at=before) == 0
    alarm = Alarm.objects.get()
    assert (alarm.report_id, alarm.because, alarm.desk) == (row.pk, "deadline", "unit")
    assert acts(row) == ["started", "escalated"]
    operations.see_to(deadline_id=row.pk, words=REASON, by=officer, at=before)
    alarm.refresh_from_db()
    assert alarm.ended_by == officer
    assert escalating.escalate(at=row.due_at - HOUR) == 0
    assert escalating.escalate(at=row.due_at) == 1  # it is over, and nothing has stopped it
    operations.stop(
        deadline_id=row.pk, how=DONE, proof="court", done_at=row.due_at, by=officer, at=row.due_at
    )
    assert not Alarm.objects.filter(ended_at=None).exists()


def test_supervisors_see_what_escalates_to_them_and_nobody_is_woken(officer, case) -> None:
    row = deadline(case, by=officer)
    assert escalating.escalate(at=row.due_at) == 1
    assert not Alarm.objects.exists()
    assert audited(row) == ["deadline started", "deadline escalated"]


def test_the_watch_is_not_told_that_there_is_a_restricted_case(officer) -> None:
    deadline(case_of(officer, restricted=True), "dvpn_hearing", by=officer)
    assert escalating.escalate(at=AT + 10 * DAY) == 1
    assert not Alarm.objects.exists()


def test_one_about_a_colleague_alarms_professional_standards(officer, case) -> None:
    deadline(case, "dvpn_hearing", by=officer)
    Case.objects.update(sealed_to=Role.PROFESSIONAL_STANDARDS)
    escalating.escalate(at=AT + 10 * DAY)
    assert Alarm.objects.get().desk == "standards"


def test_a_start_that_nobody_finds_out_is_told_after_a_day(officer, case) -> None:
    deadline(case, "dvpn_hearing", UNKNOWN, by=officer)
    assert escalating.escalate(at=AT + 23 * HOUR) == 0
    assert escalating.escalate(at=AT + 24 * HOUR) == 1


def test_an_order_that_ends_before_it_is_served_is_told_and_not_lost(officer, case) -> None:
    ends = AT + 5 * HOUR
    row = deadline(case, "spo_notify", UNKNOWN, by=officer, lapses_at=ends)
    assert escalating.escalate(at=ends - HOUR) == 0
    assert escalating.escalate(at=ends) == 1
    assert escalating.escalate(at=ends + HOUR) == 0
    row.refresh_from_db()
    assert row.lapsed_at == ends
    assert queries.without_date(by=officer, own=True) == [row]
    with pytest.raises(NotAStart, match="It was over by 14:12 on Sunday 22 November 2026"):
        operations.set_start(
            deadline_id=row.pk, starts_at=ends + HOUR, how=REASON, by=officer, at=AT + DAY
        )
    # It was served in time after all, and nobody had said so.
    row = operations.set_start(
        deadline_id=row.pk, starts_at=AT, how=REASON, by=officer, at=AT + DAY
    )
    assert row.due_at is not None
    assert acts(row) == ["started", "lapsed", "start_known"]


# A rule that changes while a deadline runs.


@pytest.fixture
def change(monkeypatch: pytest.MonkeyPatch):
    def put(key: str, **more: Any) -> None:
        known = dict(deadline_rules.every())
        if more:
            known[key] = replace(known[key], **more)
        else:
            del known[key]
        monkeypatch.setattr(deadline_rules, "every", lambda: known)

    return put


def deciding(row: Deadline, boss, **more: Any) -> Deadline:
    shown = queries.digest_now(row.rule.key)
    said = {"keep": True, "shown": shown, "why": REASON, "by": boss, "at": AT + HOUR}
    return changing.decide_rule(deadline_id=row.pk, **(said | more))


def test_what_runs_keeps_its_rule_until_a_supervisor_decides(officer, boss, case, change) -> None:
    row = deadline(case, by=officer)
    due = row.due_at
    change("vc6_arrest", version="2", label="Other words")
    assert queries.changed(by=boss) == []
    change("vc6_arrest", version="2", enhanced=3)
    row = queries.get(deadline_id=row.pk, by=officer)
    assert (row.due_at, row.rule.version, row.length.number) == (due, "1", 1)
    (found,) = queries.changed(by=boss)
    assert str(last_day(found.anew.at)) == "2026-11-25"
    with pytest.raises(Refused):
        deciding(row, officer)
    with pytest.raises(changing.NotChanged, match="once more"):
        deciding(row, boss, shown="another")
    deciding(row, boss)
    assert queries.changed(by=boss) == []
    with pytest.raises(changing.NotChanged, match="decided about it already"):
        deciding(row, boss, keep=False)
    change("vc6_arrest", version="3", enhanced=4)
    assert len(queries.changed(by=boss)) == 1
    assert acts(row) == ["started", "rule_kept"]


def test_reckoned_anew_another_stands_in_its_place_with_all_that_was(
    officer, boss, case, change
) -> None:
    row = deadline(case, "bail", by=officer)
    extending.extend(deadline_id=row.pk, shown_rung=0, authority=authority(), by=officer, at=AT)
    rungs = deadline_rules.every()["bail"].ladder
    change("bail", version="2", ladder=(rungs[0], replace(rungs[1], number=7), *rungs[2:]))
    new = deciding(queries.get(deadline_id=row.pk, by=boss), boss, keep=False)
    assert str(last_day(new.due_at)) == "2027-06-22"
    assert (new.rule.version, new.rung, new.starts_at) == ("2", 1, AT)
    assert acts(new) == ["started", "extended", "reckoned_anew"]
    last = queries.acts_of(new)[-1]
    assert (str(last_day(last.due_before)), last.due_after) == ("2027-05-22", new.due_at)
    assert [each.pk for each in queries.of_case(case.pk, by=officer)] == [new.pk]
    row.refresh_from_db()
    assert row.superseded_by == new
    with pytest.raises(Over, match="in its place"):
        operations.stop(deadline_id=row.pk, how=DONE, proof="call", done_at=AT, by=officer, at=AT)


def test_a_rule_that_is_gone_is_kept_and_can_be_stopped(officer, boss, case, change) -> None:
    row = deadline(case, by=officer)
    change("vc6_arrest")
    (found,) = queries.changed(by=boss)
    assert (found.rule, found.anew) == (None, None)
    with pytest.raises(changing.NotChanged, match="no such rule any more"):
        deciding(row, boss, keep=False)
    deciding(row, boss)
    assert queries.changed(by=boss) == []
    operations.stop(deadline_id=row.pk, how=DONE, proof="call", done_at=AT, by=officer, at=AT)


# What the store holds to.


@pytest.mark.parametrize(
    "wrong",
    [
        {"starts_at": None},
        {"due_at": None},
        {"missing": "something"},
        {"no_date": "something"},
        {"due_at": AT - DAY},
        {"stopped_at": AT},
        {"about": "person"},
        {"about_id": uuid4()},
        {"escalates_to": "nobody"},
    ],
)
def test_the_store_refuses_what_is_not_whole(officer, case, wrong) -> None:
    row = deadline(case, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.filter(pk=row.pk).update(**wrong)


def test_what_was_done_is_written_once(officer, case) -> None:
    deadline(case, by=officer)
    act = DeadlineAct.objects.get()
    act.words = "Something else"
    with pytest.raises(WrittenOnce):
        act.save()


def test_an_act_without_its_audit_is_none(officer, case, monkeypatch) -> None:
    row = deadline(case, by=officer)

    def broken(**_: Any) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr("safehold.records.audit.operations.append", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        operations.stop(deadline_id=row.pk, how=DONE, proof="call", done_at=AT, by=officer, at=AT)
    row.refresh_from_db()
    assert row.stopped_at is None
    assert acts(row) == ["started"]
