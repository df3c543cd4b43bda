"""Fifty officers at once on the running server, each pressing on as soon as a page is there.

Two web processes, on the two cores that those who ask share with them. What the server's processes
took is read from the kernel. Beside it stands a page that asks for nothing but who is signed in.
"""

from __future__ import annotations

import json
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from bench._installations import Installation, installations
from bench._person import Person
from bench._processor import cpu_seconds, family_seconds, servers_below_us
from bench._unit_pages import misspelt
from tests.servers import ROOT, environment, running
from tools.with_postgresql import OWNER

SIZE = (10_000, 30_000, 2_000)
ROUNDS = 3
PLAIN = "/staff/people/"
WHY = {"look_reason": "Called tonight"}
ACT = {"kind": "interpreter", "words": "Sorani", "source": "seen", "source_words": "Her passport"}
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_FINE = {200, 302, 303}
Asked = tuple[str, str, str, dict[str, str]]


@dataclass
class Served:
    """How long each sort of page took whoever asked, and what was answered otherwise."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def main() -> bool:
    """Print what each page takes with all at once; return True when one was answered an error."""
    missed = False
    for installation in installations():
        with installation() as made:
            officers = _signed_in(made)
            settings = {**made.settings("staff"), "SAFEHOLD_WORKERS": "2"}
            with running("staff", made.folder / "data", settings) as address:
                missed |= _measured(made, address, officers)
    return missed


def _measured(made: Installation, address: str, officers: list[Any]) -> bool:
    _all_at_once(address, officers[:4], rounds=1)
    pids = servers_below_us()
    before, database, began = cpu_seconds(pids), _seconds(made), time.perf_counter()
    served = _all_at_once(address, officers, rounds=ROUNDS)
    took = time.perf_counter() - began
    ours, theirs = cpu_seconds(pids) - before, _seconds(made) - database
    count = sum(map(len, served.waits.values()))
    plain = _plain_page(made, address, pids, officers[0])
    each = (ours + theirs) / max(count, 1) * 1000
    print(
        f"   {made.store}: {len(officers)} officers at once, {count:,} requests in {took:.0f} s"
        f" ({count / took:.1f} a second), errors: {len(served.errors)}"
    )
    for label, waits in served.waits.items():
        longest = sorted(waits)[int(len(waits) * 0.95)]
        print(
            f"   {made.store:10} {label:28} waits {statistics.median(waits) * 1000:6.0f} ms"
            f" (median), 95th percentile {longest * 1000:.0f} ms"
        )
    print(
        f"   {made.store:10} {each:.0f} ms of processor a request"
        f" ({theirs / max(count, 1) * 1000:.0f} of it the database's), {each / plain:.1f} times"
        f" {PLAIN} ({plain:.0f} ms); two cores: at most {2_000 / each:.0f} a second;"
        f" load of this machine now {os.getloadavg()[0]:.1f}"
    )
    for error in served.errors[:5]:
        print(f"   {made.store:10} ERROR: {error}")
    return bool(served.errors)


def _all_at_once(address: str, officers: list[Any], *, rounds: int) -> Served:
    served, lock = Served(), threading.Lock()

    def one(officer: Any) -> None:
        chance = random.Random(officer["name"])
        with closing(Person(address)) as person:
            person.cookies = dict(officer["cookies"])
            token = _token(person)
            for label, method, path, fields in _asks(officer, chance, rounds):
                began, sent = time.perf_counter(), {**fields, **(token if fields else {})}
                try:
                    status, page = person.asks(method, path, **sent)
                    wrong = "" if status in _FINE and _is_there(label, page, status) else status
                except (RuntimeError, OSError) as error:
                    wrong = str(error)
                with lock:
                    served.waits.setdefault(label, []).append(time.perf_counter() - began)
                    if wrong:
                        served.errors.append(f"{label}: {wrong}")

    threads = [threading.Thread(target=one, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return served


def _asks(officer: Any, chance: random.Random, rounds: int) -> Iterator[Asked]:
    """Give what an officer asks for: six pages a round, in an order of their own."""
    for _ in range(rounds):
        person, case = chance.choice(officer["people"]), chance.choice(officer["cases"])
        search = {"name": misspelt(officer["name"], chance), **WHY}
        turns: list[list[Asked]] = [
            [("search by a misspelt name", "POST", "/staff/people/", search)],
            [
                ("a person's page", "POST", f"/staff/people/{person}/", WHY),
                ("a need is recorded", "POST", f"/staff/people/{person}/add/need/", ACT),
            ],
            [
                ("a case, opened", "POST", f"/staff/cases/{case}/", WHY),
                ("a case, again", "GET", f"/staff/cases/{case}/", {}),
            ],
            [("my work", "GET", "/staff/", {})],
        ]
        chance.shuffle(turns)
        for turn in turns:
            yield from turn


def _token(person: Person) -> dict[str, str]:
    """Return what a form of the staff site holds, so that it is taken from nobody else's page."""
    found = _TOKEN.search(person.gets(PLAIN))
    return {"csrfmiddlewaretoken": found[1]} if found else {}


def _is_there(label: str, page: str, status: int) -> bool:
    """Tell whether the page is what was asked for, and no form that asks again."""
    if label == "a need is recorded":
        return status in {302, 303}
    case = "Who works on it"
    said = {"a person's page": "Names", "a case, opened": case, "a case, again": case}
    return status == 200 and said.get(label, "<h1") in page


def _plain_page(made: Installation, address: str, pids: list[int], officer: Any) -> float:
    before, database = cpu_seconds(pids), _seconds(made)
    with closing(Person(address)) as person:
        person.cookies = dict(officer["cookies"])
        for _ in range(60):
            person.gets(PLAIN)
    return (cpu_seconds(pids) - before + _seconds(made) - database) / 60 * 1000


def _signed_in(made: Installation) -> list[Any]:
    settings = {**made.settings("staff"), "DJANGO_SETTINGS_MODULE": "safehold.config.settings"}
    owner = made.urls.get("SAFEHOLD_DATABASE_URL", "").replace(f"{OWNER}@", "postgres@")
    done = subprocess.run(
        [sys.executable, "-m", "bench._officers", *map(str, SIZE), owner],
        env=environment(**settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    officers: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return officers


def _seconds(made: Installation) -> float:
    return 0.0 if made.database is None else family_seconds(made.database)
