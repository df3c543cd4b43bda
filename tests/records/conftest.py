"""What holds for every room of the records: rows are locked in one order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext, suppress
from typing import Any

import pytest
from django.db import connections, transaction
from django.db.transaction import Atomic

from tests.keys_for_tests import _made_once, keys
from tests.lock_order import LockOrder

__all__ = ["_made_once", "keys"]


@pytest.fixture(autouse=True)
def what_waits_for_a_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do it where the commit would be, in a test that is one transaction and never commits."""
    leave = Atomic.__exit__

    def left(atomic: Atomic, kind: Any, value: Any, trace: Any) -> None:
        leave(atomic, kind, value, trace)
        store = transaction.get_connection(atomic.using)
        blocks = store.atomic_blocks
        if kind is None and blocks and all(block._from_testcase for block in blocks):
            waiting, store.run_on_commit = store.run_on_commit, []
            for _, act, robust in waiting:
                with suppress(Exception) if robust else nullcontext():
                    act()

    monkeypatch.setattr(Atomic, "__exit__", left)


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
