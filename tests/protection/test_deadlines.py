"""What is due, as a member meets it: the list, one deadline, and each act on it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django import forms
from django.template import engines
from django.test import Client

from safehold.domain import deadline_rules
from safehold.domain.access import Role
from safehold.protection import deadline_words
from safehold.protection.deadline_forms import MomentField
from safehold.records.audit.models import AuditEvent
from safehold.records.deadlines import escalating
from safehold.records.deadlines.models import Deadline
from safehold.records.duty import operations as duty
from tests.desk import AT, REASON, member, sign_in
from tests.due import UNKNOWN, case_of, deadline

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.urls("safehold.config.urls.staff"),
]
DAY = timedelta(days=1)
DONE = {"how": "She was told on the telephone", "proof": "call", "done_at": "2026-11-22T09:12"}


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def case(officer):
    return case_of(officer)


def desk_of(who: Any) -> Client:
    client = Client()
    sign_in(client, who)
    return client


@pytest.fixture
def desk(officer) -> Client:
    return desk_of(officer)


def words(answer: Any) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()))


def test_the_list_has_what_has_no_date_on_top_then_the_longest_late(desk, officer, case) -> None:
    deadline(case, starts=AT - 2 * DAY, by=officer)
    deadline(case, "vc6_bail", AT - 9 * DAY, by=officer)
    deadline(case, "spo_notify", UNKNOWN, by=officer)
    said = words(desk.get("/staff/deadlines/"))
    places = [said.index(part) for part in ("when it was served", "told of bail", "of an arrest")]
    assert places == sorted(places)
    assert "By the end of Monday 16 November 2026 . Late" in said.replace("2026.", "2026 .")
    assert case.reference in said
    assert "Everybody’s" not in said


def test_a_list_that_is_long_goes_on_where_it_ended(desk, officer, case, monkeypatch) -> None:
    monkeypatch.setattr("safehold.records.deadlines.queries.PER_PAGE", 2)
    for days in range(3):
        deadline(case, starts=AT - days * DAY, by=officer)
    first = desk.get("/staff/deadlines/")
    following = re.search(r'rel="next" href="([^"]+)"', first.content.decode())
    assert following
    second = words(desk.get("/staff/deadlines/" + following[1]))
    assert "From the start" in second
    assert second.count(case.reference) == 1
    last = Deadline.objects.order_by("due_at", "pk").last()
    assert "Nothing later" in words(desk.get(f"/staff/deadlines/?after={last.pk}"))


def test_a_supervisor_sees_everybodys_and_an_officer_her_own(officer, case) -> None:
    deadline(case, by=officer)
    boss = desk_of(member(Role.SUPERVISOR, name="Pell Lisle"))
    assert "Nothing of yours has a date" in words(boss.get("/staff/deadlines/"))
    assert case.reference in words(boss.get("/staff/deadlines/?of=all"))
    other = desk_of(member(name="Ada Fenn"))
    assert case.reference not in words(other.get("/staff/deadlines/?of=all"))


def test_one_is_started_from_its_case_in_two_steps(desk, case) -> None:
    at = f"/staff/cases/{case.pk}/deadlines/new/"
    assert "Which clock starts?" in words(desk.get(at))
    assert "Choose one." in words(desk.post(at, {"rule": ""}))
    page = words(desk.post(at, {"rule": "vc6_arrest"}))
    assert "When was that? The arrest." in page
    sent = {"rule": "vc6_arrest", "step": "start", "about": "case", "enhanced": "no"}
    wrong = desk.post(at, sent | {"why_standard": "", "missing": ""})
    assert "Write when it was, or what is missing to know it." in words(wrong)
    assert "Write why the victim has no enhanced rights." in words(wrong)
    both = desk.post(at, sent | {"starts": "2026-11-20T10:00", "missing": "the <hour>"})
    assert "Leave this empty where the moment is known." in words(both)
    assert "the &lt;hour&gt;" in both.content.decode()
    good = sent | {"enhanced": "yes", "starts": "20/11/2026"}
    answer = desk.post(at, good)
    assert answer.status_code == 302, words(answer)
    row = Deadline.objects.get()
    assert answer.headers["Location"] == f"/staff/deadlines/{row.pk}/"
    assert row.starts_at == datetime(2026, 11, 20, tzinfo=UTC)


def test_a_clock_of_an_order_that_is_not_live_here_is_refused_at_once(desk, case, settings) -> None:
    settings.FORCE = replace(settings.FORCE, orders_live_here=())
    page = words(desk.post(f"/staff/cases/{case.pk}/deadlines/new/", {"rule": "dapo_notify"}))
    assert "A DAPO is not live here" in page
    assert "When was that?" not in page


def test_the_page_says_why_that_date_by_which_rule_and_what_was_done(desk, officer, case) -> None:
    row = deadline(case, "dvpn_hearing", AT - DAY, by=officer)
    said = words(desk.get(f"/staff/deadlines/{row.pk}/"))
    assert "Sunday 22 November 2026 is skipped." in said
    assert "Crime and Security Act 2010, s. 27" in said
    assert "To be confirmed" in said
    assert "Started : Dena Okafor" in said.replace("Started:", "Started :")
    assert AuditEvent.objects.filter(action="looked", subject_id=str(row.pk)).count() == 1


def test_whoever_does_not_work_on_the_case_says_why_once_a_shift(officer, case) -> None:
    row, other = deadline(case, by=officer), desk_of(member(name="Ada Fenn"))
    at = f"/staff/deadlines/{row.pk}/"
    assert "Why this date" not in words(other.get(at))
    assert "Why this date" in words(other.post(at, {"look_reason": REASON}))
    assert REASON in words(other.get(at))


def test_each_act_is_done_on_a_page_of_its_own(desk, officer, case) -> None:
    row = deadline(case, "bail", by=officer)
    at = f"/staff/deadlines/{row.pk}/"
    for what, sent in {
        "hand-on": {"member": str(officer.pk), "why": REASON},
        "seen": {"words": REASON},
        "extend": {
            "shown_rung": "0",
            "name": "Insp. R. Vale",
            "rank": "inspector",
            "granted_at": "2026-11-22T09:00",
            "why": REASON,
            "asked": "yes",
            "views_words": "She wants him kept away",
        },
        "stop": DONE,
    }.items():
        assert desk.get(f"{at}{what}/").status_code == 200
        answer = desk.post(f"{at}{what}/", sent)
        assert answer.status_code == 302, (what, words(answer))
    said = words(desk.get(at))
    assert "Inspector: Insp. R. Vale" in said
    assert "The victim was asked: She wants him kept away" in said
    assert "Before: by the end of Monday 22 February 2027." in said
    assert "Done, or no longer needed" not in said


def test_a_step_by_too_low_a_rank_is_refused_and_nothing_typed_is_lost(desk, officer, case) -> None:
    row = deadline(case, "bail", by=officer)
    answer = desk.post(
        f"/staff/deadlines/{row.pk}/extend/",
        {"shown_rung": "0", "name": "PS Vale", "rank": "custody_officer", "why": REASON},
    )
    assert "Choose one of the list." in words(answer)
    assert "PS Vale" in answer.content.decode()
    assert REASON in words(answer)


def test_an_unknown_start_becomes_known_and_one_that_lapsed_says_so(desk, officer, case) -> None:
    row = deadline(case, "spo_notify", UNKNOWN, by=officer, lapses_at=AT + DAY)
    at = f"/staff/deadlines/{row.pk}/"
    with time_machine.travel(AT + 2 * DAY, tick=False):
        escalating.escalate(at=AT + 2 * DAY)
        desk = desk_of(officer)
        assert "It ended before it could start." in words(desk.get(at))
        assert "Over before it could start" in words(desk.get("/staff/deadlines/"))
        late = words(desk.post(f"{at}start/", {"starts_at": "2026-11-24T09:00", "how": REASON}))
        assert "Nothing starts: stop it, and write what happened." in late
        assert (
            desk.post(f"{at}start/", {"starts_at": "2026-11-22T09:00", "how": REASON}).status_code
            == 302
        )
        assert "By the end of today" in words(desk.get(at))


def test_a_rule_that_changed_is_decided_with_both_dates_shown(officer, case, monkeypatch) -> None:
    row = deadline(case, by=officer)
    boss = desk_of(member(Role.SUPERVISOR, name="Pell Lisle"))
    assert "No rule has changed" in words(boss.get("/staff/deadlines/changed/"))
    known = dict(deadline_rules.every())
    known["vc6_arrest"] = replace(known["vc6_arrest"], version="2", enhanced=3)
    monkeypatch.setattr(deadline_rules, "every", lambda: known)
    assert "The rule of 1 deadline has changed" in words(boss.get("/staff/deadlines/"))
    for at in ("changed/", f"{row.pk}/rule/"):
        said = words(boss.get(f"/staff/deadlines/{at}"))
        assert "the end of Monday 23 November 2026" in said
        assert "the end of Wednesday 25 November 2026" in said
    sent = {"keep": "no", "why": REASON, "shown": known["vc6_arrest"].digest}
    answer = boss.post(f"/staff/deadlines/{row.pk}/rule/", sent)
    new = Deadline.objects.get(superseded_by=None)
    assert answer.headers["Location"] == f"/staff/deadlines/{new.pk}/"
    boss.post(f"/staff/deadlines/{row.pk}/", {"look_reason": REASON})
    assert "The one that was reckoned anew" in words(boss.get(f"/staff/deadlines/{row.pk}/"))


def test_my_work_says_what_is_late_and_due_today_and_nothing_where_nothing_is(
    desk, officer, case
) -> None:
    assert "Deadlines of yours" not in words(desk.get("/staff/"))
    deadline(case, starts=AT - 9 * DAY, by=officer)
    deadline(case, "detention", AT - timedelta(hours=20), by=officer)
    deadline(case, "dapo_notify", AT - 2 * DAY, by=officer)
    said = words(desk.get("/staff/"))
    assert "Deadlines of yours: 1 late, 2 due today." in said
    boss = desk_of(member(Role.SUPERVISOR, name="Pell Lisle"))
    assert "1 deadline of others is late." in words(boss.get("/staff/"))


def test_the_watch_sees_what_it_is_told_of(officer, case) -> None:
    boss = member(Role.SUPERVISOR, name="Pell Lisle")
    duty.take_watch(by=boss, at=AT)
    row = deadline(case, "dvpn_hearing", AT - 3 * DAY, by=officer)
    escalating.escalate(at=AT)
    desk = desk_of(boss)
    said = words(desk.get("/staff/watch/"))
    assert "1 deadline of cases, soon over or missed" in said
    assert case.reference in said
    desk.post(f"/staff/deadlines/{row.pk}/seen/", {"words": REASON})
    assert "soon over or missed" not in words(desk.get("/staff/watch/"))


def test_a_case_has_its_deadlines_as_a_block(officer, case) -> None:
    row = deadline(case, by=officer)
    page = engines["jinja2"].get_template("protection/case_deadlines.html")
    said = page.render(deadline_words.of_case(case.pk, member=officer, at=AT))
    assert f"/staff/deadlines/{row.pk}/" in said
    assert f"/staff/cases/{case.pk}/deadlines/new/" in said
    empty = page.render(deadline_words.of_case(case_of(officer).pk, member=officer, at=AT))
    assert "No deadline runs in this case." in empty


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("27/11/2026 14:30", datetime(2026, 11, 27, 14, 30, tzinfo=UTC)),
        ("2026-11-27T14:30", datetime(2026, 11, 27, 14, 30, tzinfo=UTC)),
        ("2026-07-01", datetime(2026, 6, 30, 23, 0, tzinfo=UTC)),
        ("25/10/2026 01:30", datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the first of two
    ],
)
def test_a_moment_is_read_so_that_nothing_is_due_too_late(typed: str, moment: datetime) -> None:
    assert MomentField().clean(typed).astimezone(UTC) == moment


@pytest.mark.parametrize("typed", ["29/03/2026 01:30", "tomorrow", "", "32/01/2026", "0001-01-01"])
def test_what_is_no_moment_gets_one_sentence(typed: str) -> None:
    with pytest.raises(forms.ValidationError) as refused:
        MomentField().clean(typed)
    (says,) = refused.value.messages
    assert says.endswith(".")
