"""What can be said of a support service, until when it stands, and which fit what someone needs.

A service has no address anywhere: who needs to go there is told by the service itself. A house
where women hide is never more than its telephone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from uuid import UUID

from safehold import rules
from safehold.domain.opening_hours import Hours, OnBankHolidays, OpenNow, is_open

MEN, WOMEN_ONLY = "men", "women"
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
# A number, then a name written as names are; or, in small letters, before what is only a street.
_DOOR = re.compile(
    r"\b\d+[A-Za-z]?,?\s+(?:[A-Z][\w.’']*\s+){1,3}"
    r"(?:Road|Rd|Street|St|Lane|Ln|Row|Avenue|Ave|Close|Way|Drive|Court|Place|Square|Terrace|Grove|"
    r"Crescent|Gardens|Mews|Hill|Park|Walk|Rise|Green)\b"
)
_SMALL_DOOR = re.compile(
    r"\b\d+[a-z]?,?\s+(?!(?:minutes?|miles?|days?|hours?)\b)(?:[\w.’']+\s+){1,2}"
    r"(?:road|street|lane|row|avenue|crescent|mews|terrace)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\+?[0-9][0-9 ()-]{1,28}")


class Answer(StrEnum):
    """What a service says of itself; nobody guesses what it did not say."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """How a service stands on a day."""

    CURRENT = "current"
    DUE = "due"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeContact:
    """What decides whether she can call without him knowing."""

    free: Answer = Answer.UNKNOWN
    hidden_on_bill: Answer = Answer.UNKNOWN
    hides_number: Answer = Answer.UNKNOWN
    leaves_no_message: Answer = Answer.UNKNOWN
    without_name: Answer = Answer.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service, as the register knows it. Keys are those of rules/services.toml.

    `districts` is empty where it serves the whole area; `meets_in` is a town at most.
    """

    name: str
    about: str
    serves: str
    ages: str = ""
    harms: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    meets_in: str = ""
    is_refuge: bool = False
    phone: str = ""
    text: str = ""
    email: str = ""
    web: str = ""
    hours: Hours = field(default_factory=Hours)
    languages: frozenset[str] = frozenset()
    interpreter: bool = False
    safe: SafeContact = field(default_factory=SafeContact)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A service that the public may see, and the day on which it was asked."""

    key: UUID
    service: Service
    verified_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody looks for. Empty is anything; `districts` holds several where a name does."""

    harm: str = ""
    needs: frozenset[str] = frozenset()
    districts: frozenset[str] = frozenset()
    language: str = ""
    open_now: bool = False

    @property
    def nothing(self) -> bool:
        """Tell whether nothing was chosen."""
        return self == Wanted()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A service beside what was wanted; `unmet` names what it is not known to do."""

    listed: Listed
    open_now: OpenNow
    unmet_needs: tuple[str, ...] = ()
    unmet_language: bool = False
    closed: bool = False

    @property
    def fits(self) -> bool:
        """Tell whether it does all that was wanted."""
        return not (self.unmet_needs or self.unmet_language or self.closed)


def words(table: str) -> Mapping[str, str]:
    """Return a list of rules/services.toml: harms, serves, needs, needs_served or languages."""
    found: Mapping[str, str] = rules.load("services").tables[table]
    return found


@cache
def lasts() -> timedelta:
    """Return how long a service is shown after it was checked (rules/services.toml)."""
    return timedelta(days=rules.load("services").tables["check"]["lasts_days"])


@cache
def warned_before() -> timedelta:
    """Return how long before a check ends staff are told (rules/services.toml)."""
    return timedelta(days=rules.load("services").tables["check"]["warn_days"])


def lapses_on(verified_on: date) -> date:
    """Return the first day on which a service is no longer shown."""
    return verified_on + lasts()


def standing(*, verified_on: date, withdrawn: bool, today: date) -> Standing:
    """Tell how a service stands. A lapsed one is gone from the public page that very day."""
    if withdrawn:
        return Standing.WITHDRAWN
    if today >= lapses_on(verified_on):
        return Standing.LAPSED
    due = today >= lapses_on(verified_on) - warned_before()
    return Standing.DUE if due else Standing.CURRENT


def trouble_with(service: Service) -> Mapping[str, str]:
    """Say what keeps a service from the register: one sentence for each field."""
    found = {
        name: trouble
        for name in ("name", "about", "ages", "meets_in", "email", "web")
        if (trouble := address_in(getattr(service, name)))
    }
    if not service.harms:
        found["harms"] = "Choose what it is about: at least one."
    if service.hours.always and service.hours.on_bank_holidays is OnBankHolidays.CLOSED:
        found["on_bank_holidays"] = "Every day means bank holidays too: give the hours of each day."
    return found | _trouble_with_reach(service) | _trouble_with_refuge(service)


def _trouble_with_reach(service: Service) -> dict[str, str]:
    if not (service.phone or service.text or service.email or service.web):
        words = "Give at least one way to reach them: a number, an email or a web address."
        return {"phone": words}
    return {
        name: "Give a number to call, in figures alone, such as 01632 960001."
        for name in ("phone", "text")
        if getattr(service, name) and not _NUMBER.fullmatch(getattr(service, name))
    }


def _trouble_with_refuge(service: Service) -> dict[str, str]:
    found = {}
    if service.is_refuge and service.meets_in:
        found["meets_in"] = "A refuge is never placed, not by its town either. Leave this empty."
    if service.is_refuge and service.districts:
        found["districts"] = (
            "A refuge is listed for the whole area, so that nobody can tell where it is."
        )
    return found


def address_in(text: str) -> str:
    """Say that words hold an address, in one sentence; empty where they do not."""
    if _POSTCODE.search(text):
        return "Leave the postcode out: this register holds no address of any service."
    if _DOOR.search(text) or _SMALL_DOOR.search(text):
        return "Leave the street out: this register holds no address of any service."
    return ""


def find(
    services: Iterable[Listed], wanted: Wanted, *, at: datetime
) -> tuple[Sequence[Match], Sequence[Match]]:
    """Return the services that fit, then those that do a part; `at` is local time.

    What it is about and where are never relaxed, nor is a women's service given to a man. Within
    each list, whoever is open comes first, then whoever is nearer, then whoever does fewer things.
    """
    found = [
        _match(one, wanted, at=at)
        for one in services
        if _is_about(one.service, wanted) and _may_come(one.service, wanted)
    ]
    ordered = sorted(found, key=lambda match: _order(match, wanted))
    return [one for one in ordered if one.fits], [one for one in ordered if not one.fits]


def _is_about(service: Service, wanted: Wanted) -> bool:
    reaches = not service.districts or not wanted.districts or service.districts & wanted.districts
    return (not wanted.harm or wanted.harm in service.harms) and bool(reaches)


def _may_come(service: Service, wanted: Wanted) -> bool:
    return not (MEN in wanted.needs and service.serves == WOMEN_ONLY)


def _has_ways(service: Service) -> frozenset[str]:
    # A service for men, or for the young, is one with ways of its own for them.
    return service.needs | ({service.serves} & words("needs").keys())


def _match(listed: Listed, wanted: Wanted, *, at: datetime) -> Match:
    service, state = listed.service, is_open(listed.service.hours, at)
    speaks = wanted.language in service.languages
    # An interpreter speaks on the telephone; hands are another matter.
    speaks = speaks or (service.interpreter and wanted.language != "bsl")
    unmet = wanted.needs - _has_ways(service)
    return Match(
        listed=listed,
        open_now=state,
        unmet_needs=tuple(key for key in words("needs") if key in unmet),
        unmet_language=bool(wanted.language) and not speaks,
        closed=wanted.open_now and state is not OpenNow.OPEN,
    )


def _order(match: Match, wanted: Wanted) -> tuple[object, ...]:
    service = match.listed.service
    states = (OpenNow.OPEN, OpenNow.UNKNOWN, OpenNow.CLOSED)
    far = bool(wanted.districts) and not service.districts
    missing = len(match.unmet_needs) + match.unmet_language
    return missing, states.index(match.open_now), far, len(service.harms), service.name.casefold()
