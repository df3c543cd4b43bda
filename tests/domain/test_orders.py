"""Whether an order holds, whether he knew, and words that give no address away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safehold.domain import order_states, order_zones, orders
from safehold.domain.deadlines import LONDON
from safehold.domain.order_states import HOLDING, OVER, Served, State, Terms
from safehold.domain.order_zones import MASKED

TODAY = date(2026, 11, 22)
NOON = datetime(2026, 11, 22, 12, tzinfo=LONDON)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
DVPN, NMO = orders.ORDERS["dvpn"], orders.ORDERS["nmo"]
DAYS = st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31))
_FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda each: _FIRST + timedelta(minutes=each))


@pytest.mark.parametrize(
    ("terms", "is_"),
    [
        (Terms(), State.HOLDS),
        (Terms(begins=TODAY, expires=TODAY), State.HOLDS),
        (Terms(begins=TODAY + DAY), State.NOT_YET),
        (Terms(expires=TODAY - DAY), State.EXPIRED),
        (Terms(expires=TODAY + DAY, ended_on=TODAY), State.ENDED),
        (Terms(ended_on=TODAY + DAY), State.HOLDS),
        (Terms(lapses=(NOON, NOON)), State.LAPSED),
        (Terms(lapses=(NOON, NOON + HOUR)), State.MAY_HAVE_LAPSED),
        (Terms(lapses=(NOON + HOUR, NOON + HOUR)), State.HOLDS),
        (Terms(expires=TODAY - DAY, ended_on=TODAY - DAY), State.ENDED),
    ],
)
def test_what_an_order_is_at_a_moment(terms: Terms, is_: State) -> None:
    assert order_states.state(terms, at=NOON) is is_


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    lapses = draw(st.none() | st.tuples(MOMENTS, MOMENTS).map(lambda each: tuple(sorted(each))))
    return Terms(draw(DAYS), draw(DAYS), draw(DAYS), lapses)  # type: ignore[arg-type]  # two moments


@settings(max_examples=200, deadline=None)
@given(terms(), MOMENTS, st.integers(0, 700))
def test_what_is_over_stays_over_and_nothing_holds_outside_its_days(
    order: Terms, at: datetime, hours: int
) -> None:
    now, later = order_states.state(order, at=at), order_states.state(order, at=at + hours * HOUR)
    assert now not in OVER or later in OVER
    today = at.astimezone(LONDON).date()
    if now in HOLDING:
        assert order.begins is None or order.begins <= today
        assert order.expires is None or order.expires >= today
        assert order.ended_on is None or order.ended_on > today


@settings(max_examples=100, deadline=None)
@given(MOMENTS)
def test_where_only_the_day_of_service_is_known_it_lapses_between_two_moments(at: datetime) -> None:
    found = order_states.lapse(DVPN, [Served(at, whole_day=True)])
    exact = order_states.lapse(DVPN, [Served(at)])
    assert found
    assert exact
    assert exact[0] == exact[1]
    assert found[0] <= exact[0] <= found[1]


def test_a_notice_lapses_by_its_first_service_and_an_order_never() -> None:
    monday = datetime(2026, 3, 9, 10, tzinfo=LONDON)
    served = [Served(monday + DAY), Served(monday), Served(None)]
    found = order_states.lapse(DVPN, served)
    assert found == (monday + 2 * DAY, monday + 2 * DAY)
    assert order_states.lapse(NMO, served) is None
    assert order_states.lapse(DVPN, [Served(None)]) is None


@pytest.mark.parametrize(
    ("served", "knew"),
    [
        ([], False),
        ([Served(None)], True),
        ([Served(NOON)], True),
        ([Served(NOON + 3 * DAY)], False),
        ([Served(NOON + 2 * DAY, whole_day=True)], False),
        ([Served(NOON + 3 * DAY), Served(NOON)], True),
    ],
)
def test_what_was_served_when_it_was_over_proves_nothing(served: list[Served], knew: bool) -> None:
    assert order_states.knew(Terms(expires=TODAY + DAY), served) is knew


_SERVED = st.builds(Served, st.none() | MOMENTS, st.booleans())


@settings(max_examples=200, deadline=None)
@given(terms(), st.lists(_SERVED, max_size=5), st.randoms())
def test_a_history_of_services_tells_the_same_in_any_order_and_no_more_is_known_of_less(
    order: Terms, served: list[Served], chance: Random
) -> None:
    knew = order_states.knew(order, served)
    mixed = list(served)
    chance.shuffle(mixed)
    assert order_states.knew(order, mixed) is knew
    assert order_states.lapse(DVPN, mixed) == order_states.lapse(DVPN, served)
    # One that is found to be wrong takes proof away, and never adds any.
    assert knew or not any(order_states.knew(order, served[:number]) for number in range(5))
    assert knew is any(order_states.knew(order, [each]) for each in served)


def test_only_what_is_live_here_is_offered() -> None:
    without = {each.key for each in orders.offered(())}
    assert set(orders.ORDERS) - without == {"dapn", "dapo"}
    assert {each.key for each in orders.offered(("dapo",))} == without | {"dapo"}


@pytest.mark.parametrize(
    ("kind", "days", "odd"), [("dvpo", 13, True), ("dvpo", 14, False), ("dvpo", 29, True)]
)
def test_a_length_that_the_rule_does_not_allow_is_said(kind: str, days: int, odd: bool) -> None:
    assert bool(orders.ORDERS[kind].odd_length(days)) is odd
    assert not orders.ORDERS["nmo"].odd_length(9_999)


def test_every_clock_that_an_order_names_is_one() -> None:
    from safehold.domain import deadline_rules

    rules = deadline_rules.every()
    for sort in orders.ORDERS.values():
        for key in (sort.hearing, sort.notify, sort.change, sort.ends, sort.court):
            assert not key or key in rules, (sort.key, key)
        assert bool(sort.notify) == bool(sort.change) == bool(sort.notify_from)
        assert bool(sort.court) is not sort.breach_is_a_crime


ADDRESS = ("Flat 2, 14 St Mary’s Road", "SB1 2AB")


@pytest.mark.parametrize(
    "words",
    [
        "Not to come within 100 metres of 14 St Mary's Road",
        "Not to enter ST. MARYS RD",
        "Not to go near flat 2 , 14  saint marys road, Eastmere",
        "Not to enter St Mary’s Road at all",
        "Not to enter any place in SB1 2AB",
        "Not to enter sb12ab",
        "Not to enter 14StMary’sRoad",
        "Not to enter 14 St Ma\u0301ry’s Road",
    ],
)
def test_an_address_is_found_however_it_is_written(words: str) -> None:
    assert order_zones.shown(words, order_zones.needles(*ADDRESS)) == MASKED


def test_other_places_are_shown() -> None:
    secret = order_zones.needles(*ADDRESS)
    for words in ("Not to enter Quay Bridge", "Not to enter Eastmere school", "No contact"):
        assert order_zones.shown(words, secret) == words
    assert order_zones.needles("", "") == frozenset()


_STREETS = st.sampled_from(
    ["Alder Row", "High Street", "Königstraße", "Ffordd y Môr", "Rosebank", "St Anne's Close"]
)
_BETWEEN = st.text(" .,-;/()\n\t", min_size=1, max_size=3)
_CASES = st.sampled_from([str.upper, str.lower, str.title, str])


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 199), _STREETS, _BETWEEN, _CASES, st.text(max_size=30), st.text(max_size=30))
def test_no_way_of_writing_it_shows_an_address(number, street, gap, cased, before, after) -> None:
    secret = order_zones.needles(f"{number} {street}", "SB1 2AB")
    written = gap.join([str(number), *street.split()])
    for words in (cased(written), cased(street), cased("sb1" + gap + "2ab")):
        said = order_zones.shown(f"{before} {words} {after}", secret)
        assert said == MASKED
