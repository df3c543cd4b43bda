"""More indicators never lower, what is missing is never a no, and order is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain import allegations, instruments, risk
from safehold.domain.allegations import Allegation
from safehold.domain.instruments import GRADES, Instrument, Item, Kind
from safehold.domain.risk import Answer, Met, NotAnAnswer, PairHistory

ALL = {key: instruments.parse(each) for key, each in instruments.definitions().items()}
DASH, DARA = ALL["dash"], ALL["dara"]
ALONE = PairHistory(0, records_searched=True, referred=Met.NO, referred_why="")
Filled = dict[str, list[Answer]]


def possible(item: Item) -> Iterator[Answer]:
    for given_ in risk.NO_ANSWER:
        yield Answer(given_, (), "He was in the room")
    if item.kind == Kind.CHOICES:
        yield Answer("no")
        for option in item.options:
            yield Answer(risk.SAID, (option.key,))
        yield Answer(risk.SAID, tuple(option.key for option in item.options))
    else:
        yield from (Answer(option.key) for option in item.options)


@st.composite
def fillings(draw: st.DrawFn, instrument: Instrument = DASH) -> Filled:
    return {
        item.key: draw(st.lists(st.sampled_from(list(possible(item))), max_size=2))
        for item in instrument.items
    }


def yes_to(*items: str) -> Filled:
    return {item: [Answer("yes")] for item in items}


def grade_of(filled: Filled) -> str:
    return risk.suggestion(DASH, risk.tally(DASH, filled)).by_count


def keys_of(filled: Filled, instrument: Instrument = DASH) -> set[str]:
    return {prompt.key for prompt in risk.prompts(risk.signs(instrument, filled))}


def any_filling() -> st.SearchStrategy[tuple[str, Filled]]:
    keys = st.sampled_from(sorted(ALL))
    return keys.flatmap(lambda key: st.tuples(st.just(key), fillings(ALL[key])))


@given(any_filling(), st.data())
def test_one_more_yes_never_lowers_a_count_a_suggestion_or_takes_a_prompt_away(
    drawn: tuple[str, Filled], data: st.DataObject
) -> None:
    key, filled = drawn
    instrument = ALL[key]
    item = data.draw(st.sampled_from(instrument.items))
    more = dict(filled)
    positive = [each for each in possible(item) if risk.is_positive(item, each)]
    more[item.key] = [*filled[item.key], data.draw(st.sampled_from(positive))]
    before, after = risk.tally(instrument, filled), risk.tally(instrument, more)
    assert set(before.yes) <= set(after.yes)
    one, other = risk.suggestion(instrument, before), risk.suggestion(instrument, after)
    if instrument.bands:
        assert GRADES.index(one.by_count) <= GRADES.index(other.by_count)
    assert keys_of(filled, instrument) <= keys_of(more, instrument)
    assert set(risk.called_for(instrument, filled)) <= set(risk.called_for(instrument, more))


@given(fillings(), st.data())
def test_what_is_not_known_or_not_asked_is_never_counted_as_no(
    filled: Filled, data: st.DataObject
) -> None:
    item = data.draw(st.sampled_from(DASH.items))
    unknown = data.draw(st.sampled_from(sorted(risk.NO_ANSWER)))
    missing = dict(filled) | {item.key: [Answer(unknown, (), "He was in the room")]}
    no, yes = dict(filled) | {item.key: [Answer("no")]}, dict(filled) | {item.key: []}
    open_, closed = risk.tally(DASH, missing), risk.tally(DASH, no)
    assert item.key in open_.left_open
    assert item.key not in closed.left_open
    assert item.key in risk.tally(DASH, yes).left_open
    # What could be is at least as high as if it were a no.
    could, would = risk.suggestion(DASH, open_), risk.suggestion(DASH, closed)
    assert GRADES.index(could.at_most) >= GRADES.index(would.at_most)


@given(fillings(), st.randoms(use_true_random=False))
def test_the_order_of_answers_is_nothing(filled: Filled, random) -> None:
    items = [(key, random.sample(answers, len(answers))) for key, answers in filled.items()]
    random.shuffle(items)
    turned = dict(items)
    assert risk.tally(DASH, filled) == risk.tally(DASH, turned)
    assert risk.signs(DASH, filled) == risk.signs(DASH, turned)
    assert risk.called_for(DASH, filled) == risk.called_for(DASH, turned)


@given(fillings())
def test_no_answer_at_all_could_be_anything_and_routes_say_so(filled: Filled) -> None:
    nothing = risk.tally(DASH, {})
    assert risk.suggestion(DASH, nothing) == risk.Suggestion("standard", "high", DASH.version)
    routes = risk.marac_routes(DASH, nothing, [], ALONE)
    assert routes[0].met is Met.CANNOT_TELL
    counted = risk.tally(DASH, filled)
    assert len(counted.yes) + len(counted.left_open) <= counted.items


@pytest.mark.parametrize(
    ("count", "grade"),
    [(0, "standard"), (9, "standard"), (10, "medium"), (13, "medium"), (14, "high")],
)
def test_bands_are_said_from_their_first_count(count: int, grade: str) -> None:
    yes = [item.key for item in DASH.items if item.kind == Kind.YES_NO][:count]
    assert grade_of(yes_to(*yes)) == grade


@pytest.mark.parametrize(
    ("items", "prompt"),
    [
        (["strangle"], "strangulation"),
        (["separated", "controls", "injury"], "cluster"),
        (["kill"], "kill"),
        (["stalked"], "stalking"),
        (["others_feared"], "honour"),
        (["frightened"], "own_fear"),
        (["worse"], "escalation"),
        (["low"], "suicide_victim"),
        (["accused_suicide"], "suicide_accused"),
        (["child_hurt"], "child"),
    ],
)
def test_each_prompt_is_raised_whatever_the_count_with_what_raised_it(
    items: list[str], prompt: str
) -> None:
    filled = yes_to(*items)
    assert grade_of(filled) == "standard"
    raised = {each.key: each for each in risk.prompts(risk.signs(DASH, filled))}
    assert DASH.item(items[0]).asked in raised[prompt].because
    for missing in items:
        fewer = yes_to(*(each for each in items if each != missing))
        assert prompt not in keys_of(fewer)


def test_signs_of_a_supplement_raise_with_those_of_the_first() -> None:
    one = risk.signs(DASH, yes_to("separated", "controls"))
    other = risk.signs(ALL["stalking"], yes_to("violent"))
    raised = {each.key for each in risk.prompts(risk.together(one, other))}
    assert {"cluster", "stalking"} <= raised


def test_of_two_who_differ_one_yes_is_a_yes() -> None:
    filled = {"strangle": [Answer("no"), Answer("yes")], "kill": [Answer("no"), Answer("declined")]}
    counted = risk.tally(DASH, filled)
    assert counted.yes == ("strangle",)
    assert "kill" in counted.left_open


def test_never_is_no_and_once_is_yes_of_a_scale() -> None:
    filled = {"follows": [Answer("never")], "hits": [Answer("once")]}
    assert risk.tally(DARA, filled).yes == ("hits",)
    assert risk.suggestion(DARA, risk.tally(DARA, filled)).by_count == ""


@pytest.mark.parametrize(
    ("item", "sent", "says"),
    [
        ("kill", {"given": "perhaps"}, "Choose one of the answers"),
        ("kill", {"given": "not_asked"}, "Write why it was not asked"),
        ("kill", {"given": "not_asked", "words": "  "}, "Write why it was not asked"),
        ("kill", {"given": "yes", "words": "x" * 4001}, "Shorten this"),
        ("fears", {"given": "", "options": ["ghosts"]}, "Choose from the list"),
        ("fears", {"given": "said"}, "Choose what they fear"),
        ("fears", {"given": "no", "options": ["kill_self"]}, "not both"),
    ],
)
def test_what_is_no_answer_is_refused_in_one_sentence(item: str, sent: dict, says: str) -> None:
    with pytest.raises(NotAnAnswer, match=says):
        risk.read_answer(DASH.item(item), **sent)


def test_choices_are_kept_in_the_order_of_the_list_and_words_without_an_answer_stand() -> None:
    fears = DASH.item("fears")
    said = risk.read_answer(fears, given="", options=["kill_self", "hurt_self"], words=" again ")
    assert said == Answer("said", ("hurt_self", "kill_self"), "again")
    assert risk.read_answer(DASH.item("kill"), given="", words="He said it twice").given == ""


@pytest.mark.parametrize(
    ("pair", "met"),
    [
        (PairHistory(3, False, Met.NO, ""), Met.YES),
        (PairHistory(2, False, Met.NO, ""), Met.CANNOT_TELL),
        (PairHistory(2, True, Met.NO, ""), Met.NO),
    ],
)
def test_escalation_cannot_be_told_where_the_records_were_not_searched(
    pair: PairHistory, met: Met
) -> None:
    routes = {each.key: each for each in risk.marac_routes(DASH, risk.tally(DASH, {}), [], pair)}
    assert routes["escalation"].met is met


def test_a_grade_of_high_is_professional_judgement_and_starts_marac_and_idva_together() -> None:
    routes = risk.marac_routes(DASH, risk.tally(DASH, {}), [], ALONE, grade="high")
    assert {each.key: each.met for each in routes}["judgement"] is Met.YES
    assert {each.kind for each in risk.started_by("high")} == {"marac_referral", "idva_referral"}
    assert [each.kind for each in risk.started_by("medium")] == ["outreach"]
    assert [each.kind for each in risk.started_by("standard")] == ["victim_care"]
    assert not risk.suicide_pathway().due


def test_an_allegation_the_other_way_round_asks_for_the_primary_aggressor() -> None:
    first = Allegation("bo", "al", date(2026, 3, 1))
    back = Allegation("al", "bo", None)
    later = Allegation("al", "bo", date(2026, 5, 1))
    asked = allegations.primary_aggressor([first, back, later], victim="al", accused="bo")
    assert asked == allegations.Reversed(2, 1, date(2026, 5, 1))
    assert allegations.primary_aggressor([first], victim="al", accused="bo") is None
    other = Allegation("al", "cy", None)
    assert allegations.primary_aggressor([first, other], victim="al", accused="bo") is None


def test_how_two_fillings_differ() -> None:
    before, now = yes_to("kill", "strangle"), yes_to("kill") | {"strangle": [Answer("no")]}
    (only,) = risk.differences(DASH, before, now)
    assert only[0].key == "strangle"


@pytest.mark.parametrize(
    ("at", "months", "then"),
    [
        (datetime(2026, 3, 31, 9, tzinfo=UTC), 1, datetime(2026, 2, 28, 9, tzinfo=UTC)),
        (datetime(2024, 2, 29, 9, tzinfo=UTC), 12, datetime(2023, 2, 28, 9, tzinfo=UTC)),
        (datetime(2026, 1, 5, 9, tzinfo=UTC), 2, datetime(2025, 11, 5, 9, tzinfo=UTC)),
    ],
)
def test_some_months_before(at: datetime, months: int, then: datetime) -> None:
    assert risk.months_before(at, months) == then
