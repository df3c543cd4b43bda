"""The two stores: what lives where, how each is opened, and the router that keeps them apart."""

from __future__ import annotations

from typing import Any

import dj_database_url
from django.db.models import Model

INTAKE = "intake"
RECORDS = "default"
INTAKE_APPS = frozenset(
    {"intake", "snapshots", "gazetteer", "places_published", "usage", "services"}
)

# secure_delete overwrites what is deleted: a destroyed draft key must not lie in a free page.
SQLITE_START = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; "
    "PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON;"
)
# Our questions carry who may know of what. PostgreSQL takes them for long ones and would compile
# each anew, which was measured at up to nine seconds, to read a few rows by their keys.
POSTGRESQL_START = "-c jit=off"


def database(url: str) -> dict[str, Any]:
    """Return Django's settings of one store from its address."""
    settings: dict[str, Any] = dict(dj_database_url.parse(url))
    settings["CONN_MAX_AGE"] = 60
    settings["CONN_HEALTH_CHECKS"] = True
    if settings["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"] = {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": SQLITE_START,
        }
    else:
        options = settings.setdefault("OPTIONS", {})
        options["options"] = f"{options.get('options', '')} {POSTGRESQL_START}".strip()
    return settings


def databases(*, site: str, records_url: str, intake_url: str) -> dict[str, dict[str, Any]]:
    """Return DATABASES for a site; the public site is not even told where records are."""
    if site == "public":
        return {RECORDS: {}, INTAKE: database(intake_url)}
    return {RECORDS: database(records_url), INTAKE: database(intake_url)}


class StoreRouter:
    """Send each app to its own store, and refuse anything that would cross."""

    @staticmethod
    def _store(app_label: str) -> str:
        return INTAKE if app_label in INTAKE_APPS else RECORDS

    def db_for_read(self, model: type[Model], **hints: object) -> str:
        """Name the store that a model is read from."""
        return self._store(model._meta.app_label)

    def db_for_write(self, model: type[Model], **hints: object) -> str:
        """Name the store that a model is written to."""
        return self._store(model._meta.app_label)

    def allow_relation(self, first: Model, second: Model, **hints: object) -> bool:
        """Allow a relation only inside one store."""
        return self._store(first._meta.app_label) == self._store(second._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        """Build each app's tables in its own store only."""
        return db == self._store(app_label)
