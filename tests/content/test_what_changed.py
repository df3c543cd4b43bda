"""The text about what changed because of feedback: of the form of its neighbours, and honest."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from django.urls import resolve

from safehold import content
from safehold.public.feedback.views import WHAT_CHANGED

TEXTS = Path(content.__file__).parent / "texts"
NAME = "what-changed"


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{name}.toml").read_text(encoding="utf-8"))


def words(text: dict[str, Any]) -> str:
    said = [text["introduction"]]
    for block in text["body"]:
        said += [block.get("text", ""), *block.get("items", ())]
    return " ".join(said)


def test_it_has_the_fields_and_blocks_of_its_neighbours() -> None:
    text, neighbour = read(NAME), read("campaigns")
    assert set(text) == set(neighbour)
    assert (text["slug"], f"/{text['slug']}/") == (NAME, WHAT_CHANGED)
    assert text["kind"] == neighbour["kind"]
    assert {block["kind"] for block in text["body"]} <= {"heading", "paragraph", "list"}
    for block in text["body"]:
        assert set(block) == (
            {"kind", "numbered", "items"} if block["kind"] == "list" else {"kind", "text"}
        )


def test_it_says_that_nothing_has_changed_yet_and_how_to_tell_us() -> None:
    said = words(read(NAME))
    assert "Nothing yet." in said
    assert 'href="/feedback/"' in said
    assert 'href="/report/"' in said
    assert "not a report" in said
    assert not re.search(r"\d", said), "a figure without its measure"


def test_every_link_of_it_leads_to_a_page() -> None:
    targets = set(re.findall(r'href="(/[^"#]*)"', words(read(NAME))))
    published = {f"/{path.stem}/" for path in TEXTS.glob("*.toml")}
    for target in targets:
        assert target in published or resolve(target)
