"""Counts of pages: only by consent, by week, rounded, and forgotten in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from safehold.public import consent
from safehold.public.consent import counting
from safehold.public.consent.choice import Choice
from safehold.records.usage import queries
from safehold.records.usage.models import Event, WeeklyCount
from safehold.records.usage.operations import add, forget_old, week_of
from tests.desk import member, sign_in

AT = datetime(2026, 11, 27, 10, tzinfo=UTC)
MONDAY = date(2026, 11, 16)  # of the last finished week

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]


@pytest.fixture(autouse=True)
def nothing_held() -> Iterator[None]:
    """Begin and end with nothing held in memory."""
    counting._held.clear()
    yield
    counting._held.clear()


def who_said(*, count: bool) -> Client:
    client = Client()
    client.cookies["c"] = Choice(count=count, remember=False).value()
    return client


def kept() -> dict[tuple[str, str], int]:
    counting.flush()
    return {(row.page, row.event): row.count for row in WeeklyCount.objects.using("intake").all()}


@pytest.mark.parametrize("cookie", [None, "nn", "ny", "x", "1"])
def test_nothing_is_counted_without_a_yes(cookie: str | None) -> None:
    client = Client()
    if cookie is not None:
        client.cookies["c"] = cookie
    for path in ("/leaving/", "/report/", "/report/place/", "/no-such-page/"):
        client.get(path)
    assert kept() == {}


def test_a_page_is_counted_by_its_path_and_week_and_nothing_else() -> None:
    client = who_said(count=True)
    for _ in range(2):
        client.get("/leaving/", {"her": "words"}, headers={"referer": "https://other.example/"})
    assert kept() == {("/leaving/", "opened"): 2}
    columns = {field.name for field in WeeklyCount._meta.get_fields()}
    assert columns == {"id", "week", "page", "event", "count"}
    assert WeeklyCount.objects.using("intake").get().week.weekday() == 0


def test_leaving_is_never_counted() -> None:
    client = who_said(count=True)
    client.get("/exit/")
    client.post("/exit/")
    assert kept() == {}


def test_a_step_that_was_gone_on_from_is_told_from_one_that_was_only_opened() -> None:
    client = who_said(count=True)
    client.post("/report/place/", {"do": "begin"})
    client.get("/report/1/")
    client.post("/report/1/", {"q": "place.now", "danger": "no"})
    client.get("/report/2/")
    found = kept()
    assert found["place.now", "completed"] == 1
    assert found["place.happened", "opened"] == 1
    assert ("place.happened", "completed") not in found


def test_a_store_that_is_away_loses_a_minute_and_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise DatabaseError

    client = who_said(count=True)
    monkeypatch.setattr(counting, "add", broken)
    assert client.get("/leaving/").status_code == 200
    counting.flush()
    monkeypatch.undo()
    assert kept() == {}


def test_two_processes_add_up() -> None:
    key = (MONDAY, "/", Event.OPENED)
    add(counts={key: 3})
    add(counts={key: 4})
    assert WeeklyCount.objects.using("intake").get().count == 7


def test_old_weeks_are_forgotten() -> None:
    old = week_of(AT) - timedelta(weeks=57)
    add(counts={(old, "/", Event.OPENED): 30, (MONDAY, "/", Event.OPENED): 30})
    assert forget_old(at=AT) == 1
    assert WeeklyCount.objects.using("intake").get().week == MONDAY


def test_the_week_in_hand_and_small_numbers_are_not_shown() -> None:
    add(
        counts={
            (MONDAY, "/a/", Event.OPENED): 9,
            (MONDAY, "/b/", Event.OPENED): 14,
            (week_of(AT), "/c/", Event.OPENED): 99,
        }
    )
    found = queries.use(at=AT)
    assert [(page.page, page.opened) for page in found.pages] == [("/b/", 10), ("/a/", None)]
    assert found.last == week_of(AT) - timedelta(days=1)


@given(st.integers(0, 100_000), st.integers(2, 50))
def test_a_shown_number_never_tells_whether_one_more_person_came(count: int, smallest: int) -> None:
    """A figure is a multiple of the smallest, near the truth, and the same for many counts."""
    figure = queries.shown(count, smallest=smallest)
    if count < smallest:
        assert figure is None
        return
    assert figure is not None
    assert figure % smallest == 0
    assert abs(figure - count) <= smallest / 2
    near = range(max(0, count - smallest), count + smallest + 1)
    assert sum(queries.shown(one, smallest=smallest) == figure for one in near) >= smallest / 2


def test_staff_read_what_the_figures_are_and_of_whom() -> None:
    client = Client()
    sign_in(client, member("analyst"))
    assert "Nothing was counted" in client.get("/staff/usage/").content.decode()
    add(counts={(week_of(datetime.now(UTC)) - timedelta(weeks=1), "/", Event.OPENED): 41})
    page = client.get("/staff/usage/").content.decode()
    assert "about 40" in page
    assert "Only visitors who agreed to be counted" in page


def test_consent_is_read_in_one_place() -> None:
    assert consent.may_count.__module__ == "safehold.public.consent"
