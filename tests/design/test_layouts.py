"""What every page carries, whatever stands in it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import brotli
import pytest
from django.template import engines

from safehold import design
from safehold.config import content_policy

SOURCE = Path(design.__file__).parent.parent
STYLES = Path(design.__file__).parent / "static" / "design"
PAGE = '{% extends "layout/public.html" %}{% block content %}<h1>Words</h1>{% endblock %}'
MOST_ON_THE_WIRE = 15_000
HEADERS_OF_A_SERVER = 400


def _render(source: str, **context: object) -> str:
    html: str = engines["jinja2"].env.from_string(source).render(context)
    return html


def test_the_script_that_leaves_comes_before_everything_that_could_hold_it_up() -> None:
    html = _render(PAGE)

    assert html.index("<script") < html.index("<title") < html.index('rel="stylesheet"')
    assert html.count("<script") == 1
    assert html.index('href="/exit/"') < html.index("<header")


def test_the_practice_label_stands_on_every_page(settings) -> None:
    label = "Practice site. Nobody reads this. In danger: call 999"
    staff = '{% extends "layout/staff.html" %}'
    settings.DEMONSTRATION = True
    assert label in _render(PAGE)
    assert label in _render(staff, title="Inbox")

    settings.DEMONSTRATION = False
    assert label in _render(PAGE)  # the profile itself is an invented one

    settings.FORCE = replace(settings.FORCE, demonstration=False)
    assert label not in _render(PAGE)
    assert label not in _render(staff, title="Inbox")


def test_help_is_in_the_foot_of_every_page(settings) -> None:
    foot = _render(PAGE).partition("<footer")[2]

    assert f"call {settings.FORCE.phones.emergency}" in foot
    assert f"call {settings.FORCE.phones.non_emergency}" in foot


def test_nothing_public_names_the_product() -> None:
    pages = [_render(PAGE), _render('{% extends "layout/question.html" %}', title="Question 1")]
    files = [(STYLES / "public.css").read_text(), *pages]

    assert not [text for text in files if "safehold" in text.lower()]


def test_a_question_page_has_a_neutral_title_and_no_way_round_it(settings) -> None:
    html = _render('{% extends "layout/question.html" %}', title="Question 3", back="/report/")

    assert f"<title>Question 3 – {settings.FORCE.name}</title>" in html
    assert "novalidate" in html
    assert 'aria-label="Pages"' not in html


def test_staff_pages_have_a_button_to_leave_and_no_key() -> None:
    html = _render('{% extends "layout/staff.html" %}', title="Inbox")

    assert "data-leave" in html
    assert "Esc" not in html


@pytest.mark.parametrize(
    "page",
    [PAGE, '{% extends "layout/question.html" %}'],
    ids=["page", "question"],
)
def test_the_first_visit_leaves_room_in_its_budget(page: str) -> None:
    """Frame, style sheet and headers together; the words of a page may use what is left."""
    html = brotli.compress(_render(page, title="Question").encode())
    css = brotli.compress((STYLES / "public.css").read_bytes())
    headers = sum(len(name) + len(text) + 4 for name, text in content_policy.headers("/").items())

    spent = len(html) + len(css) + headers + 2 * HEADERS_OF_A_SERVER

    assert spent <= MOST_ON_THE_WIRE * 0.6, spent


@pytest.mark.parametrize("sheet", ["public.css", "staff.css"])
def test_no_style_knows_left_from_right(sheet: str) -> None:
    """One sheet serves lines that run either way; the triangle is turned as a whole instead."""
    css = (STYLES / sheet).read_text()
    physical = r"[{;](?:[a-z]+-)*(?:left|right)(?:-[a-z]+)*:[^;}]*|text-align:(?:left|right)"
    assert set(re.findall(physical, css)) <= {";border-left-color:inherit"}


STAFF_LAYOUTS = {"staff.html", "staff_error.html", "staff_paged.html"}


def _is_public(path: Path) -> bool:
    room = path.relative_to(SOURCE).parts[0]
    if room == "content" and path.name.startswith("staff_"):
        return False
    return room in {"public", "content"} or (room == "design" and path.name not in STAFF_LAYOUTS)


def _classes_in(path: Path) -> set[str]:
    found = re.findall(r"""class(?:es)?="([^"]*)\"""", path.read_text())
    return {name for words in found for name in re.sub(r"\{[{%].*?[%}]\}", " ", words).split()}


def _classes_styled(css: str) -> set[str]:
    return {*re.findall(r"\.([a-zA-Z][\w-]*)", css), "govuk-list--bullet"}


def _classes_of_its_room(path: Path) -> set[str]:
    room = SOURCE / path.relative_to(SOURCE).parts[0]
    sheets = [sheet.read_text() for sheet in room.glob("static/*/*.css") if room.name != "design"]
    return _classes_styled(
        " ".join([*sheets, *re.findall(r"<style>.*?</style>", path.read_text(), re.S)])
    )


@pytest.mark.parametrize(("sheet", "public"), [("public.css", True), ("staff.css", False)])
def test_every_class_that_a_template_names_has_a_style(sheet: str, public: bool) -> None:
    """A class without a style is a page that does not look as its author thought."""
    shared = _classes_styled((STYLES / sheet).read_text())

    unknown = {
        f"{name} in {path.relative_to(SOURCE)}"
        for path in SOURCE.glob("*/jinja2/**/*.html")
        if _is_public(path) is public
        for name in _classes_in(path) - shared - _classes_of_its_room(path)
    }

    assert unknown == set()
