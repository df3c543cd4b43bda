"""Risk instruments: what is asked, in which words, and what an answer is a sign of. Pure.

A definition is a file of `rules/instruments`. Its words are paraphrases of ours; a force that is
licensed to use another wording loads that for the same keys, and grades by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from safehold import rules

RISK: Final = rules.load("risk")
SIGNS: Final[Mapping[str, str]] = RISK.tables["signs"]
GRADES: Final[tuple[str, ...]] = tuple(row["key"] for row in RISK.tables["grades"])
NAMES: Final = ("dash", "dara", "stalking", "children", "honour", "suicide")
PARAPHRASE: Final = "paraphrase"
LICENSED: Final = "licensed"


class Kind(StrEnum):
    """How an item is answered; free words stand beside each."""

    YES_NO = "yes_no"
    FREQUENCY = "frequency"
    CHOICES = "choices"
    SEEN = "seen"  # by the officer, who need not ask


class InstrumentError(ValueError):
    """A definition that cannot be used; `problems` holds one sentence for each thing wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems))
        self.problems = tuple(problems)


class WordingError(ValueError):
    """A licensed wording that does not fit its instrument; the message says what does not."""


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose; a `positive` one is an indicator."""

    key: str
    label: str
    positive: bool
    signs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is asked.

    `high` marks what is a high-risk factor by itself; `starts` names the instruments that a yes
    calls for. `wording` is the licensed question, empty where our own words are asked.
    """

    key: str
    number: int
    subject: str
    kind: Kind
    high: bool
    options: tuple[Option, ...]
    signs: frozenset[str]
    starts: tuple[str, ...]
    wording: str = ""

    @property
    def asked(self) -> str:
        """Return the words that are asked."""
        return self.wording or self.subject


@dataclass(frozen=True, slots=True)
class Section:
    """Items that are asked on one page."""

    key: str
    title: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Instrument:
    """One instrument of one version. `bands` are grades with the count from which each is said."""

    key: str
    label: str
    version: str
    wording: str
    use_when: str
    bands: tuple[tuple[str, int], ...]
    sections: tuple[Section, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Return every item in order."""
        return tuple(item for section in self.sections for item in section.items)

    def item(self, key: str) -> Item:
        """Return one item. Raises KeyError for one that it does not have."""
        return {each.key: each for each in self.items}[key]


_YES_NO: Final = (Option("yes", "Yes", positive=True), Option("no", "No", positive=False))
_SEEN: Final = (
    Option("yes", "I saw or heard it", positive=True),
    Option("no", "I did not", positive=False),
)


def definition_of(source: rules.Rules) -> dict[str, Any]:
    """Return the definition in a rules file, as it is kept beside what was filled in under it."""
    return {"version": source.version, **source.tables}


@cache
def definitions() -> Mapping[str, Mapping[str, Any]]:
    """Return every definition of the rules by key. Raises InstrumentError as `parse` does."""
    found = {name: definition_of(rules.load(f"instruments/{name}")) for name in NAMES}
    for name, each in found.items():
        if parse(each).key != name:
            raise InstrumentError([f"{name}.toml has another key: {each['key']}."])
    return found


def parse(definition: Mapping[str, Any]) -> Instrument:
    """Read a definition. Raises InstrumentError with one sentence for each thing wrong."""
    problems = list(_shape(definition))
    if problems:
        raise InstrumentError(problems)
    scale = tuple(_option(row) for row in definition.get("scale", ()))
    made = Instrument(
        key=definition["key"],
        label=definition["label"],
        version=definition["version"],
        wording=definition["wording"],
        use_when=definition["use_when"],
        bands=tuple((grade, int(least)) for grade, least in definition.get("bands", ())),
        sections=tuple(
            Section(each["key"], each["title"], tuple(_item(row, scale) for row in each["items"]))
            for each in definition["sections"]
        ),
    )
    problems = [f"{made.key}: {each}" for each in _whole(made)]
    if problems:
        raise InstrumentError(problems)
    return made


def worded(definition: Mapping[str, Any], licensed: Mapping[str, Any]) -> dict[str, Any]:
    """Return a definition with the words that a force is licensed to use.

    The file names the instrument and its version, who gave the licence, and a question for every
    item and for no other. Raises WordingError with one sentence.
    """
    instrument = parse(definition)
    for name, wanted in (("instrument", instrument.key), ("version", instrument.version)):
        if licensed.get(name) != wanted:
            raise WordingError(f"it is for {name} {licensed.get(name)!r}, not {wanted!r}.")
    if not _is_words(licensed.get("licence")):
        raise WordingError("it does not say who gave the licence (licence).")
    words = licensed.get("items")
    if not isinstance(words, Mapping):
        raise WordingError("it has no table of items.")
    wanted_keys, given = {item.key for item in instrument.items}, set(words)
    if lacking := sorted(wanted_keys - given):
        raise WordingError(f"it has no words for {', '.join(lacking)}.")
    if unknown := sorted(given - wanted_keys):
        raise WordingError(f"the instrument has no item {', '.join(unknown)}.")
    if empty := sorted(key for key, said in words.items() if not _is_words(said)):
        raise WordingError(f"the words for {', '.join(empty)} are not one line of text.")
    return {
        **definition,
        "wording": LICENSED,
        "sections": [
            {**each, "items": [{**row, "wording": words[row["key"]]} for row in each["items"]]}
            for each in definition["sections"]
        ],
    }


def may_be_graded(instrument: Instrument, *, demonstration: bool) -> bool:
    """Tell whether a grade may rest on an instrument: on a paraphrase for practice alone."""
    return instrument.wording == LICENSED or demonstration


def _is_words(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and "\n" not in value


def _shape(definition: Mapping[str, Any]) -> Iterator[str]:
    for name in ("version", "key", "label", "use_when", "wording"):
        if not _is_words(definition.get(name)):
            yield f"An instrument needs one line of text as {name}."
    sections = definition.get("sections")
    if not isinstance(sections, Sequence) or not sections:
        yield "An instrument needs sections."
        return
    for section in sections:
        for name in ("key", "title"):
            if not _is_words(section.get(name)):
                yield f"Every section needs one line of text as {name}."
        rows = section.get("items") or ()
        if not rows:
            yield "Every section needs items."
        yield from (problem for row in rows for problem in _shape_of_item(row))


def _shape_of_item(row: Mapping[str, Any]) -> Iterator[str]:
    name = row.get("key")
    for field in ("key", "subject"):
        if not _is_words(row.get(field)):
            yield f"Item {name!r} needs one line of text as {field}."
    if not isinstance(row.get("number"), int):
        yield f"Item {name!r} needs a number."
    if row.get("kind") not in set(Kind):
        yield f"Item {name!r} has a kind that nobody knows: {row.get('kind')!r}."
    known = {"key", "number", "subject", "kind", "high", "options", "signs", "starts", "wording"}
    for field in sorted(set(row) - known):
        yield f"Item {name!r} has a field that nobody knows: {field}."


def _option(row: Mapping[str, Any]) -> Option:
    signs = frozenset(row.get("signs", ()))
    return Option(row["key"], row["label"], bool(row.get("positive", True)), signs)


def _item(row: Mapping[str, Any], scale: tuple[Option, ...]) -> Item:
    kind = Kind(row["kind"])
    options = {Kind.YES_NO: _YES_NO, Kind.SEEN: _SEEN, Kind.FREQUENCY: scale}.get(kind)
    if options is None:
        options = tuple(_option(each) for each in row.get("options", ()))
    return Item(
        key=row["key"],
        number=row["number"],
        subject=row["subject"],
        kind=kind,
        high=bool(row.get("high", False)),
        options=options,
        signs=frozenset(row.get("signs", ())),
        starts=tuple(row.get("starts", ())),
        wording=row.get("wording", ""),
    )


def _whole(made: Instrument) -> Iterator[str]:
    items = made.items
    keys = [item.key for item in items]
    if len(set(keys)) != len(keys):
        yield "two items have one key."
    if [item.number for item in items] != list(range(1, len(items) + 1)):
        yield "the items are not numbered from 1 without a gap."
    if made.wording not in {PARAPHRASE, LICENSED}:
        yield f"its wording is neither a paraphrase nor licensed: {made.wording!r}."
    for item in items:
        yield from _whole_item(item)
    yield from _bands(made)


def _whole_item(item: Item) -> Iterator[str]:
    if not item.options:
        yield f"{item.key} has nothing to choose from."
    used = item.signs.union(*(option.signs for option in item.options))
    for sign in sorted(used - set(SIGNS)):
        yield f"{item.key} is a sign of something that nobody knows: {sign}."
    for name in item.starts:
        if name not in NAMES:
            yield f"{item.key} starts an instrument that there is not: {name}."


def _bands(made: Instrument) -> Iterator[str]:
    if not made.bands:
        return
    if [grade for grade, _ in made.bands] != list(GRADES):
        yield "its bands do not name every grade in order."
    least = [count for _, count in made.bands]
    if least[0] != 0 or sorted(set(least)) != least:
        yield "its bands do not begin at 0 and rise."
