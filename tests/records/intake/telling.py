"""Processes that send report after report until they are killed.

`python -m tests.records.intake.telling KEYS STORES FILE` makes one for each line that it reads and
prints its number. Each writes a receipt down only when it was given one, as a browser shows it:
what stands in the file was promised. And it writes down before it sends what a browser would still
hold afterwards.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import django

from safehold.config.processes import end_with_parent

SAID = "Winterbourne waited at the gate again, as on Monday."


def main(keys: Path, stores: dict[str, str], noted: Path) -> None:
    """Get ready once, then make a process for each line."""
    django.setup()
    from django.conf import settings
    from django.db import connections
    from django.utils.timezone import now

    from safehold.records.intake import operations

    settings.KEYS_FOLDER = keys
    for alias, name in stores.items():
        connections[alias].settings_dict["NAME"] = name
    # Once here, so that none of them spends its short life on loading.
    ready = operations.start_draft(journey="harm", at=now())
    operations.save_answers(ticket=ready, answers={}, at=now())
    operations.discard_draft(draft_id=ready.draft_id, at=now())
    connections.close_all()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever is killed is gone at once
    maker = os.getpid()
    for _ in sys.stdin:
        number = os.fork()
        if number == 0:
            end_with_parent(maker)  # nobody kills it where the test itself was killed
            tell(noted)
        print(number, flush=True)


def tell(noted: Path) -> None:
    """Send reports for as long as there is somebody to send them."""
    from django.utils.timezone import now

    from safehold.records.intake import operations

    notes = os.open(noted, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    while True:
        mark = uuid4().hex
        ticket = operations.start_draft(journey="harm", at=now())
        operations.save_answers(ticket=ticket, answers=account(mark), at=now())
        _note(notes, mark=mark, draft=str(ticket.draft_id), half=ticket.device_half)
        receipt = operations.submit(ticket=ticket, **report(mark), at=now())
        _note(notes, mark=mark, reference=receipt.reference)


def account(mark: str) -> dict[str, Any]:
    """Give what is told in the report of a mark."""
    return {"what": SAID, "mark": mark}


def report(mark: str) -> dict[str, Any]:
    """Give what the report of a mark is made of."""
    return {"slip": {"kind": "harm"}, "account": account(mark), "identity": {"name": "Ada"}}


def _note(file: int, **said: str) -> None:
    os.write(file, json.dumps(said).encode() + b"\n")  # one write: all of the line or none of it


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]), Path(sys.argv[3]))
