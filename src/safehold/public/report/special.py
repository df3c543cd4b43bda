"""The questions that need more than their specification: those about where the place is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from safehold.crypto import codes
from safehold.domain.journey.answers import Answers, Entry
from safehold.domain.journey.sentences import Sentence
from safehold.domain.journey.specification import Journey, Question
from safehold.public.report import finding, map_page
from safehold.public.report.posted import Posted
from safehold.public.report.reading import Reading, plainly
from safehold.public.support.views import lines


def _nothing(answers: Answers) -> dict[str, Any]:
    return {}


def _unchanged(question: Question, answers: Answers) -> Question:
    return question


def _who_helps(answers: Answers) -> dict[str, Any]:
    return {"lines": lines()}


def _read_contact(question: Question, given: Posted, answers: Answers) -> Reading:
    """Read a way and a number together: one without the other reaches nobody."""
    read = plainly(question, given, answers)
    if read.problems or read.stay or not read.entry:
        return read
    method, to = read.entry.get("method", ""), read.entry.get("to", "")
    if method == "none":
        return replace(read, entry={"method": "none"})
    if method and not to:
        return Reading(problems={"to": NO_NUMBER})
    return read if method else Reading(problems={"method": NO_WAY})


@dataclass(frozen=True, slots=True)
class Special:
    """How one question is asked, read, begun and shown, where that is not plain."""

    asked_as: Callable[[Question, Answers], Question] = _unchanged
    read: Callable[[Question, Posted, Answers], Reading] = plainly
    shown: Callable[[Answers], dict[str, Any]] = _nothing
    begun: Callable[[Answers], Entry] | None = None


CODE_INSIDE = Sentence(
    "Take your code out of this. Whoever reads your report could open what you saved with it."
)
NO_NUMBER = Sentence(
    "Give the number or address for this way, or say who to ask. Or choose “Do not contact me”, or "
    "skip this question."
)
NO_WAY = Sentence("Choose how to use this number or address, so that we do not use it unsafely.")
PLAIN = Special()
_SPECIAL = {
    "where": Special(read=finding.read_where, shown=finding.shown_where),
    "which": Special(finding.which_as_asked, finding.read_which, finding.shown_which),
    "point": Special(read=map_page.read_point, shown=map_page.shown_point),
    "contact": Special(read=_read_contact),
    "support": Special(shown=_who_helps),
    "words": Special(begun=finding.words_so_far, shown=finding.shown_words),
}


def holds_code(entry: Entry, code: str) -> bool:
    """Tell whether what was written has the code in it under which it was saved."""
    written = (value for value in entry.values() if isinstance(value, str))
    return any(codes.contains_code(text, codes.read(code)) for text in written)


def code_problem(question: Question) -> dict[str, Sentence]:
    """Say that the code must come out of what was written."""
    return {question.fields[-1].name: CODE_INSIDE}


def answering(journey: Journey, question: Question, answers: Answers) -> Question:
    """Give the question that a posted page answers: a choice whose search is gone is a search."""
    lost_its_search = question.key == "which" and not answers.one("where", "find")
    return journey.question("where") if lost_its_search else question


def of(question: Question) -> Special:
    """Give how a question is handled."""
    return _SPECIAL.get(question.key, PLAIN)
