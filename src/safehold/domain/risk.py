"""What answers about risk say together: a count, prompts with reasons, ways to a MARAC. Pure.

Nothing here decides. More indicators never lower anything, an answer that is missing is never a
no, and the order of answers is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from safehold.domain.instruments import GRADES, RISK, SIGNS, Instrument, Item, Kind

VERSION: Final = RISK.version
HIGH: Final = "high"
SAID: Final = "said"  # to a list of choices: those that were chosen
NOT_ASKED: Final = "not_asked"
NO_ANSWER: Final[Mapping[str, str]] = {
    "not_known": "Not known",
    "declined": "Rather not say",
    NOT_ASKED: "Not asked, and why",
}
LONGEST_WORDS: Final[int] = RISK.tables["checks"]["longest_words"]
LONGEST_NOTE: Final[int] = RISK.tables["checks"]["longest_note"]
LONGEST_RATIONALE: Final[int] = RISK.tables["checks"]["longest_rationale"]
ESCALATION_INCIDENTS: Final[int] = RISK.tables["escalation"]["incidents"]
ESCALATION_MONTHS: Final[int] = RISK.tables["escalation"]["months"]
SUICIDE_SIGN: Final[str] = RISK.tables["suicide"]["sign"]
SUICIDE_FLAG: Final[str] = RISK.tables["suicide"]["flag"]
SUICIDE_KIND: Final[str] = RISK.tables["suicide"]["kind"]
SUICIDE_INSTRUMENT: Final[str] = RISK.tables["suicide"]["instrument"]
GRADE_LABELS: Final[Mapping[str, str]] = {row["key"]: row["label"] for row in RISK.tables["grades"]}
GRADE_MEANINGS: Final[Mapping[str, str]] = {
    row["key"]: row["means"] for row in RISK.tables["grades"]
}
ROUTES: Final[Mapping[str, str]] = {row["key"]: row["label"] for row in RISK.tables["routes"]}


class NotAnAnswer(ValueError):
    """What was sent is no answer to this item; the message says what is wrong."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to one item; `given` is empty where only words stand beside it."""

    given: str
    options: tuple[str, ...] = ()
    words: str = ""


# What stands of each item: one answer, or several where members differ and nobody has decided.
Answers = Mapping[str, Sequence[Answer]]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many items say yes, and how many were not answered with yes or no.

    `asked` counts what was put to them or seen; `left_open` holds what is not known, declined, not
    asked or not answered: none of it is a no.
    """

    yes: tuple[str, ...]
    high: tuple[str, ...]
    asked: int
    left_open: tuple[str, ...]
    items: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A grade by the count, and the one that it could be if all that is open were yes.

    Both are empty where the instrument has no bands.
    """

    by_count: str
    at_most: str
    version: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """A reason to consider a grade of high, whatever the count."""

    key: str
    label: str
    says: str
    because: tuple[str, ...]


class Met(StrEnum):
    """Whether something holds, where nobody may be able to tell."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Route:
    """A way to a MARAC: whether it is open, and why."""

    key: str
    label: str
    met: Met
    why: str


@dataclass(frozen=True, slots=True)
class PairHistory:
    """What is known of two people together; `records_searched` of the force's own system."""

    incidents: int
    records_searched: bool
    referred: Met
    referred_why: str


@dataclass(frozen=True, slots=True)
class Starts:
    """Something that a grade, or a sign of suicide, starts."""

    kind: str
    label: str
    due: timedelta


def read_answer(item: Item, *, given: str, options: Sequence[str] = (), words: str = "") -> Answer:
    """Return what was answered. Raises NotAnAnswer with one sentence."""
    said = words.strip()
    if len(said) > LONGEST_WORDS:
        raise NotAnAnswer(f"Shorten this to {LONGEST_WORDS:,} characters or fewer.")
    known = {option.key for option in item.options}
    if item.kind == Kind.CHOICES:
        chosen = tuple(option.key for option in item.options if option.key in set(options))
        if set(options) - known:
            raise NotAnAnswer("Choose from the list.")
        if chosen and given in {*NO_ANSWER, "no"}:
            raise NotAnAnswer("Choose what they fear, or say why there is no answer: not both.")
        given, known = (SAID if chosen else given), {SAID, "no"}
        if given == SAID and not chosen:
            raise NotAnAnswer("Choose what they fear.")
    else:
        chosen = ()
    if given not in {"", *known, *NO_ANSWER}:
        raise NotAnAnswer("Choose one of the answers.")
    if given == NOT_ASKED and not said:
        raise NotAnAnswer("Write why it was not asked.")
    return Answer(given, chosen, said)


def is_positive(item: Item, answer: Answer) -> bool:
    """Tell whether an answer is an indicator."""
    chosen = set(answer.options) if answer.given == SAID else {answer.given}
    return any(option.positive for option in item.options if option.key in chosen)


def signs_of(item: Item, answer: Answer) -> frozenset[str]:
    """Return what an answer is a sign of: of nothing, unless it is an indicator."""
    if not is_positive(item, answer):
        return frozenset()
    chosen = set(answer.options) if answer.given == SAID else {answer.given}
    found = [option.signs for option in item.options if option.key in chosen]
    return item.signs.union(*found)


def tally(instrument: Instrument, answers: Answers) -> Tally:
    """Count the indicators. Where members differ on an item, one yes is a yes."""
    yes, left_open, asked = [], [], 0
    for item in instrument.items:
        standing = [each for each in answers.get(item.key, ()) if each.given]
        asked += any(each.given != NOT_ASKED for each in standing)
        if any(is_positive(item, each) for each in standing):
            yes.append(item)
        elif not standing or any(each.given in NO_ANSWER for each in standing):
            left_open.append(item)
    return Tally(
        yes=tuple(item.key for item in yes),
        high=tuple(item.key for item in yes if item.high),
        asked=asked,
        left_open=tuple(item.key for item in left_open),
        items=len(instrument.items),
    )


def suggestion(instrument: Instrument, counted: Tally) -> Suggestion:
    """Return what the bands say to the count: a suggestion, and never a grade."""
    count = len(counted.yes)
    return Suggestion(
        by_count=_band(instrument, count),
        at_most=_band(instrument, count + len(counted.left_open)),
        version=instrument.version,
    )


def signs(instrument: Instrument, answers: Answers) -> dict[str, tuple[str, ...]]:
    """Return every sign in the answers, with the words that were asked where it is."""
    found: dict[str, list[str]] = {}
    for item in instrument.items:
        here = frozenset[str]().union(*(signs_of(item, each) for each in answers.get(item.key, ())))
        for sign in here:
            found.setdefault(sign, []).append(item.asked)
    return {sign: tuple(found[sign]) for sign in SIGNS if sign in found}


def together(*found: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return the signs of several instruments as of one."""
    return {
        sign: tuple(dict.fromkeys(why for each in found for why in each.get(sign, ())))
        for sign in SIGNS
        if any(sign in each for each in found)
    }


def prompts(found: Mapping[str, Sequence[str]]) -> list[Prompt]:
    """Return what calls for considering high, whatever the count, each with its reasons."""
    return [
        Prompt(
            row["key"],
            row["label"],
            row["says"],
            tuple(dict.fromkeys(why for sign in row["needs"] for why in found[sign])),
        )
        for row in RISK.tables["prompts"]
        if all(sign in found for sign in row["needs"])
    ]


def called_for(instrument: Instrument, answers: Answers) -> list[str]:
    """Return the instruments that the answers call for, each once."""
    named = [
        name
        for item in instrument.items
        if any(is_positive(item, each) for each in answers.get(item.key, ()))
        for name in item.starts
    ]
    return [name for name in dict.fromkeys(named) if name != instrument.key]


def escalates(pair: PairHistory) -> bool:
    """Tell whether there were as many incidents of two people as the rules call escalation."""
    return pair.incidents >= ESCALATION_INCIDENTS


def marac_routes(
    instrument: Instrument,
    counted: Tally,
    raised: Sequence[Prompt],
    pair: PairHistory,
    *,
    grade: str = "",
) -> list[Route]:
    """Return each way to a MARAC: open, not open, or that nobody can tell, and why."""
    found = {
        "visible": _visible(instrument, counted),
        "judgement": _judgement(raised, grade),
        "escalation": _escalation(pair),
        "repeat": (pair.referred, pair.referred_why),
    }
    return [Route(key, label, *found[key]) for key, label in ROUTES.items()]


def started_by(grade: str) -> list[Starts]:
    """Return all that a grade starts, together."""
    return [_starts(row) for row in RISK.tables["starts"] if row["grade"] == grade]


def suicide_pathway() -> Starts:
    """Return what a sign of suicide starts, whatever the grade."""
    return _starts(RISK.tables["suicide"])


def label_of(kind: str) -> str:
    """Return the words of what was started. Raises KeyError for a kind that there is not."""
    rows = [*RISK.tables["starts"], RISK.tables["suicide"]]
    labels: dict[str, str] = {row["kind"]: row["label"] for row in rows}
    return labels[kind]


def kinds() -> list[str]:
    """Return every kind of thing that may be started."""
    return [row["kind"] for row in (*RISK.tables["starts"], RISK.tables["suicide"])]


def is_lower(grade: str, than: str) -> bool:
    """Tell whether one grade is lower than another."""
    return GRADES.index(grade) < GRADES.index(than)


def differences(
    instrument: Instrument, earlier: Answers, later: Answers
) -> list[tuple[Item, Sequence[Answer], Sequence[Answer]]]:
    """Return the items that two fillings of an instrument answer in another way."""
    return [
        (item, before, now)
        for item in instrument.items
        if _said(before := earlier.get(item.key, ())) != _said(now := later.get(item.key, ()))
    ]


def in_words(item: Item, answer: Answer) -> str:
    """Say an answer, without the words beside it."""
    if answer.given in NO_ANSWER:
        return "Not asked" if answer.given == NOT_ASKED else NO_ANSWER[answer.given]
    if answer.given == SAID:
        chosen = set(answer.options)
        return "; ".join(option.label for option in item.options if option.key in chosen)
    labels = {option.key: option.label for option in item.options} | {"": "No answer"}
    return labels.get(answer.given, "Nothing of these")


def months_before(moment: datetime, months: int) -> datetime:
    """Return the moment some months earlier, on the last day of a month that is too short."""
    whole = moment.year * 12 + moment.month - 1 - months
    year, month = divmod(whole, 12)
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month + 1)


def _starts(row: Mapping[str, object]) -> Starts:
    return Starts(str(row["kind"]), str(row["label"]), timedelta(hours=float(str(row["hours"]))))


def _said(answers: Sequence[Answer]) -> set[tuple[str, tuple[str, ...]]]:
    return {(each.given, each.options) for each in answers if each.given}


def _band(instrument: Instrument, count: int) -> str:
    fitting = [grade for grade, least in instrument.bands if count >= least]
    return fitting[-1] if fitting else ""


def _visible(instrument: Instrument, counted: Tally) -> tuple[Met, str]:
    least = dict(instrument.bands).get(HIGH)
    if least is None:
        return Met.CANNOT_TELL, "This instrument has no bands."
    count, more = len(counted.yes), len(counted.left_open)
    if count >= least:
        return Met.YES, f"{count} indicators; from {least} it counts as high."
    if count + more >= least:
        return Met.CANNOT_TELL, f"{count} indicators, and {more} items without a yes or a no."
    return Met.NO, f"{count} indicators of the {least} from which it counts as high."


def _judgement(raised: Sequence[Prompt], grade: str) -> tuple[Met, str]:
    named = "; ".join(prompt.label for prompt in raised)
    if grade == HIGH:
        return Met.YES, "Graded high by a person."
    if grade:
        return Met.NO, f"Graded {GRADE_LABELS[grade].lower()} by a person."
    if named:
        return Met.CANNOT_TELL, f"Whoever grades decides. Prompts: {named}."
    return Met.CANNOT_TELL, "Whoever grades decides."


def _escalation(pair: PairHistory) -> tuple[Met, str]:
    counted = f"{pair.incidents} incidents of the two in {ESCALATION_MONTHS} months here"
    if escalates(pair):
        return Met.YES, f"{counted}; from {ESCALATION_INCIDENTS} it may be escalating."
    if not pair.records_searched:
        return Met.CANNOT_TELL, f"{counted}, and the force’s records system was not searched."
    return Met.NO, f"{counted}."
