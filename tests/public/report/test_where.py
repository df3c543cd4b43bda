"""A place is found, chosen, pressed on a map or said in words; what cannot be found is said."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from safehold.public.report.finding import MOST_CANDIDATES
from safehold.records.gazetteer.models import Boundary, Entry
from tests.public.report.conftest import forget_areas
from tests.public.report.visitor import Visitor

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]


@pytest.fixture
def asked(visitor: Visitor) -> Visitor:
    """Someone who is asked where the place is."""
    visitor.begins().sends().sends()
    assert visitor.heading == "Where is the place?"
    return visitor


def test_a_postcode_is_found_however_it_is_typed(asked: Visitor) -> None:
    assert asked.sends("find", find="  qm11aa ").page == "words"
    assert "We understood: QM1 1AA, near Elm Row, Meretown, Mere ." in asked.words
    assert f'href="{asked.address("where")}"' in asked.html


def test_a_street_that_was_found_is_said_on_the_map(asked: Visitor) -> None:
    asked.sends("find", find="elm row")
    assert "We understood: Elm Row, Meretown, Mere ." in asked.words
    assert "We understood" not in asked.sends("middle").words


def test_words_alone_were_not_understood_as_anything(asked: Visitor) -> None:
    assert "We understood" not in asked.sends("words", find="Elm Row").words


def test_a_street_in_a_town_that_has_none_is_confirmed_first(asked: Visitor) -> None:
    asked.sends("find", find="elm row, London")
    assert asked.page == "which"
    assert "none of that name in the town you typed" in asked.words
    (pick,) = re.findall(r'name="pick" type="radio" value="(2[^"]+)"', asked.html)
    assert "London" not in asked.words
    assert asked.sends(pick=pick).page == "point"
    assert asked.goes("where").sends("find", find="elm row, Meretown").page == "point"


def test_that_there_are_more_places_than_shown_is_said(asked: Visitor) -> None:
    asked.sends("find", find="church lane")
    assert "There are more than" not in asked.words
    like = Entry.objects.filter(name="Elm Row").values("load_id", "latitude", "kind").get()
    for number in range(10):
        at = {"longitude": 2.1 + number / 40, "key": " oak row", "district": f"D{number}"}
        Entry.objects.create(name="Oak Row", **like, **at)
    asked.goes("where").sends("find", find="oak row")
    assert asked.html.count("Oak Row") == MOST_CANDIDATES
    assert f"There are more than the {MOST_CANDIDATES} shown here" in asked.words


def test_an_unknown_postcode_is_said_and_kept_in_the_box(asked: Visitor) -> None:
    asked.sends("find", find="QM1 9ZZ")
    assert asked.problem.startswith("We do not know that postcode here.")
    assert "9ZZ" not in asked.problem
    assert 'value="QM1 9ZZ"' in asked.html
    assert asked.title.startswith("Error: ")


def test_a_postcode_in_no_list_of_ours_is_not_said_to_be_outside(asked: Visitor) -> None:
    asked.sends("find", find="AB1 1AA")
    assert asked.problem.startswith("We do not know that postcode here.")
    assert "outside" not in asked.problem


@pytest.mark.parametrize("typed", ["QM1 2BB", "Far Street"])
def test_a_place_outside_the_area_is_said_with_what_to_do(asked: Visitor, typed: str) -> None:
    asked.sends("find", find=typed)
    assert f"outside {settings.FORCE.area_name}" in asked.problem
    assert "call 101" in asked.problem
    assert typed in asked.html
    asked.sends("words", find=typed)
    assert asked.page == "words"
    assert typed in asked.html  # what was typed begins the words
    assert "You can skip" not in asked.words
    assert asked.sends(text=f"{typed}, by the bridge").page == "around"


def test_an_unknown_name_is_said(asked: Visitor) -> None:
    asked.sends("find", find="Nowhere Avenue")
    assert asked.problem.startswith("We know no place of that name")
    assert "Nowhere Avenue" not in asked.problem
    assert "Nowhere Avenue" in asked.html


def test_nothing_typed_is_the_one_answer_missing(asked: Visitor) -> None:
    asked.sends("find", find=" \u200b\x00 ")
    assert asked.problem or asked.page == "where"
    asked.sends("find")
    assert asked.problem.startswith("Type a postcode, a street or a town")


def test_a_search_that_is_too_long_is_said_and_kept(asked: Visitor) -> None:
    asked.sends("find", find="Elm Row " * 20)
    assert asked.problem.startswith("Shorten this to 120 characters or fewer. It has 159 now")
    assert "Elm Row Elm Row" in asked.html


def test_more_time_keeps_what_was_typed_without_searching(asked: Visitor) -> None:
    asked.sends("stay", find="Nowhere Avenue")
    assert asked.page == "where"
    assert asked.problem == ""
    assert 'value="Nowhere Avenue"' in asked.html


def test_a_postcode_where_none_are_loaded_is_said(asked: Visitor) -> None:
    Entry.objects.filter(kind="postcode").delete()
    asked.sends("find", find="QM1 1AA")
    assert asked.problem.startswith("We cannot look postcodes up here.")


def test_more_time_on_the_map_keeps_the_point(asked: Visitor) -> None:
    asked.sends("map").sends("middle").sends("stay")
    assert asked.page == "point"
    assert "You chose: " in asked.words


def test_one_of_several_places_is_chosen(asked: Visitor) -> None:
    asked.sends("find", find="church lane")
    assert asked.page == "which"
    picks = re.findall(r'name="pick" type="radio" value="([^"]+)"', asked.html)
    assert len(picks) == 4
    assert asked.sends().problem.startswith("Choose one of these")
    assert asked.sends(pick="<script>").problem == "Choose one of the answers on this page."
    asked.sends(pick=picks[0])
    assert asked.page == "point"  # a street is rough: the map comes next, and may be skipped
    assert asked.sends("skip").page == "words"


def test_none_of_several_leads_to_words_or_the_map(asked: Visitor) -> None:
    asked.sends("find", find="church lane").sends(pick="words")
    assert asked.page == "words"
    assert asked.sends().problem.startswith("Say in a few words")
    asked.goes("which").sends(pick="map")
    assert asked.page == "point"
    assert asked.sends().problem.startswith("Choose a point on the map")


def test_a_choice_is_dropped_when_the_search_changes(asked: Visitor) -> None:
    asked.sends("find", find="church lane").sends(pick="words").sends(text="By the church")
    asked.goes("where").sends("find", find="QM1 1AA")
    asked.finds("words")
    assert "By the church" in asked.html
    assert asked.goes("which").page != "which"


def test_a_press_on_the_map_is_a_point(asked: Visitor) -> None:
    asked.sends("find", find="elm row")
    assert asked.page == "point"
    asked.sends(**{"do": "", "at.x": "140", "at.y": "140"})
    assert asked.page == "point"
    assert "You chose: Near Elm Row" in asked.words
    asked.sends("further").sends("north").sends("continue")
    assert asked.page == "words"


def test_the_map_is_used_by_keyboard_alone(asked: Visitor) -> None:
    asked.sends("map")
    for move in ("closer", "closer", "east", "west"):
        asked.sends(move)
    asked.sends("middle")
    assert "You chose: " in asked.words
    # A picture pressed by keyboard sends nought and nought: the middle is meant.
    asked.sends(**{"do": "", "at.x": "0", "at.y": "0"})
    assert "You chose: " in asked.words


def test_a_point_outside_the_area_is_refused_with_what_to_do(asked: Visitor) -> None:
    asked.sends("map")
    for _ in range(4):
        asked.sends("north")
    asked.sends("middle")
    assert f"outside {settings.FORCE.area_name}" in asked.problem
    assert asked.sends().problem.startswith("Choose a point on the map")


@pytest.mark.parametrize(
    "pressed", [("-5", "99999999999999999999"), ("1e3", "2"), ("x", "y"), ("", "")]
)
def test_a_press_that_no_browser_makes_breaks_nothing(
    asked: Visitor, pressed: tuple[str, str]
) -> None:
    asked.sends("map").sends(**{"do": "", "at.x": pressed[0], "at.y": pressed[1]})
    assert asked.response.status_code == 200
    assert asked.page == "point"


def test_the_picture_is_drawn_for_the_draft_and_sets_nothing(asked: Visitor) -> None:
    asked.sends("find", find="elm row")
    before = asked.cookies
    picture = asked.client.get("/report/map/picture/")
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture["Cache-Control"] == "no-store"
    assert not picture.cookies
    assert "Elm Row" in picture.content.decode()
    assert asked.cookies == before


def test_the_picture_without_a_draft_is_of_the_whole_area(visitor: Visitor) -> None:
    picture = visitor.client.get("/report/map/picture/")
    assert "Meretown" in picture.content.decode()
    assert not picture.cookies


def test_with_no_list_of_places_the_place_is_kept_as_words(visitor: Visitor) -> None:
    Entry.objects.all().delete()
    Boundary.objects.all().delete()
    forget_areas()
    visitor.begins().sends().sends()
    assert "no list of streets" in visitor.words
    assert "Show it on a map" not in visitor.words
    visitor.sends("find", find="Elm Row")
    assert visitor.page == "words"
    assert "Elm Row" in visitor.html
    assert visitor.sends(text="Elm Row, north end").page == "around"
