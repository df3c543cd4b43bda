"""The first page asks the stores as often for much that waits as for little."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from safehold.domain.access import Role
from safehold.protection import clock_words
from safehold.records.triage import operations as triage
from safehold.records.triage import watching
from safehold.records.triage.waiting import Late
from tests.desk import AT, arrive, member, send_harm, sign_in
from tests.statements import statements

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.staff"),
    pytest.mark.usefixtures("keys"),
]
NOW = AT + timedelta(days=4)
DANGER = {"risk": {"risk": ["weapon"]}}
# Of both stores. Who is signed in and what stands around the page are five of them.
MOST = {Role.TRIAGE_OFFICER: 34, Role.SUPERVISOR: 56}


def words(page: bytes) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.decode()).split())


def asked(reader: Client) -> tuple[int, str]:
    page = reader.get("/staff/")
    return statements(lambda: reader.get("/staff/"), "default", "intake"), words(page.content)


def late(who, *, times: int) -> None:
    """Have one of hers and one of nobody's with danger arrive each hour: too few for a flood."""
    for hour in range(times):
        at = AT - timedelta(hours=hour)
        triage.take_report(report_id=arrive(at=at), by=who, at=AT)
        send_harm(at=at, **DANGER)
    watching.escalate(at=NOW)


@pytest.mark.parametrize("role", MOST)
def test_my_work_asks_no_more_for_sixty_late_reports_than_for_two(role: Role) -> None:
    reader = Client()
    with time_machine.travel(NOW, tick=False):
        who = member(role)
        sign_in(reader, who)
        late(who, times=1)
        few, said = asked(reader)
        assert "Late: 2 reports, 1 of them yours" in said or "Late: 1 report of yours" in said
        late(who, times=29)
        many, said = asked(reader)
    assert "Late: 60 reports, 30 of them yours" in said or "Late: 30 reports of yours" in said
    assert many == few == MOST[role]


def test_an_officer_is_told_of_her_late_reports_and_of_the_others_apart() -> None:
    reader = Client()
    with time_machine.travel(NOW, tick=False):
        who = member()
        sign_in(reader, who)
        late(who, times=12)
        _, said = asked(reader)
    assert "Late: 12 reports of yours" in said
    assert "Of the unit’s other reports, 12 are late." in said


@pytest.mark.parametrize(
    ("count", "own", "says"),
    [
        (1, 0, "Late: 1 report, not yours"),
        (1, 1, "Late: 1 report, yours"),
        (3, 0, "Late: 3 reports, none of them yours"),
        (3, 3, "Late: 3 reports, all of them yours"),
        (2_400, 1_200, "Late: 2,400 reports, 1,200 of them yours"),
    ],
)
def test_whoever_watches_over_all_is_told_how_many_are_theirs(count, own, says) -> None:
    assert clock_words.late_heading(Late(count, own, {}), of_all=True) == says


def test_what_is_late_of_others_is_said_in_one_sentence_or_not_at_all() -> None:
    assert clock_words.late_others(Late(2, 1, {})) == "Of the unit’s other reports, 1 is late."
    assert clock_words.late_others(Late(2, 2, {})) == ""


def test_the_watch_shows_the_most_urgent_dangers_and_counts_all(monkeypatch) -> None:
    monkeypatch.setattr("safehold.protection.duty.MOST_SHOWN", 3)
    reader = Client()
    with time_machine.travel(NOW, tick=False):
        sign_in(reader, member())
        for _ in range(4):
            send_harm(**DANGER)
        said = words(reader.get("/staff/watch/").content)
    assert "4 reports have a danger prompt, and nobody has taken them." in said
    assert "The 3 most urgent are shown; the others stand among the reports ." in said
    assert said.count("Owner: nobody yet.") == 3
