"""A specification that contradicts itself is refused, and ours names nothing in its addresses."""

import re

import pytest

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.place_questions import PLACE
from safehold.domain.journey.specification import (
    Always,
    Field,
    Is,
    Journey,
    JourneyError,
    Kind,
    Never,
    Option,
    Question,
    holds,
    simplest,
)

YES = Field("yes", Kind.ONE, "Yes?", options=(Option("yes", "Yes"),))
FIRST = Question("first", "first", "First", "First?", fields=(YES,))
TELLING = re.compile(
    r"abus|assault|harass|rape|sex|stalk|threat|unsafe|danger|safe|police|crime|victim|violen",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (FIRST, "there twice"),
        (Question("b", "b", "B", "B?", asked=Is("c", "yes", ("yes",))), "does not come before"),
        (Question("b", "b", "B", "B?", asked=Is("first", "no", ("yes",))), "is not asked"),
        (Question("b", "b", "B", "B?", asked=Is("first", "yes", ("no",))), "does not offer"),
        (Question("b", "b", "B", "B?", follows=("c",)), "follows c"),
        (Question("b", "b", "B", "B?", needs=("x",)), "does not ask"),
    ],
)
def test_a_contradiction_is_refused(second: Question, sentence: str) -> None:
    with pytest.raises(JourneyError, match=sentence):
        Journey("made_up", "1", (FIRST, second))


@pytest.mark.parametrize("question", PLACE.questions, ids=lambda question: question.key)
def test_no_address_or_title_tells_what_the_page_is_about(question: Question) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", question.slug)
    assert not TELLING.search(question.slug)
    assert not TELLING.search(question.title)


def test_a_condition_without_a_wish_supposes_nothing() -> None:
    assert simplest(Always()) is None
    assert not holds(Never(), Answers())


def test_a_field_or_question_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        PLACE.question("nothing")
    with pytest.raises(KeyError):
        PLACE.question("now").field("nothing")
