"""Read GeoJSON and CSV files of places, whoever made them: columns are named by the person."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Polygon, shape
from shapely.geometry.base import BaseGeometry

from safehold.domain import place_names, positions, postcodes
from safehold.domain.police_uk import FileRefusedError
from safehold.records.open_data import sources

COLUMNS = ("name", "longitude", "latitude", "town", "district", "weight")
NEEDED_COLUMNS = ("name", "longitude", "latitude")
# How the names of WGS 84 in degrees end, as writers of GeoJSON spell them.
DEGREES = ("CRS84", "EPSG::4326", "EPSG:4326")
# Of its area, what mending an outline may add or take: slivers, never a part of a county.
MENDED_SHARE = 0.001
MAX_NAME = 200
MAX_AREA_NAME = 100
Row = TypeVar("Row")


class GazetteerFileError(ValueError):
    """A file that cannot be loaded; the message is one clear sentence."""


class _RefusedError(ValueError):
    """One row or area that cannot be kept, and why."""


@dataclass(frozen=True, slots=True)
class ReadEntry:
    """A place of a gazetteer file."""

    name: str
    longitude: float
    latitude: float
    town: str
    district: str
    weight: float


@dataclass(frozen=True, slots=True)
class ReadBoundary:
    """An area of a boundary file."""

    name: str
    code: str
    outline: MultiPolygon


@dataclass(slots=True)
class Reading(Generic[Row]):
    """What a file holds: the rows kept, and how many were refused for each reason."""

    kept: list[Row] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


def read_content(path: Path) -> bytes:
    """Read a plain or gzip file; raises GazetteerFileError."""
    try:
        return sources.read_file(path)
    except FileRefusedError as error:
        raise GazetteerFileError(f"{path}: {error}") from error


def digest_of(content: bytes, *choices: object) -> str:
    """Identify a file together with how it was read."""
    return hashlib.sha256(content + b"\0" + repr(choices).encode()).hexdigest()


def read_entries(
    content: bytes, *, columns: Mapping[str, str], postcode: bool
) -> Reading[ReadEntry]:
    """Read a CSV of places whose columns are named by `columns`, as in {"name": "postcode"}.

    Raises GazetteerFileError where the file is not CSV text, lacks a column, or keeps no row.
    """
    reader = _rows(_text(content), columns)
    reading: Reading[ReadEntry] = Reading()
    seen: set[str] = set()
    for row in reader:
        try:
            entry = _entry(row, columns, postcode=postcode)
            if postcode and entry.name in seen:
                raise _RefusedError("the postcode occurs twice")
            seen.add(entry.name)
            reading.kept.append(entry)
        except _RefusedError as refusal:
            reading.refused[str(refusal)] += 1
    return _something_kept(reading)


def read_boundaries(
    content: bytes, *, name_field: str, code_field: str = "", only: str = ""
) -> Reading[ReadBoundary]:
    """Read the areas of a GeoJSON file in degrees (WGS 84); `only` keeps the areas of one name.

    Raises GazetteerFileError where the file is not GeoJSON, lacks the field, or keeps no area.
    """
    features = _features(content)
    fields = {name for feature in features for name in feature.get("properties") or {}}
    for needed in filter(None, (name_field, code_field)):
        if needed not in fields:
            named = ", ".join(sorted(fields)) or "none"
            raise GazetteerFileError(f"no area has a field “{needed}”; the fields are {named}.")
    reading: Reading[ReadBoundary] = Reading()
    for feature in features:
        try:
            boundary = _boundary(feature, name_field, code_field)
        except _RefusedError as refusal:
            reading.refused[str(refusal)] += 1
            continue
        if not only or boundary.name == only:
            reading.kept.append(boundary)
    if only and not reading.kept:
        raise GazetteerFileError(f"no area is named “{only}”.")
    reading.kept = _joined(reading.kept)
    return _something_kept(reading)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise GazetteerFileError("the file is not UTF-8 text.") from None


def _rows(text: str, columns: Mapping[str, str]) -> Iterator[dict[str, str] | None]:
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        found = reader.fieldnames or ()
    except csv.Error:
        raise GazetteerFileError("the first line is not a CSV header.") from None
    absent = [column for column in columns.values() if column not in found]
    if absent:
        raise GazetteerFileError(
            f"there is no column “{absent[0]}”; the columns are {', '.join(found)[:300] or 'none'}."
        )
    return _sound_rows(reader)


def _sound_rows(reader: csv.DictReader[str]) -> Iterator[dict[str, str] | None]:
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield None
            continue
        # DictReader marks a short row with None values and a long one with a None key.
        yield None if None in row or None in row.values() else row


def _entry(row: dict[str, str] | None, columns: Mapping[str, str], *, postcode: bool) -> ReadEntry:
    if row is None:
        raise _RefusedError("the row is not sound CSV of the header's columns")
    values = {ours: row[theirs].strip() for ours, theirs in columns.items()}
    name = place_names.tidy(values["name"])
    if postcode:
        name = postcodes.normalise(name) or ""
        if not name:
            raise _RefusedError("the postcode does not have the shape of one")
    _check_name(name)
    longitude, latitude = _number(values["longitude"]), _number(values["latitude"])
    _check_position(longitude, latitude)
    return ReadEntry(
        name=name,
        longitude=longitude,
        latitude=latitude,
        town=values.get("town", "")[:MAX_AREA_NAME],
        district=values.get("district", "")[:MAX_AREA_NAME],
        weight=_number(values.get("weight") or "0"),
    )


def _check_name(name: str) -> None:
    if not name.isprintable():
        raise _RefusedError("the name holds control characters")
    if len(name) > MAX_NAME:
        raise _RefusedError(f"the name is longer than {MAX_NAME} characters")
    if not place_names.search_key(name):
        raise _RefusedError("there is no name")


def _number(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise _RefusedError("a longitude, latitude or weight is not a number") from None
    if not math.isfinite(number):
        raise _RefusedError("a longitude, latitude or weight is not a number")
    return number


def _check_position(longitude: float, latitude: float) -> None:
    if (found := positions.fault(longitude, latitude)) is not None:
        raise _RefusedError(str(found))


def _features(content: bytes) -> list[dict[str, Any]]:
    try:
        document = json.loads(_text(content))
        features, crs = document["features"], document.get("crs")
    except (ValueError, TypeError, KeyError, RecursionError):
        raise GazetteerFileError("the file is not GeoJSON with a list of features.") from None
    if not isinstance(features, list) or not all(isinstance(one, dict) for one in features):
        raise GazetteerFileError("the file is not GeoJSON with a list of features.")
    _check_crs(crs)
    return features


def _check_crs(crs: object) -> None:
    # RFC 7946 dropped the member because GeoJSON is in degrees; who writes it may mean others.
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name", "")) if isinstance(properties, dict) else ""
    if not name.upper().endswith(DEGREES):
        raise GazetteerFileError(
            f"its coordinates are in “{name[:80] or 'an unnamed system'}”; "
            "convert the file to degrees of longitude and latitude (WGS 84, EPSG:4326)."
        )


def _boundary(feature: dict[str, Any], name_field: str, code_field: str) -> ReadBoundary:
    properties = feature.get("properties") or {}
    name = str(properties.get(name_field) or "").strip()
    _check_name(name)
    try:
        outline = shape(feature["geometry"])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ShapelyError):
        raise _RefusedError("the outline cannot be read") from None
    polygons = _mended(outline)
    west, south, east, north = polygons.bounds
    _check_position(west, south)
    _check_position(east, north)
    return ReadBoundary(name, str(properties.get(code_field) or "")[:40], polygons)


def _joined(found: list[ReadBoundary]) -> list[ReadBoundary]:
    # An area may come as several features, one for each of its islands.
    parts: dict[tuple[str, str], list[MultiPolygon]] = {}
    for one in found:
        parts.setdefault((one.name, one.code), []).append(one.outline)
    return [
        ReadBoundary(name, code, _polygons(shapely.union_all(outlines)))
        for (name, code), outlines in parts.items()
    ]


def _mended(outline: BaseGeometry) -> MultiPolygon:
    """Return an outline as sound polygons; one that touches itself stays what was drawn.

    One that crosses itself would not: half of a bow tie counts against the other half, so what was
    meant cannot be told.
    """
    polygons = _polygons(shapely.make_valid(outline))
    if polygons.is_empty:
        raise _RefusedError("the outline is not an area")
    if abs(polygons.area - outline.area) > MENDED_SHARE * polygons.area:
        raise _RefusedError("the outline crosses itself, so its area cannot be told")
    return polygons


def _polygons(outline: BaseGeometry) -> MultiPolygon:
    parts = shapely.get_parts(outline).tolist()
    flat = [one for part in parts for one in shapely.get_parts(part).tolist()]
    return MultiPolygon([one for one in flat if isinstance(one, Polygon) and not one.is_empty])


def _something_kept(reading: Reading[Row]) -> Reading[Row]:
    if not reading.kept:
        why = ", ".join(reason for reason, _ in reading.refused.most_common(1))
        raise GazetteerFileError(f"nothing in the file can be kept: {why or 'it has no rows'}.")
    return reading
