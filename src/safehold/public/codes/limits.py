"""Making wrong codes slow for whoever tries many, without keeping who that is.

What keeps a code safe is its length and what each guess costs (`crypto.codes`); this only takes the
pleasure out of trying. Nobody is refused, a right code is never slowed, and nothing is stored or
logged: counts lie in the memory of one process, under a key that lasts an hour at most.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import BoundedSemaphore, Lock

WAITS = (0, 0, 0, 1, 2, 4, 8)  # seconds before the answer to the first wrong code, the second, ...
KEY_LASTS = 60 * 60  # seconds
MOST_VISITORS = 10_000  # whoever tried longest ago is forgotten first: a megabyte or two
MOST_ASLEEP = 1  # of the four threads of a process: with all of them asleep the site would be away

_KEY_BYTES = 32
_MARK_BYTES = 16


class WrongCodes:
    """How many wrong codes came from where, in this process and this hour."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._hour: int | None = None
        self._key = b""
        self._counts: OrderedDict[bytes, int] = OrderedDict()

    def seconds_to_wait(self, address: str) -> int:
        """Count one wrong code and return how long its answer should wait.

        There is nothing to call for a right one. It does not take wrong ones back either: else
        whoever holds one right code could use it to try others.
        """
        with self._lock:
            self._begin_hour()
            mark = self._mark(address)
            wrong = self._counts.pop(mark, 0) + 1
            self._counts[mark] = wrong
            if len(self._counts) > MOST_VISITORS:
                self._counts.popitem(last=False)
        return WAITS[min(wrong, len(WAITS)) - 1]

    def _begin_hour(self) -> None:
        hour = int(self._clock() // KEY_LASTS)
        if hour != self._hour:
            self._hour = hour
            self._key = secrets.token_bytes(_KEY_BYTES)
            self._counts.clear()

    def _mark(self, address: str) -> bytes:
        return hmac.digest(self._key, _household(address).encode(), hashlib.sha256)[:_MARK_BYTES]


class Waiting:
    """Waiting inside a request, by so few at a time that the others are still answered."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._sleep = sleep
        self._places = BoundedSemaphore(MOST_ASLEEP)

    def wait(self, seconds: float) -> None:
        """Wait, or go on at once where others wait already."""
        if seconds <= 0 or not self._places.acquire(blocking=False):
            return
        try:
            self._sleep(seconds)
        finally:
            self._places.release()


def _household(address: str) -> str:
    """Return what one subscriber has: an IPv4 address, or the network of an IPv6 address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(found), 64), strict=False))
