"""What is drawn once and used again: never anything that somebody typed, chose or holds."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms
from django.template import engines
from markupsafe import Markup

from safehold.design.chrome import chrome
from safehold.design.components import KEPT, KEPT_AT_MOST, Components
from safehold.design.fields import DayWidget, Fields
from safehold.design.standing import Standing

BUTTONS = "public/report/steps/_each_button.html"
NO_BUTTONS = dict.fromkeys(("skippable", "skips_rest", "can_finish", "can_save", "kept"), False)


class Asked(forms.Form):
    """A question as it is put to everybody."""

    says_ours_alone = True

    words = forms.CharField(widget=forms.Textarea(), label="What <happened>?")
    line = forms.CharField(required=False)
    way = forms.ChoiceField(choices=[("a", "By bus"), ("b", "On foot")], widget=forms.RadioSelect())
    day = forms.Field(widget=DayWidget())


@pytest.fixture
def govuk() -> Components:
    return Components(engines["jinja2"].env)


@pytest.fixture
def drawn(govuk: Components, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each component that is drawn, and not taken from what was kept."""
    seen, draw = [], govuk._draw

    def watch(name: str, params: dict[str, Any]) -> Markup:
        seen.append(name)
        return draw(name, params)

    monkeypatch.setattr(govuk, "_draw", watch)
    return seen


def kept(govuk: Components) -> str:
    return repr(govuk._kept)


def test_a_button_drawn_again_is_the_same_and_still_escaped(govuk: Components) -> None:
    first = govuk.button(text="Go <on>", name="do", value="1")
    assert "&lt;on&gt;" in first
    assert "&lt;on&gt;" not in govuk.button(text=Markup("Go <on>"), name="do", value="1")
    assert govuk.button(text="Go <on>", name="do", value="1") == first
    assert govuk.button(text="Go <on>", name="do", value="2") != first


def test_nothing_that_can_hold_an_answer_is_kept_by_its_name_alone(govuk: Components) -> None:
    assert {"back_link", "button", "skip_link"} == KEPT
    govuk.input(name="a", id="a", label={"text": "Name"}, value="Quill")
    assert kept(govuk) == "{}"


def test_a_question_is_drawn_once_for_everybody(govuk: Components, drawn: list[str]) -> None:
    def draw() -> list[Markup]:
        return [Fields(govuk).field(each, heading=True) for each in Asked()]

    first = draw()
    assert len(drawn) == len(Asked.base_fields)
    assert draw() == first
    assert len(drawn) == len(Asked.base_fields)
    assert Fields(govuk).field(Asked()["words"]) != first[0]  # no heading: another drawing


GIVEN = {"words": "He waited", "line": "Quill", "way": "a", "day_day": "3", "day_month": "x"}


@pytest.mark.parametrize(
    "form",
    [
        Asked(initial={"words": "He waited"}),
        Asked(initial={"line": "Quill"}),
        Asked(initial={"way": "a"}),
        Asked(GIVEN),
        Asked({}),
        type("Found", (Asked,), {"says_ours_alone": False})(),
        type("Another", (forms.Form,), dict(Asked.base_fields))(),
    ],
    ids=["words", "line", "choice", "sent", "sent empty", "found for her", "another form"],
)
def test_nothing_of_a_visitor_is_kept(govuk: Components, form: forms.Form) -> None:
    for each in form:
        Fields(govuk).field(each)
    assert kept(govuk) == "{}"


def test_what_is_kept_does_not_grow_for_ever(govuk: Components) -> None:
    for number in range(KEPT_AT_MOST + 1):
        govuk.button(text=f"Go {number}")
    assert len(govuk._kept) <= KEPT_AT_MOST


def test_a_standing_part_takes_nothing_but_a_yes_or_a_no() -> None:
    standing = Standing(engines["jinja2"].env)
    assert "Skip this question" in standing(BUTTONS, **{**NO_BUTTONS, "skippable": True})
    assert "Skip this question" not in standing(BUTTONS, **NO_BUTTONS)
    for given in ("Quill", 1, None, Markup("<b>")):
        with pytest.raises(TypeError):
            standing(BUTTONS, **{**NO_BUTTONS, "skippable": given})


def test_a_standing_part_follows_the_profile(settings: Any) -> None:
    standing = Standing(engines["jinja2"].env)
    assert standing("layout/_foot.html") is standing("layout/_foot.html")
    before, first = chrome(), standing("layout/_phase.html")
    settings.DEMONSTRATION = not settings.DEMONSTRATION
    assert chrome() is not before
    assert standing("layout/_phase.html") is not first
