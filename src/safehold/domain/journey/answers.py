"""What one person has answered so far, as one value that never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

Value = str | tuple[str, ...]
Entry = Mapping[str, Value]

EMPTY: Entry = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Answers:
    """An entry for every question that was put and passed, even one passed with nothing said.

    `cleared_for` is the journey for which `walk.cleared` gave them, `led_to` what they lead to of
    its questions: a page asks for both many times.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    cleared_for: object | None = field(default=None, compare=False, repr=False)
    led_to: tuple[Any, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        copied = {key: _frozen(entry) for key, entry in self.entries.items()}
        object.__setattr__(self, "entries", MappingProxyType(copied))

    def has(self, question: str) -> bool:
        """Tell whether a question was passed, answered or not."""
        return question in self.entries

    def entry(self, question: str) -> Entry:
        """Give the entry of a question, empty where there is none."""
        return self.entries.get(question, EMPTY)

    def chosen(self, question: str, name: str) -> tuple[str, ...]:
        """Give what one field holds as a tuple, whichever its kind; empty if it holds nothing."""
        return chosen(self.entries, question, name)

    def one(self, question: str, name: str) -> str:
        """Give the single value of one field, or an empty string."""
        return next(iter(self.chosen(question, name)), "")

    def putting(self, question: str, entry: Entry) -> Answers:
        """Give these answers with one entry put in place of the old."""
        return Answers({**self.entries, question: entry})

    def keeping(self, questions: frozenset[str]) -> Answers:
        """Give these answers without the entries of any other question."""
        return Answers({key: entry for key, entry in self.entries.items() if key in questions})

    def to_plain(self) -> dict[str, dict[str, str | list[str]]]:
        """Give the answers as what JSON can hold."""
        return {
            key: {
                name: list(value) if isinstance(value, tuple) else value
                for name, value in entry.items()
            }
            for key, entry in self.entries.items()
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> Answers:
        """Read what `to_plain` gave; whatever is not of that shape is left out."""
        entries = {}
        for key, entry in plain.items():
            if isinstance(entry, Mapping):
                read = {str(name): _value(value) for name, value in entry.items()}
                entries[key] = {name: value for name, value in read.items() if value is not None}
        return cls(entries)


def chosen(entries: Mapping[str, Entry], question: str, name: str) -> tuple[str, ...]:
    """Give what one field of some entries holds, as `Answers.chosen` does."""
    value = entries.get(question, EMPTY).get(name, ())
    if isinstance(value, tuple):
        return value
    return (value,) if value else ()


def _frozen(entry: Entry) -> Entry:
    return entry if isinstance(entry, MappingProxyType) else MappingProxyType(dict(entry))


def _value(value: object) -> Value | None:
    if isinstance(value, str):
        return value
    if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
        return tuple(value)
    return None
