"""Where a person is in a journey. Every rule is worked out again from the answers alone.

An answer that the present answers would not have led to is cleared before any use, so that a
replayed or hidden answer changes nothing (as GlobaLeaks does on its server).
"""

from __future__ import annotations

from collections.abc import Iterable

from safehold.domain.journey.answers import Answers, Entry, Value
from safehold.domain.journey.checking import is_date
from safehold.domain.journey.specification import (
    Field,
    Journey,
    Kind,
    Question,
    holds,
)


def cleared(journey: Journey, answers: Answers) -> Answers:
    """Give only the answers that the journey asks for, given the ones before them."""
    if answers.cleared_for is journey:
        return answers
    kept: dict[str, Entry] = {}
    led_to: list[Question] = []
    for question in journey.questions:
        # It depends on questions before it alone, so what is kept by now is all that counts.
        if question.asked.met_by(kept):
            led_to.append(question)
            if answers.has(question.key):
                kept[question.key] = _known(question, answers.entry(question.key))
    return Answers(kept, cleared_for=journey, led_to=tuple(led_to))


def reachable(journey: Journey, answers: Answers) -> tuple[Question, ...]:
    """List the questions that these answers lead to, asked or not yet asked."""
    led_to: tuple[Question, ...] = cleared(journey, answers).led_to
    return led_to


def is_done(question: Question, answers: Answers) -> bool:
    """Tell whether a question was passed, and answered if it must be."""
    if not answers.has(question.key):
        return False
    return not holds(question.needed, answers) or all(
        answers.chosen(question.key, name) for name in question.needs
    )


def next_question(journey: Journey, answers: Answers) -> Question | None:
    """Give the first question not yet done, or None when it is time to check the answers."""
    kept = cleared(journey, answers)
    for question in reachable(journey, kept):
        if not is_done(question, kept):
            return question
    return None


def path(journey: Journey, answers: Answers) -> tuple[Question, ...]:
    """List the questions done so far, in order, up to the first that is not."""
    kept = cleared(journey, answers)
    done = []
    for question in kept.led_to:
        if not is_done(question, kept):
            break
        done.append(question)
    return tuple(done)


def may_open(journey: Journey, answers: Answers, key: str) -> bool:
    """Tell whether a question may be shown: it is on the path, or it is the next."""
    kept = cleared(journey, answers)
    for question in kept.led_to:
        if question.key == key:
            return True
        if not is_done(question, kept):
            return False
    return False


def number_of(journey: Journey, answers: Answers, key: str) -> int:
    """Give the place of a question among those that these answers lead to, counted from 1.

    Raises KeyError for a question that they do not lead to.
    """
    for number, question in enumerate(reachable(journey, answers), 1):
        if question.key == key:
            return number
    raise KeyError(key)


def numbered(journey: Journey, answers: Answers, number: int) -> Question | None:
    """Give the question of a number, or None for one that may not be opened yet or never is."""
    for found, question in enumerate(reachable(journey, answers), 1):
        if found == number:
            return question if may_open(journey, answers, question.key) else None
    return None


def before(journey: Journey, answers: Answers, key: str) -> Question | None:
    """Give the question that the Back link of a question leads to, or None for the start."""
    previous = None
    for question in reachable(journey, answers):
        if question.key == key:
            return previous
        previous = question
    return previous


def still_needed(journey: Journey, answers: Answers) -> tuple[Question, ...]:
    """List the questions that must be answered before sending, and are not."""
    kept = cleared(journey, answers)
    return tuple(
        question
        for question in kept.led_to
        if holds(question.needed, kept)
        and not all(kept.chosen(question.key, name) for name in question.needs)
    )


def record(journey: Journey, answers: Answers, key: str, entry: Entry) -> Answers:
    """Give the answers with one entry recorded, and whatever no longer follows cleared.

    An entry of a question that the answers do not lead to changes nothing.
    """
    kept = cleared(journey, answers)
    if not any(question.key == key for question in kept.led_to):
        return kept
    old = kept.entry(key)
    changed = kept.putting(key, entry)
    if dict(old) != dict(changed.entry(key)):
        followers = frozenset(
            question.key for question in journey.questions if key in question.follows
        )
        changed = changed.keeping(frozenset(changed.entries) - followers)
    return cleared(journey, changed)


def passing(journey: Journey, answers: Answers, keys: Iterable[str]) -> Answers:
    """Give the answers with these questions passed over, but for those already answered."""
    for key in keys:
        if not answers.has(key):
            answers = answers.putting(key, {})
    return cleared(journey, answers)


def passing_rest(journey: Journey, answers: Answers) -> Answers:
    """Give the answers with every question passed over that is not answered and need not be.

    Notices are not passed: what cannot wait is still said before the end.
    """
    passed = cleared(journey, answers)
    while True:
        open_ones = [
            question.key
            for question in passed.led_to
            if not passed.has(question.key)
            and not question.notice
            and not holds(question.needed, passed)
        ]
        if not open_ones:
            return passed
        passed = passing(journey, passed, open_ones)


def _known(question: Question, entry: Entry) -> Entry:
    kept: dict[str, Value] = {}
    for field in question.fields:
        if field.name in entry:
            value = _offered(field, entry[field.name])
            if value:
                kept[field.name] = value
    return kept


def _offered(field: Field, value: Value) -> Value:
    if field.kind is Kind.SEVERAL:
        given = value if isinstance(value, tuple) else (value,)
        return tuple(option.key for option in field.options if option.key in given)
    if not isinstance(value, str):
        return ""
    if field.kind is Kind.ONE and value not in {option.key for option in field.options}:
        return ""
    if field.kind in {Kind.DATE, Kind.ASKED_ON} and not is_date(value):
        return ""
    return value
