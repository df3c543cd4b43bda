"""A journey as data: questions, fields, and the conditions under which a question is put."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from safehold.domain.journey.answers import EMPTY, Answers, Entry


class Kind(StrEnum):
    """What a field takes."""

    ONE = "one of a list"
    SEVERAL = "any of a list"
    LINE = "one line of words"
    TEXT = "words"
    DATE = "a date"
    ASKED_ON = "the day the question was answered"
    WORKED_OUT = "what the screen worked out from the rest"


@dataclass(frozen=True, slots=True)
class Option:
    """One answer on offer. `alone` means that it cannot stand beside another."""

    key: str
    label: str
    hint: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a question takes; `limit` is in characters. `shown` fields are summarised."""

    name: str
    kind: Kind
    label: str
    hint: str = ""
    options: tuple[Option, ...] = ()
    limit: int = 0
    shown: bool = True

    def label_of(self, key: str) -> str:
        """Give the label of an option, or the value itself for a field without options."""
        return next((option.label for option in self.options if option.key == key), key)


@dataclass(frozen=True, slots=True)
class Always:
    """Holds for all answers."""

    def met_by(self, entries: Mapping[str, Entry]) -> bool:
        """Tell that it holds."""
        return True


@dataclass(frozen=True, slots=True)
class Never:
    """Holds for no answers."""

    def met_by(self, entries: Mapping[str, Entry]) -> bool:
        """Tell that it does not hold."""
        return False


@dataclass(frozen=True, slots=True)
class Is:
    """Holds when a field of an earlier question holds one of these values."""

    question: str
    field: str
    values: tuple[str, ...]

    def met_by(self, entries: Mapping[str, Entry]) -> bool:
        """Tell whether one of the values was given."""
        given = entries.get(self.question, EMPTY).get(self.field, "")
        if isinstance(given, str):
            return given != "" and given in self.values
        return any(value in self.values for value in given)


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Holds when one of several conditions holds."""

    conditions: tuple[Is, ...]

    def met_by(self, entries: Mapping[str, Entry]) -> bool:
        """Tell whether one of them holds."""
        return any(each.met_by(entries) for each in self.conditions)


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Holds unless one of several conditions holds: also where their questions were skipped."""

    conditions: tuple[Is, ...]

    def met_by(self, entries: Mapping[str, Entry]) -> bool:
        """Tell whether none of them holds."""
        return not any(each.met_by(entries) for each in self.conditions)


Condition = Always | Never | Is | AnyOf | NoneOf


def holds(condition: Condition, answers: Answers) -> bool:
    """Tell whether a condition holds for these answers."""
    return condition.met_by(answers.entries)


@dataclass(frozen=True, slots=True)
class Question:
    """One page.

    Its address and its title in the browser are the number of the step, whichever it is: both stay
    in a history. `asked` is the condition under which it is put; `needed` the condition under which
    every field in `needs` must be answered, and `missing` what is said when one is not. Its entry
    is dropped when the entry of a question in `follows` changes. A question without fields is a
    notice: it is passed by reading on.
    """

    key: str
    heading: str
    fields: tuple[Field, ...] = ()
    hint: str = ""
    asked: Condition = Always()
    needs: tuple[str, ...] = ()
    needed: Condition = Never()
    missing: str = ""
    follows: tuple[str, ...] = ()
    group: str = ""

    @property
    def notice(self) -> bool:
        """Tell whether this page asks nothing."""
        return not self.fields

    def field(self, name: str) -> Field:
        """Give one field by name, or raise KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)


class JourneyError(ValueError):
    """A specification that contradicts itself."""


@dataclass(frozen=True, slots=True)
class Journey:
    """The questions of one journey, in order. Raises JourneyError where they contradict."""

    key: str
    version: str
    questions: tuple[Question, ...]

    def __post_init__(self) -> None:
        for problem in _contradictions(self.questions):
            raise JourneyError(problem)

    def question(self, key: str) -> Question:
        """Give one question by key, or raise KeyError."""
        for question in self.questions:
            if question.key == key:
                return question
        raise KeyError(key)


def _contradictions(questions: tuple[Question, ...]) -> Iterator[str]:
    earlier: dict[str, Question] = {}
    for question in questions:
        if question.key in earlier:
            yield f"{question.key} is there twice."
        for wanted in _wanted(question):
            yield from _unmet(question, wanted, earlier)
        for key in question.follows:
            if key not in earlier:
                yield f"{question.key} follows {key}, which does not come before it."
        if missing := set(question.needs) - {field.name for field in question.fields}:
            yield f"{question.key} needs {sorted(missing)}, which it does not ask."
        if question.needs and not question.missing:
            yield f"{question.key} does not say what is missing."
        earlier[question.key] = question


def _wanted(question: Question) -> Iterator[Is]:
    for condition in (question.asked, question.needed):
        if isinstance(condition, Is):
            yield condition
        elif isinstance(condition, AnyOf | NoneOf):
            yield from condition.conditions


def _unmet(question: Question, wanted: Is, earlier: Mapping[str, Question]) -> Iterator[str]:
    source = earlier.get(wanted.question)
    if source is None:
        yield f"{question.key} depends on {wanted.question}, which does not come before it."
        return
    field = next((each for each in source.fields if each.name == wanted.field), None)
    if field is None:
        yield f"{question.key} depends on {wanted.question}.{wanted.field}, which is not asked."
        return
    keys = {option.key for option in field.options}
    if keys and not keys.issuperset(wanted.values):
        yield f"{question.key} depends on an answer that {wanted.question} does not offer."
