"""Somebody sends a photograph and a film over a bad connection, and an officer looks at one.

Once in parts, with JavaScript and a connection that breaks, and once whole, without it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import NewVisit
from tests.browser.people import Officer, Visitor
from tests.files import made_files
from tests.servers import Servers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

ADDED = "Added so far"
PARTS = "**/report/files/"


def comes_to_the_files(visitor: Visitor) -> None:
    """Answer what leads there, and skip the rest."""
    visitor.page.goto(f"{visitor.public}/report/tell/")
    visitor.presses("Start")
    while (heading := visitor.page.get_by_role("heading", level=1).inner_text()) != (
        "Do you want to send any of it?"
    ):
        if heading == "Is there anything that shows what happened?":
            visitor.chooses("Photos, films or recordings")
        elif visitor.page.get_by_role("button", name="Skip this question").count():
            visitor.skips()
        else:
            visitor.presses("Carry on")
    visitor.sees(heading)


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_files_are_sent_and_one_is_looked_at(
    new_visit: NewVisit,
    servers: Servers,
    accessible: Callable[[Page], None],
    tmp_path: Path,
    scripts: bool,
) -> None:
    # Given someone with a photograph that holds a place, and a film of several parts
    photo, film = tmp_path / "at the door.jpg", tmp_path / "film.mp4"
    photo.write_bytes(made_files.photo())
    film.write_bytes(b"\0\0\0\x18ftypisom" + bytes(range(256)) * 12_000)
    visitor = Visitor(new_visit(scripts=scripts, phone=True), servers, accessible)
    comes_to_the_files(visitor)

    # When the connection breaks once while she adds both
    broken: list[str] = []

    def breaks_once(route: Route) -> None:
        if scripts and route.request.headers.get("x-part") == "1" and not broken:
            broken.append(route.request.url)
            route.abort()
        else:
            route.fallback()

    visitor.page.route(PARTS, breaks_once)
    visitor.page.get_by_label("Choose a file").set_input_files([photo, film])
    visitor.presses("Add it")

    # Then both are there, whole, and she is told of the place in the photograph
    expect(visitor.page.get_by_role("heading", name=ADDED)).to_be_visible(timeout=30_000)
    visitor.sees("Do you want to send any of it?")
    main = visitor.page.get_by_role("main")
    expect(main).to_contain_text("at the door.jpg, 0.1 MB. It says where it was taken.")
    expect(main).to_contain_text("film.mp4, 3.1 MB")
    expect(main).not_to_contain_text("Not all of it came")
    assert bool(broken) is scripts

    # And takes one back, and sends the report
    visitor.page.get_by_role("button", name="film.mp4").click()
    expect(main).not_to_contain_text("film.mp4")
    visitor.sees("Do you want to send any of it?")
    visitor.presses("Carry on")
    visitor.page.get_by_text("Stop here, or come back later").click()
    visitor.presses("Stop here and send what I have")
    visitor.sees("Check your answers")
    expect(visitor.page.get_by_role("main")).to_contain_text("at the door.jpg")
    visitor.presses("Send this report")
    visitor.sees("We have it")
    reference = visitor.reference()

    # Then an officer opens it singly, with a reason
    officer = Officer(new_visit(scripts=scripts), servers, accessible)
    officer.signs_in()
    officer.finds_the_report(reference)
    officer.reads("1 file came with it")
    officer.opens_the_account("Triage of a new report from the inbox")
    officer.reads("Holds a place: redact before disclosure")
    assert not officer.page.get_by_role("main").locator("img").count()
    officer.page.get_by_role("link", name="at the door.jpg").click()
    officer.page.get_by_label("Why do you need to see this file?").fill("To see who it shows")
    officer.page.get_by_role("button", name="Record the reason and open").click()
    officer.reads("The original holds a place: redact before disclosure.")
    preview = officer.page.get_by_role("main").locator("img")
    assert preview.evaluate("image => image.complete && image.naturalWidth > 0")


def test_leaving_in_the_middle_of_a_file_leaves_nothing(
    new_visit: NewVisit, servers: Servers, accessible: Callable[[Page], None], tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(bytes(4_000_000))
    visitor = Visitor(new_visit(phone=True), servers, accessible)
    comes_to_the_files(visitor)
    visitor.page.route(
        PARTS,
        lambda route: (
            route.abort() if route.request.headers.get("x-part") == "2" else route.fallback()
        ),
    )
    visitor.page.get_by_label("Choose a file").set_input_files(film)
    visitor.presses("Add it")
    expect(visitor.page.get_by_text("The connection is gone.")).to_be_visible(timeout=20_000)
    visitor.page.keyboard.press("Escape")
    visitor.page.wait_for_url(re.compile(r"^https://"))
    assert visitor.holds_no_trace()
    visitor.page.goto(f"{visitor.public}/report/tell/")
    expect(visitor.page.get_by_role("button", name="Start")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_one_that_cannot_be_taken_holds_no_other_up_and_going_on_adds(
    new_visit: NewVisit,
    servers: Servers,
    accessible: Callable[[Page], None],
    tmp_path: Path,
    scripts: bool,
) -> None:
    # Given an empty file between two photographs
    first, empty, last = (tmp_path / name for name in ("first.jpg", "empty.txt", "last.jpg"))
    first.write_bytes(made_files.photo())
    empty.write_bytes(b"")
    last.write_bytes(made_files.photo())
    visitor = Visitor(new_visit(scripts=scripts, phone=True), servers, accessible)
    comes_to_the_files(visitor)
    main = visitor.page.get_by_role("main")

    # When all are added, then both photographs are there and the empty one is said
    visitor.page.get_by_label("Choose a file").set_input_files([first, empty, last])
    visitor.presses("Add it")
    expect(main).to_contain_text("That file is empty.", timeout=30_000)
    expect(main).to_contain_text("first.jpg")
    expect(main).to_contain_text("last.jpg")

    # And whoever chooses another one and goes on has added it
    another = tmp_path / "another.jpg"
    another.write_bytes(made_files.photo())
    visitor.page.get_by_label("Choose a file").set_input_files(another)
    visitor.presses("Carry on")
    heading = visitor.page.get_by_role("heading", level=1)
    expect(heading).not_to_have_text("Do you want to send any of it?", timeout=30_000)
    visitor.page.get_by_text("Stop here, or come back later").click()
    visitor.presses("Stop here and send what I have")
    visitor.sees("Check your answers")
    for name in ("first.jpg", "last.jpg", "another.jpg"):
        expect(main).to_contain_text(name)
