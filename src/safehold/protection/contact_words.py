"""Safe contact in words: when it is safe, what not to do, and whether a clock can wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

from safehold.design.words import day, moment
from safehold.domain.contact_profile import NEEDS, Details, Terms
from safehold.domain.safe_contact import DAY, DAYS, Wait, Week, Window
from safehold.records.contacts.lists import DUE, MEANS
from safehold.records.contacts.queries import Clock

METHODS = {
    "call": "A phone call",
    "text": "A text message",
    "email": "An email",
    "post": "A letter",
    "person": "Through someone they trust",
}
DAY_NAMES = dict(
    zip(
        DAYS,
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)
SEEN = {
    "yes": "Yes: someone else could see or hear it",
    "no": "No",
    "not_sure": "They are not sure: take it that someone could",
}
OFFICERS = {"woman": "A woman", "man": "A man", "either": "It does not matter"}
VOICEMAIL = {"yes": "Yes", "no": "No: ring off, and leave nothing"}
ENVELOPES = {"yes": "Yes", "no": "No: a plain envelope"}
INTERPRETERS = {"yes": "Yes", "no": "No"}
MAY_CONTACT = {
    "yes": "Yes, it is safe",
    "no": "No: it is not safe",
    "not_sure": "They are not sure: take it that it is not safe",
}
DETAILS = {
    "name": "Name",
    "to": "Number or address, or who to ask",
    "code": "The word that shows it is really them",
    "times": "Times when we must not",
    "seen_by": "Who else could see or hear it",
    "language": "Language",
    "other": "Another way that is safe",
    "never": "What must never be done",
    "know_first": "What we must know before we contact the person it was done to",
    "needs_more": "What else helps",
}


@dataclass(frozen=True, slots=True)
class ClockWords:
    """One thing that somebody has to be reached for, in words. `level` is danger, soon or none.

    `alarm` tells that a supervisor has to decide, and has it on the first page.
    """

    due_id: str
    profile_id: str
    report_id: str
    hidden: bool
    what: str
    due: str
    set_by: str
    says: str
    level: str
    alarm: bool


def safe_words(window: Window | None, *, at: datetime, more: bool = False) -> str:
    """Say whether it is safe now, and otherwise when it is; `more` that they told more of it."""
    also = " They told more of when we must not: open who and where first." if more else ""
    return f"{_by_the_week(window, at=at)}{also}"


def _by_the_week(window: Window | None, *, at: datetime) -> str:
    if window is None:
        return "Nobody knows when it is safe. Ask first, or keep to what they told."
    if window.start <= at:
        return f"Safe now, until {_until(window.end, from_day=localtime(at).date())}."
    begins = localtime(window.start)
    until = _until(window.end, from_day=begins.date())
    return f"Not safe now. Next: {begins:%A} {moment(window.start)}, until {until}."


def is_safe(window: Window | None, *, at: datetime) -> bool:
    """Tell whether a moment lies in a safe time that is known."""
    return window is not None and window.start <= at


def term_rows(terms: Terms) -> list[tuple[str, str]]:
    """Say what stands in clear, a line each; what nobody said is left out."""
    rows = [
        ("By", METHODS.get(terms.method, terms.method)),
        ("Safe times", week_words(terms.week)),
        ("Could anyone else see or hear it?", SEEN.get(terms.seen, "")),
        ("May we leave a message?", VOICEMAIL.get(terms.voicemail, "")),
        ("May the envelope show the police?", ENVELOPES.get(terms.envelope, "")),
        ("Would rather talk to", OFFICERS.get(terms.officer, "")),
        ("Wants an interpreter", INTERPRETERS.get(terms.interpreter, "")),
        ("Needs from us", "; ".join(NEEDS.get(key, key) for key in terms.needs)),
        ("May we contact the person it was done to?", MAY_CONTACT.get(terms.may_contact, "")),
    ]
    return [(label, words) for label, words in rows if words]


def detail_rows(details: Details) -> list[tuple[str, str]]:
    """Say what was sealed, a line each; what nobody said is left out."""
    given = details.as_mapping()
    return [(label, given[name]) for name, label in DETAILS.items() if given[name]]


def week_words(week: Week) -> str:
    """Say a week of safe times: days with the same times together."""
    if not week.known:
        return "Not said"
    said = [
        f"{_days(first, last)}, {_spans(week.days[first])}"
        for first, last in _runs(week)
        if week.days[first]
    ]
    return "; ".join(said)


def clock_words(clock: Clock, *, at: datetime) -> ClockWords:
    """Say one clock: what for, by when, and whether it can wait."""
    return ClockWords(
        due_id=str(clock.due.pk),
        profile_id=str(clock.due.profile_id),
        report_id=str(clock.due.profile.report_id),
        hidden=clock.due.profile.hidden,
        what=DUE.get(clock.due.why, clock.due.why),
        due=moment(clock.due.due_at),
        set_by=clock.due.set_by.name,
        says=_says(clock, at),
        level=_level(clock),
        alarm=clock.alarm,
    )


def _level(clock: Clock) -> str:
    if clock.alarm:
        return "danger"
    if clock.decided:
        return "soon"
    if clock.more:
        return "danger"
    return "" if clock.wait is Wait.SAFE_NOW else "soon"


def _says(clock: Clock, at: datetime) -> str:
    said = ["Its time is over."] if clock.overdue else []
    if clock.decided is not None:
        means = MEANS.get(clock.decided.means, clock.decided.means)
        by = clock.decided.decided_by.name
        said.append(f"Another way was decided {moment(clock.decided.decided_at)} by {by}: {means}.")
    elif clock.due.profile.hidden:
        said.append("The name is hidden: a keeper must look at when and how.")
    elif clock.wait is Wait.NOT_KNOWN:
        said.append("No safe times are known.")
    elif not clock.overdue:
        late = clock.wait is Wait.TOO_LATE
        said += ["It cannot wait: the next safe time is after it."] if late else []
        said.append(_by_the_week(clock.window, at=at))
    if clock.more:
        said.append("They told more of when we must not: look first.")
    return " ".join(said)


def _until(end: datetime, *, from_day: date) -> str:
    # 00:00 belongs to the day before it: "until 00:00 on 4 December" is read as all of that day.
    last = localtime(end - timedelta(minutes=1))
    at_midnight = localtime(end).date() != last.date()
    if last.date() == from_day:
        return "midnight" if at_midnight else f"{localtime(end):%H:%M}"
    if at_midnight:
        return f"the end of {last:%A} {day(last)}"
    return f"{localtime(end):%H:%M} on {last:%A} {day(last)}"


def _runs(week: Week) -> Iterator[tuple[int, int]]:
    first = 0
    for at in range(1, len(DAYS) + 1):
        if at == len(DAYS) or week.days[at] != week.days[first]:
            yield first, at - 1
            first = at


def _days(first: int, last: int) -> str:
    names = list(DAY_NAMES.values())
    if (first, last) == (0, len(DAYS) - 1):
        return "Every day"
    return names[first] if first == last else f"{names[first]} to {names[last]}"


def _spans(spans: tuple[tuple[int, int], ...]) -> str:
    if spans == ((0, DAY),):
        return "all day"
    return " and ".join(f"{_clock(start)} to {_clock(end)}" for start, end in spans)


def _clock(minute: int) -> str:
    return "midnight" if minute in {0, DAY} else f"{minute // 60:02}:{minute % 60:02}"
