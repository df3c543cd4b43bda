"""Scheduled work on who is kept from whom, and on who looks at what."""

from __future__ import annotations

from datetime import datetime, timedelta


def sort_what_was_asked(_at: datetime) -> None:
    """Sort what members asked for into attempts, and let the rest go."""
    from safehold.records.conflicts.attempts import sort_asked

    sort_asked()


def compare_people(at: datetime) -> None:
    """Hold the names of people against those of colleagues, both ways."""
    from safehold.records.conflicts.register import compare_all

    compare_all(at=at)


def look_through_looks(at: datetime) -> None:
    """Find the days of unusual looking; a day on which this did not run is caught up with."""
    from django.utils.timezone import localdate

    from safehold.records.conflicts.unusual import look_through

    for ago in (3, 2, 1):
        look_through(day=localdate(at) - timedelta(days=ago), at=at)
