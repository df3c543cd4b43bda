"""The last referral of a pair, or why nobody can tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from safehold.domain import repeats
from safehold.records.imports import queries as imports
from safehold.records.marac.models import Coverage, Referral
from safehold.records.people.models import Person


class Why(StrEnum):
    """Why it cannot be told whether there was a referral."""

    NOT_COVERED = "The referrals of these twelve months are not all here."
    NOT_COMPARED = (
        "Nobody has found one of the two in the records system that the referrals came from."
    )


@dataclass(frozen=True, slots=True)
class CannotTell:
    """There may have been a referral: what is here does not say. Never to be read as a no."""

    why: Why


def last_referral(victim: UUID, accused: UUID, *, on: date) -> Referral | CannotTell | None:
    """Return the last referral of a pair that a day is within the months of.

    None says that there was none, and is said only where every referral of those months is here and
    both people are known in the system that they came from; anything less is CannotTell.
    """
    first = repeats.first_day(on)
    found = (
        Referral.objects.filter(
            victim__identity=victim,
            accused__person__identity=accused,
            referred_on__gte=first,
            referred_on__lte=on,
        )
        .order_by("-referred_on", "pk")
        .first()
    )
    if found is not None:
        return found
    systems = _covering(first, on)
    if not systems:
        return CannotTell(Why.NOT_COVERED)
    if not any(_known_in(system, victim) and _known_in(system, accused) for system in systems):
        return CannotTell(Why.NOT_COMPARED)
    return None


def _covering(first: date, last: date) -> list[str]:
    """Return the systems of which all referrals between two days are here, both included."""
    spans: dict[str, list[tuple[date, date]]] = {}
    rows = Coverage.objects.filter(ends__gte=first, starts__lte=last).order_by("starts", "pk")
    for system, starts, ends in rows.values_list("system", "starts", "ends"):
        spans.setdefault(system, []).append((starts, ends))
    return [system for system, found in spans.items() if _whole(found, first, last)]


def _whole(spans: list[tuple[date, date]], first: date, last: date) -> bool:
    reached = first
    for starts, ends in spans:
        if starts > reached:
            return False
        reached = max(reached, ends + timedelta(days=1))
    return reached > last


def _known_in(system: str, identity: UUID) -> bool:
    rows = list(Person.objects.filter(identity=identity).values_list("pk", flat=True))
    return imports.brought(rows, system=system)
