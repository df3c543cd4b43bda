"""Publish what was said about places, quarter by quarter; nothing is published by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from safehold.domain import suppression
from safehold.domain.access import Permission
from safehold.domain.suppression import GivenArea
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About
from safehold.records.places_published import queries
from safehold.records.places_published.models import Release, ReleasedArea, ReleasedCell
from safehold.records.places_published.preparing import Proposal, propose
from safehold.records.places_published.queries import STORE, Cell
from safehold.records.staff.models import StaffMember


class NotAsSeen(Exception):
    """What would be published is not what the person saw; they look again."""


class AlreadyPublished(Exception):
    """Another release of this quarter stands; it can be corrected and not made anew."""


class CellsChanged(Exception):
    """The rules name other cells than those of earlier releases."""


class NotPublished(LookupError):
    """There is no such release."""


class ReasonNeeded(ValueError):
    """A correction or a withdrawal without its reason."""


def publish(*, digest: str, by: StaffMember, at: datetime) -> bool:
    """Publish the last full quarter as it was seen; return whether anything was published.

    The same release again publishes nothing. Raises Refused, NoBoundary, NotAsSeen,
    AlreadyPublished, or CellsChanged.
    """
    by.must(Permission.PUBLISH_PLACES)
    proposal = propose(by=by, at=at)
    if _stands(proposal, digest):
        return False
    try:
        _write(proposal, by=by, at=at)
    except IntegrityError:
        # Another supervisor was first: the same release is the same act.
        if not _stands(proposal, digest):
            raise
        return False
    return True


def correct(
    *, quarter: str, taking_back: Sequence[str], reason: str, by: StaffMember, at: datetime
) -> None:
    """Take cells of the release in force back, with a reason that the public reads.

    Nothing is counted anew (`domain/suppression.py` says why). Raises Refused, NotPublished,
    ReasonNeeded, or ChangesWhatStands for a cell that was not given.
    """
    by.must(Permission.PUBLISH_PLACES)
    if not reason.strip():
        raise ReasonNeeded("Say why, in words that anybody may read.")
    stands = queries.current()
    if stands is None or stands.quarter != quarter:
        raise NotPublished("This is not the release in force: look at the page again.")
    given = suppression.corrected(stands.given, taking_back=taking_back)
    suppression.check_adds_nothing(stands.given, given)
    before = Release.objects.using(STORE).get(pk=stands.key)
    with transaction.atomic(), transaction.atomic(using=STORE):
        release = Release(
            quarter=before.quarter,
            correction=before.correction + 1,
            reason=reason.strip(),
            last_day=before.last_day,
            least=before.least,
            resolution=before.resolution,
            rules_version=before.rules_version,
            total=before.total,
            digest=before.digest,
            published_at=at,
            published_by=by.username,
        )
        cells = {one.cell: one for area in stands.areas for one in area.cells}
        _save(release, given.areas, cells)
        audit.append(
            action=Action.PLACES_CORRECTED,
            by=by,
            subject=About("release", str(release)),
            at=at,
            reason=release.reason,
            detail={"cells": sorted(taking_back)[:50], "taken back": len(taking_back)},
        )


def _stands(proposal: Proposal, digest: str) -> bool:
    """Tell whether just this stands already. Raises where something else does, or was seen."""
    stands = (
        Release.objects.using(STORE)
        .filter(quarter=proposal.quarter.key, correction=0)
        .values_list("digest", flat=True)
        .first()
    )
    if stands is not None:
        if stands == digest:
            return True
        raise AlreadyPublished("This quarter is published. It can be corrected, not counted again.")
    if proposal.digest != digest:
        raise NotAsSeen("Something was accepted or changed meanwhile: read it again.")
    others = Release.objects.using(STORE).exclude(resolution=proposal.resolution)
    if others.exists():
        raise CellsChanged("Earlier releases have cells of another size: they stay as they are.")
    return False


def _write(proposal: Proposal, *, by: StaffMember, at: datetime) -> None:
    with transaction.atomic(), transaction.atomic(using=STORE):
        release = Release(
            quarter=proposal.quarter.key,
            last_day=proposal.quarter.last_day,
            least=proposal.least,
            resolution=proposal.resolution,
            rules_version=proposal.rules_version,
            total=proposal.given.total,
            digest=proposal.digest,
            published_at=at,
            published_by=by.username,
        )
        shown = {
            cell: Cell(cell, proposal.where[cell], count, proposal.reasons[cell])
            for area in proposal.given.areas
            for cell, count in area.cells.items()
        }
        _save(release, proposal.given.areas, shown)
        audit.append(
            action=Action.PLACES_PUBLISHED,
            by=by,
            subject=About("release", str(release)),
            at=at,
            detail={
                "digest": proposal.digest,
                "rules": proposal.rules_version,
                "least": proposal.least,
                "cells": len(shown),
            },
        )


def _save(release: Release, areas: Iterable[GivenArea], shown: dict[str, Cell]) -> None:
    release.save(using=STORE)
    for area in areas:
        if not area.cells and area.rest is None:
            continue  # said of all of them in one line: nothing is given there
        row = ReleasedArea(release=release, name=area.name, rest=area.rest, total=area.total)
        row.save(using=STORE)
        ReleasedCell.objects.using(STORE).bulk_create(
            ReleasedCell(
                area=row,
                cell=cell,
                bearing=shown[cell].where.bearing,
                metres=shown[cell].where.metres,
                count=count,
                reasons=list(shown[cell].reasons),
            )
            for cell, count in area.cells.items()
        )
