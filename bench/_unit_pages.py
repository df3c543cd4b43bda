"""The staff side of `bench.unit_pages`: records in bulk, and the pages as an officer asks for them.

python -m bench._unit_pages PEOPLE INCIDENTS ACTIONS OWNER
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import django

TIMES = 60
_OFFICERS = 50
_NOT_COUNTED = ("BEGIN", "COMMIT")  # where a transaction begins and ends


def main(people: int, incidents: int, actions: int, owner: str) -> None:
    """Fill the store, ask for each page, and print what each took as one line of JSON."""
    django.setup()
    from django.test import Client

    from bench import _unit_records as records
    from safehold.domain.access import Role
    from tests.desk import member, sign_in

    officer = member(Role.SUPERVISOR)
    others = [member(name=f"Officer {number}").pk for number in range(_OFFICERS - 1)]
    took = filled(records, (people, incidents, actions), owner, [officer.pk, *others])
    client = Client(SERVER_NAME="127.0.0.1")
    sign_in(client, officer)
    found = {
        "search by a misspelt name": _searched(client, records, people),
        "a person's page": _people(client, records, people),
        "a case and its timeline": _cases(client, actions),
        "my work, of a supervisor": _asked(lambda _: client.get("/staff/"), iter(range(TIMES))),
    }
    like = _like(records, people)
    print(json.dumps({"pages": found, "filled": took, "like": like}))


def filled(
    records: Any, size: tuple[int, int, int], owner: str, officers: list[int]
) -> dict[str, float]:
    """Write people, incidents and open actions; return how long each took."""
    from django.db import connection

    from bench import _unit_cases as unit_cases

    name = str(connection.settings_dict["NAME"])
    connection.close()
    store = records.Postgresql(owner) if owner else records.Sqlite(name)
    people, incidents, actions = size
    took, began = {}, time.perf_counter()
    records.fill_people(store, people, officers[0])
    took["people"], began = time.perf_counter() - began, time.perf_counter()
    records.fill_incidents(store, incidents, people, officers[0])
    took["incidents"], began = time.perf_counter() - began, time.perf_counter()
    unit_cases.fill_cases(store, actions, people, officers)
    took["cases"] = time.perf_counter() - began
    store.finish()
    return took


def misspelt(name: str, chance: random.Random) -> str:
    """Return a name as it is heard: one letter of each word wrong, gone, doubled or swapped."""
    return " ".join(_heard(word, chance) for word in name.split())


def _heard(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    wrong = chance.choice("aeionrst")
    return chance.choice(
        (
            word[:at] + wrong + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def _searched(client: Any, records: Any, people: int) -> dict[str, Any]:
    chance = random.Random(17)
    wanted = [chance.randrange(people) for _ in range(TIMES)]
    found = 0

    def ask(number: int) -> Any:
        nonlocal found
        typed = {"name": misspelt(records.name_of(number), chance), "look_reason": "Called tonight"}
        answer = client.post("/staff/people/", typed)
        found += str(records.person_id(number)) in answer.content.decode()
        return answer

    return _asked(ask, iter(wanted)) | {"found": found, "of": len(wanted)}


def _people(client: Any, records: Any, people: int) -> dict[str, Any]:
    chance = random.Random(19)
    wanted = [chance.randrange(people // 10) for _ in range(TIMES)]

    def ask(number: int) -> Any:
        path = f"/staff/people/{records.person_id(number)}/"
        return client.post(path, {"look_reason": "Called tonight"})

    return _asked(ask, iter(wanted))


def _cases(client: Any, actions: int) -> dict[str, Any]:
    from bench import _unit_cases as unit_cases

    chance = random.Random(23)
    wanted = [chance.randrange(actions // unit_cases.ACTIONS_OF_A_CASE) for _ in range(TIMES)]

    def ask(number: int) -> Any:
        path = f"/staff/cases/{unit_cases.case_id(number)}/"
        return client.post(path, {"look_reason": "Called tonight"})

    return _asked(ask, iter(wanted))


def _like(records: Any, people: int) -> float:
    """Return how long the alternative takes: the name spelt right, looked for in every row."""
    from safehold.records.people.models import PersonName

    chance, waits = random.Random(29), []
    for _ in range(5):
        first, last = records.name_of(chance.randrange(people)).split()
        began = time.perf_counter()
        rows = PersonName.objects.filter(written__icontains=first, ended_at=None)
        list(rows.filter(written__icontains=last).values_list("person_id")[:50])
        waits.append((time.perf_counter() - began) * 1000)
    return statistics.median(waits)


def _asked(ask: Callable[[int], Any], numbers: Iterator[int]) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        answer = ask(next(numbers))
    if answer.status_code != 200:
        raise RuntimeError(f"The page answered {answer.status_code}")
    queries = list(asked.captured_queries)
    waits, before = [], time.process_time()
    for number in numbers:
        began = time.perf_counter()
        ask(number)
        waits.append((time.perf_counter() - began) * 1000)
    slowest = max(queries, key=lambda query: float(query["time"]))
    return {
        "median": statistics.median(waits),
        "worst": max(waits),
        "processor": (time.process_time() - before) / len(waits) * 1000,
        "queries": sum(not query["sql"].startswith(_NOT_COUNTED) for query in queries),
        "slowest": [float(slowest["time"]) * 1000, slowest["sql"][:300]],
    }


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), sys.argv[4])
