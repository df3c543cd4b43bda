"""What was sent and could not be taken: kept in the draft, never among the answers.

Every POST is answered by leading on, a bad one too: a page that answered a POST would stand in the
history, where Back asks to send again, at our address, what the browser still holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from safehold.domain.journey import sentences
from safehold.domain.journey.checking import DATE_PARTS, MOST_SHOWN_AGAIN
from safehold.domain.journey.sentences import Sentence
from safehold.domain.journey.specification import Kind, Question
from safehold.public.report.posted import CONTINUE, Posted

CHECK, SAVE = "check", "save"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was sent to one page, with a sentence for each field that could not be taken.

    `too_much` says that it could not even be read; `not_taken` that sending the report failed;
    `changed` that the page to send from no longer showed what there was to send.
    """

    page: str
    values: Mapping[str, list[str]] = field(default_factory=dict)
    problems: Mapping[str, Sentence] = field(default_factory=dict)
    too_much: bool = False
    not_taken: bool = False
    changed: bool = False

    @property
    def posted(self) -> Posted:
        """Give what was sent, as it was sent."""
        return Posted(dict(self.values), CONTINUE)

    def to_plain(self) -> dict[str, Any]:
        """Give what JSON can hold."""
        return {
            "page": self.page,
            "values": dict(self.values),
            "problems": {name: sentences.to_plain(each) for name, each in self.problems.items()},
            "too_much": self.too_much,
            "not_taken": self.not_taken,
            "changed": self.changed,
        }


def to_mend(question: Question, posted: Posted, problems: Mapping[str, Sentence]) -> Attempt:
    """Keep what was sent to a question, as far as its page shows it again."""
    return Attempt(question.key, dict(_shown_again(question, posted)), dict(problems))


def waiting(question: Question, posted: Posted) -> Attempt:
    """Keep what was sent to a question that cannot be opened yet, to be shown when it is."""
    return Attempt(question.key, dict(_shown_again(question, posted)))


def unreadable(question: Question) -> Attempt:
    """Keep that more was sent to a question than could be read."""
    return Attempt(question.key, too_much=True)


def not_taken() -> Attempt:
    """Keep that the report could not be taken in."""
    return Attempt(CHECK, not_taken=True)


def changed() -> Attempt:
    """Keep that an answer was changed on another page, so that nothing was sent."""
    return Attempt(CHECK, changed=True)


def not_saved() -> Attempt:
    """Keep that the form could not be kept under a code."""
    return Attempt(SAVE, not_taken=True)


def from_plain(plain: Any) -> Attempt | None:
    """Read what `to_plain` gave, or None where there was nothing."""
    if not plain:
        return None
    problems = {name: sentences.from_plain(each) for name, each in plain["problems"].items()}
    return Attempt(**{**plain, "problems": problems})


def _shown_again(question: Question, posted: Posted) -> Iterator[tuple[str, list[str]]]:
    # Names and lengths are bounded, so that a draft does not grow with what is thrown at it.
    room = MOST_SHOWN_AGAIN
    for name in _names(question):
        kept = []
        for value in posted.values.get(name, ()):
            kept.append(value[:room])
            room -= len(kept[-1])
        if any(kept):
            yield name, kept


def _names(question: Question) -> Iterator[str]:
    for each in question.fields:
        if each.kind is Kind.DATE:
            yield from (f"{each.name}_{part}" for part in DATE_PARTS)
        else:
            yield each.name
