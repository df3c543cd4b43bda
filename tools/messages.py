"""List every text that a visitor may read, by the part of the site that says it, and compile.

`list` writes src/safehold/locale/messages.json (what the software asks a language for) and
messages.pot (the same for translators' tools), brings each language's django.po up to date, and
compiles it; `check` does so elsewhere and compares. Running the software needs none of this.

Texts are found where templates and code call gettext, and in the data that pages are made of: the
questions of a journey and the lists in rules/*.toml that it offers.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from safehold import rules
from safehold.design.languages import part_of
from safehold.domain import conversation, public_places, services
from safehold.domain.feedback import QUESTION
from safehold.domain.journey import signs
from safehold.domain.journey.journeys import JOURNEYS
from safehold.domain.journey.specification import Journey, Kind, Question
from safehold.domain.languages import CHROME, NOTICE
from safehold.domain.place_answers import OWNERS, STATUSES

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "safehold"
LOCALE = SOURCE / "locale"
NOT_YET = "This page is not in your language yet, so it is in English."
# Rooms whose words the public reads. Staff pages are in English.
ROOMS = ("public", "design", "content", "domain/journey")
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_noop": None,
    "said": None,
    "gettext_lazy": None,
    "Sentence": None,
}
PUTS_IN = re.compile(r'{%-?\s*(?:include|extends|from|import)\s+"([^"]+)"')
NEVER_SEEN = {Kind.WORKED_OUT, Kind.ASKED_ON}
TEMPLATE_OPTIONS = {
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
    "newstyle_gettext": "true",
}

Found = tuple[str, str, str]  # the part, the message as a catalogue keeps it, where it stands


def of_a_journey(journey: Journey) -> Iterator[str]:
    """Give every text of a journey that one of its pages shows, in order."""
    for question in journey.questions:
        yield from of_a_question(question)


def of_a_question(question: Question) -> Iterator[str]:
    """Give every text of a question that a page shows, in order."""
    yield from (question.heading, question.hint)
    yield from (question.group, question.missing)
    for field in question.fields:
        if field.kind not in NEVER_SEEN:
            yield from (field.label, field.hint)
        for option in field.options:
            yield from (option.label, option.hint)


def of_the_statement() -> Iterator[str]:
    """Give what the accessibility statement says out of its rules."""
    tables = rules.load("accessibility").tables
    yield from (tables["standard"], *tables["untested"])
    for known in tables["known"]:
        yield from (text for text in known.values() if isinstance(text, str))


def of_places() -> Iterator[str]:
    """Give what a release and its answers say out of their rules."""
    yield from public_places.labels().values()
    for table in (OWNERS, STATUSES):
        yield from table.values()


def of_services() -> Iterator[str]:
    """Give the lists of the register that its pages show."""
    for table in ("harms", "serves", "needs", "needs_served", "languages"):
        yield from services.words(table).values()


# Texts that are data: the part that shows them, and what lists them.
DATA: tuple[tuple[str, Callable[[], Iterator[str]]], ...] = (
    *(("report", partial(of_a_journey, journey)) for journey in JOURNEYS.values()),
    ("report", lambda: (each for key in JOURNEYS for each in signs.told(key))),
    ("feedback", lambda: of_a_question(QUESTION)),
    ("accessibility", of_the_statement),
    ("places", of_places),
    ("support", of_services),
    ("returning", lambda: iter(conversation.STATUSES.values())),
    (NOTICE, lambda: iter([NOT_YET])),
)


def found() -> Iterator[Found]:
    """Find every text, in the order of the files."""
    for room in ROOMS:
        for path in sorted((SOURCE / room).rglob("*")):
            if path.suffix in {".py", ".html"} and not path.name.startswith("staff"):
                yield from _in_file(path)
    for part, texts in DATA:
        yield from ((part, text, "data") for text in texts() if text)


def _rooms() -> Iterator[str]:
    for path in (SOURCE / "public").iterdir():
        if (path / "__init__.py").is_file():
            yield path.name
    yield part_of("content")


def _part(path: Path) -> str:
    names = path.relative_to(SOURCE).with_suffix("").parts
    return "report" if names[0] == "domain" else part_of(*names)


def _in_file(path: Path) -> Iterator[Found]:
    yield from _texts(path, _part(path))
    for other in _put_in(path):
        # Approved with the page that shows it, whichever room it comes from.
        yield from _texts(other, _part(path))


def _put_in(template: Path) -> set[Path]:
    """Find what a template puts into itself from other rooms, and what that puts in."""
    found: set[Path] = set()
    waiting = [template] if template.suffix == ".html" else []
    while waiting:
        for name in PUTS_IN.findall(waiting.pop().read_text(encoding="utf-8")):
            for path in set(SOURCE.glob(f"*/jinja2/{name}")) - found:
                found.add(path)
                waiting.append(path)
    return {path for path in found if _part(path) not in {CHROME, _part(template)}}


def _texts(path: Path, part: str) -> Iterator[Found]:
    template = path.suffix == ".html"
    method = "jinja2.ext:babel_extract" if template else "python"
    with path.open("rb") as file:
        options = TEMPLATE_OPTIONS if template else {}
        for _, message, _, context in extract(method, file, KEYWORDS, options=options):
            forms = message if isinstance(message, tuple) else (message,)
            text = "\0".join(form for form in forms if isinstance(form, str))
            yield part, f"{context}\4{text}" if context else text, str(path.relative_to(SOURCE))


def write(folder: Path) -> None:
    """Write the lists, and each language's files that stand in the folder, brought up to date."""
    # A room that says nothing of its own is a part as well: its pages need what is around them.
    parts: dict[str, set[str]] = {part: set() for part in _rooms()}
    template = Catalog(project="public site", charset="utf-8", fuzzy=False)
    for part, message, place in found():
        parts.setdefault(part, set()).add(message)
        context, _, text = message.rpartition("\4")
        forms = text.split("\0")
        template.add(
            forms[0] if len(forms) == 1 else tuple(forms),
            locations=[(place, 0)],
            context=context or None,
            flags=["python-format"] if "%(" in text else [],
        )
    listed = {part: sorted(parts[part]) for part in sorted(parts)}
    text = json.dumps(listed, ensure_ascii=False, indent=1)
    (folder / "messages.json").write_text(text + "\n", encoding="utf-8")
    _write_po(folder / "messages.pot", template)
    for path in sorted(folder.glob("*/LC_MESSAGES/django.po")):
        _bring_up_to_date(path, template)


def _bring_up_to_date(path: Path, template: Catalog) -> None:
    catalogue = read_po(BytesIO(path.read_bytes()), locale=path.parts[-3])
    catalogue.update(template, no_fuzzy_matching=True)
    _write_po(path, catalogue)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalogue)


def _write_po(path: Path, catalogue: Catalog) -> None:
    with path.open("wb") as file:
        write_po(file, catalogue, include_lineno=False, omit_header=True, sort_output=True, width=0)


def differences() -> list[str]:
    """Name each file that is not what a fresh listing would write."""
    with tempfile.TemporaryDirectory() as name:
        fresh = Path(name)
        for path in LOCALE.rglob("*.po"):
            copy = fresh / path.relative_to(LOCALE)
            copy.parent.mkdir(parents=True)
            copy.write_bytes(path.read_bytes())
        write(fresh)
        return [
            str(path.relative_to(fresh))
            for path in sorted(fresh.rglob("*"))
            if path.is_file() and _bytes(LOCALE / path.relative_to(fresh)) != path.read_bytes()
        ]


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def main(arguments: list[str]) -> int:
    """Do what was asked; 0 when all is well."""
    if arguments == ["list"]:
        write(LOCALE)
        return 0
    if arguments == ["check"]:
        for name in differences():
            print(f"src/safehold/locale/{name} is not up to date: run `make messages`.")
        return int(bool(differences()))
    print("usage: messages.py list|check")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
