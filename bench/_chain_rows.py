"""One process of `bench.chain_verification`: it appends rows to the audit chain and checks them.

    python -m bench._chain_rows ROWS

It prints, as JSON, the seconds that reading and checking took, the best of three each.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import django

CHUNK = 5_000
ROUNDS = 3


def main(rows: int) -> None:
    """Append, read, check, and say how long it took. Raises RuntimeError where a row breaks."""
    django.setup()
    from safehold.domain import audit_chain
    from safehold.records.audit.chains import CHAINS

    chain = CHAINS[0]
    _append(rows)

    def check() -> None:
        verdict = audit_chain.verify(chain.links(), chain=chain.name)
        if verdict.broken is not None or verdict.rows < rows:
            raise RuntimeError(f"The chain does not hold: {verdict}.")

    def read() -> None:
        for _ in chain.model._default_manager.using(chain.alias).values_list().iterator(CHUNK):
            pass

    processor = time.process_time()
    checked = _best(check)
    processor = (time.process_time() - processor) / ROUNDS
    told = {"rows": chain.count(), "check": checked, "read": _best(read), "processor": processor}
    print(json.dumps(told))


def _append(rows: int) -> None:
    """Append looks as officers leave them, in bulk: a look a second for as long as it takes."""
    from django.db import transaction

    from safehold.domain import audit_chain
    from safehold.records.audit.chains import CHAINS
    from safehold.records.audit.models import AuditEvent

    sequence, previous = CHAINS[0].end()
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for start in range(0, rows, CHUNK):
        made = []
        for number in range(start, min(start + CHUNK, rows)):
            moment = at + timedelta(seconds=number)
            fields = {
                "actor": "Pell Lisle, safeguarding officer",
                "actor_id": "17",
                "actor_kind": "member",
                "agency": "",
                "action": "looked",
                "subject_kind": "person",
                "subject_id": f"5f0c1de2-7a4b-4f38-9c62-{number:012}",
                "reason": "She rang, and asks what is known of him",
                "detail": {"rows": number % 7},
            }
            link = audit_chain.link(
                chain=CHAINS[0].name,
                sequence=sequence + 1,
                previous=previous,
                fields={**fields, "at": audit_chain.timestamp(moment)},
            )
            sequence, previous = link.sequence, link.hash
            kept = {"sequence": sequence, "previous": link.previous, "hash": previous}
            made.append(AuditEvent(**kept, at=moment, **fields))
        with transaction.atomic():
            AuditEvent.objects.bulk_create(made)


def _best(act: Callable[[], None]) -> float:
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        taken.append(time.perf_counter() - began)
    return min(taken)


if __name__ == "__main__":
    main(int(sys.argv[1]))
