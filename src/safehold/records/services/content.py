"""Between a service as the domain knows it, its row, and the JSON that a version keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

from safehold.domain.opening_hours import Hours, OnBankHolidays
from safehold.domain.services import Answer, SafeContact, Service
from safehold.records.services.models import SupportService

_SETS: Final = ("harms", "needs", "districts", "languages")
_PLAIN: Final = ("name", "about", "serves", "ages", "meets_in", "is_refuge")
_REACH: Final = ("phone", "text", "email", "web", "interpreter")


def to_plain(service: Service) -> dict[str, Any]:
    """Write a service as JSON can hold it, lists in order, so that equal services are equal."""
    plain: dict[str, Any] = {name: getattr(service, name) for name in (*_PLAIN, *_REACH)}
    plain |= {name: sorted(getattr(service, name)) for name in _SETS}
    plain["hours"] = {
        "always": service.hours.always,
        "week": [[list(span) for span in day] for day in service.hours.week],
        "on_bank_holidays": service.hours.on_bank_holidays.value,
    }
    plain["safe"] = {one.name: getattr(service.safe, one.name).value for one in fields(SafeContact)}
    return plain


def from_plain(plain: Mapping[str, Any]) -> Service:
    """Read a service that `to_plain` wrote."""
    hours = plain["hours"]
    told: dict[str, Any] = {name: plain[name] for name in (*_PLAIN, *_REACH)}
    told |= {name: frozenset(plain[name]) for name in _SETS}
    return Service(
        **told,
        hours=Hours(
            always=hours["always"],
            week=tuple(tuple((span[0], span[1]) for span in day) for day in hours["week"]),
            on_bank_holidays=OnBankHolidays(hours["on_bank_holidays"]),
        ),
        safe=SafeContact(**{name: Answer(value) for name, value in plain["safe"].items()}),
    )


def of_row(row: SupportService) -> Service:
    """Read the service of a row."""
    names = (*_PLAIN, *_REACH, *_SETS, "hours", "safe")
    plain = {name: getattr(row, name) for name in names}
    # The column that the store holds a refuge to is the one that counts.
    return from_plain(plain | ({"districts": []} if row.everywhere else {}))


def put(service: Service, row: SupportService) -> None:
    """Write a service into its row, which is not saved."""
    for name, value in to_plain(service).items():
        setattr(row, name, value)
    row.everywhere = not service.districts
