"""The whole of telling what happened, without scripts, from the first page to the receipt.

Two web processes on two cores, which the sixteen people who tell share with them: each presses on as
soon as a page is there. What the server's processes took is read from the kernel. Beside it stands
what as many pages take that keep nothing of anybody.
"""

from __future__ import annotations

import os
import statistics
import threading
import time
from contextlib import closing
from dataclasses import dataclass, field

from bench._installations import Installation, installations
from bench._person import Person
from bench._processor import cpu_seconds, family_seconds, servers_below_us
from bench._submitting import SAID
from tests.servers import running

BAR = 10  # reports a second
PEOPLE, EACH = 16, 8
START, PAGE = "/report/tell/", "/cookies/"
QUOTED = "Hush Line 50 best, 15-25 busy (two requests each); SecureDrop 0.6-0.9 (quoted)"
ANSWERS = {
    "now": {"danger": "no"},
    "who_for": {"who": "me"},
    "about": {"about": ["home", "stalking"]},
    "identity": {"how": "hidden"},
    "name": {"name": "Zanzibar Quill"},
    "contact": {"method": "call", "to": "07700 900123"},
    "what": {"text": SAID},
    "who": {"who": "ex"},
    "risk": {"risk": ["strangled"]},
    "children": {"answer": "no"},
}


@dataclass
class Told:
    """What came of it: requests and waits of everybody, receipts, and what was refused."""

    receipts: int = 0
    requests: int = 0
    waits: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def main() -> bool:
    """Print reports a second and processor time of each; return True when the bar is missed."""
    missed = False
    for installation in installations():
        with installation() as made:
            settings = {**made.settings("public"), "SAFEHOLD_WORKERS": "2"}
            with running("public", made.folder / "data", settings) as address:
                missed |= _measured(made, address)
    print(f"   {PEOPLE} people, {EACH} reports each, 2 processes; {QUOTED}")
    return missed


def _measured(made: Installation, address: str) -> bool:
    _tell(address, reports=2)
    pids = servers_below_us()
    before, database, began = cpu_seconds(pids), _seconds(made), time.perf_counter()
    senders = time.process_time()
    told = _tell(address, reports=EACH)
    took, senders = time.perf_counter() - began, time.process_time() - senders
    ours, theirs = cpu_seconds(pids) - before, _seconds(made) - database
    each = (ours + theirs) / max(told.receipts, 1) * 1000
    sending = senders / max(told.receipts, 1) * 1000
    other = _same_number_of_pages(address, pids, told.requests // max(told.receipts, 1))
    rate = told.receipts / took
    waits = sorted(told.waits)
    print(
        f"   {made.store:10} {rate:5.1f} reports a second, bar {BAR}: {rate / BAR:.1f} times;"
        f" {told.requests / max(told.receipts, 1):.0f} requests each; refused: {len(told.refused)}"
    )
    print(
        f"   {made.store:10} {each:.0f} ms processor time a report"
        f" ({theirs / max(told.receipts, 1) * 1000:.0f} of it the database's),"
        f" {each / other:.1f} times as many pages of {PAGE}, which keep nothing ({other:.0f} ms)"
    )
    print(
        f"   {made.store:10} a request waits {statistics.median(waits) * 1000:.0f} ms (median),"
        f" 95th percentile {waits[int(len(waits) * 0.95)] * 1000:.0f} ms"
    )
    print(
        f"   {made.store:10} two cores: at most {2_000 / (each + sending):.1f} a second by processor"
        f" time beside those who tell ({sending:.0f} ms a report), {2_000 / each:.1f} without them;"
        f" load of this machine now {os.getloadavg()[0]:.1f}"
    )
    for refused in told.refused[:3]:
        print(f"   {made.store:10} REFUSED: {refused}")
    return rate < BAR or bool(told.refused)


def _same_number_of_pages(address: str, pids: list[int], pages: int) -> float:
    before = cpu_seconds(pids)
    person = Person(address)
    for _ in range(10 * pages):
        person.gets(PAGE)
    return (cpu_seconds(pids) - before) / 10 * 1000


def _tell(address: str, *, reports: int) -> Told:
    told, lock = Told(), threading.Lock()

    def one() -> None:
        for _ in range(reports):
            receipt, waits, refused = "", [], []
            try:
                with closing(Person(address)) as person:
                    waits = person.waits
                    receipt = person.tells(START, ANSWERS)
            except (RuntimeError, OSError) as error:
                refused.append(str(error))
            with lock:
                told.receipts += "<h1>We have it</h1>" in receipt
                told.requests += len(waits)
                told.waits += waits
                told.refused += refused

    threads = [threading.Thread(target=one) for _ in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def _seconds(made: Installation) -> float:
    return 0.0 if made.database is None else family_seconds(made.database)
