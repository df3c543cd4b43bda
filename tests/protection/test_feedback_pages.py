"""The unit's pages for feedback: nothing of it before a reason, and no script ever."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from safehold.domain.access import Role
from safehold.records.audit.models import AuditEvent
from safehold.records.feedback.models import Feedback
from tests.desk import REASON, member, send_feedback, sign_in

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]

LIST = "/staff/feedback/"
WORDS = "The zebra button does nothing, Winterbourne"
DANGER = "He follows me and I cannot get out, Winterbourne"
NOTE = "We mended the button on that page"
SCRIPT = '<script>alert("zebra")</script>'


@pytest.fixture
def officer(client: Client) -> Client:
    sign_in(client, member())
    return client


def text(client: Client, path: str, **posted: str) -> str:
    response = client.post(path, posted) if posted else client.get(path)
    return response.content.decode()


def opens(client: Client, found: Any) -> str:
    return text(client, f"{LIST}{found}/open/", reason=REASON)


def test_the_list_shows_slips_and_nothing_that_was_written(officer: Client) -> None:
    found, danger = send_feedback(WORDS), send_feedback(DANGER)
    page = text(officer, LIST)

    assert "zebra" not in page
    assert page.index(str(danger)) < page.index(str(found))
    assert "Words of following or watching" in page
    assert "1 piece of feedback with words of danger has not been opened by anybody." in page


def test_an_empty_list_says_so(officer: Client) -> None:
    assert "Nothing new." in text(officer, LIST)
    for state in ("read", "report", "<b>"):
        assert text(officer, f"{LIST}?state={state}")


def test_it_is_shown_once_after_a_reason(officer: Client) -> None:
    found = send_feedback(WORDS)
    assert "zebra" not in text(officer, f"{LIST}{found}/")
    assert "Give a reason." in text(officer, f"{LIST}{found}/open/", reason=" ")
    assert "zebra" not in text(officer, f"{LIST}{found}/open/", reason="ok")
    page = opens(officer, found)

    assert "The zebra button does nothing" in page
    assert officer.get(f"{LIST}{found}/open/").status_code == 302
    assert "no-store" in officer.post(f"{LIST}{found}/open/", {"reason": REASON})["Cache-Control"]
    assert "zebra" not in text(officer, f"{LIST}{found}/")


def test_script_is_shown_as_text(officer: Client) -> None:
    page = opens(officer, send_feedback(SCRIPT))

    assert SCRIPT not in page
    assert "&lt;script&gt;alert(&#34;zebra&#34;)&lt;/script&gt;" in page


def test_it_becomes_a_report_on_the_same_desk(officer: Client) -> None:
    found = send_feedback(DANGER)
    opens(officer, found)
    answer = officer.post(f"{LIST}{found}/report/", {"report_reason": REASON})

    assert answer["Location"] == f"/staff/reports/{found}/"
    assert "Feedback made a report" in text(officer, f"/staff/reports/{found}/")
    assert "Made a report" in text(officer, f"{LIST}{found}/")
    account = text(officer, f"/staff/reports/{found}/account/", reason=REASON)
    assert "I cannot get out" in account
    assert "As it came: parts that this version does not know" not in account


def test_nothing_is_decided_unread_or_without_words(officer: Client) -> None:
    found = send_feedback(WORDS)
    for path, name in (("report", "report_reason"), ("read", "note")):
        answer = officer.post(f"{LIST}{found}/{path}/", {name: REASON})
        assert answer.status_code == 409
        assert "You have not opened this feedback" in answer.content.decode()
    opens(officer, found)
    for path, name in (("report", "report_reason"), ("read", "note")):
        assert "Say in a few words why." in text(officer, f"{LIST}{found}/{path}/", **{name: "ok"})
    assert Feedback.objects.get().state == "new"


def test_a_note_is_for_the_editors(officer: Client) -> None:
    found = send_feedback(WORDS)
    opens(officer, found)
    officer.post(f"{LIST}{found}/read/", {"note": NOTE})
    assert NOTE in text(officer, f"{LIST}?state=read")

    editor = Client()
    sign_in(editor, member(Role.EDITOR))
    page = text(editor, f"{LIST}notes/")
    assert NOTE in page
    assert "zebra" not in page
    assert str(found) not in page


def test_danger_waits_for_a_second_reader(officer: Client) -> None:
    found = send_feedback(DANGER)
    assert "second person opens it" in opens(officer, found)
    answer = officer.post(f"{LIST}{found}/read/", {"note": NOTE})

    assert answer.status_code == 409
    assert "a second person opens it before it is marked as read" in answer.content.decode()
    assert NOTE in answer.content.decode(), "what was typed is still there"


def test_danger_that_nobody_opened_alarms_on_the_first_page(officer: Client) -> None:
    found = send_feedback(DANGER)
    alarm = "1 piece of feedback has words of danger, and nobody has opened it."
    assert alarm in text(officer, "/staff/")
    assert "1 piece of new feedback" in text(officer, "/staff/")
    opens(officer, found)

    page = text(officer, "/staff/")
    assert alarm not in page
    assert "1 piece of feedback with words of danger was opened, and nobody has decided" in page


def test_feedback_about_a_colleague_waits_loudly_and_tells_nothing() -> None:
    found = send_feedback("My husband is a police officer and he hits me")
    supervisor = Client()
    sign_in(supervisor, member(Role.SUPERVISOR))

    page = text(supervisor, "/staff/")
    assert "Feedback has waited" in page
    assert str(found) not in page + text(supervisor, LIST)
    assert supervisor.get(f"{LIST}{found}/").status_code == 404


def test_who_looked_at_it_can_be_read(officer: Client) -> None:
    found = send_feedback(WORDS)
    opens(officer, found)
    supervisor = Client()
    sign_in(supervisor, member(Role.SUPERVISOR))
    page = text(supervisor, f"/staff/looks/?about=feedback&id={found}")

    assert REASON in page
    assert f"Feedback {Feedback.objects.get().reference}" in page
    assert AuditEvent.objects.filter(subject_kind="feedback").count() > 2


def test_feedback_that_is_not_there_is_not_found(officer: Client) -> None:
    nobody = "6f2c1f0e-5a1b-4c57-9b06-0d7f9b6f9c11"
    assert officer.get(f"{LIST}{nobody}/").status_code == 404
    for path, field in (("open", "reason"), ("read", "note"), ("report", "report_reason")):
        answer = officer.post(f"{LIST}{nobody}/{path}/", {field: REASON})
        assert answer.status_code == 404, path
