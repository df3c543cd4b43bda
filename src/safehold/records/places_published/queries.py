"""Questions about what is published of places. All that the public site may ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from safehold.domain.public_places import Whereabouts
from safehold.domain.suppression import Given, GivenArea
from safehold.records.places_published.models import PublishedAnswer, Release, ReleasedArea

STORE = "intake"


@dataclass(frozen=True, slots=True)
class Cell:
    """One published cell."""

    cell: str
    where: Whereabouts
    count: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownArea:
    """One published area; None where a number is held back."""

    name: str
    cells: tuple[Cell, ...]
    rest: int | None
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A release as it is read."""

    key: UUID
    quarter: str
    correction: int
    reason: str
    least: int
    resolution: int
    total: int | None
    digest: str
    published_at: datetime
    published_by: str
    areas: tuple[ShownArea, ...]

    @property
    def given(self) -> Given:
        """Return the numbers alone, as the rule knows them."""
        areas = (
            GivenArea(area.name, {one.cell: one.count for one in area.cells}, area.rest, area.total)
            for area in self.areas
        )
        return Given(tuple(areas), self.total)

    def cell(self, name: str) -> Cell | None:
        """Return one cell of this release, None where it is not given."""
        found = (one for area in self.areas for one in area.cells if one.cell == name)
        return next(found, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One published answer; `key` stays when a newer one of the same matter replaces it."""

    key: UUID
    area: str
    cell: str
    where: Whereabouts
    owner: str
    status: str
    text: str
    day: date
    published_at: datetime


def current_key() -> UUID | None:
    """Which release is in force? None where nothing was ever published."""
    newest = Release.objects.using(STORE).order_by("-last_day", "-correction")
    return newest.values_list("pk", flat=True).first()


def current() -> Shown | None:
    """What is in force? None where nothing was ever published."""
    key = current_key()
    return shown(key) if key else None


def shown(key: UUID) -> Shown:
    """Return a release whole. Raises Release.DoesNotExist."""
    row = Release.objects.using(STORE).get(pk=key)
    areas = row.areas.prefetch_related("cells").order_by("name")
    return Shown(
        key=row.pk,
        quarter=row.quarter,
        correction=row.correction,
        reason=row.reason,
        least=row.least,
        resolution=row.resolution,
        total=row.total,
        digest=row.digest,
        published_at=row.published_at,
        published_by=row.published_by,
        areas=tuple(_area(area) for area in areas),
    )


def answers() -> Sequence[Answer]:
    """List the published answers, each matter once as it stands now, the newest first."""
    newest: dict[UUID, PublishedAnswer] = {}
    for row in PublishedAnswer.objects.using(STORE).order_by("published_at", "pk"):
        newest[row.answer] = row
    found = sorted(newest.values(), key=lambda row: (row.published_at, row.pk), reverse=True)
    return [_answer(row) for row in found]


def _area(row: ReleasedArea) -> ShownArea:
    cells = (
        Cell(one.cell, Whereabouts(one.bearing, one.metres), one.count, tuple(one.reasons))
        for one in row.cells.all()
    )
    ordered = sorted(cells, key=lambda cell: (-cell.count, cell.where.metres, cell.cell))
    return ShownArea(row.name, tuple(ordered), row.rest, row.total)


def _answer(row: PublishedAnswer) -> Answer:
    return Answer(
        key=row.answer,
        area=row.area,
        cell=row.cell,
        where=Whereabouts(row.bearing, row.metres),
        owner=row.owner,
        status=row.status,
        text=row.text,
        day=row.published_at.date(),
        published_at=row.published_at,
    )
