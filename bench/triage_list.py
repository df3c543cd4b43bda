"""The lists of the unit's desk with 100,000 slips in the store, as an officer's browser asks.

A tenth as many again came in a flood. Beside each page stands the same page with 1,000 slips, in the same run: how little it grows is
the point. The slowest query of each page is named where a page takes too long.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from bench._installations import Installation, installations
from tests.servers import ROOT, environment

BAR_MS = 100
FEW, MANY = 1_000, 100_000
QUOTED = "GlobaLeaks 20-30 s at 1,000 before its mending (quoted)"


def main() -> bool:
    """Print what each page takes; return True when one misses the bar."""
    missed = False
    for installation in installations():
        found = {}
        for slips in (FEW, MANY):
            with installation() as made:
                found[slips] = _pages(made, slips)
                store = made.store
        for label, many in found[MANY].items():
            few = found[FEW][label]
            print(
                f"   {store:10} {label:28} {many['median']:6.1f} ms, {many['processor']:.1f} of"
                f" processor, {many['queries']} queries; with {FEW:,}: {few['median']:.1f} ms"
            )
            if many["median"] > BAR_MS:
                missed = True
                _explain(many)
    print(f"   median of the page in the application; bar {BAR_MS} ms with {MANY:,}; {QUOTED}")
    return missed


def _explain(page: dict[str, Any]) -> None:
    milliseconds, sql = page["slowest"]
    print(f"      slowest query, {milliseconds:.0f} ms: {sql[:160]} … {sql[-200:]}")
    for line in page["plan"]:
        print(f"      {line}")


def _pages(made: Installation, slips: int) -> dict[str, dict[str, Any]]:
    settings = {**made.settings("staff"), "DJANGO_SETTINGS_MODULE": "safehold.config.settings"}
    owner = made.urls.get("SAFEHOLD_DATABASE_URL", "")
    done = subprocess.run(
        [sys.executable, "-m", "bench._triage_pages", str(slips), owner],
        env=environment(**settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found
