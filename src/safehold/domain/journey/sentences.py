"""A sentence that a page may have to say in another language than the one it was written in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

Part = str | int


class Sentence(str):
    """A sentence in English, with the message that it was made of and what was put into its places.

    A screen gives the message to its translators and puts the same values in again; a value that is
    a Sentence itself has a message of its own.
    """

    __slots__ = ("message", "values")

    message: str
    values: Mapping[str, Part]

    def __new__(cls, message: str, **values: Part) -> Sentence:
        """Make a sentence; each value has a place in the message, such as %(limit)s."""
        plain = {name: _plain(value) for name, value in values.items()}
        made = super().__new__(cls, message % plain if values else message)
        made.message, made.values = message, MappingProxyType(values)
        return made


def to_plain(sentence: Sentence) -> list[Any]:
    """Give a sentence as what JSON can hold."""
    values = {
        name: to_plain(value) if isinstance(value, Sentence) else value
        for name, value in sentence.values.items()
    }
    return [sentence.message, values]


def from_plain(plain: list[Any]) -> Sentence:
    """Read what `to_plain` gave."""
    message, values = plain
    return Sentence(
        message,
        **{
            name: from_plain(value) if isinstance(value, list) else value
            for name, value in values.items()
        },
    )


def _plain(value: Part) -> str:
    return f"{value:,}" if isinstance(value, int) else value
