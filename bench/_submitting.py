"""One web process of `bench.submission`: it prepares, says so, waits for the word, and counts.

    python -m bench._submitting ACT THREADS EACH

It prints `ready`, reads a line, acts, prints its seconds of processor, and ends at the next line.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import django

# What the peers were given: a message of 424 characters, here with a name that is hidden.
SAID = ("He waited at the gate again and followed us to the bus, as on Monday. " * 7)[:424]
ANSWERS = {
    "now": {"danger": "no"},
    "who_for": {"who": "me"},
    "what": {"text": SAID},
    "identity": {"how": "hidden"},
    "name": {"name": "Zanzibar Quill"},
    "contact": {"method": "call", "to": "07700 900123"},
}

Act = Callable[[], object]


def sealed(made: Any, at: Any) -> Act:
    """Prepare the final submission of one draft, as the button Send does it."""
    from safehold.records.intake import operations

    ticket = operations.start_draft(journey="harm", at=at)
    operations.save_answers(ticket=ticket, answers=ANSWERS, at=at)
    return lambda: operations.submit(
        ticket=ticket, slip=made.slip, account=made.account, identity=made.identity, at=at
    )


def plain(made: Any, at: Any) -> Act:
    """Prepare one row of the same table, in the clear: no draft, no envelope, no chain."""
    from django.db import transaction

    from safehold.records.intake.models import SealedReport

    def insert() -> None:
        row = SealedReport(
            id=uuid4(),
            reference=uuid4().hex[:9],
            received_at=at,
            slip=json.dumps(dict(made.slip)).encode(),
            account=json.dumps(dict(made.account)).encode(),
            identity=json.dumps(dict(made.identity)).encode(),
            submission=uuid4().hex,
        )
        with transaction.atomic(using="intake"):
            row.save(using="intake")

    return insert


def only_seal(made: Any, at: Any) -> Act:
    """Seal three envelopes and write nothing."""
    from safehold.records.intake import recording

    return lambda: recording.sealed(
        uuid4(), slip=made.slip, account=made.account, identity=made.identity
    )


ACTS: dict[str, Callable[[Any, Any], Act]] = {"sealed": sealed, "plain": plain, "seal": only_seal}


def main(act: str, threads: int, each: int) -> None:
    """Act from several threads at once, each with connections of its own."""
    django.setup()
    from django.db import connections
    from django.utils import timezone

    from safehold.domain.journey.answers import Answers
    from safehold.domain.journey.harm import harm_report

    at = timezone.now()
    made = harm_report(Answers.from_plain(ANSWERS), at=at, zone=ZoneInfo("Europe/London"))
    if made.identity is None:
        raise RuntimeError("The report has no hidden name: its third envelope was not measured.")
    acts = [[ACTS[act](made, at) for _ in range(each)] for _ in range(threads)]
    connections.close_all()
    gate, failures = threading.Barrier(threads + 1), []

    def run(mine: list[Act]) -> None:
        try:
            connections["intake"].ensure_connection()
            gate.wait()
            for one in mine:
                one()
        except BaseException as error:
            failures.append(repr(error))
        finally:
            connections.close_all()

    running = [threading.Thread(target=run, args=(mine,)) for mine in acts]
    for thread in running:
        thread.start()
    print("ready", flush=True)
    sys.stdin.readline()
    before = time.process_time()
    gate.wait()
    for thread in running:
        thread.join()
    print(json.dumps({"processor": time.process_time() - before, "failures": failures}), flush=True)
    sys.stdin.readline()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
