"""Run the measurements: `python -m bench [NAME...]`; every one without names."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import time

import bench


def main(wanted: list[str]) -> int:
    """Run each measurement and print its table; return 1 when one missed its bar."""
    names = sorted(module.name for module in pkgutil.iter_modules(bench.__path__))
    names = [name for name in names if not name.startswith("_")]
    unknown = set(wanted) - set(names)
    if unknown:
        print(f"There is no measurement named {', '.join(sorted(unknown))}: {', '.join(names)}")
        return 2
    missed = False
    for name in wanted or names:
        print(f"\n== {name}", flush=True)
        began = time.perf_counter()
        missed |= bool(importlib.import_module(f"bench.{name}").main())
        print(f"   ({time.perf_counter() - began:.0f} s)", flush=True)
    return int(missed)


sys.exit(main(sys.argv[1:]))
