"""Pages posted in any order with any values: no error, no answer in an address, one report."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain.journey.place_questions import PLACE as JOURNEY
from safehold.records.intake.models import SealedReport
from tests.public.report.visitor import STEPS

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

PAGES = [*(str(number) for number in range(1, 30)), "map/picture"]
ASKED = [
    "",
    "?",
    "place.",
    "place.nothing",
    "place.check",
    *(f"place.{each.key}" for each in JOURNEY.questions),
]
BUTTONS = ["continue", "skip", "skip_rest", "stay", "find", "map", "words", "middle", "closer", "?"]
FIELDS = {
    "find": st.sampled_from(["church lane", "QM1 1AA", "QM1 2BB", "Elm Row", "Zanzibar", ""]),
    "pick": st.sampled_from(["map", "words", "2.30000 54.30000 street", "Zanzibar"]),
    "text": st.sampled_from(["Zanzibar steps", "\x00", "x" * 1_001]),
    "at.x": st.sampled_from(["0", "140", "-1", "Zanzibar"]),
    "at.y": st.sampled_from(["0", "140", "99999"]),
    "when": st.sampled_from(["today", "date", "often", "Zanzibar"]),
    "date_day": st.sampled_from(["1", "31", "Zanzibar"]),
    "date_month": st.sampled_from(["2", "13"]),
    "date_year": st.sampled_from(["2026", "2999", "0"]),
    "reasons": st.lists(st.sampled_from(["dark", "followed", "Zanzibar"]), max_size=3),
    "danger": st.sampled_from(["yes", "no"]),
    "ask": st.sampled_from(["yes", "no"]),
    "answer": st.sampled_from(["under_18", "rather_not", "Zanzibar"]),
}
SENT = st.fixed_dictionaries({}, optional=FIELDS)
MOVES = st.tuples(
    st.sampled_from(["get", "post", "post"]),
    st.sampled_from(PAGES),
    st.sampled_from(ASKED),
    st.sampled_from(BUTTONS),
    SENT,
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(MOVES, min_size=3, max_size=14))
def test_no_order_of_pages_breaks_the_journey(
    moves: list[tuple[str, str, str, str, dict[str, str | list[str]]]],
) -> None:
    before = SealedReport.objects.count()
    browser = Client()
    for method, page, asked, do, values in moves:
        if method == "get":
            response = browser.get(f"{STEPS}{page}/")
        else:
            response = browser.post(f"{STEPS}{page}/", {"do": do, "q": asked, **values})
        assert response.status_code in {200, 303, 405}
        address = response.get("Location", STEPS)
        assert address.startswith(STEPS)
        assert "?" not in address
        assert "zanzibar" not in (address + response.cookies.output()).lower()
    assert SealedReport.objects.count() <= before + 1
