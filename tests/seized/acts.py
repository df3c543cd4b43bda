"""What is done on the unit's host without a page: a file for a partner, and what a time ends.

Run there as a program of its own, on the stores of the installation: nobody waits a year.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from tests.servers import ROOT

PURPOSE = "A bed above the chandlery tonight"
WHY = "Its time is over and nothing points to a need"


def done(environment: dict[str, str], shared: str, destroyed: str) -> dict[str, str]:
    """Do both on a host; return the partner's key and the file, in hexadecimal."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.seized.acts", shared, destroyed],
        env={
            **environment,
            "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "src"))),
            "DJANGO_SETTINGS_MODULE": "safehold.config.settings",
        },
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    found: dict[str, str] = json.loads(run.stdout.splitlines()[-1])
    return found


def lay_out(folder: Path, given: dict[str, str]) -> None:
    """Give the partner a folder: her file as it was fetched, and the key that opens it."""
    folder.mkdir()
    (folder / "key.txt").write_text(given["secret"])
    (folder / "file.age").write_bytes(bytes.fromhex(given["file"]))


def _share(report_id: str, at: datetime) -> dict[str, str]:
    from safehold.records.shares import following
    from safehold.records.triage import operations as triage
    from tests import partners
    from tests.desk import member

    officer = member()
    triage.open_account(report_id=report_id, reason="Allocated to me", by=officer, at=at)
    to = partners.partner(at=at)
    made = partners.share(
        report_id, partners.plan(to, "vital", "what", purpose=PURPOSE), by=officer, at=at
    )
    file, _ = following.fetch(share_id=made.pk, answers={}, by=officer, at=at)
    return {"secret": to.secret, "file": file.hex()}


def _destroy(report_id: str, at: datetime) -> None:
    from safehold.domain.access import Role
    from safehold.records.retention import destroying, runs
    from safehold.records.triage import operations as triage
    from tests.desk import member
    from tests.whole_reports import end

    officer = member(name="Linus Garth")
    one, other = (member(Role.SUPERVISOR, name=name) for name in ("Pell Lisle", "Ines Quarr"))
    triage.open_account(report_id=report_id, reason="Allocated to me", by=officer, at=at)
    triage.set_aside_report(report_id=report_id, reason="Sent by mistake", by=officer, at=at)
    end(report_id, by=officer, at=at)
    over = at + timedelta(days=365 * 12)
    run = runs.propose(report_ids=[report_id], reason=WHY, by=one, at=over)
    runs.confirm(run_id=run.pk, digest=run.digest, by=other, at=over)
    assert len(destroying.carry_out(at=over + timedelta(days=2))) == 1


def _main() -> None:
    import django

    django.setup()
    from uuid import UUID

    from django.utils.timezone import now

    shared, destroyed = map(UUID, sys.argv[1:3])
    given = _share(shared, now())
    _destroy(destroyed, now())
    sys.stdout.write(json.dumps(given) + "\n")


if __name__ == "__main__":
    _main()
