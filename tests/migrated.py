"""Where a migrated pair of stores is kept between runs, by its migrations' digest."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

SOURCES = Path(__file__).resolve().parent.parent / "src" / "safehold"


def template(engine: str = "") -> Path:
    """Return the folder of the pair, which a session of tests makes where it is not there yet."""
    digest = hashlib.sha256()
    triggers = [SOURCES / "records" / f"{name}.py" for name in ("append_only", "removals")]
    for path in [*sorted(SOURCES.glob("**/migrations/*.py")), *triggers]:
        digest.update(path.name.encode() + path.read_bytes())
    requirements = SOURCES.parent.parent / "requirements" / "runtime.txt"
    whole = hashlib.sha256(digest.digest() + requirements.read_bytes()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"safehold-template-{whole}{engine}"
