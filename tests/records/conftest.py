"""What holds for every room of the records: rows are locked in one order."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connections

from tests.keys_for_tests import _made_once, keys
from tests.lock_order import LockOrder

__all__ = ["_made_once", "keys"]


@pytest.fixture(autouse=True)
def lock_order() -> Iterator[LockOrder]:
    """A test that puts several acts into one transaction of its own forgets what it took."""
    order = LockOrder()
    if connections["default"].vendor != "postgresql":  # SQLite locks the whole store, at once
        yield order
        return
    with connections["default"].execute_wrapper(order):
        yield order
    assert order.broken == []
