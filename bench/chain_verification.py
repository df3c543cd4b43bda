"""The nightly check of the audit chain: every row's hash made anew and held to the row before it.

Beside it, in the same run, the same rows read and nothing done with them: what the check itself
costs is the rest.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from bench._installations import Installation, installations
from tests.servers import ROOT, environment

BAR = 100_000  # rows a second
ROWS = 200_000


def main() -> bool:
    """Print rows a second of the check and of reading alone; return True below the bar."""
    missed = False
    for installation in installations():
        with installation() as made:
            found = _checked(made)
        check, read = (found["rows"] / found[name] for name in ("check", "read"))
        print(
            f"   {made.store:10} {check:9,.0f} rows a second checked, {read:9,.0f} only read"
            f" (read / checked = {read / check:.1f}); {found['rows']:,} rows;"
            f" {found['processor'] / found['rows'] * 1e6:.1f} microseconds of processor a row;"
            f" bar {BAR:,}"
        )
        missed |= check < BAR
    return missed


def _checked(made: Installation) -> dict[str, float]:
    rows = ROWS // 10 if os.environ.get("SAFEHOLD_BENCH_FEW") else ROWS
    done = subprocess.run(
        [sys.executable, "-m", "bench._chain_rows", str(rows)],
        env=environment(
            **made.settings("staff"), DJANGO_SETTINGS_MODULE="safehold.config.settings"
        ),
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found
