"""Rows that decide something: what was decided never changes, and is taken back once or never.

The model names its columns in `decided`, and in `taken_back` the column that says since when the
decision does not hold. Triggers of the database refuse the rest, as those of `append_only` do for
rows that never change at all.
"""

from __future__ import annotations

from typing import ClassVar

from django.apps import apps as installed
from django.apps.registry import Apps
from django.db import models, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from safehold.records.append_only import SchemaStep


class Decided(models.Model):
    """A row whose `decided` columns never change, and which never changes once taken back."""

    decided: ClassVar[tuple[str, ...]] = ()
    taken_back: ClassVar[str] = ""

    class Meta:
        abstract = True


_SQLITE = {
    "decided": """
        CREATE TRIGGER {table}_decided BEFORE UPDATE OF {columns} ON {table}
        BEGIN SELECT RAISE(ABORT, '{table}: what was decided never changes'); END""",
    "over": """
        CREATE TRIGGER {table}_over BEFORE UPDATE ON {table} WHEN OLD.{back} IS NOT NULL
        BEGIN SELECT RAISE(ABORT, '{table}: what was decided never changes'); END""",
    # INSERT OR REPLACE removes the row in its way without firing the triggers above.
    "replaced": """
        CREATE TRIGGER {table}_replaced BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{table}: what was decided never changes'); END""",
}
_POSTGRESQL = """
    CREATE FUNCTION {table}_decided_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{table}: what was decided never changes'
        USING ERRCODE = 'restrict_violation';
    END $$;
    CREATE TRIGGER {table}_decided BEFORE UPDATE OF {columns} ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION {table}_decided_refuse();
    CREATE TRIGGER {table}_over BEFORE UPDATE ON {table}
        FOR EACH ROW WHEN (OLD.{back} IS NOT NULL)
        EXECUTE FUNCTION {table}_decided_refuse();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_decided;
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_over;
"""
_POSTGRESQL_UNDO = """
    DROP TRIGGER {table}_decided ON {table};
    DROP TRIGGER {table}_over ON {table};
    DROP FUNCTION {table}_decided_refuse();
"""
_POSTGRESQL_KEPT = """
    SELECT count(*) FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE tgrelid = to_regclass(%s) AND tgname = ANY(%s) AND tgenabled = 'A'
    AND prosrc LIKE %s
"""


def keep_decided(table: str, *, columns: tuple[str, ...], back: str) -> SchemaStep:
    """Return a migration step whose triggers keep what was decided in rows of a table.

    `columns` never change; nothing does once `back` is set.
    """

    def apply(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        given = {"table": table, "columns": ", ".join(columns), "back": back}
        if editor.connection.vendor == "postgresql":
            editor.execute(_POSTGRESQL.format(**given))
            return
        for statement in _SQLITE.values():
            editor.execute(statement.format(**given))

    return apply


def keep_decided_no_more(table: str) -> SchemaStep:
    """Return the step that takes the triggers of `keep_decided` away, to undo a migration."""

    def apply(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(_POSTGRESQL_UNDO.format(table=table))
            return
        for name in _SQLITE:
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_{name}")

    return apply


def missing_decided(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the tables of a store whose decisions could be changed: a trigger is gone or off."""
    guarded = _on_postgresql if connection.vendor == "postgresql" else _on_sqlite
    return sorted(
        model._meta.db_table
        for model in installed.get_models()
        if issubclass(model, Decided)
        and router.allow_migrate_model(connection.alias, model)
        and not guarded(connection, model)
    )


def _on_sqlite(connection: BaseDatabaseWrapper, model: type[Decided]) -> bool:
    table = model._meta.db_table
    given = {"table": table, "columns": ", ".join(model.decided), "back": model.taken_back}
    wanted = {_plain(statement.format(**given)) for statement in _SQLITE.values()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [table]
        )
        return wanted <= {_plain(sql) for (sql,) in cursor.fetchall()}


def _on_postgresql(connection: BaseDatabaseWrapper, model: type[Decided]) -> bool:
    table = model._meta.db_table
    names = [f"{table}_decided", f"{table}_over"]
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL_KEPT, [table, names, "%what was decided never changes%"])
        return bool(cursor.fetchone()[0] == len(names))


def _plain(sql: str) -> str:
    return " ".join(sql.split())
