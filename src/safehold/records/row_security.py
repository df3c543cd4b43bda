"""Who asks, told to PostgreSQL, whose row policies hold whatever the application thinks.

The policies themselves are in `config/policies`. SQLite has none: there the application's queries
alone stand between a member and what is not for them.

A web process is nobody until a request says who asks, so that what is forgotten is refused. Every
other process, whose acts no member asks for, is the system.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from safehold.records.staff.models import StaffMember

STORE: Final = "default"
SYSTEM: Final = "system"
_TELL = "SELECT set_config('safehold.role', %s, false), set_config('safehold.member', %s, false)"


@dataclass(frozen=True, slots=True)
class _Who:
    role: str
    member: str = ""


_NOBODY = _Who("")
_process = {"who": _Who(SYSTEM)}
_asking: ContextVar[_Who | None] = ContextVar("who_asks", default=None)


def only_for_whoever_asks() -> None:
    """Make this process nobody: what no request asks for, it cannot read."""
    _process["who"] = _NOBODY


@contextmanager
def asked_by(member: StaffMember) -> Iterator[None]:
    """Let what happens inside be asked for by a member, one who has left by nobody."""
    with _as(_Who(member.role if member.is_active else "", str(member.pk))):
        yield


@contextmanager
def as_system() -> Iterator[None]:
    """Let what happens inside be the software's own act.

    Only where the answer is not shown: passing on what whoever does it may not see afterwards;
    asking whether something is there that they may not know of, so that it is not recorded a second
    time; finding out what they are kept from, to leave it out; and looking through who looked.
    """
    with _as(_Who(SYSTEM)):
        yield


def begin(**_: Any) -> None:
    """Tell a connection that was just made who asks."""
    connection = _["connection"]
    if connection.alias == STORE:
        _tell(connection, _now())


connection_created.connect(begin, dispatch_uid="row_security")


@contextmanager
def _as(who: _Who) -> Iterator[None]:
    connection, before = connections[STORE], _now()
    token = _asking.set(who)
    if who != before:
        _tell(connection, who)
    try:
        yield
    finally:
        _asking.reset(token)
        # After an error the transaction takes back by itself what was told inside it.
        with suppress(DatabaseError):
            if who != before:
                _tell(connection, before)


def _now() -> _Who:
    return _asking.get() or _process["who"]


def _tell(connection: BaseDatabaseWrapper, who: _Who) -> None:
    # A connection that is not there yet is told when it is made.
    if connection.vendor != "postgresql" or connection.connection is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [who.role, who.member])
