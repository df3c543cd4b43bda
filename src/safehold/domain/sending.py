"""Whether something may be sent to somebody by one way at one moment. Pure.

Whatever goes out to a person whom we protect asks here first. What is not known is no: nothing is
sent on a guess. A refusal is a sentence for the officer, and says nothing of who it is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from safehold.domain.contact_profile import Terms
from safehold.domain.safe_contact import next_window


class Way(StrEnum):
    """By what something is sent; the words are those of a safe-contact profile."""

    TEXT = "text"
    EMAIL = "email"
    POST = "post"
    CALL = "call"


@dataclass(frozen=True, slots=True)
class Allowed:
    """It may be sent now; `with_care` is what has to be kept to, a sentence each."""

    with_care: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """It may not be sent; `sentence` says why."""

    sentence: str


NOT_KNOWN = Refused("How they may be reached is not known: nothing is sent.")
_SAYS = {
    Way.TEXT: "a text message",
    Way.EMAIL: "an email",
    Way.POST: "a letter",
    Way.CALL: "a call",
}
_SURE = "no"
# A letter lies there until somebody opens it: no hour makes it safe.
_AT_A_TIME = frozenset({Way.TEXT, Way.EMAIL, Way.CALL})


def may_send(
    terms: Collection[Terms], way: Way, *, at: datetime, zone: tzinfo, read: bool = False
) -> Allowed | Refused:
    """Tell whether something may be sent now, by all that is known of how somebody is reached.

    Where several profiles are theirs, each has to allow it. `read` tells that whoever sends has
    read what is sealed: more times when nobody must, and what must never be done.
    """
    care: list[str] = []
    for each in terms:
        answer = _one(each, way, at=at, zone=zone, read=read)
        if isinstance(answer, Refused):
            return answer
        care += [line for line in answer.with_care if line not in care]
    return Allowed(tuple(care)) if terms else NOT_KNOWN


def _one(terms: Terms, way: Way, *, at: datetime, zone: tzinfo, read: bool) -> Allowed | Refused:
    if terms.may_contact in {"no", "not_sure"}:
        return Refused("It is not known to be safe to contact them at all: nothing is sent.")
    if terms.method != way:
        return Refused(f"They did not choose {_SAYS[way]}: nothing is sent that way.")
    if way is not Way.CALL and terms.seen != _SURE:
        return Refused(f"Somebody else may see {_SAYS[way]}: nothing is sent.")
    if terms.more_times and not read:
        return Refused("They told more of when nobody must: open the safe contact first.")
    if way in _AT_A_TIME and (refused := _not_now(terms, at=at, zone=zone)):
        return refused
    return Allowed(_care(terms, way))


def _not_now(terms: Terms, *, at: datetime, zone: tzinfo) -> Refused | None:
    window = next_window(terms.week, at, zone)
    if window is None:
        return Refused("No time is known at which it is safe: nothing is sent.")
    if window.start > at:
        return Refused("This is no time at which it is safe: wait for the next.")
    return None


def _care(terms: Terms, way: Way) -> tuple[str, ...]:
    if way is Way.POST and terms.envelope != "yes":
        return ("A plain envelope, with nothing on it that says who sends it.",)
    if way is Way.CALL and terms.voicemail != "yes":
        return ("Leave no message: ring off.",)
    return ()
