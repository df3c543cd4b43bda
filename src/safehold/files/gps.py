"""Reading a position and a moment out of EXIF, as a phone writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from safehold.files.examination import Place

GPS_IFD = 0x8825
_LATITUDE_REF, _LATITUDE, _LONGITUDE_REF, _LONGITUDE = 1, 2, 3, 4
_MOMENT = re.compile(r"(\d{4}):(\d\d):(\d\d)[ T](\d\d):(\d\d):(\d\d)")


def place_in(gps: Mapping[int, Any]) -> Place | None:
    """Give the position of a GPS directory, or None if it holds none that can be."""
    latitude = _degrees(gps.get(_LATITUDE), gps.get(_LATITUDE_REF), "N", "S")
    longitude = _degrees(gps.get(_LONGITUDE), gps.get(_LONGITUDE_REF), "E", "W")
    if latitude is None or longitude is None:
        return None
    return a_place(longitude, latitude)


def a_place(longitude: float, latitude: float) -> Place | None:
    """Make a place of two numbers; None if they are no position, or the one for unknown."""
    if not (math.isfinite(longitude) and math.isfinite(latitude)):
        return None
    if abs(longitude) > 180 or abs(latitude) > 90 or (longitude == 0 and latitude == 0):
        return None
    return Place(round(longitude, 7), round(latitude, 7))


def _degrees(parts: Any, reference: Any, positive: str, negative: str) -> float | None:
    """Turn degrees, minutes and seconds into a signed number; anything odd is None."""
    if isinstance(reference, bytes):
        reference = reference.decode("ascii", "replace")
    letter = str(reference).strip("\0 ")[:1].upper()
    if letter not in (positive, negative):
        return None
    try:
        numbers = [float(part) for part in parts][:3]
    except (TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    if not numbers or any(number < 0 for number in numbers):
        return None
    degrees = math.fsum(number / (1, 60, 3600)[at] for at, number in enumerate(numbers))
    return degrees if letter == positive else -degrees


def moment_in(text: Any) -> datetime | None:
    """Read "2026:05:01 22:10:00" as the device wrote it, without a zone."""
    found = _MOMENT.search(str(text)[:64])
    if found is None:
        return None
    year, month, day, hour, minute, second = found.groups()
    try:
        return datetime.fromisoformat(f"{year}-{month}-{day}T{hour}:{minute}:{second}")
    except ValueError:
        return None
