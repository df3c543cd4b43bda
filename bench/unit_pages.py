"""The unit's pages over 1 million people, 3 million incidents and 200,000 open actions.

Each as an officer's browser asks for it; the look's audit is part of each. Beside each stands the same page with a hundredth of the records,
in the same run: how little it grows is the point.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from bench._installations import Installation, installations
from tests.servers import ROOT, environment
from tools.with_postgresql import OWNER

FEW = (10_000, 30_000, 2_000)
TENTH = (100_000, 300_000, 20_000)
MANY = (1_000_000, 3_000_000, 200_000)
SIZES = {"": (FEW, MANY), "tenth": (FEW, TENTH), "1": (FEW,)}  # by SAFEHOLD_BENCH_FEW
BARS = {
    "search by a misspelt name": 50,
    "a person's page": 150,
    "a case and its timeline": 150,
    "my work, of a supervisor": 150,
}
MOST_QUERIES = {"a case and its timeline": 12}


def main() -> bool:
    """Print what each page takes; return True when one misses its bar."""
    sizes = SIZES[os.environ.get("SAFEHOLD_BENCH_FEW", "")]
    missed = False
    for installation in installations():
        found = {}
        for size in sizes:
            with installation() as made:
                found[size] = _pages(made, size)
                store = made.store
        many, few = found[sizes[-1]], found[FEW]
        took = ", ".join(f"{name} {seconds:.0f} s" for name, seconds in many["filled"].items())
        people, incidents, actions = sizes[-1]
        print(
            f"   {store}: {people:,} people, {incidents:,} incidents, {actions:,} actions ({took})"
        )
        for label, page in many["pages"].items():
            print(_line(store, label, page, few["pages"][label]))
            slow = page["median"] > BARS[label]
            missed |= slow or page["queries"] > MOST_QUERIES.get(label, page["queries"])
            if slow:
                print(f"      slowest query, {page['slowest'][0]:.0f} ms: {page['slowest'][1]}")
        search = many["pages"]["search by a misspelt name"]["median"]
        print(
            f"   {store:10} a name spelt right, looked for in every row (LIKE), {many['like']:.1f} ms:"
            f" {many['like'] / search:.1f} times the page that finds a misspelt one"
        )
    return missed


def _line(store: str, label: str, page: dict[str, Any], few: dict[str, Any]) -> str:
    found = f", {page['found']} of {page['of']} found" if "found" in page else ""
    return (
        f"   {store:10} {label:28} {page['median']:6.1f} ms (worst {page['worst']:.0f}),"
        f" {page['processor']:.1f} of processor, {page['queries']} queries{found};"
        f" with {FEW[0]:,}: {few['median']:.1f} ms; bar {BARS[label]} ms"
    )


def _pages(made: Installation, size: tuple[int, int, int]) -> dict[str, Any]:
    settings = {**made.settings("staff"), "DJANGO_SETTINGS_MODULE": "safehold.config.settings"}
    # Only the cluster's own user may leave the foreign keys unlooked at while rows come in bulk.
    owner = made.urls.get("SAFEHOLD_DATABASE_URL", "").replace(f"{OWNER}@", "postgres@")
    done = subprocess.run(
        [sys.executable, "-m", "bench._unit_pages", *map(str, size), owner],
        env=environment(**settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
