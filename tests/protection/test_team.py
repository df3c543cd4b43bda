"""The team board counts what a supervisor may know of, and asks as much of the store for many."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from safehold.domain.access import Role
from tests import due
from tests.desk import AT, member, sign_in
from tests.safeguarded import safeguarded, start, write

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.staff"),
    pytest.mark.usefixtures("keys"),
]


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.fixture
def watched(client: Client) -> Client:
    sign_in(client, member(Role.SUPERVISOR, name="Watch Officer"))
    return client


def with_work(name: str) -> int:
    officer = member(Role.SAFEGUARDING_OFFICER, name=name)
    of = safeguarded(officer)
    start(of, officer, due_at=AT + timedelta(days=1))
    write(of, officer, next_look=date(2026, 11, 23))
    due.deadline(of.case, by=officer)
    return officer.pk


def test_each_count_leads_to_what_is_counted(watched: Client, settings, monkeypatch) -> None:
    key = with_work("Ada Pell")
    page = words(watched, "/staff/team/")
    assert "Ada Pell" in page
    assert f'href="/staff/team/{key}/#cases"' in page
    own = words(watched, f"/staff/team/{key}/")
    assert "Hand it on" in own
    assert "Not graded" in own
    assert watched.get("/staff/team/999999/").status_code == 404


def test_a_restricted_case_is_in_no_count(watched: Client) -> None:
    officer = member(Role.SAFEGUARDING_OFFICER, name="Ada Pell")
    of = safeguarded(officer, restricted=True)
    start(of, officer)
    page = words(watched, "/staff/team/")
    assert f"/staff/team/{officer.pk}/#" not in page
    assert of.case.reference not in words(watched, f"/staff/team/{officer.pk}/")


def test_many_officers_are_as_many_questions_as_few(watched: Client) -> None:
    with_work("Ada Pell")
    words(watched, "/staff/team/")
    with CaptureQueriesContext(connection) as few:
        words(watched, "/staff/team/")
    for number in range(6):
        with_work(f"Officer {number}")
    with CaptureQueriesContext(connection) as many:
        words(watched, "/staff/team/")
    assert len(many) == len(few)


def test_nothing_to_watch_is_said(watched: Client) -> None:
    page = words(watched, "/staff/team/")
    assert "Nothing waits." in page
    assert "Everything has somebody." in page
