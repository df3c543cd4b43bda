"""Two tabs on one draft, as the domain puts them together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.journey import walk
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.harm_questions import HARM
from safehold.domain.journey.merging import merged
from safehold.domain.journey.place_questions import PLACE
from tests.domain.journey.walks import entries

JOURNEYS = st.sampled_from([PLACE, HARM])


@st.composite
def two_tabs(draw: st.DrawFn) -> tuple:
    """Draw a journey, what both tabs had read, and one step of each."""
    journey = draw(JOURNEYS)
    read = Answers()
    for question in journey.questions:
        if draw(st.booleans()):
            read = walk.record(journey, read, question.key, draw(entries(question)))
    ours, theirs = (
        draw(st.sampled_from(journey.questions)),
        draw(st.sampled_from(journey.questions)),
    )
    one = walk.record(journey, read, ours.key, draw(entries(ours)))
    other = walk.record(journey, read, theirs.key, draw(entries(theirs)))
    return journey, read, (ours, one), (theirs, other)


@given(two_tabs())
def test_a_step_alone_saves_what_it_would_have_saved(tabs: tuple) -> None:
    journey, read, (_, one), _ = tabs
    assert merged(journey, read=read, changed=one, now=read) == walk.cleared(journey, one)


@given(two_tabs())
def test_a_step_that_changed_nothing_undoes_nothing(tabs: tuple) -> None:
    journey, read, _, (_, other) = tabs
    assert merged(journey, read=read, changed=read, now=other) == walk.cleared(journey, other)


@given(two_tabs())
def test_what_the_other_tab_answered_stays_unless_it_follows_from_what_changed(
    tabs: tuple,
) -> None:
    journey, read, (ours, one), (theirs, other) = tabs
    both = merged(journey, read=read, changed=one, now=other)
    assert walk.cleared(journey, both) == both
    if ours.key == theirs.key:
        return  # the later one stays
    for question, saved, beside in ((ours, one, theirs), (theirs, other, ours)):
        still_asked = question in walk.reachable(journey, both)
        if still_asked and saved.has(question.key) and beside.key not in question.follows:
            assert both.entry(question.key) == saved.entry(question.key)


def test_a_choice_among_places_found_is_asked_again_where_the_search_changed() -> None:
    read = Answers({"where": {"find": "Church Lane", "how": "find", "matches": "several"}})
    chose = read.putting("which", {"pick": "map"})
    searched = read.putting("where", {"find": "Elm Row", "how": "find", "matches": "several"})
    for changed, now in ((chose, searched), (searched, chose)):
        both = merged(PLACE, read=read, changed=changed, now=now)
        assert both.one("where", "find") == "Elm Row"
        assert not both.has("which")
