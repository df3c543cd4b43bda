"""To which team a report goes, and by when it is answered: from `rules/triage.toml`. Pure.

Times are elapsed hours, the same on the nights when the clocks change. A clock starts with the hour
in which a report came, so it is early by less than an hour and never late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from safehold import rules

STANDARDS = "standards"
_LEAST = timedelta(hours=1)


class Urgency(StrEnum):
    """How urgent a report looks by its slip, the most urgent first."""

    DANGER_NOW = "danger_now"
    DANGER = "danger"
    CHILD = "child"
    OTHER = "other"


class Waits(StrEnum):
    """What a clock is of: what has to happen for it to stop."""

    OWNER = "owner"
    READ = "read"
    DECIDED = "decided"
    CRIME = "crime"
    ANSWER = "answer"
    MESSAGE = "message"

    @property
    def says(self) -> str:
        """Say what has to happen, in the words of the rules."""
        return str(_rules()["clocks"][self.value]["says"])


# Clocks that an arrival starts; that of a message starts when somebody writes again.
OF_ARRIVAL = tuple(each for each in Waits if each is not Waits.MESSAGE)


class Stage(StrEnum):
    """Where a clock stands that nothing has stopped."""

    RUNNING = "running"
    SOON = "soon"
    LATE = "late"
    ALARMED = "alarmed"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A report as far as its team and its times depend on it."""

    kind: str
    danger: bool = False
    danger_now: bool = False
    child: bool = False
    wants_reply: bool = False
    for_standards: bool = False


@dataclass(frozen=True, slots=True)
class Team:
    """A team by its key and as people say it."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Answering:
    """One clock of a report. Both moments are aware."""

    waits: Waits
    starts_at: datetime
    due_at: datetime


def version() -> str:
    """Return the version of the rules, to be kept beside what was worked out from them."""
    return rules.load("triage").version


def teams() -> list[Team]:
    """Return every team, in the order of the rules."""
    return [Team(key, table["label"]) for key, table in _teams().items()]


def team_label(key: str) -> str:
    """Return how a team is called; one that the rules no longer have is shown by its key."""
    found = _teams().get(key)
    return str(found["label"]) if found else key


def team_of(arrived: Arrived) -> str:
    """Return the key of the team that a report goes to; a kind that none takes goes to the first.

    The first in doubt is `first_contact`: nothing is for nobody.
    """
    if arrived.for_standards:
        return STANDARDS
    for key, table in _teams().items():
        if arrived.kind in table["kinds"]:
            return str(key)
    return "first_contact"


def urgency(arrived: Arrived) -> Urgency:
    """Return how urgent a report looks; only its slip is known."""
    if arrived.danger_now:
        return Urgency.DANGER_NOW
    if arrived.danger:
        return Urgency.DANGER
    return Urgency.CHILD if arrived.child else Urgency.OTHER


def clocks_of(arrived: Arrived, *, starts_at: datetime) -> list[Answering]:
    """Return the clocks of a report, in the order of the rules.

    Nobody waits for an answer who did not ask for one, and a kind may have fewer clocks or sooner
    ones (`not_for`, `sooner`).
    """
    without = set(_rules()["not_for"].get(arrived.kind, ()))
    if not arrived.wants_reply:
        without.add(Waits.ANSWER)
    return [
        Answering(waits, starts_at, starts_at + length(waits, arrived))
        for waits in OF_ARRIVAL
        if waits not in without
    ]


def clock_of_recorded(*, starts_at: datetime) -> Answering:
    """Return the clock of an incident that an officer recorded: of the decision on crime alone.

    It runs as long as for a report in which nothing is urgent.
    """
    due_at = starts_at + length(Waits.CRIME, Arrived(kind=""))
    return Answering(Waits.CRIME, starts_at, due_at)


def clock_of_message(arrived: Arrived, *, seen_at: datetime, day_over: datetime) -> Answering:
    """Return the clock of a message that nobody has read, of a report as it arrived.

    Of when somebody wrote only the day is kept. So it starts with the hour in which the message was
    first seen here, or with the end of its day (`day_over`) where nobody looked for so long.
    """
    starts_at = min(seen_at.replace(minute=0, second=0, microsecond=0), day_over)
    return Answering(Waits.MESSAGE, starts_at, starts_at + length(Waits.MESSAGE, arrived))


def length(waits: Waits, arrived: Arrived) -> timedelta:
    """Return how long a clock of a report runs, at least an hour."""
    hours = _rules()["clocks"][waits.value]["hours"][urgency(arrived)]
    sooner = _rules()["sooner"].get(arrived.kind, {}).get(waits.value, hours)
    return max(_LEAST, timedelta(hours=min(hours, sooner)))


def stage(*, starts_at: datetime, due_at: datetime, at: datetime) -> Stage:
    """Return where a clock stands at a moment; it is late from the moment that it is due."""
    if at >= alarms_at(starts_at=starts_at, due_at=due_at):
        return Stage.ALARMED
    if at >= due_at:
        return Stage.LATE
    soon = (due_at - starts_at) * _rules()["escalation"]["soon_part"]
    return Stage.SOON if at >= due_at - soon else Stage.RUNNING


def alarms_at(*, starts_at: datetime, due_at: datetime) -> datetime:
    """Return when whoever holds the watch is told of a clock that nothing has stopped."""
    escalation = _rules()["escalation"]
    beyond: timedelta = (due_at - starts_at) * escalation["part"]
    return due_at + max(beyond, timedelta(minutes=escalation["at_least_minutes"]))


def next_alarm_after(sent: int) -> timedelta:
    """Return how long to wait after an alarm went out for the `sent`th time."""
    alarms = _rules()["alarms"]
    slower = sent >= alarms["slower_after"]
    return timedelta(minutes=alarms["slower_minutes" if slower else "again_minutes"])


def tells_everybody(sent: int) -> bool:
    """Tell whether, after so many times, everybody who supervises is told too."""
    return sent >= int(_rules()["alarms"]["then_everybody"])


def alarm_words() -> tuple[str, str]:
    """Return the subject and the text of an alarm as it goes out: nothing of anybody."""
    alarms = _rules()["alarms"]
    return str(alarms["subject"]), str(alarms["text"])


def _rules() -> Any:
    return rules.load("triage").tables


def _teams() -> dict[str, Any]:
    return {key: table for key, table in _rules()["teams"].items() if key != "source"}
