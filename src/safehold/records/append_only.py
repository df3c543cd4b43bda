"""Rows that are written once: refused by the model in Python, and by triggers in the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


class WrittenOnce(Exception):
    """Somebody tried to change or remove a row that is written once."""


class WrittenOnceQuerySet(models.QuerySet[Any]):
    """Questions, insertions and removals; nothing that changes a row."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise WrittenOnce(f"Rows of {self.model._meta.label} are written once.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise WrittenOnce(f"Rows of {self.model._meta.label} are written once.")


class AppendOnlyQuerySet(WrittenOnceQuerySet):
    """Questions and insertions."""

    def delete(self) -> NoReturn:
        """Refuse."""
        raise WrittenOnce(f"Rows of {self.model._meta.label} are never removed.")


class WrittenOnceModel(models.Model):
    """A row that never changes, and can be removed when its time is over.

    A model of this kind sets `objects = WrittenOnceQuerySet.as_manager()`.
    """

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        """Write a new row. Raises WrittenOnce for one that is already there."""
        if not self._state.adding:
            raise WrittenOnce(f"{self._meta.label} {self.pk} is written once.")
        # Without it Django may first try an UPDATE for a key that we chose, which a role that may
        # only insert is refused.
        super().save(**{**kwargs, "force_insert": True})


class AppendOnly(WrittenOnceModel):
    """A row that never changes and is never removed.

    A model of this kind sets `objects = AppendOnlyQuerySet.as_manager()`.
    """

    class Meta:
        abstract = True

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse."""
        raise WrittenOnce(f"{self._meta.label} {self.pk} is never removed.")


SchemaStep = Callable[[Apps, BaseDatabaseSchemaEditor], None]

_SQLITE = {
    "update": """
        CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
        BEGIN SELECT RAISE(ABORT, '{table}: rows are written once'); END""",
    "delete": """
        CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
        BEGIN SELECT RAISE(ABORT, '{table}: rows are written once'); END""",
    # INSERT OR REPLACE removes the row in its way without firing the trigger above.
    "replace": """
        CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
        BEGIN SELECT RAISE(ABORT, '{table}: rows are written once'); END""",
}
_REFUSE = """
    BEGIN
        RAISE EXCEPTION '{table}: rows are written once' USING ERRCODE = 'restrict_violation';
    END """
_POSTGRESQL = f"""
    CREATE FUNCTION {{table}}_refuse() RETURNS trigger LANGUAGE plpgsql AS $${_REFUSE}$$;
    CREATE TRIGGER {{table}}_written_once BEFORE {{acts}} ON {{table}}
        FOR EACH STATEMENT EXECUTE FUNCTION {{table}}_refuse();
    ALTER TABLE {{table}} ENABLE ALWAYS TRIGGER {{table}}_written_once;
"""
_POSTGRESQL_UNDO = "DROP TRIGGER {table}_written_once ON {table}; DROP FUNCTION {table}_refuse();"
# What PostgreSQL keeps of an enabled trigger, and its bits for the acts and for BEFORE.
_POSTGRESQL_KEPT = """
    SELECT tgtype, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE tgrelid = to_regclass(%s) AND tgname = %s AND tgenabled = 'A'
"""
_BEFORE, _DELETE, _UPDATE, _TRUNCATE = 2, 8, 16, 32


def refuse_changes(table: str, *, key: str, removable: bool = False) -> SchemaStep:
    """Return a migration step whose triggers refuse UPDATE, DELETE and TRUNCATE on a table.

    A `removable` table refuses UPDATE alone: what it holds has an end, what it says does not
    change. `key` is the column of the primary key.
    """

    def apply(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            acts = "UPDATE" if removable else "UPDATE OR DELETE OR TRUNCATE"
            editor.execute(_POSTGRESQL.format(table=table, acts=acts))
            return
        for name in _sqlite_names(removable):
            editor.execute(_SQLITE[name].format(table=table, key=key))

    return apply


def allow_changes(table: str) -> SchemaStep:
    """Return the step that takes the triggers of `refuse_changes` away, to undo a migration."""

    def apply(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(_POSTGRESQL_UNDO.format(table=table))
            return
        for name in _SQLITE:
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{name}")

    return apply


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the tables of a store whose rows could be changed: a trigger is gone, off or altered.

    Rebuilding a table takes its triggers along, and so may whoever owns the database.
    """
    guards = _postgresql_guards if connection.vendor == "postgresql" else _sqlite_guards
    tables = []
    for model in installed.get_models():
        if not issubclass(model, WrittenOnceModel):
            continue
        if not router.allow_migrate_model(connection.alias, model):
            continue
        if not guards(connection, model):
            tables.append(model._meta.db_table)
    return sorted(tables)


def _sqlite_names(removable: bool) -> tuple[str, ...]:
    return ("update", "replace") if removable else tuple(_SQLITE)


def _sqlite_guards(connection: BaseDatabaseWrapper, model: type[models.Model]) -> bool:
    table, key = model._meta.db_table, model._meta.pk.column
    wanted = {
        _plain(_SQLITE[name].format(table=table, key=key))
        for name in _sqlite_names(not issubclass(model, AppendOnly))
    }
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
        )
        return wanted <= {_plain(sql) for (sql,) in cursor.fetchall()}


def _postgresql_guards(connection: BaseDatabaseWrapper, model: type[models.Model]) -> bool:
    table = model._meta.db_table
    acts = _UPDATE | (_DELETE | _TRUNCATE if issubclass(model, AppendOnly) else 0)
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL_KEPT, [table, f"{table}_written_once"])
        kept = cursor.fetchone()
    return (
        kept is not None
        and kept[0] == acts | _BEFORE
        and _plain(kept[1]) == _plain(_REFUSE.format(table=table))
    )


def _plain(sql: str) -> str:
    return " ".join(sql.split())
