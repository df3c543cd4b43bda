"""What a definition of a risk instrument must be, and where a licensed wording fits."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from safehold import rules
from safehold.domain import instruments
from safehold.domain.instruments import InstrumentError, WordingError

ALL = [instruments.parse(each) for each in instruments.definitions().values()]


def a_definition() -> dict[str, Any]:
    return copy.deepcopy(dict(instruments.definitions()["dash"]))


def licensed(key: str = "dash") -> dict[str, Any]:
    made = instruments.parse(instruments.definitions()[key])
    return {
        "instrument": key,
        "version": made.version,
        "licence": "Whoever may give it, in writing",
        "items": {item.key: f"Question {item.number} as it is licensed?" for item in made.items},
    }


def test_every_instrument_is_a_paraphrase_with_a_source_and_says_what_is_unconfirmed() -> None:
    assert {each.key for each in ALL} == set(instruments.NAMES)
    for name in instruments.NAMES:
        loaded = rules.load(f"instruments/{name}")
        assert loaded.source
        assert loaded.to_be_confirmed
        assert loaded.tables["wording"] == instruments.PARAPHRASE


@pytest.mark.parametrize(("key", "items"), [("dash", 27), ("stalking", 11)])
def test_an_instrument_has_its_number_of_subjects(key: str, items: int) -> None:
    assert len(instruments.parse(instruments.definitions()[key]).items) == items


def test_a_paraphrase_is_graded_in_practice_alone_and_a_licensed_wording_anywhere() -> None:
    own = instruments.parse(a_definition())
    loaded = instruments.parse(instruments.worded(a_definition(), licensed()))
    assert instruments.may_be_graded(own, demonstration=True)
    assert not instruments.may_be_graded(own, demonstration=False)
    assert instruments.may_be_graded(loaded, demonstration=False)


def test_a_licensed_wording_changes_what_is_asked_and_nothing_else() -> None:
    own = instruments.parse(a_definition())
    loaded = instruments.parse(instruments.worded(a_definition(), licensed()))
    assert loaded.item("strangle").asked == "Question 18 as it is licensed?"
    assert [(i.key, i.signs, i.starts) for i in loaded.items] == [
        (i.key, i.signs, i.starts) for i in own.items
    ]
    assert own.item("strangle").asked == own.item("strangle").subject


def without(row: dict[str, Any], name: str) -> None:
    del row[name]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda words: without(words, "licence"), "who gave the licence"),
        (lambda words: words.update(version="0"), "version '0', not '1'"),
        (lambda words: words.update(instrument="dara"), "instrument 'dara', not 'dash'"),
        (lambda words: without(words, "items"), "no table of items"),
        (lambda words: without(words["items"], "strangle"), "no words for strangle"),
        (lambda words: words["items"].update(hat="Hat?"), "no item hat"),
        (lambda words: words["items"].update(kill=" "), "the words for kill"),
        (lambda words: words["items"].update(kill=3), "the words for kill"),
    ],
)
def test_a_wording_that_does_not_fit_is_refused_in_one_sentence(
    change: Callable[[dict[str, Any]], None], says: str
) -> None:
    words = licensed()
    change(words)
    with pytest.raises(WordingError, match=says):
        instruments.worded(a_definition(), words)


def first(made: dict[str, Any]) -> dict[str, Any]:
    row: dict[str, Any] = made["sections"][0]["items"][0]
    return row


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda made: without(made, "label"), "needs one line of text as label"),
        (lambda made: made.update(sections=[]), "needs sections"),
        (lambda made: made.update(wording="verbatim"), "neither a paraphrase nor licensed"),
        (lambda made: made.update(bands=[["standard", 0]]), "do not name every grade"),
        (
            lambda made: made.update(bands=[["standard", 0], ["medium", 9], ["high", 9]]),
            "begin at 0 and rise",
        ),
        (lambda made: made["sections"][0].update(items=[]), "Every section needs items"),
        (lambda made: first(made).update(kind="maybe"), "a kind that nobody knows"),
        (lambda made: first(made).update(number=2), "numbered from 1"),
        (lambda made: first(made).update(key="kill"), "two items have one key"),
        (lambda made: first(made).update(signs=["fog"]), "that nobody knows: fog"),
        (lambda made: first(made).update(starts=["fog"]), "an instrument that there is not: fog"),
        (lambda made: first(made).update(kind="frequency"), "nothing to choose from"),
        (lambda made: first(made).update(weight=3), "a field that nobody knows: weight"),
        (lambda made: without(first(made), "subject"), "needs one line of text as subject"),
    ],
)
def test_a_bad_definition_is_refused_with_what_is_wrong(
    change: Callable[[dict[str, Any]], None], says: str
) -> None:
    made = a_definition()
    change(made)
    with pytest.raises(InstrumentError, match=says):
        instruments.parse(made)
