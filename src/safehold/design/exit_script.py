"""The script that leaves: its text, read once, and the hash that the content policy allows."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

SOURCE: Final = (Path(__file__).parent / "inline" / "exit.js").read_text(encoding="utf-8").strip()
CSP_HASH: Final = f"sha256-{b64encode(sha256(SOURCE.encode()).digest()).decode()}"
