"""Where heads of the audit are kept: a folder, or an address that takes a POST of one head."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


class BadAddress(ValueError):
    """Nothing could be kept there; the message says what an address may be."""


@dataclass(frozen=True, slots=True)
class HeadAddress:
    """One address as it was written; `folder` is None where heads are posted."""

    text: str
    folder: Path | None

    def is_inside(self, data: Path) -> bool:
        """Tell whether whoever can rewrite a data folder could rewrite the heads here too."""
        return self.folder is not None and self.folder.resolve().is_relative_to(data.resolve())


def parse(text: str) -> HeadAddress:
    """Read one address. Raises BadAddress unless it is a folder, https, or http to this machine."""
    if not _SCHEME.match(text):
        return HeadAddress(text, Path(text))
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise BadAddress(f"{text} is not an address.") from None
    if parts.scheme not in {"https", "http"} or not host:
        raise BadAddress(f"{text} is neither a folder nor an https:// address.")
    if parts.scheme == "http" and host not in _THIS_MACHINE:
        raise BadAddress(f"{text} could be changed on its way: only https:// leaves this machine.")
    return HeadAddress(text, None)
