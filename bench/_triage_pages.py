"""The staff side of `bench.triage_list`: 100,000 slips, and the pages as an officer asks for them.

python -m bench._triage_pages SLIPS OWNER
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import django
import psycopg

TIMES, BATCH = 20, 2_000
# What the scheduler opens at a time.
AT_ONCE = 100
# Most of the unit's reports are decided; a tenth waits, which is a backlog nobody has seen yet.
NEW, ACCEPTED = 0.10, 0.75


def main(slips: int, owner: str) -> None:
    """Fill the store, ask for each page, and print what each took as one line of JSON."""
    django.setup()
    from django.test import Client

    from safehold.domain.access import Role
    from safehold.records.triage.queries import PER_PAGE
    from tests.desk import member, sign_in

    officer, other = member(Role.SUPERVISOR), member(Role.SUPERVISOR, name="Ana Reed")
    _fill(slips, officer, other)
    gathering = _flood(slips // 10)
    _gather_statistics(owner)
    client = Client(SERVER_NAME="127.0.0.1")
    sign_in(client, officer)
    middle = int(slips * NEW / PER_PAGE / 2)
    decided = int(slips * ACCEPTED / PER_PAGE / 2)
    pages = {
        "inbox, first page": "/staff/reports/",
        "inbox, middle page": f"/staff/reports/?page={middle}",
        "inbox, accepted, middle page": f"/staff/reports/?state=accepted&page={decided}",
        "inbox, late, middle page": f"/staff/reports/?state=late&page={middle}",
        "my work": "/staff/",
        "the watch": "/staff/watch/",
    }
    found = {label: _asked(client, address) for label, address in pages.items()}
    print(json.dumps({**found, "100 more of a flood gathered": gathering}))


def _asked(client: Any, address: str) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    queries = list(asked.captured_queries)  # the next request clears them
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    waits, before = [], time.process_time()
    for _ in range(TIMES):
        began = time.perf_counter()
        client.get(address)
        waits.append((time.perf_counter() - began) * 1000)
    slowest = max(queries, key=lambda query: float(query["time"]))
    return {
        "median": statistics.median(waits),
        "processor": (time.process_time() - before) / TIMES * 1000,
        "queries": len(queries),
        "slowest": [float(slowest["time"]) * 1000, slowest["sql"]],
        "plan": _plan(connection, slowest["sql"]),
    }


def _plan(connection: Any, sql: str) -> list[str]:
    if not sql.startswith("SELECT"):
        return []
    how = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with connection.cursor() as cursor:
        try:
            cursor.execute(f"{how} {sql}")
        except Exception as error:  # the text of a query is not always a query again
            return [repr(error)]
        return [str(row[-1]) for row in cursor.fetchall()]


def _fill(slips: int, officer: Any, other: Any) -> None:
    from safehold.records.clocks.models import Clock
    from safehold.records.duty.models import Alarm
    from safehold.records.triage.models import State, TriageSlip

    rows = _rows(slips, officer, other)
    while batch := list(islice(rows, BATCH)):
        TriageSlip.objects.bulk_create(batch)
        Clock.objects.bulk_create([clock for slip in batch for clock in _clocks(slip, officer)])
        Alarm.objects.bulk_create([_alarm(slip) for slip in batch if slip.state == State.NEW])


def _alarm(slip: Any) -> Any:
    """Give the alarm of a new report, as if each were long over where it has no danger prompt."""
    from safehold.records.duty.models import Alarm, Because, Desk

    return Alarm(
        report_id=slip.report_id,
        desk=Desk.STANDARDS if slip.police_party else Desk.UNIT,
        because=Because.DANGER if slip.danger and slip.owner is None else Because.LATE,
        raised_at=slip.received_at,
        next_at=slip.received_at,
    )


def _clocks(slip: Any, officer: Any) -> Iterator[Any]:
    """Give the clocks of a report as its arrival starts them, stopped where it was decided."""
    from safehold.domain import answering
    from safehold.domain.answering import Waits
    from safehold.records.clocks.models import Clock
    from safehold.records.triage import watching

    for each in answering.clocks_of(watching.arrived(slip), starts_at=slip.received_at):
        owned = slip.owner is not None and each.waits == Waits.OWNER
        stopped = slip.closed_at or (slip.opened_at if owned else None)
        yield Clock(
            report_id=slip.report_id,
            waits=each.waits,
            rules_version=answering.version(),
            starts_at=each.starts_at,
            due_at=each.due_at,
            alarms_at=answering.alarms_at(starts_at=each.starts_at, due_at=each.due_at),
            stopped_at=stopped,
            stopped_by=officer if stopped else None,
            stopped_how="report accepted" if stopped else "",
        )


def _flood(count: int) -> dict[str, Any]:
    """Have a tenth as many arrive in one hour, a third with a danger prompt, in batches.

    What is measured is what each batch adds to the work of the scheduler.
    """
    from django.utils import timezone

    from safehold.records.intake.operations import coarse
    from safehold.records.triage import floods
    from safehold.records.triage.models import TriageSlip

    now, waits, before = coarse(timezone.now()), [], time.process_time()
    for start in range(0, count, AT_ONCE):
        rows = [
            TriageSlip(
                report_id=UUID(int=start + number + 1, version=4),
                arrival=20_000_000 + start + number,
                reference=f"F{start + number:07}",
                kind="place",
                shape="danger" if number % 3 == 0 else "quiet",
                prompts=[{"prompt": "followed", "reason": "Followed now"}] * (number % 3 == 0),
                danger=number % 3 == 0,
                party_is_police="no",
                received_at=now,
                opened_at=now,
                tried_at=now,
            )
            for number in range(AT_ONCE)
        ]
        TriageSlip.objects.bulk_create(rows)
        began = time.perf_counter()
        floods.gather(rows, at=now)
        waits.append((time.perf_counter() - began) * 1000)
    return {
        "median": statistics.median(waits),
        "processor": (time.process_time() - before) / max(1, len(waits)) * 1000,
        "queries": 5,
        "slowest": [0, "of one hour"],
        "plan": [],
    }


def _gather_statistics(owner: str) -> None:
    # As PostgreSQL does by itself after a while; on SQLite nobody does, so nobody does here.
    if owner:
        with psycopg.connect(owner, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE triage_slip, clock, duty_alarm")


def _rows(slips: int, officer: Any, other: Any) -> Iterator[Any]:
    from django.utils import timezone

    from safehold.records.intake.operations import coarse
    from safehold.records.triage.models import State, TriageSlip

    chance, now = random.Random(20261122), coarse(timezone.now())
    for number in range(slips):
        where = chance.random()
        state = (
            State.NEW
            if where < NEW
            else State.ACCEPTED
            if where < NEW + ACCEPTED
            else State.SET_ASIDE
        )
        danger = chance.random() < 0.2
        at = now - timedelta(hours=(slips - number) // 10)
        closed = None if state == State.NEW else at + timedelta(days=1)
        confirmed = state == State.SET_ASIDE and danger and chance.random() < 0.99
        yield TriageSlip(
            report_id=UUID(int=chance.getrandbits(128), version=4),
            arrival=10_000_000 + number,
            reference=f"B{number:07}",
            kind=chance.choice(("place", "harm")),
            prompts=[{"prompt": "followed", "reason": "Followed now"}] if danger else [],
            danger=danger,
            danger_now=danger and chance.random() < 0.3,
            cell="",
            party_is_police=chance.choices(("no", "not asked", "yes"), (80, 18, 2))[0],
            received_at=at,
            opened_at=at,
            tried_at=at,
            state=state,
            owner=_owner(state, chance, officer, other),
            closed_at=closed,
            closed_by=officer if closed else None,
            set_aside_reason="Reported twice" if state == State.SET_ASIDE else "",
            confirmed_at=closed if confirmed else None,
            confirmed_by=other if confirmed else None,
            confirmed_reason="Read it too" if confirmed else "",
        )


def _owner(state: str, chance: random.Random, officer: Any, other: Any) -> Any:
    """Give whoever accepted a report, as accepting gives it; few that wait have anybody."""
    if state == "accepted":
        return officer if chance.random() < 0.1 else other
    return officer if state == "new" and chance.random() < 0.001 else None


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
