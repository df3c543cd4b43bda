"""The register's rules: until when a check holds, what may not be said, and who fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.opening_hours import Hours
from safehold.domain.services import (
    Listed,
    Service,
    Standing,
    Wanted,
    find,
    lapses_on,
    lasts,
    standing,
    trouble_with,
    warned_before,
    words,
)

AT = datetime(2026, 11, 23, 12, 0)  # noqa: DTZ001 - local time, a Monday
SOUND = Service(
    name="A line",
    about="Talks with you.",
    serves="everyone",
    harms=frozenset({"at_home"}),
    phone="01632 960001",
)


def listed(*services):
    return [
        Listed(key=UUID(int=number), service=service, verified_on=AT.date())
        for number, service in enumerate(services)
    ]


def names(matches):
    return [match.listed.service.name for match in matches]


@given(st.integers(-10, 400), st.booleans())
def test_a_check_holds_for_its_days_and_not_one_longer(days, withdrawn):
    verified = date(2026, 1, 1)
    found = standing(
        verified_on=verified, withdrawn=withdrawn, today=verified + timedelta(days=days)
    )
    if withdrawn:
        assert found is Standing.WITHDRAWN
    elif days >= lasts().days:
        assert found is Standing.LAPSED
    elif days >= (lasts() - warned_before()).days:
        assert found is Standing.DUE
    else:
        assert found is Standing.CURRENT
    assert lapses_on(verified) == verified + lasts()


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("about", "Come to AL1 1AA."),
        ("about", "We sit at 12 Elm Row, second floor."),
        ("name", "The house at 4b, Old Mill Lane"),
        ("meets_in", "Saltmere SM2 9zz"),
        ("ages", "at 7 High Street"),
        ("about", "At 12 The Crescent, ring twice."),
        ("about", "5 St. Peter’s Street"),
        ("about", "3 Rose Gardens"),
        ("phone", "12 Elm Row AL1 1AA"),
        ("text", "ask at the desk"),
        ("email", "x@line.example, 12 Elm Grove"),
        ("web", "www.example.org/al1-1aa AL11AA"),
    ],
)
def test_no_field_holds_an_address(field, text):
    assert set(trouble_with(replace(SOUND, **{field: text}))) == {field}


@pytest.mark.parametrize(
    "text",
    [
        "Talks with you on 3 days a week.",
        "For people of 60 and over.",
        "24 hours a day",
        "Help for 3 months in any place.",
        "5 minutes from High Street",
    ],
)
def test_ordinary_numbers_are_no_address(text):
    assert not trouble_with(replace(SOUND, about=text))


def test_a_refuge_is_nowhere():
    refuge = replace(SOUND, is_refuge=True)
    assert not trouble_with(refuge)
    assert set(trouble_with(replace(refuge, meets_in="Saltmere"))) == {"meets_in"}
    assert set(trouble_with(replace(refuge, districts=frozenset({"North"})))) == {"districts"}


def test_a_service_can_be_reached_and_is_about_something():
    assert set(trouble_with(replace(SOUND, phone=""))) == {"phone"}
    assert set(trouble_with(replace(SOUND, harms=frozenset()))) == {"harms"}


def test_what_it_is_about_and_where_are_never_relaxed():
    north = replace(SOUND, name="North", districts=frozenset({"North"}))
    south = replace(SOUND, name="South", districts=frozenset({"South"}))
    other = replace(SOUND, name="Other", harms=frozenset({"died"}))
    wanted = Wanted(harm="at_home", districts=frozenset({"North"}))
    fits, others = find(listed(north, south, other, SOUND), wanted, at=AT)
    assert names(fits) == ["North", "A line"]
    assert others == []


def test_a_womens_service_is_never_given_to_a_man():
    women = replace(SOUND, name="Women", serves="women")
    men = replace(SOUND, name="Men", serves="men")
    fits, others = find(listed(women, men, SOUND), Wanted(needs=frozenset({"men"})), at=AT)
    assert names(fits) == ["Men"]
    assert names(others) == ["A line"]
    assert others[0].unmet_needs == ("men",)


def test_whoever_answers_now_comes_first():
    shut = replace(SOUND, name="Shut", hours=Hours(week=(((0, 60),),) * 7))
    open_now = replace(SOUND, name="Open", hours=Hours(always=True))
    fits, _ = find(listed(shut, SOUND, open_now), Wanted(), at=AT)
    assert names(fits) == ["Open", "A line", "Shut"]
    fits, others = find(listed(shut, SOUND, open_now), Wanted(open_now=True), at=AT)
    assert names(fits) == ["Open"]
    assert names(others) == ["A line", "Shut"]


def test_an_interpreter_speaks_any_language_but_sign_language():
    brings = replace(SOUND, name="Brings", interpreter=True)
    signs = replace(SOUND, name="Signs", languages=frozenset({"bsl"}))
    assert names(find(listed(brings, signs), Wanted(language="pl"), at=AT)[0]) == ["Brings"]
    assert names(find(listed(brings, signs), Wanted(language="bsl"), at=AT)[0]) == ["Signs"]


subsets = {name: st.frozensets(st.sampled_from(sorted(words(name)))) for name in ("harms", "needs")}
places = st.frozensets(st.sampled_from(["North", "South"]))
some_services = st.lists(
    st.builds(
        Service,
        name=st.text(min_size=1, max_size=5),
        about=st.just("x"),
        serves=st.sampled_from(sorted(words("serves"))),
        harms=subsets["harms"],
        needs=subsets["needs"],
        districts=places,
        hours=st.sampled_from([Hours(), Hours(always=True), Hours(week=(((0, 60),),) * 7)]),
        languages=st.frozensets(st.sampled_from(["bsl", "pl"])),
        interpreter=st.booleans(),
    ),
    max_size=6,
)
some_wishes = st.builds(
    Wanted,
    harm=st.sampled_from(["", *words("harms")]),
    needs=subsets["needs"],
    districts=places,
    language=st.sampled_from(["", "bsl", "pl"]),
    open_now=st.booleans(),
)


@given(some_services, some_wishes)
def test_every_wish_is_met_by_what_fits_and_nothing_is_found_twice(services, wanted):
    fits, others = find(listed(*services), wanted, at=AT)
    found = [match.listed.key for match in (*fits, *others)]
    assert len(found) == len(set(found))
    for match in fits:
        service = match.listed.service
        assert wanted.needs <= service.needs | {service.serves}
        assert not wanted.open_now or match.open_now == "open"
        assert not wanted.language or wanted.language in service.languages or service.interpreter
    for match in (*fits, *others):
        service = match.listed.service
        assert not wanted.harm or wanted.harm in service.harms
        assert not (wanted.districts and service.districts) or wanted.districts & service.districts
        assert not ("men" in wanted.needs and service.serves == "women")
    if wanted.nothing:
        assert len(found) == len(services)
