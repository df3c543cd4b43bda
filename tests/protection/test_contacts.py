"""Safe contact on the desk: what an officer in a hurry sees, what a supervisor decides."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from safehold.domain.access import Role
from safehold.domain.safe_contact import Window
from safehold.protection import contact_forms, contact_words, forms
from safehold.records.contacts.models import Due, Override, Profile
from safehold.records.triage import operations as triage
from tests.desk import AT, member, send_harm, sign_in
from tests.records.contacts.test_operations import REASON, SECRETS, TOLD

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.staff"),
    pytest.mark.usefixtures("keys"),
]


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def bare(answer: object) -> str:
    return " ".join(re.sub("<[^>]+>", " ", words(answer)).split())


def test_from_the_account_to_an_override_that_somebody_else_looks_at() -> None:
    with time_machine.travel(AT, tick=False):
        # given an officer who has read what she told
        officer, supervisor, auditor = (Client() for _ in range(3))
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        sign_in(supervisor, member(Role.SUPERVISOR, name="Pell Lisle"))
        sign_in(auditor, member(Role.AUDITOR))
        report_id = send_harm(**TOLD)
        opened = words(officer.post(f"/staff/reports/{report_id}/account/", {"reason": REASON}))
        assert "Safe contact: when, how, and by when" in opened
        here = f"/staff/contacts/{Profile.objects.get().pk}/"
        # then the page says at once that it is not safe, and gives nobody away
        page = words(officer.get(here))
        assert "Not safe now. Next: Monday 23 November 2026, 06:00, until 12:00." in page
        assert "They told more of when we must not" in page
        assert "No: ring off, and leave nothing" in page
        assert [word for word in SECRETS if word in page] == []
        # when she has to be reached before that
        officer.post(f"{here}due/", {"why": "release", "due_at": "2026-11-22T15:00"})
        page = words(officer.get(here))
        assert "It cannot wait: the next safe time is after it." in page
        assert "A supervisor has to look at this: it stands on their first page now." in page
        # then it is on the supervisor's first page
        work = words(supervisor.get("/staff/"))
        assert "To tell them of a release, by 22 November 2026, 15:00." in work
        assert "It cannot wait" not in words(officer.get("/staff/"))
        # when the supervisor decides on a way that reveals more, she has to say why
        sent = {"ground": "release", "means": "plain_call", "reason": "He is out at four"}
        another = f"{here}another-way/{Due.objects.get().pk}/"
        assert another in words(supervisor.get(here))
        assert "Open who and where first." in words(supervisor.get(another))
        supervisor.post(here, {"reason": REASON})
        assert "To tell them of a release, by 22 November" in words(supervisor.get(another))
        refused = words(supervisor.post(another, sent))
        assert "Say why nothing further up the list will do." in refused
        assert "He is out at four" in refused
        supervisor.post(another, {**sent, "why_not_less": "The school is shut"})
        page = words(officer.get(here))
        assert "Another way was decided 22 November 2026, 09:12 by Pell Lisle: A call that" in page
        assert "by Pell Lisle: “He is out at four”" in page
        assert "It cannot wait" not in words(supervisor.get("/staff/"))
        # then an auditor looks at it, without seeing who was reached
        waiting = words(auditor.get("/staff/overrides/"))
        assert "He is out at four" in waiting
        assert [word for word in SECRETS if word in waiting] == []
        review = f"/staff/overrides/{Override.objects.get().pk}/"
        prefix = Override.objects.get().pk
        auditor.post(review, {f"{prefix}-right": "yes", f"{prefix}-review": "No other way left"})
        assert "Right, wrote" in words(officer.get(here))


def test_each_answer_about_contact_stands_under_its_own_label() -> None:
    with time_machine.travel(AT, tick=False):
        officer, keeper = Client(), Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        sign_in(keeper, member(Role.IDENTITY_KEEPER))
        never = {"if_urgent": {"never": "Ring my mother"}}
        report_id = send_harm(**{**TOLD, **never})
        account = bare(officer.post(f"/staff/reports/{report_id}/account/", {"reason": REASON}))
        hidden = send_harm(**{**TOLD, **never, "identity": {"how": "hidden"}})
        name = bare(keeper.post(f"/staff/reports/{hidden}/name/", {"reason": REASON}))
        for page, times in ((account, 2), (name, 1)):
            assert page.count("What we must never do, and why: Ring my mother") == times
            assert page.count("Times when we must not: Not when the van is there") == times


def test_who_and_where_are_shown_once_and_a_thin_reason_shows_nothing() -> None:
    with time_machine.travel(AT, tick=False):
        officer = Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        report_id = send_harm(**TOLD)
        officer.post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
        here = f"/staff/contacts/{Profile.objects.get().pk}/"
        assert "07700 900123" not in words(officer.post(here, {"reason": "x"}))
        shown = words(officer.post(here, {"reason": REASON}))
        assert [word for word in SECRETS if word not in shown] == []
        assert "07700 900123" not in words(officer.get(here))


def test_a_correction_begins_with_what_stands_in_clear() -> None:
    with time_machine.travel(AT, tick=False):
        officer = Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        report_id = send_harm(**TOLD)
        officer.post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
        here = f"/staff/contacts/{Profile.objects.get().pk}/"
        form = words(officer.get(f"{here}correct/"))
        assert [word for word in SECRETS if word in form] == []
        sent: dict[str, Any] = {
            "method": "text",
            "days": ["tue"],
            "parts": ["evening"],
            "why": "She rang and gave the word",
        }
        refused = words(officer.post(f"{here}correct/", sent))
        assert "Another way needs its own number or address" in refused
        sent["to"] = "07700 900999"
        both = words(officer.post(f"{here}correct/", {**sent, "remove": ["to", "times"]}))
        assert "Write this anew or take it away, not both." in both
        sent["remove"] = ["times"]
        assert officer.post(f"{here}correct/", sent)["Location"] == here
        assert "They told more of when we must not" not in words(officer.get(here))
        page = words(officer.get(here))
        assert "Tuesday, 18:00 to 22:00" in page
        assert "As told, kept 22 November 2026, 09:12" in page


def test_a_time_that_is_over_is_said_in_place() -> None:
    with time_machine.travel(AT, tick=False):
        officer = Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        report_id = send_harm(**TOLD)
        officer.post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
        here = f"/staff/contacts/{Profile.objects.get().pk}/"
        sent = {"why": "release", "due_at": "2026-11-22T08:00"}
        assert "That time is over." in words(officer.post(f"{here}due/", sent))
        far = words(officer.post(f"{here}due/", {**sent, "due_at": "9999-12-31T23:59"}))
        assert "Give a time within 400 days." in far


def test_the_page_says_needs_and_whether_the_other_person_may_be_contacted() -> None:
    with time_machine.travel(AT, tick=False):
        here, officer = (
            opened_profile(
                who_for={"who": "witness"},
                needs={"needs": ["bsl"], "more": "No stairs"},
                may_contact={"answer": "not_sure", "more": "He reads her messages"},
            ),
            Client(),
        )
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        page = bare(officer.get(here))
        assert "Needs from us British Sign Language" in page
        assert "not sure: take it that it is not safe" in page
        assert "He reads her messages" not in page
        opened = bare(officer.post(here, {"reason": REASON}))
        assert "What else helps No stairs" in opened
        assert "He reads her messages" in opened
        form = words(officer.get(f"{here}correct/"))
        assert re.search('value="bsl"[^>]* checked', form)
        assert re.search('value="not_sure"[^>]* selected', form.split('name="may_contact"')[1])


def test_before_the_account_is_opened_the_report_says_where_safe_contact_comes_from() -> None:
    said = "Opening the account once shows when and how they may be reached."
    with time_machine.travel(AT, tick=False):
        officer, keeper = Client(), Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        sign_in(keeper, member(Role.IDENTITY_KEEPER))
        named = send_harm(**TOLD)
        hidden = send_harm(**{**TOLD, "identity": {"how": "hidden"}})
        silent = send_harm()
        assert said in words(officer.get(f"/staff/reports/{named}/"))
        assert said not in words(keeper.get(f"/staff/reports/{named}/"))
        for report_id in (hidden, silent):
            assert said not in words(officer.get(f"/staff/reports/{report_id}/"))
        officer.post(f"/staff/reports/{named}/account/", {"reason": REASON})
        page = words(officer.get(f"/staff/reports/{named}/"))
        assert said not in page
        assert "Safe contact: when, how, and by when" in page


def test_the_unit_sees_of_a_hidden_name_that_a_keeper_must_look_and_no_more() -> None:
    with time_machine.travel(AT, tick=False):
        officer, supervisor, keeper = (Client() for _ in range(3))
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        sign_in(supervisor, member(Role.SUPERVISOR))
        sign_in(keeper, member(Role.IDENTITY_KEEPER))
        report_id = send_harm(**{**TOLD, "identity": {"how": "hidden"}})
        keeper.post(f"/staff/reports/{report_id}/name/", {"reason": REASON})
        here = f"/staff/contacts/{Profile.objects.get().pk}/"
        officer.post(f"{here}due/", {"why": "danger", "due_at": "2026-11-27T15:00"})
        page = bare(officer.get(here))
        assert "The name is hidden. When and how" in page
        assert "a keeper must look at when and how" in page
        assert "A phone call" not in page
        assert "Who and where" not in page
        assert "a keeper must look at when and how" in words(supervisor.get("/staff/"))
        assert f"/staff/reports/{report_id}/name/" in words(keeper.get("/staff/"))
        assert keeper.get(here).status_code == 403
        assert officer.get(f"{here}correct/").status_code == 403
        assert officer.post(here, {"reason": REASON}).status_code == 403
        assert supervisor.get(f"{here}another-way/").status_code == 403


def test_whether_it_is_safe_is_the_first_thing_that_is_read() -> None:
    with time_machine.travel(AT, tick=False):
        here, officer = opened_profile(), Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        main = words(officer.get(here)).split('<main id="main" tabindex="-1">')[1]
        assert main.split("<strong>")[1].startswith("Not safe now.")
        assert "<h2" not in main.split("Not safe now.")[0]


def test_what_is_missing_of_another_way_is_said_by_its_name() -> None:
    with time_machine.travel(AT, tick=False):
        here, supervisor = opened_profile(), Client()
        sign_in(supervisor, member(Role.SUPERVISOR))
        supervisor.post(here, {"reason": REASON})
        page = words(supervisor.post(f"{here}another-way/", {"reason": "He is out at four"}))
        summary = page.split("govuk-error-summary__list")[1].split("</ul>")[0]
        assert "Choose a ground." in summary
        assert "Choose a way." in summary


@pytest.mark.parametrize(
    ("form", "name"),
    [
        (contact_forms.OpenContactForm, "reason"),
        (contact_forms.EndedForm, "how"),
        (contact_forms.CorrectForm, "why"),
        (contact_forms.OverrideForm, "reason"),
        (contact_forms.OverrideForm, "why_not_less"),
        (forms.ReviewForm, "review"),
    ],
)
def test_every_reason_that_others_read_asks_to_name_nobody(form: Any, name: str) -> None:
    assert "Name nobody: others read it." in form().fields[name].help_text


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (datetime(2026, 12, 3, 23, 30, tzinfo=UTC), "23:30"),
        (datetime(2026, 12, 4, 0, 0, tzinfo=UTC), "midnight"),
        (datetime(2026, 12, 5, 0, 0, tzinfo=UTC), "the end of Friday 4 December 2026"),
        (datetime(2026, 12, 4, 6, 0, tzinfo=UTC), "06:00 on Friday 4 December 2026"),
    ],
)
def test_the_end_of_a_safe_time_is_said_with_the_day_that_it_belongs_to(
    end: datetime, said: str
) -> None:
    window = Window(datetime(2026, 12, 3, 18, 0, tzinfo=UTC), end)
    before, within = (datetime(2026, 12, day, 20, 0, tzinfo=UTC) for day in (2, 3))
    assert contact_words.safe_words(window, at=before).endswith(f", until {said}.")
    assert contact_words.safe_words(window, at=within) == f"Safe now, until {said}."


def test_a_safe_time_is_not_trusted_before_what_else_they_told_was_read() -> None:
    with time_machine.travel(AT, tick=False):
        here, officer = opened_profile(), Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        officer.post(f"{here}due/", {"why": "answer", "due_at": "2026-11-27T15:00"})
        (clock,) = re.findall('<div class="note[^>]*> ?<p>.*?</p>', words(officer.get(here)))
        assert clock.startswith('<div class="note note--danger">')
        assert "They told more of when we must not: look first." in clock


def test_no_safe_times_are_never_read_as_any_time() -> None:
    with time_machine.travel(AT, tick=False):
        here, supervisor = opened_profile(contact_when={}), Client()
        sign_in(supervisor, member(Role.SUPERVISOR))
        supervisor.post(f"{here}due/", {"why": "answer", "due_at": "2026-11-27T15:00"})
        assert "No safe times are known." in words(supervisor.get(here))
        assert "No safe times are known." in words(supervisor.get("/staff/"))


def test_the_first_page_asks_no_more_of_the_store_for_many_clocks_than_for_one() -> None:
    with time_machine.travel(AT, tick=False):
        supervisor = Client()
        sign_in(supervisor, member(Role.SUPERVISOR))
        urgent = {"why": "danger", "due_at": "2026-11-22T12:00"}
        supervisor.post(f"{opened_profile()}due/", urgent)
        supervisor.get("/staff/")
        with CaptureQueriesContext(connection) as of_one:
            assert words(supervisor.get("/staff/")).count("It cannot wait") == 1
        for _ in range(3):
            supervisor.post(f"{opened_profile()}due/", urgent)
        with CaptureQueriesContext(connection) as of_many:
            assert words(supervisor.get("/staff/")).count("It cannot wait") == 4
        assert len(of_many) == len(of_one)


def opened_profile(**changes: Any) -> str:
    """Send a report, open its account, and give the address of its safe contact."""
    report_id = send_harm(**{**TOLD, **changes})
    triage.open_account(report_id=report_id, reason=REASON, by=member(), at=AT)
    return f"/staff/contacts/{Profile.objects.get(report_id=report_id).pk}/"
