"""How records are said on the unit's screens: labels, ages, and what to look at first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils.timezone import localtime

from safehold import rules
from safehold.design.words import counted, day, moment
from safehold.domain.answering import team_label
from safehold.domain.triage_slip import Said
from safehold.protection.areas import area_of
from safehold.records.incidents import queries
from safehold.records.triage.piles import Pile

KINDS = {
    "place": "Place that feels unsafe",
    "feedback": "Feedback made a report",
    "sexual": "Rape, or something sexual",
    "exploited": "Sex for money or for others",
    "honour": "Family honour, marriage, cutting",
    "home": "Partner, former partner or family",
    "control": "Control",
    "stalking": "Following, again and again",
    "spiking": "Spiking",
    "exposure": "Exposure, unwanted attention",
    "online": "Online or on a phone",
    "other": "Something else",
    "unsure": "Not sure, or not said",
    "dvds": "Clare’s Law: a question",
}
_SUGGESTED = {
    "home": "domestic",
    "exploited": "sexual",
    "other": "not_classified",
    "unsure": "not_classified",
}
SOON = timedelta(hours=4)
LATE = timedelta(hours=24)
STATES = {
    "new": "New",
    "accepted": "Accepted",
    "set_aside": "Set aside",
    "sealed": "Cannot be opened",
}


def earlier_decisions(incident: Any) -> list[str]:
    """Say each decision on crime that was replaced, the latest first."""
    words = {"crime": "A crime", "not_crime": "Not a crime"}
    return [
        f"{words.get(row.detail.get('decision', ''), 'Decided')}, {moment(row.at)}, {row.actor}:"
        f" “{row.reason}”"
        for row in queries.earlier_decisions(incident)
    ]


@dataclass(frozen=True, slots=True)
class SlipRow:
    """One line of a list, in words. `waits` is the class of its age: late, soon or nothing.
    `now` says that the danger is now.

    `flood_id` is there for a pile, whose line says what its most urgent report says.
    """

    report_id: str
    reference: str
    kind: str
    area: str
    prompts: tuple[str, ...]
    flags: tuple[str, ...]
    received: str
    age: str
    waits: str
    owner: str
    state: str
    team: str
    now: bool = False
    flood_id: str = ""


def line(listed: Any, *, at: datetime) -> SlipRow:
    """Say one line of the list of new reports: a report, or a pile of them."""
    if not isinstance(listed, Pile):
        return slip_row(listed, at=at)
    first = slip_row(listed.first, at=at)
    return replace(
        first,
        reference=f"Pile of {listed.count:,}",
        area="Alike, in one hour or more",
        prompts=first.prompts if listed.flood.danger else (),
        flags=("A flood: kept apart until somebody decides",),
        flood_id=str(listed.flood.pk),
    )


def slip_row(slip: Any, *, at: datetime) -> SlipRow:
    """Say one slip in words."""
    waited = at - slip.received_at
    waits = "late" if waited >= LATE else "soon" if waited >= SOON else ""
    return SlipRow(
        report_id=str(slip.pk),
        reference=slip.reference or str(slip.pk)[:8],
        kind=kind_label(slip.kind),
        area=area_of(slip.cell) or "Area not known",
        prompts=tuple(prompt_words(slip.prompts)),
        flags=tuple(flag_words(slip)),
        received=hour_words(slip.received_at),
        age=age(slip.received_at, at=at),
        waits=waits if slip.state == "new" else "",
        owner=owner_words(slip),
        state=STATES.get(slip.state, slip.state),
        team=team_label(slip.team),
        now=slip.danger_now,
    )


def owner_words(slip: Any) -> str:
    """Say who has a report; whoever may no longer sign in has left."""
    if slip.owner is None:
        return "Nobody yet"
    return slip.owner.name if slip.owner.is_active else f"{slip.owner.name}, who has left"


def handed_words(slip: Any) -> str:
    """Say who last handed a report on, when and why; empty where nobody did."""
    if slip.handed_by is None:
        return ""
    return f"Handed on {moment(slip.handed_at)} by {slip.handed_by.name}: “{slip.handed_reason}”."


@dataclass(frozen=True, slots=True)
class SealedRow:
    """A slip that could not be opened, in words."""

    report_id: str
    received: str
    problem: str
    tried: str


def sealed_row(slip: Any) -> SealedRow:
    """Say what is known of a slip that could not be opened."""
    received, tried = hour_words(slip.received_at), hour_words(slip.tried_at)
    return SealedRow(str(slip.pk), received, slip.problem, tried)


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """One piece of feedback of a list, in words, as far as its slip tells."""

    report_id: str
    reference: str
    prompts: tuple[str, ...]
    flags: tuple[str, ...]
    received: str
    age: str
    waits: str
    state: str
    closed: str
    note: str


def feedback_row(feedback: Any, *, at: datetime) -> FeedbackRow:
    """Say one piece of feedback in words; only what may tell of danger waits with the clock."""
    waited = at - feedback.received_at
    waits = "late" if waited >= LATE else "soon" if waited >= SOON else ""
    return FeedbackRow(
        report_id=str(feedback.pk),
        reference=feedback.reference or str(feedback.pk)[:8],
        prompts=tuple(prompt_words(feedback.prompts)),
        flags=(party_words(feedback.party_is_police),) if feedback.police_party else (),
        received=hour_words(feedback.received_at),
        age=age(feedback.received_at, at=at),
        waits=waits if feedback.danger and feedback.state == "new" else "",
        state=feedback.get_state_display(),
        closed=f"{feedback.closed_by.name}, {moment(feedback.closed_at)}"
        if feedback.closed_by
        else "",
        note=feedback.note,
    )


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note of a member, for whoever writes the pages."""

    noted: str
    note: str


def note_row(feedback: Any) -> NoteRow:
    """Say a note and its day, and nothing of what it is about."""
    return NoteRow(day(feedback.closed_at), feedback.note)


def hour_words(hour: datetime) -> str:
    """Say a time of which only the hour is kept, so that no minute points at a person."""
    return f"{day(hour)}, in the hour from {localtime(hour):%H:%M}"


def taken_words(slip: Any) -> str:
    """Say who took a report meanwhile, and since when."""
    since = f" at {localtime(slip.taken_at):%H:%M}, {day(slip.taken_at)}" if slip.taken_at else ""
    return f"{slip.owner.name} took this{since}."


def accepted_words(incident: Any, *, note: str = "") -> str:
    """Say who accepted a report first, and that nothing was added to it."""
    accepted = f"Already accepted by {incident.recorded_by.name} on {moment(incident.recorded_at)}"
    return f"{accepted}; {'your note was' if note else 'nothing of yours was'} not added."


def finding(waiting: int, since: datetime | None, *, at: datetime) -> str:
    """Say in one sentence how much waits, and for how long the oldest of it."""
    if since is None:
        return "Nothing waits for you to read."
    waited = age(since, at=at)
    if waiting == 1:
        return f"1 new report; it has waited {waited}."
    return f"{counted(waiting, 'new report')}; the oldest has waited {waited}."


def kind_label(kind: str) -> str:
    """Name a kind of report; a kind that we do not know is shown as it came."""
    return KINDS.get(kind, kind or "Not known")


def party_words(party: str) -> str:
    """Say why a report is for professional standards alone."""
    if party in {Said.NAME, Said.NAME_LATER}:
        return "Names a colleague, or somebody linked to one"
    if party == Said.PASSED:
        return "Passed on by whoever read it"
    return "Someone in it works, or may work, for the police"


def _yes_if(said: bool) -> Said:
    return Said.YES if said else Said.NO


def suggested(kind: str) -> str:
    """Give the classification that a kind of report suggests to the officer who decides."""
    return _SUGGESTED.get(kind, kind)


def prompt_words(prompts: Iterable[Mapping[str, str]]) -> list[str]:
    """Say danger prompts: the reason in the rule's words, else the prompt as it came."""
    return [
        str(prompt.get("reason") or prompt.get("prompt") or "Prompt").rstrip(".")
        for prompt in prompts
    ]


def flag_words(slip: Any) -> list[str]:
    """Say what else the slip tells, apart from danger."""
    said = {
        "A child is there": slip.child_present,
        "A child may be there": _yes_if(slip.child_present == Said.NOT_SURE),
        party_words(slip.party_is_police): _yes_if(slip.police_party),
        "Waits for a reply": slip.wants_reply,
    }
    return [words for words, answer in said.items() if answer == Said.YES]


def age(since: datetime, *, at: datetime) -> str:
    """Say how long something has waited of which only the hour is known: never in minutes."""
    hours = (at - since) // timedelta(hours=1)
    if hours < 1:
        return "less than an hour"
    if hours < 24:
        return "about an hour" if hours == 1 else f"about {hours} hours"
    return f"about {counted(hours // 24, 'day')}"


def said_of(incident: Any) -> list[dict[str, dict[str, str]]]:
    """Say what was reported as rows of a summary list, in the words of the rules."""
    if incident.place_id is None:
        said = _when_said(incident)
    else:
        said = (*_when_said(incident), *_place_said(incident))
    return [
        {"key": {"text": key}, "value": {"text": "; ".join(words) or "Not said"}}
        for key, words in said
    ]


def _when_said(incident: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("When", (interval_words(incident),)),
        ("Days", _labels("days", incident.days)),
        ("Time of day", _labels("parts_of_day", incident.parts_of_day)),
    )


def _place_said(incident: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (
        ("The place", _labels("environment", incident.environment)),
        ("People", _labels("behaviour", incident.behaviours)),
        ("Changed because of it", _labels("changes", incident.changes)),
    )


def role_words(role: Any) -> str:
    """Say one part in an incident, and that it is or may be a child's."""
    child = {"yes": " – a child", "not_sure": " – may be a child"}.get(role.child, "")
    part = role.get_part_display()
    if role.part == "child":
        return f"{part}{' (not sure)' if role.child == 'not_sure' else ''}: {role.prompt}"
    return f"{part}{child}{': ' + role.prompt if role.prompt else ''}"


def _labels(table: str, keys: Iterable[str]) -> tuple[str, ...]:
    # A key that the present rules no longer have is shown as it is kept.
    options = rules.load("unsafe_places").tables[table]["options"]
    labels = {option["key"]: option["label"] for option in options}
    return tuple(labels.get(key, key) for key in keys)


def interval_words(incident: Any) -> str:
    """Say when an incident was, as exactly as it is known and no more."""
    precision, start, end = incident.time_precision, incident.starts_at, incident.ends_at
    if precision == "hours" and start:
        return _hours_words(start, end)
    if precision == "day" and start:
        return f"{day(start)}, hour not known"
    if precision == "week" and start and end:
        return f"Between {day(start)} and {day(end)}"
    if precision == "between":
        return _between_words(start, end)
    if precision == "before" and end:
        return f"Some time before {day(end)}"
    if precision == "often" and end:
        since = f"from {day(start)} to" if start else "up to"
        return f"Often or always, {since} {day(end)}"
    return "Not said"


def _hours_words(start: datetime, end: datetime | None) -> str:
    if end is None:
        return f"From {moment(start)}; until when is not known"
    one_day = localtime(start).date() == localtime(end).date()
    return f"{moment(start)} to {f'{localtime(end):%H:%M}' if one_day else moment(end)}, as told"


def _between_words(start: datetime | None, end: datetime | None) -> str:
    if start and end:
        return f"Some time between {day(start)} and {day(end)}"
    if end:
        return f"On {day(end)}, or before"
    return f"On {day(start)}, or later" if start else "Not said"
