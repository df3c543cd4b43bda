"""Nudges: in which words, when, and to what sort of address. Pure: moments and chance come in.

A nudge tells whoever sent a report that there is something new, and tells a watcher nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from safehold import rules
from safehold.domain.journey.sentences import Sentence
from safehold.domain.journey.wording import plain_line
from safehold.domain.safe_contact import Week, Window, next_window

OWN = "own"  # stands for her own words, where the key of ours would stand
_LONGEST = 300  # characters of ours, beyond which a text message is cut in too many
_FEWEST = 8
# Phones and mail programs turn each of these into something to press.
_PRESSED = re.compile(r"https?:|www\.|@|[^\W\d_]\.[^\W\d_]", re.IGNORECASE)
_UK_MOBILE = re.compile(r"(?:\+440?|00440?|0)(?:7[1-57-9]\d{8}|7624\d{6})")
_ABROAD = re.compile(r"(?:\+|00)(?!44)([1-9]\d{7,14})")
_BETWEEN_FIGURES = re.compile(r"[\s().-]+")


class Channel(StrEnum):
    """By what a nudge goes."""

    EMAIL = "email"
    TEXT = "text"


class NotForNudges(ValueError):
    """Something that no nudge can go by; `sentence` is for her, `field` says beside which field."""

    def __init__(self, field: str, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


class BadWordings(ValueError):
    """Words that nobody may be sent; the message says what is wrong with the list."""


BAD_NUMBER = Sentence(
    "Give a mobile number such as 07700 900123. A number of another country begins with +."
)
NOT_ONE_LINE = Sentence("Write your words in one line of plain letters.")
NO_LINK = Sentence("Leave out links and addresses: a link shows that there is more to see.")


@dataclass(frozen=True, slots=True)
class Wording:
    """One message as it goes out. A text message has no subject."""

    key: str
    subject: str
    text: str


def least_time() -> timedelta:
    """Return the least time between two nudges to one person."""
    return timedelta(days=_sending("least_days"))


def tried_for() -> timedelta:
    """Return how long a nudge that is due is tried."""
    return timedelta(days=_sending("tried_days"))


def wait_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row, at least one."""
    waits: list[int] = _sending("retry_minutes")
    return timedelta(minutes=waits[min(failures, len(waits)) - 1])


def when(week: Week, at: datetime, zone: tzinfo, *, part: float) -> datetime | None:
    """Give the next moment, not before `at`, to send in; None where no safe time is known.

    It is `at` itself inside a safe time. Otherwise it is a moment soon after the next one begins;
    `part`, of 0 to 1, is where in that while it lies. No moment is so late in a safe time that a
    message might arrive after it.
    """
    window = next_window(week, at, zone)
    if window is not None and at >= _last_moment(window):
        window = next_window(week, window.end, zone)
    if window is None:
        return None
    if window.start <= at:
        return at
    spread = timedelta(minutes=_sending("spread_minutes"))
    return window.start + min(spread, _last_moment(window) - window.start) * part


def safe_until(week: Week, at: datetime, zone: tzinfo) -> datetime:
    """Return when the safe time ends that a moment lies in; the moment itself outside any."""
    window = next_window(week, at, zone)
    return window.end if window is not None and window.start <= at else at


def wordings(channel: Channel, own: Mapping[str, Any] | None = None) -> tuple[Wording, ...]:
    """Return the messages to choose from: the force's `own` list, or that of the rules.

    Raises BadWordings where a list is short, or one of its messages would tell something.
    """
    tables = own if own is not None else rules.load("nudges").tables
    try:
        options = tables[channel]["options"]
        found = tuple(Wording(one["key"], one.get("subject", ""), one["text"]) for one in options)
        _check(found, channel)
    except (KeyError, TypeError, AttributeError) as error:
        raise BadWordings(f"The messages by {channel} are not a list of keys and texts.") from error
    return found


def chosen(
    choices: Sequence[Wording], *, last: str, choose: Callable[[Sequence[Wording]], Wording]
) -> Wording:
    """Choose one that is not the last one that this person got."""
    return choose([one for one in choices if one.key != last])


def in_her_words(text: str) -> Wording:
    """Make a message of her own words; as an e-mail, its subject says the same as the rest."""
    return Wording(OWN, text, text)


def own_text(text: str) -> str:
    """Return her own words as they will be sent, "" for none. Raises NotForNudges."""
    longest: int = rules.load("nudges").tables["own_text"]["longest"]
    line = plain_line(text)
    if "\n" in text.strip() or not line.isprintable():
        raise NotForNudges("own_text", NOT_ONE_LINE)
    if len(line) > longest:
        sentence = Sentence("Write at most %(limit)s characters.", limit=longest)
        raise NotForNudges("own_text", sentence)
    if _PRESSED.search(line):
        raise NotForNudges("own_text", NO_LINK)
    return line


def phone(text: str) -> str:
    """Return a number as gateways take it, such as +447700900123. Raises NotForNudges.

    Only a mobile of the United Kingdom gets texts here; of other countries only the length is
    known. A text message to a wrong number tells its owner nothing.
    """
    figures = _BETWEEN_FIGURES.sub("", text)
    if not figures.isascii():
        raise NotForNudges("address", BAD_NUMBER)
    if _UK_MOBILE.fullmatch(figures):
        return f"+44{figures[-10:]}"
    if abroad := _ABROAD.fullmatch(figures):
        return f"+{abroad[1]}"
    raise NotForNudges("address", BAD_NUMBER)


def _sending(name: str) -> Any:
    return rules.load("nudges").tables["sending"][name]


def _last_moment(window: Window) -> datetime:
    margin = timedelta(minutes=_sending("margin_minutes"))
    return window.end - min(margin, (window.end - window.start) / 2)


def _check(found: Sequence[Wording], channel: Channel) -> None:
    keys, texts = {one.key for one in found}, {one.text for one in found}
    if len(found) < _FEWEST or len(keys) < len(found) or len(texts) < len(found):
        raise BadWordings(f"There have to be {_FEWEST} different messages by {channel}.")
    for one in found:
        if bool(one.subject) is (channel is Channel.TEXT):
            raise BadWordings(f"{one.key}: e-mails have a subject, and text messages have none.")
        for line in (one.subject, one.text):
            if not line.isprintable() or len(line) > _LONGEST or line != line.strip():
                raise BadWordings(f"{one.key} is not one line of {_LONGEST} characters at most.")
            if _PRESSED.search(line) or any(character.isdigit() for character in line):
                raise BadWordings(f"{one.key} holds a link or a number.")
