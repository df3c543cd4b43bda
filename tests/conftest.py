"""One environment for every test: a practice force, a folder of its own, both stores."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

_folder = tempfile.mkdtemp(prefix="safehold-tests-")
os.environ.setdefault("SITE", "all")
os.environ.setdefault("SAFEHOLD_DATA", _folder)
os.environ.setdefault("SAFEHOLD_DEMONSTRATION", "1")
os.environ.setdefault("SAFEHOLD_FORCE", str(ROOT / "forces" / "mereshire.toml"))
os.environ.setdefault("SAFEHOLD_SHARED_DATA", str(ROOT.parent / "shared" / "data"))
