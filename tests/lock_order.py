"""Watching in which order a connection locks tables, transaction by transaction."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from safehold.records.locks import ORDER

_RANK = {table: rank for rank, table in enumerate(ORDER)}
_WRITES = re.compile(r'^(?:UPDATE|DELETE FROM) "(\w+)"')
_LOCKS = re.compile(r'^SELECT .*? FROM "(\w+)".* FOR (?:NO KEY )?UPDATE', re.S)


class LockOrder:
    """An execute wrapper that notes each transaction in which a table was locked too late.

    Inside the transaction of a test, an act is what lies between its savepoints.
    """

    def __init__(self) -> None:
        self.broken: list[str] = []
        self._depth = 0
        self._taken: list[str] = []

    def __call__(self, execute: Callable, sql: Any, params: Any, many: bool, context: dict) -> Any:
        self.note(str(sql))
        return execute(sql, params, many, context)

    def note(self, sql: str) -> None:
        """Take one statement in."""
        if sql.startswith("SAVEPOINT"):
            self._depth += 1
        elif sql.startswith("RELEASE SAVEPOINT"):  # after a rollback to it too
            self._depth -= 1
            if self._depth == 0:
                self._taken = []
        elif self._depth and (found := _WRITES.match(sql) or _LOCKS.match(sql)):
            self._lock(found.group(1))

    def _lock(self, table: str) -> None:
        if table not in _RANK or table in self._taken:
            return
        if before := [each for each in self._taken if _RANK[each] > _RANK[table]]:
            self.broken.append(f"{table} after {', '.join(before)}")
        self._taken.append(table)
