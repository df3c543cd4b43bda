"""Hot spots as files; what a figure stands on goes with it into each."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

import shapely
from django.template.loader import render_to_string
from shapely.geometry import mapping

from safehold.analysis import cells
from safehold.analysis.hotspots import HotCell, HotSpots
from safehold.design import maps
from safehold.patrol import presenters
from safehold.patrol.presenters import Row

CSV_HEADER = (
    "rank",
    "cell",
    "place",
    "district",
    "offences",
    "share",
    "months_seen",
    "longitude",
    "latitude",
    "resolution",
    "area",
    "classes",
    "months",
    "forces",
    "data",
    "limits",
    "attribution",
)
# A spreadsheet runs what begins like this.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_csv(spots: HotSpots, shown: Sequence[Row]) -> str:
    """Write the table as CSV: each row carries what its figures stand on."""
    basis = spots.basis
    footing = (
        spots.resolution,
        basis.area,
        "; ".join(basis.classes),
        "; ".join(basis.months),
        "; ".join(basis.forces),
        basis.data,
        " ".join(basis.limits),
        basis.attribution,
    )
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(CSV_HEADER)
    for row in shown:
        measured = (row.count, f"{row.share:.6f}", row.months)
        place = f"{row.longitude:.6f}", f"{row.latitude:.6f}"
        names = _plain(row.place), _plain(row.district)
        writer.writerow((row.rank, row.cell, *names, *measured, *place, *footing))
    return stream.getvalue()


def to_geojson(spots: HotSpots, shown: Sequence[Row]) -> str:
    """Write cells as GeoJSON polygons in degrees; `basis` of the collection says what they are."""
    return json.dumps(
        {
            "type": "FeatureCollection",
            "basis": _basis(spots),
            "features": [_feature(row) for row in shown],
        },
        ensure_ascii=False,
    )


def to_html(spots: HotSpots, shown: Sequence[Row], *, district: str = "") -> str:
    """Write one page that needs nothing else: map, table, and what they stand on."""
    page = {
        "spots": spots,
        "rows": shown,
        "finding": presenters.finding(spots),
        "period": presenters.period(spots.basis),
        "accounting": presenters.accounting(spots, district=district),
        "map": presenters.drawing(spots, shown, district),
        "legend": presenters.legend(spots),
        "size": presenters.SIZES[spots.resolution],
    }
    return render_to_string("patrol/hotspots_file.html", page, using="jinja2")


def to_map_data(spots: HotSpots, shown: Sequence[Row], *, district: str = "") -> str:
    """Write what the page's own map draws: every cell with its class, the outlines, and towns."""
    limits = maps.class_limits(spots.cells[0].count if spots.cells else 0)
    named = {row.cell: row for row in shown}
    around = presenters.ground(spots, district)
    lines = [
        shape.simplify(4e-4) for shape in (around.outline, around.borders) if shape is not None
    ]
    return json.dumps(
        {
            "cells": [_map_cell(cell, named.get(cell.cell), limits) for cell in spots.cells],
            "lines": [mapping(shapely.set_precision(line, 1e-5)) for line in lines],
            "names": [
                {"text": name.text, "at": name.at}
                for name in presenters.towns_apart(spots, district)
            ],
            "ramp": maps.RAMP,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _map_cell(cell: HotCell, row: Row | None, limits: Sequence[int]) -> dict[str, object]:
    found: dict[str, object] = {
        "corners": [[round(x, 5), round(y, 5)] for x, y in cells.outline_of(cell.cell)],
        "count": cell.count,
        "step": maps.class_of(cell.count, limits),
    }
    return found | ({"place": row.place, "rank": row.rank, "row": row.anchor} if row else {})


def _basis(spots: HotSpots) -> dict[str, object]:
    basis = spots.basis
    return {
        "data": basis.data,
        "area": basis.area,
        "forces": basis.forces,
        "classes": basis.classes,
        "months": basis.months,
        "missing_months": basis.missing_months,
        "resolution": spots.resolution,
        "read": spots.read,
        "counted": spots.counted,
        "outside": spots.outside,
        "without_coordinates": spots.without_coordinates,
        "cells_with_any": len(spots.cells),
        "limits": basis.limits,
        "attribution": basis.attribution,
    }


def _feature(row: Row) -> dict[str, object]:
    return _polygon(
        row.cell,
        rank=row.rank,
        place=row.place,
        district=row.district,
        offences=row.count,
        share=round(row.share, 6),
        months_seen=row.months,
    )


def _polygon(cell: str, **properties: object) -> dict[str, object]:
    ring = [[round(lon, 6), round(lat, 6)] for lon, lat in cells.outline_of(cell)]
    return {
        "type": "Feature",
        "id": cell,
        "properties": properties,
        "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
    }


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
