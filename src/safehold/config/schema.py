"""Does a store have the tables that this version of the code expects?"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from importlib import import_module

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from safehold.config.stores import INTAKE, INTAKE_APPS

Name = tuple[str, str]


@cache
def _expected(alias: str) -> frozenset[Name]:
    """Name the migrations on disk of every app whose tables live in a store.

    The names alone are compared: importing a few hundred migrations takes a second at each start.
    """
    names = set()
    for app in apps.get_app_configs():
        if (app.label in INTAKE_APPS) != (alias == INTAKE):
            continue
        try:
            package = import_module(f"{app.name}.migrations")
        except ModuleNotFoundError:
            continue
        modules = pkgutil.iter_modules(package.__path__)
        names |= {(app.label, found.name) for found in modules if found.name[0] not in "_~"}
    return frozenset(names)


def _ours(alias: str) -> frozenset[str]:
    """Name our own apps of a store; a library may drop old migrations, we never do."""
    labels = {app.label for app in apps.get_app_configs() if app.name.startswith("safehold.")}
    inside = {label for label in labels if (label in INTAKE_APPS) == (alias == INTAKE)}
    return frozenset(inside)


def differences(connection: BaseDatabaseWrapper) -> tuple[list[Name], list[Name]]:
    """Return the migrations that a store lacks, and those of ours that this code does not know."""
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return sorted(_expected(connection.alias)), []
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = {(str(app), str(name)) for app, name in cursor.fetchall()}
    expected, ours = _expected(connection.alias), _ours(connection.alias)
    unknown = {found for found in applied - expected if found[0] in ours}
    return sorted(expected - applied), sorted(unknown)


def describe(names: Iterable[Name]) -> str:
    """Return the first few names, for one line."""
    shown = [f"{app}.{name}" for app, name in names]
    return ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")


def last_applied(connection: BaseDatabaseWrapper) -> datetime | None:
    """Return when a store was last migrated, None where it never was."""
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return None
        cursor.execute("SELECT max(applied) FROM django_migrations")
        found = cursor.fetchone()[0]
    if isinstance(found, str):  # SQLite has no type for a moment
        found = datetime.fromisoformat(found)
    if found is not None and found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    return found
