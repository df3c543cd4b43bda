"""Whether what was sent can be an answer: one clear sentence a field, which never repeats it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from safehold.domain.journey.answers import Entry, Value
from safehold.domain.journey.sentences import Sentence
from safehold.domain.journey.specification import Field, Kind, Question
from safehold.domain.journey.wording import plain_line, plain_text

Sent = Mapping[str, Sequence[str]]
DATE_PARTS = ("day", "month", "year")
OLDEST_YEARS = 100
# Of what is too long to keep, this many characters are shown again, to be shortened.
MOST_SHOWN_AGAIN = 100_000

NOT_ON_OFFER = Sentence("Choose one of the answers on this page.")
NOT_ALL_ON_OFFER = Sentence("Choose only from the answers on this page.")
DATE_INCOMPLETE = Sentence("Give a day, a month and a year in figures, such as 27 3 2026.")
DATE_NEVER = Sentence("There is no such date. Check the day and the month.")
DATE_FUTURE = Sentence("That date is still to come. Give today’s date or an earlier one.")
DATE_TOO_OLD = Sentence("Give the year in four figures, such as 2026.")


@dataclass(frozen=True, slots=True)
class Checked:
    """What can be kept, and a sentence for each field that cannot."""

    entry: Entry = field(default_factory=dict)
    problems: Mapping[str, Sentence] = field(default_factory=dict)


class NotAnAnswer(ValueError):
    """Something sent that cannot be kept, with the sentence to show."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def check(question: Question, sent: Sent, *, today: date) -> Checked:
    """Read the fields of one question out of what was sent.

    `today` is the date where the force is. Nothing sent is an answer: a question is passed so.
    """
    entry: dict[str, Value] = {}
    problems: dict[str, Sentence] = {}
    for each in question.fields:
        try:
            value = _read(each, sent, today)
        except NotAnAnswer as problem:
            problems[each.name] = problem.sentence
            continue
        if value:
            entry[each.name] = value
    return Checked(entry, problems)


def is_date(text: str) -> bool:
    """Tell whether text is a date as answers keep it, such as 2026-03-27."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _read(field: Field, sent: Sent, today: date) -> Value:
    match field.kind:
        case Kind.ONE:
            return _one(field, sent)
        case Kind.SEVERAL:
            return _several(field, sent)
        case Kind.LINE:
            return _within(field, plain_line(_last(sent, field.name)))
        case Kind.TEXT:
            return _within(field, plain_text(_last(sent, field.name)))
        case Kind.DATE:
            return _date(field, sent, today)
        case Kind.ASKED_ON:
            return today.isoformat()
        case Kind.WORKED_OUT:
            return ""


def _last(sent: Sent, name: str) -> str:
    values = sent.get(name, ())
    return values[-1] if values else ""


def _one(field: Field, sent: Sent) -> str:
    value = _last(sent, field.name)
    if value and value not in {option.key for option in field.options}:
        raise NotAnAnswer(NOT_ON_OFFER)
    return value


def _several(field: Field, sent: Sent) -> tuple[str, ...]:
    given = {value for value in sent.get(field.name, ()) if value}
    if not given <= {option.key for option in field.options}:
        raise NotAnAnswer(NOT_ALL_ON_OFFER)
    chosen = tuple(option for option in field.options if option.key in given)
    alone = next((option for option in chosen if option.alone), None)
    if alone is not None and len(chosen) > 1:
        raise NotAnAnswer(
            Sentence(
                "Choose either “%(answer)s” or the other answers, not both.",
                answer=Sentence(alone.label),
            )
        )
    return tuple(option.key for option in chosen)


def _within(field: Field, text: str) -> str:
    if len(text) > field.limit:
        raise NotAnAnswer(_too_long(field.limit, len(text)))
    return text


def _too_long(limit: int, length: int) -> Sentence:
    if length <= MOST_SHOWN_AGAIN:
        return Sentence(
            "Shorten this to %(limit)s characters or fewer. It has %(length)s now, and all of it "
            "is still in the box.",
            limit=limit,
            length=length,
        )
    return Sentence(
        "Shorten this to %(limit)s characters or fewer. It has %(length)s now, and only its "
        "beginning is still in the box.",
        limit=limit,
        length=length,
    )


def _date(field: Field, sent: Sent, today: date) -> str:
    parts = [_last(sent, f"{field.name}_{part}").strip() for part in DATE_PARTS]
    if not any(parts):
        return ""
    if not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        raise NotAnAnswer(DATE_INCOMPLETE)
    day, month, year = (int(part) for part in parts)
    if year < today.year - OLDEST_YEARS:
        raise NotAnAnswer(DATE_TOO_OLD)
    try:
        given = date(year, month, day)
    except ValueError as error:
        raise NotAnAnswer(DATE_NEVER) from error
    if given > today:
        raise NotAnAnswer(DATE_FUTURE)
    return given.isoformat()
