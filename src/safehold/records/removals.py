"""Rows that are removed with a certificate alone, and rows that may not come after it.

What is sealed can be destroyed, by one act that leaves a trace before it: a tombstone in the intake
store, a certificate in the records store. Triggers hold both stores to it, whoever asks.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.apps.registry import Apps
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from safehold.records.append_only import SchemaStep

TOMBSTONE = "SELECT 1 FROM intake_tombstone WHERE report_id = {row}.{column}"
_CERTIFICATE = "SELECT 1 FROM retention_certificate AS made"


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger. `trace` is the question that finds what was left before it.

    A removal needs the trace; an arrival (`after`) is refused where there is one.
    """

    table: str
    trace: str
    after: bool = False

    @property
    def name(self) -> str:
        """Return the trigger's name."""
        return f"{self.table}_{'too_late' if self.after else 'kept'}"


def _kept(table: str, column: str) -> Guard:
    return Guard(table, TOMBSTONE.format(row="OLD", column=column))


def _too_late(table: str) -> Guard:
    return Guard(table, TOMBSTONE.format(row="NEW", column="report_id"), after=True)


INTAKE_GUARDS = (
    _kept("intake_sealedreport", "id"),
    _kept("intake_sentpart", "report_id"),
    _kept("intake_said", "report_id"),
    _too_late("intake_said"),
    _too_late("intake_nudge"),
    _too_late("intake_returnplace"),
    _too_late("intake_sentpart"),
)
RECORDS_GUARDS = (
    Guard(
        "contact_version",
        f"{_CERTIFICATE} JOIN contact_profile AS whose ON whose.report_id = made.report_id "
        "WHERE whose.id = OLD.profile_id",
    ),
    Guard(
        "exhibit_cleaned_part",
        f"{_CERTIFICATE} JOIN exhibit AS whose ON whose.report_id = made.report_id "
        "WHERE whose.id = OLD.exhibit_id",
    ),
    Guard("triage_sealed_again", f"{_CERTIFICATE} WHERE made.report_id = OLD.report_id"),
)
_GUARDS = {"intake": INTAKE_GUARDS, "default": RECORDS_GUARDS}

_SQLITE = """
    CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {condition}
    BEGIN SELECT RAISE(ABORT, '{table}: {says}'); END"""
_BODY = """
    BEGIN
        IF {condition} THEN
            RAISE EXCEPTION '{table}: {says}' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN {row};
    END """
# As its owner: whoever adds a row may not read what says that it comes too late.
_POSTGRESQL = f"""
    CREATE FUNCTION {{name}}() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = public, pg_temp AS $${_BODY}$$;
    CREATE TRIGGER {{name}} BEFORE {{act}} ON {{table}}
        FOR EACH ROW EXECUTE FUNCTION {{name}}();
    ALTER TABLE {{table}} ENABLE ALWAYS TRIGGER {{name}};
"""
_POSTGRESQL_KEPT = """
    SELECT tgtype, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
    WHERE tgrelid = to_regclass(%s) AND tgname = %s AND tgenabled = 'A'
"""
_ROW, _BEFORE, _INSERT, _DELETE = 1, 2, 4, 8


def put_up(guard: Guard) -> SchemaStep:
    """Return the migration step that puts one guard up."""

    def apply(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        template = _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE
        editor.execute(template.format(**_words(guard)))

    return apply


def take_down(guard: Guard) -> SchemaStep:
    """Return the step that takes a guard away, to undo a migration."""

    def apply(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER {guard.name} ON {guard.table}")
            editor.execute(f"DROP FUNCTION {guard.name}()")
        else:
            editor.execute(f"DROP TRIGGER {guard.name}")

    return apply


def missing_guards(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the tables of a store whose guard is gone, off or altered."""
    stands = _stands_postgresql if connection.vendor == "postgresql" else _stands_sqlite
    guards = _GUARDS[connection.alias]
    return sorted({guard.table for guard in guards if not stands(connection, guard)})


def _words(guard: Guard) -> dict[str, str]:
    return {
        "name": guard.name,
        "table": guard.table,
        "act": "INSERT" if guard.after else "DELETE",
        "condition": f"{'' if guard.after else 'NOT '}EXISTS ({guard.trace})",
        "says": "the report was destroyed"
        if guard.after
        else "rows are removed with a certificate alone",
        "row": "NEW" if guard.after else "OLD",
    }


def _stands_sqlite(connection: BaseDatabaseWrapper, guard: Guard) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND name = %s",
            [guard.table, guard.name],
        )
        kept = cursor.fetchone()
    return kept is not None and _plain(kept[0]) == _plain(_SQLITE.format(**_words(guard)))


def _stands_postgresql(connection: BaseDatabaseWrapper, guard: Guard) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL_KEPT, [guard.table, guard.name])
        kept = cursor.fetchone()
    wanted = _ROW | _BEFORE | (_INSERT if guard.after else _DELETE)
    return (
        kept is not None
        and kept[0] == wanted
        and _plain(kept[1]) == _plain(_BODY.format(**_words(guard)))
    )


def _plain(sql: str) -> str:
    return " ".join(sql.split())
