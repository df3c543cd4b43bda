"""Writing the invented force to files, in the formats that the import commands read.

boundaries/force_area.geojson, boundaries/districts.geojson
gazetteer/streets.csv, gazetteer/postcodes.csv, gazetteer/places.csv
crimes/YYYY-MM-FORCE-street.csv     as data.police.uk publishes them
casework/*.csv, reports.json        records of the unit and reports of places
truth.json                          what was planted
"""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from shapely import Polygon, simplify
from shapely.geometry import mapping

from safehold.demonstration import world as invented
from safehold.demonstration.crimes import published_months, street_file
from safehold.demonstration.geography import to_degrees
from safehold.demonstration.world import LABEL, World

PEOPLE_A_STREET = 210
Row = Iterable[object]


def write(folder: Path, *, today: date, force: str, key: str, seed: int) -> World:
    """Write every file under `folder`, in place of what stood there, and return the world.

    Same seed, day, force name and key: the same bytes.
    """
    world = invented.imagine(today=today, force=force, seed=seed)
    for name, text in files_of(world, key):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
    return world


def files_of(world: World, key: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the text of each file."""
    yield "README.txt", f"{LABEL}\nSeed {world.seed}, version {invented.VERSION}.\n"
    yield from _boundaries(world)
    yield from _gazetteer(world)
    for month in published_months(world.today):
        rows = street_file(world.seed, month, world.force, world.streets, world.places)
        yield f"crimes/{month}-{key}-street.csv", _csv(rows)
    yield from _casework(world)
    reports = [
        *({"key": r.key, "sent": r.sent.isoformat(), "answers": r.answers} for r in world.reports),
        *({"key": t.key, "sent": t.sent.isoformat(), "answers": t.answers} for t in world.tellings),
    ]
    yield "reports.json", _json({"label": LABEL, "reports": reports})
    yield "truth.json", _json(invented.truths(world))


def _boundaries(world: World) -> Iterator[tuple[str, str]]:
    area = [("M07", world.force, world.land.boundary)]
    yield "boundaries/force_area.geojson", _features(area)
    yield "boundaries/districts.geojson", _features(world.land.districts)


def _features(shapes: Iterable[tuple[str, str, Polygon]]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"code": code, "name": name, "invented": True},
            "geometry": mapping(simplify(shape, 0)),
        }
        for code, name, shape in shapes
    ]
    return _json({"type": "FeatureCollection", "label": LABEL, "features": features})


def _gazetteer(world: World) -> Iterator[tuple[str, str]]:
    yield (
        "gazetteer/towns.csv",
        _csv(
            [
                ("name", "district", "people", "longitude", "latitude"),
                *(
                    (t.name, t.district, t.streets * PEOPLE_A_STREET, *to_degrees(t.centre))
                    for t in world.land.towns
                ),
            ]
        ),
    )
    yield (
        "gazetteer/streets.csv",
        _csv(
            [
                ("name", "town", "district", "quarter", "longitude", "latitude"),
                *((s.name, s.town, s.district, s.quarter, *s.middle) for s in world.streets),
            ]
        ),
    )
    yield (
        "gazetteer/postcodes.csv",
        _csv(
            [
                ("postcode", "street", "town", "district", "longitude", "latitude"),
                *((p.postcode, p.street, p.town, p.district, *p.point) for p in world.postcodes),
            ]
        ),
    )
    yield (
        "gazetteer/places.csv",
        _csv(
            [
                ("key", "name", "kind", "town", "district", "quarter", "longitude", "latitude"),
                *(
                    (p.key, p.name, p.kind, p.town, p.district, p.quarter, *p.point)
                    for p in world.places
                ),
            ]
        ),
    )


def _casework(world: World) -> Iterator[tuple[str, str]]:
    yield "casework/incidents.csv", _csv(_incident_rows(world))
    yield "casework/appearances.csv", _csv(_appearance_rows(world))
    yield "casework/people.csv", _csv(_people_rows(world))
    yield "casework/cases.csv", _csv(_case_rows(world))
    yield "casework/deadlines.csv", _csv(_deadline_rows(world))
    yield "casework/colleagues.csv", _csv(_colleague_rows(world))


def _incident_rows(world: World) -> Iterator[Row]:
    yield (
        *("incident", "started", "ended", "reported", "kind", "crime", "setting", "stranger"),
        *("place", "street", "town", "district", "longitude", "latitude"),
    )
    for i in world.incidents:
        yield (
            *(i.key, i.started.isoformat(), i.ended.isoformat() if i.ended else ""),
            *(i.reported.isoformat(), i.kind, _yes(i.crime), i.setting, _yes(i.stranger)),
            *(i.place, i.street, i.town, i.district, *i.point),
        )


def _appearance_rows(world: World) -> Iterator[Row]:
    yield (
        *("appearance", "incident", "role", "relationship", "forename", "surname", "born"),
        *("phone", "street", "town", "postcode", "label"),
    )
    for seen in world.casework.appearances:
        w = seen.written
        yield (
            *(seen.key, seen.incident, seen.role, seen.relationship, w.forename, w.surname),
            *(w.born or "", w.phone, w.street, w.town, w.postcode, "invented"),
        )


def _people_rows(world: World) -> Iterator[Row]:
    yield (
        *("person", "forename", "surname", "sex", "born", "phone", "street", "town"),
        *("postcode", "label"),
    )
    for p in world.people:
        yield (
            *(p.key, p.forename, p.surname, p.sex, p.born, p.phone, p.street, p.town),
            *(p.postcode, "invented"),
        )


def _case_rows(world: World) -> Iterator[Row]:
    yield "case", "kind", "incident", "owner", "opened"
    for case in world.casework.cases:
        yield case.key, case.kind, case.incident, case.owner, case.opened.isoformat()


def _deadline_rows(world: World) -> Iterator[Row]:
    yield "deadline", "case", "what", "due", "met"
    for d in world.casework.deadlines:
        yield d.key, d.case, d.what, d.due.isoformat(), d.met.isoformat() if d.met else ""


def _colleague_rows(world: World) -> Iterator[Row]:
    yield "colleague", "username", "name", "rank", "label"
    for c in world.casework.colleagues:
        yield c.key, c.username, c.name, c.rank, "invented"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _csv(rows: Iterable[Row]) -> str:
    text = StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
