"""Ranked cells for a choice of published data, remembered until data or outlines change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from shapely.geometry.base import BaseGeometry

from safehold.analysis import hotspots
from safehold.analysis.cells import DEFAULT_RESOLUTION
from safehold.analysis.hotspots import Basis, HotSpots
from safehold.domain import police_uk
from safehold.records.gazetteer import queries as gazetteer
from safehold.records.open_data import queries as open_data
from safehold.records.open_data.queries import Available

USUAL_CLASS = "Violence and sexual offences"
USUAL_MONTHS = 12
PUBLISHED = "Street-level crime as data.police.uk publishes it"
INVENTED = "Invented for practice, in the shape in which data.police.uk publishes"


class ChoiceError(ValueError):
    """A choice that the data cannot answer; the message is one clear sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What to count. Months are kept at both ends; an empty district is the whole force area."""

    forces: tuple[str, ...]
    classes: tuple[str, ...]
    first: str
    last: str
    resolution: int = DEFAULT_RESOLUTION
    district: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """The store of data and its version, the version of outlines and names, the force's area.

    `invented_force` is the key of a force that does not exist, empty for one that does.
    """

    root: Path
    data: str
    outlines: str
    area_name: str
    invented_force: str


def available() -> Available:
    """Say what the store of open data holds; raises StoreError where it is damaged."""
    return _available(settings.OPEN_DATA, open_data.version(settings.OPEN_DATA))


def usual(held: Available) -> Choice:
    """Return the choice that a page opens with: the latest unbroken months, at most a year."""
    months = held.months[-USUAL_MONTHS:]
    run = [months[-1]]
    for month in reversed(months[:-1]):
        if len(open_data.calendar_months(month, run[0])) > 2:
            break
        run.insert(0, month)
    return Choice(
        forces=own_forces(held),
        classes=(USUAL_CLASS,) if USUAL_CLASS in held.classes else held.classes,
        first=run[0],
        last=run[-1],
    )


def own_forces(held: Available) -> tuple[str, ...]:
    """Return this installation's force where the store holds it, else every force held."""
    own = settings.FORCE.key
    return (own,) if own in held.forces else held.forces


def hot_spots(choice: Choice) -> HotSpots:
    """Rank the cells of a choice.

    Raises ChoiceError where the store holds nothing of it, and StoreError where it is damaged.
    """
    check(choice, available())
    return _ranked(state(), choice)


def state() -> State:
    """Return what every remembered answer depends on, besides the choice."""
    root = settings.OPEN_DATA
    force = settings.FORCE
    return State(
        root=root,
        data=open_data.version(root),
        outlines=gazetteer.version(),
        area_name=force.area_name,
        invented_force=force.key if force.demonstration else "",
    )


def check(choice: Choice, held: Available) -> None:
    """Raise ChoiceError, in one sentence, for a choice that the data cannot answer."""
    if choice.first > choice.last:
        raise ChoiceError(f"The first month ({choice.first}) is after the last ({choice.last}).")
    if not open_data.months_between(choice.first, choice.last, held.months):
        raise ChoiceError(
            f"No month from {choice.first} to {choice.last} is imported; "
            f"the store holds {held.months[0]} to {held.months[-1]}."
            if held.months
            else "No street data is imported yet."
        )
    unknown = sorted(set(choice.classes) - set(held.classes))
    if unknown or not choice.classes:
        named = f"“{unknown[0]}” is not a class of the data" if unknown else "Choose a class"
        raise ChoiceError(f"{named}; the classes are: {'; '.join(held.classes)}.")
    if not set(choice.forces) <= set(held.forces):
        raise ChoiceError(f"The store holds only: {', '.join(held.forces)}.")


def area_of(district: str) -> BaseGeometry | None:
    """Return the outline that decides what is inside; None where none is loaded.

    Raises ChoiceError for a district that is not loaded.
    """
    if not district:
        return gazetteer.force_boundary()
    for area in gazetteer.districts():
        if area.name == district:
            return area.outline
    raise ChoiceError(f"No district named “{district}” is loaded.")


@lru_cache(maxsize=4)
def _available(root: Path, version: str) -> Available:
    return open_data.available(root)


@lru_cache(maxsize=32)
def _ranked(state: State, choice: Choice) -> HotSpots:
    root = state.root
    held = _available(root, state.data)
    months = open_data.months_between(choice.first, choice.last, held.months)
    points = open_data.point_counts(
        root, forces=choice.forces, months=months, classes=choice.classes
    )
    return hotspots.rank_cells(
        points,
        basis=_basis(choice, months, state),
        resolution=choice.resolution,
        area=area_of(choice.district),
    )


def _basis(choice: Choice, months: tuple[str, ...], state: State) -> Basis:
    published = police_uk.published_rules()
    asked = open_data.calendar_months(choice.first, choice.last)
    invented = choice.forces == (state.invented_force,)
    return Basis(
        data=INVENTED if invented else PUBLISHED,
        area=choice.district or state.area_name,
        forces=choice.forces,
        classes=choice.classes,
        months=months,
        limits=published.limits,
        # Nobody licenses what was made up here.
        attribution="" if invented else _licences(published.attribution),
        missing_months=tuple(month for month in asked if month not in months),
    )


def _licences(published: str) -> str:
    sources = (source.attribution for source in gazetteer.loaded_sources())
    return " ".join(dict.fromkeys(line for line in (published, *sources) if line))
