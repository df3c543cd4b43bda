"""The place that answers describe: the most exact way of showing it wins."""

from hypothesis import given, settings

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.place_questions import PLACE
from safehold.domain.journey.walk import cleared
from safehold.domain.journey.whereabouts import whereabouts
from tests.domain.journey.walks import whole_answers

STREET = {"label": "Elm Row, Mere", "lon": "0.1", "lat": "51.8", "metres": "150", "kind": "street"}
POINT = {"label": "Near Elm Row", "lon": "0.2", "lat": "51.9", "metres": "20", "kind": "point"}


def test_a_point_on_the_map_refines_what_was_found() -> None:
    answers = Answers({"where": {"find": "Elm Row", **STREET}, "point": POINT})
    place = whereabouts(answers)
    assert (place.how, place.lon, place.lat, place.metres) == ("map", 0.2, 51.9, 20)
    assert place.typed == "Elm Row"


def test_one_of_several_places_found_is_the_place() -> None:
    place = whereabouts(Answers({"where": {"find": "Elm"}, "which": {"pick": "1", **STREET}}))
    assert (place.how, place.kind, place.label) == ("search", "street", "Elm Row, Mere")


def test_words_alone_are_a_place_without_a_point() -> None:
    place = whereabouts(Answers({"words": {"text": "the path behind the shop"}}))
    assert place.to_plain() == {
        "how": "words",
        "kind": "",
        "label": "",
        "lon": None,
        "lat": None,
        "metres": None,
        "typed": "",
        "words": "the path behind the shop",
    }


def test_a_point_that_is_no_number_is_no_point() -> None:
    assert whereabouts(Answers({"point": {"lon": "nan", "lat": "51.8"}})).how == "words"


@settings(deadline=None)
@given(whole_answers(PLACE))
def test_any_answers_describe_some_place(answers: Answers) -> None:
    place = whereabouts(cleared(PLACE, answers))
    assert (place.lon is None) == (place.lat is None) == (place.metres is None)
