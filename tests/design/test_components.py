"""The macros that draw our pages give the HTML that GOV.UK Frontend itself documents.

The npm package of the version that our style sheets are compiled from carries, for each component,
cases of options and the HTML they must give. A difference means that a style or a screen reader's
promise no longer fits what we draw.
"""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.template import engines

from safehold.design.components import MACROS, Components

FRONTEND = Path(__file__).resolve().parents[2] / "node_modules" / "govuk-frontend"
VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}

pytestmark = pytest.mark.skipif(
    not FRONTEND.is_dir(), reason="GOV.UK Frontend is not here to compare with: `make assets`"
)


def _components() -> Components:
    return Components(engines["jinja2"].env)


def _cases() -> list[Any]:
    cases = []
    for name in MACROS:
        path = FRONTEND / "dist" / "govuk" / "components" / name.replace("_", "-")
        if not path.is_dir():
            continue
        for fixture in json.loads((path / "fixtures.json").read_text())["fixtures"]:
            cases.append(pytest.param(name, fixture, id=f"{name}: {fixture['name']}"))
    return cases


class _Reader(HTMLParser):
    """Reads HTML as a browser would: order of attributes and white space mean nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.read: list[Any] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a tag with its attributes sorted, classes parted."""
        pairs = {name: " ".join((value or "").split()) for name, value in attrs}
        self.read.append((tag, tuple(sorted(pairs.items()))))

    def handle_endtag(self, tag: str) -> None:
        """Take an end tag."""
        if tag not in VOID:
            self.read.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        """Take words, white space folded."""
        if words := " ".join(data.split()):
            self.read.append(words)


def _meaning(html: str) -> list[Any]:
    reader = _Reader()
    reader.feed(re.sub(r"\s+", " ", html))
    reader.close()
    return reader.read


def test_each_component_in_use_has_cases() -> None:
    assert {case.values[0] for case in _cases()} == set(MACROS)


@pytest.mark.parametrize(("name", "fixture"), _cases())
def test_a_component_gives_the_documented_html(name: str, fixture: dict[str, Any]) -> None:
    drawn = _components().render(name, fixture["options"])

    assert _meaning(drawn) == _meaning(fixture["html"])
