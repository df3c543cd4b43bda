"""When the practice site is filled in tests, and what is in it then."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from safehold.config import practice
from safehold.demonstration.feedback import FEEDBACK

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
FORCES = Path(__file__).parents[2] / "forces"
TOLD = 8 + 1  # one names a linked person of the practice officer
SEALED = 48 + TOLD + len(FEEDBACK)


def truth(folder: Path) -> dict[str, Any]:
    """Return what was planted in the data of a site."""
    return json.loads((folder / practice.FOLDER / "truth.json").read_text())
