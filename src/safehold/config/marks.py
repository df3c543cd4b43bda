"""A mark for whoever asks, good for one hour: of an address, under a key that is only in memory.

With it wrong codes can be counted, and nobody can be found: the key is random, never written, and
gone with the hour or the process. No view, log or row sees an address.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from ipaddress import ip_address
from threading import Lock

_HOUR = 3600
_KEY_BYTES = 32
_MARK_BYTES = 8


def is_this_machine(address: str) -> bool:
    """Tell whether an address is a loopback address."""
    try:
        return ip_address(address.strip()).is_loopback
    except ValueError:
        return False


class Marks:
    """The marks of one process: one visitor has one mark for the rest of the hour."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._hour = -1
        self._name, self._key = "", b""

    def of(self, address: str, *, at: float | None = None) -> str:
        """Return the mark of an address: the name of the hour's key, a dot, and a keyed hash.

        Empty for what is no address, and for this machine itself, where everybody looks alike.
        Addresses of IPv6 count by their network of 64 bits, which is one line of one household.
        """
        try:
            known = ip_address(address.strip())
        except ValueError:
            return ""
        if known.is_loopback:
            return ""
        plain = known.packed[:8] if known.version == 6 else known.packed
        name, key = self._current(time.time() if at is None else at)
        hashed = hashlib.blake2b(plain, key=key, digest_size=_MARK_BYTES).hexdigest()
        return f"{name}.{hashed}"

    def _current(self, at: float) -> tuple[str, bytes]:
        with self._lock:
            hour = int(at // _HOUR)
            if hour != self._hour:
                self._hour = hour
                self._name, self._key = secrets.token_hex(4), secrets.token_bytes(_KEY_BYTES)
            return self._name, self._key
