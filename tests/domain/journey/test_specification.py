"""A specification that contradicts itself is refused."""

import pytest

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.place_questions import PLACE
from safehold.domain.journey.specification import (
    Field,
    Is,
    Journey,
    JourneyError,
    Kind,
    Never,
    NoneOf,
    Option,
    Question,
    holds,
)

YES = Field("yes", Kind.ONE, "Yes?", options=(Option("yes", "Yes"),))
FIRST = Question("first", "First?", fields=(YES,))


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (FIRST, "there twice"),
        (Question("b", "B?", asked=Is("c", "yes", ("yes",))), "does not come before"),
        (Question("b", "B?", asked=Is("first", "no", ("yes",))), "is not asked"),
        (Question("b", "B?", asked=Is("first", "yes", ("no",))), "does not offer"),
        (Question("b", "B?", follows=("c",)), "follows c"),
        (Question("b", "B?", needs=("x",)), "does not ask"),
    ],
)
def test_a_contradiction_is_refused(second: Question, sentence: str) -> None:
    with pytest.raises(JourneyError, match=sentence):
        Journey("made_up", "1", (FIRST, second))


def test_a_condition_holds_of_what_was_chosen_and_of_nothing_else() -> None:
    said, unsaid = Answers({"first": {"yes": "yes"}}), Answers()
    wish = Is("first", "yes", ("yes",))
    assert holds(wish, said)
    assert not holds(wish, unsaid)
    assert holds(NoneOf((wish,)), unsaid)
    assert not holds(NoneOf((wish,)), said)
    assert not holds(Never(), said)


def test_a_field_or_question_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        PLACE.question("nothing")
    with pytest.raises(KeyError):
        PLACE.question("now").field("nothing")
