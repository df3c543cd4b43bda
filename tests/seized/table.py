"""The table of docs/threat-model.md: read from the document, compared with a run, written anew.

A row is a secret and a column is somebody who holds something; both are known by their words in
the document, so that a row or a column that is in one place and not in the other fails.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from pathlib import Path

from tests.servers import ROOT

DOCUMENT = ROOT / "docs" / "threat-model.md"
MARKED = re.compile(r"(?<=<!-- seized: begin -->\n)(.*?)(?=<!-- seized: end -->)", re.S)
HOLDER = re.compile(r"^- \*\*([A-Z])\*\* (.+?)[:.](?: |$)", re.M)
WRITES = "WRITE_THREAT_TABLE"


class Can(StrEnum):
    """What somebody can do with a secret, in the words of the table."""

    READ = "reads"
    KNOW = "knows"
    NOTHING = "–"


Cells = dict[tuple[str, str], Can]  # by secret and by letter


def block(document: Path = DOCUMENT) -> str:
    """Return what stands between the marks of the document."""
    found = MARKED.search(document.read_text())
    assert found is not None, f"{document} has no marked table"
    return found[1]


def holders(text: str) -> dict[str, str]:
    """Return who is meant by each letter."""
    return dict(HOLDER.findall(text))


def cells(text: str) -> Cells:
    """Return every cell of the table."""
    lines = [line.strip().strip("|").split("|") for line in text.splitlines() if line[:1] == "|"]
    head, _, *body = [[cell.strip() for cell in line] for line in lines]
    found: Cells = {}
    for name, *row in body:
        assert len(row) == len(head) - 1, name
        assert (name, head[1]) not in found, f"{name} stands twice"
        found |= {(name, letter): Can(cell) for letter, cell in zip(head[1:], row, strict=True)}
    return found


def written(secrets: Iterable[str], letters: Iterable[str], known: Cells) -> str:
    """Return the table as the document has it."""
    letters = list(letters)
    lines = ["| | " + " | ".join(letters) + " |", "|---|" + "---|" * len(letters)]
    for name in secrets:
        row = [str(known.get((name, letter), Can.NOTHING)) for letter in letters]
        lines.append(f"| {name} | " + " | ".join(row) + " |")
    return "\n".join(lines) + "\n"


def compare(seen: Cells, secrets: Iterable[str]) -> None:
    """Hold what a run saw to the document; write it there instead where that is asked for."""
    text = block()
    if os.environ.get(WRITES):
        _write(text, seen, list(secrets))
        return
    expected = cells(text)
    wrong = [
        f"{name}: {holders(text)[letter]}: the document says “{told}”, the run says “{can}”"
        for (name, letter), can in sorted(seen.items())
        if (told := expected.get((name, letter))) != can
    ]
    assert not wrong, "\n".join(wrong)


def _write(text: str, seen: Mapping[tuple[str, str], Can], secrets: list[str]) -> None:
    listed, _, table = text.partition("\n|")
    known = cells(f"|{table}") if table else {}
    made = written(secrets, holders(text), {**known, **seen})
    whole = DOCUMENT.read_text()
    DOCUMENT.write_text(MARKED.sub(lambda _: f"{listed.rstrip()}\n\n{made}", whole))
