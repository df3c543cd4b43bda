"""The unit's records in bulk: 1 million people and 3 million incidents, past the application.

Rows are written as the store takes them fastest. What the application keeps by itself beside them,
the index of names, is made here by the same rules. Every name is invented, syllable by syllable.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import count
from typing import Any
from uuid import UUID

import psycopg
from django.db.models import Model

from safehold.domain import spelling

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
YEARS = 6
_BATCH = 20_000
_FIRST = [
    "ka",
    "lo",
    "mi",
    "re",
    "sa",
    "ti",
    "nor",
    "ben",
    "hal",
    "wyn",
    "dor",
    "mar",
    "el",
    "is",
    "tan",
    "ro",
    "fen",
    "bri",
    "col",
    "jo",
    "ade",
    "na",
]
_LAST = [
    "ash",
    "bec",
    "cal",
    "dren",
    "el",
    "fold",
    "gar",
    "hurst",
    "ing",
    "ker",
    "low",
    "mar",
    "nes",
    "ot",
    "pen",
    "quil",
    "ras",
    "ston",
    "tor",
    "wick",
]
Row = dict[str, Any]


class Sqlite:
    """Rows into a file that nobody else has open."""

    def __init__(self, path: str) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None)
        for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-400000"):
            self.connection.execute(f"PRAGMA {pragma}")

    def take(self, model: type[Model], rows: Iterable[Row]) -> int:
        """Write rows; return how many."""
        columns, made = _columns(model), 0
        names = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {model._meta.db_table} ({names}) VALUES ({marks})"
        self.connection.execute("BEGIN")
        for batch in _batches(_tuples(columns, rows, self._as_kept)):
            self.connection.executemany(statement, batch)
            made += len(batch)
        self.connection.execute("COMMIT")
        return made

    def finish(self) -> None:
        """Close the file. Its statistics are what nobody gathers on SQLite: none."""
        self.connection.close()

    @staticmethod
    def _as_kept(value: Any) -> Any:
        if isinstance(value, UUID):
            return value.hex
        if isinstance(value, datetime):
            return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ")
        if isinstance(value, date):
            return value.isoformat()
        return json.dumps(value) if isinstance(value, (list, dict)) else value


class Postgresql:
    """Rows into a database as its owner."""

    def __init__(self, address: str) -> None:
        self.connection = psycopg.connect(address, autocommit=True)
        # Whose rows these are is certain; triggers of foreign keys would look each of them up.
        self.connection.execute("SET session_replication_role = replica")

    def take(self, model: type[Model], rows: Iterable[Row]) -> int:
        """Write rows; return how many."""
        columns, made = _columns(model), 0
        names = ", ".join(f'"{name}"' for name in columns)
        statement = f"COPY {model._meta.db_table} ({names}) FROM STDIN"
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in _tuples(columns, rows, self._as_kept):
                copy.write_row(row)
                made += 1
        return made

    def finish(self) -> None:
        """Gather the statistics that PostgreSQL gathers by itself after a while."""
        self.connection.execute("VACUUM ANALYZE")
        self.connection.close()

    @staticmethod
    def _as_kept(value: Any) -> Any:
        return json.dumps(value) if isinstance(value, (list, dict)) else value


Store = Sqlite | Postgresql


def _columns(model: type[Model]) -> dict[str, Any]:
    """Return every column of a model with what stands there where a row says nothing."""
    found: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.get_internal_type() == "BigAutoField":
            continue
        default = None if field.null and not field.has_default() else field.get_default()
        found[str(field.column)] = default
    return found


def _tuples(columns: dict[str, Any], rows: Iterable[Row], as_kept: Any) -> Iterator[list[Any]]:
    for row in rows:
        unknown = row.keys() - columns.keys()
        if unknown:
            raise KeyError(f"There is no column {unknown}.")
        yield [as_kept(row.get(name, usual)) for name, usual in columns.items()]


def _batches(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    batch: list[list[Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


@lru_cache(maxsize=1)
def names() -> tuple[list[str], list[str]]:
    """Return invented first names and surnames; they are drawn so that some are common."""
    chance = random.Random(5)
    firsts = {"".join(chance.choices(_FIRST, k=chance.choice((2, 2, 3)))) for _ in range(3_000)}
    lasts = {"".join(chance.choices(_LAST, k=chance.choice((2, 3, 3, 4)))) for _ in range(60_000)}
    return sorted(name.title() for name in firsts), sorted(name.title() for name in lasts)


def name_of(number: int) -> str:
    """Return the name of person `number`: of every thousand, dozens share a common surname."""
    chance = random.Random(number)
    firsts, lasts = names()
    first = firsts[int(len(firsts) * chance.random() ** 2)]
    last = lasts[int(len(lasts) * chance.random() ** 3)]
    return f"{first} {last}"


def person_id(number: int) -> UUID:
    """Return the key of person `number`: in order, so that a table grows at its end."""
    return UUID(int=(1 << 120) + number, version=4)


def incident_id(number: int) -> UUID:
    """Return the key of incident `number`."""
    return UUID(int=(2 << 120) + number, version=4)


def fill_people(store: Store, people: int, by: int) -> None:
    """Write people, a name each, a second one for some, and when most were born."""
    from safehold.records.people.models import BirthDate, Person, PersonName

    store.take(Person, (_person(number, by) for number in range(people)))
    store.take(PersonName, (_name(number, by) for number in range(people)))
    store.take(BirthDate, (_birth(number, by) for number in range(people) if number % 10))
    _index(store, people)


def _fact(kind: int, number: int, by: int) -> Row:
    return {
        "id": UUID(int=(kind << 120) + number, version=4),
        "person_id": person_id(number),
        "source": "records",
        "recorded_at": AT,
        "recorded_by_id": by,
    }


def _person(number: int, by: int) -> Row:
    key = person_id(number)
    return {
        "id": key,
        "identity": key,
        "reference": f"B{number:08}",
        "recorded_at": AT,
        "recorded_by_id": by,
    }


def _name(number: int, by: int) -> Row:
    return _fact(3, number, by) | {"kind": "usual", "written": name_of(number)}


def _birth(number: int, by: int) -> Row:
    born = date(1946, 1, 1) + timedelta(days=(number * 7_919) % 24_000)
    return _fact(4, number, by) | {"earliest": born, "latest": born, "certainty": "said"}


def _index(store: Store, people: int) -> None:
    from safehold.records.people.models import NameKey, NamePair, NameWord

    pairs = lru_cache(maxsize=200_000)(spelling.pairs_of)
    words = {word for name in map(name_of, range(people)) for word in spelling.words_of(name)}
    store.take(NameWord, ({"word": word} for word in sorted(words)))
    store.take(
        NameKey,
        ({"key": key, "word_id": word} for word in words for key in spelling.keys_of(word)),
    )
    store.take(
        NamePair,
        (
            {"key": key, "name_id": UUID(int=(3 << 120) + number, version=4)}
            for number in range(people)
            for key in pairs(name_of(number))
        ),
    )


def fill_incidents(store: Store, incidents: int, people: int, by: int) -> None:
    """Write incidents, each with somebody it was done to and somebody who is said to have.

    A tenth of the people have half of the parts, as a force's records have.
    """
    from safehold.records.incidents.models import Incident, Role

    store.take(Incident, (_incident(number, incidents, by) for number in range(incidents)))
    store.take(Role, _roles(incidents, people, by))


def _incident(number: int, incidents: int, by: int) -> Row:
    key = incident_id(number)
    began = AT - timedelta(days=YEARS * 365 * (1 - number / incidents))
    crime = number % 3 != 0
    decided = {
        "crime_decision": "crime" if crime else "not_crime",
        "crime_reason": "As the records system has it",
        "crime_decided_at": began + timedelta(hours=9),
        "crime_decided_by_id": by,
    }
    return {
        "id": key,
        "reference": f"I{number:08}",
        "starts_at": began,
        "time_precision": "hours",
        "classification": ("domestic", "stalking", "control", "sexual")[number % 4],
        "crime_rests_with": "supervisor",
        "linkable": True,
        "link_basis": "recorded",
        "link_key": key,
        "recorded_at": began + timedelta(hours=1),
        "recorded_by_id": by,
        **decided,
    }


def _roles(incidents: int, people: int, by: int) -> Iterator[Row]:
    chance, numbers = random.Random(7), count()
    for number in range(incidents):
        for part, category in (("victim", "victim"), ("suspect", "suspect")):
            few = chance.random() < 0.5
            who = int(chance.random() * (people // 10 if few else people))
            yield {
                "id": UUID(int=(5 << 120) + next(numbers), version=4),
                "incident_id": incident_id(number),
                "part": part,
                "person_id": person_id(who),
                "category": category,
                "link_key_id": incident_id(number),
                "tied_at": AT,
                "tied_by_id": by,
            }
