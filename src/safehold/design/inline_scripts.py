"""Scripts that stand inside a page, each allowed by its hash: read once, as they were compiled."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

_FOLDER = Path(__file__).parent / "inline"


def source_of(name: str) -> str:
    """Return the text of a compiled script."""
    return (_FOLDER / f"{name}.js").read_text(encoding="utf-8").strip()


def hash_of(source: str) -> str:
    """Return the hash by which a content policy names a script."""
    return f"sha256-{b64encode(sha256(source.encode()).digest()).decode()}"
