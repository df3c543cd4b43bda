"""What is drawn once and used again: never anything that somebody typed."""

from __future__ import annotations

from django.template import engines
from markupsafe import Markup

from safehold.design.components import KEPT, Components


def test_a_button_drawn_again_is_the_same_and_still_escaped() -> None:
    govuk = Components(engines["jinja2"].env)
    first = govuk.button(text="Go <on>", name="do", value="1")
    assert "&lt;on&gt;" in first
    assert "&lt;on&gt;" not in govuk.button(text=Markup("Go <on>"), name="do", value="1")
    assert govuk.button(text="Go <on>", name="do", value="1") == first
    assert govuk.button(text="Go <on>", name="do", value="2") != first


def test_nothing_that_can_hold_an_answer_is_kept() -> None:
    assert {"back_link", "button", "skip_link"} == KEPT
