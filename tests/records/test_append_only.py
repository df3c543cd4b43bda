"""Rows written once stay as they were, whichever door somebody tries."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, connections, models, transaction

from safehold.records.append_only import WrittenOnce, missing_triggers
from safehold.records.audit.models import AuditEvent
from safehold.records.intake.models import IntakeEvent, SealedReport, Tombstone

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
pytestmark = [pytest.mark.database, pytest.mark.usefixtures("committed_stores")]

Make = Callable[[int], models.Model]


def _audit(number: int) -> models.Model:
    return AuditEvent(sequence=number, at=AT, actor="a", hash=f"{number}", previous="")


def _intake(number: int) -> models.Model:
    return IntakeEvent(sequence=number, at=AT, actor="a", hash=f"{number}", previous="")


def _report(number: int) -> models.Model:
    return SealedReport(
        id=uuid4(),
        reference=f"{number}",
        received_at=AT,
        slip=b"slip",
        account=b"account",
        submission=f"{number}",
    )


NEVER_REMOVED = [(_audit, "default", "actor"), (_intake, "intake", "actor")]
WRITTEN_ONCE = [*NEVER_REMOVED, (_report, "intake", "slip")]


def _write(make: Make, alias: str, rows: int = 3) -> models.Model:
    for number in range(1, rows + 1):
        row = make(number)
        row.save(using=alias)
    return row


def _try(alias: str, statement: str, *values: Any) -> None:
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize(("make", "alias", "column"), WRITTEN_ONCE)
def test_the_database_refuses_an_update(make: Make, alias: str, column: str) -> None:
    table = _write(make, alias)._meta.db_table
    with pytest.raises(Error, match="written once"):
        _try(alias, f"UPDATE {table} SET {column} = {column}")


@pytest.mark.parametrize(("make", "alias", "column"), NEVER_REMOVED)
def test_the_database_refuses_a_delete(make: Make, alias: str, column: str) -> None:
    row = _write(make, alias)
    with pytest.raises(Error, match="written once"):
        _try(alias, f"DELETE FROM {row._meta.db_table} WHERE sequence = 3")
    assert type(row)._default_manager.using(alias).count() == 3


@pytest.mark.parametrize(("make", "alias", "column"), WRITTEN_ONCE)
def test_the_database_refuses_to_put_a_row_in_the_place_of_another(
    make: Make, alias: str, column: str
) -> None:
    row = _write(make, alias)
    names = [field.column for field in row._meta.concrete_fields]
    columns, holes = ", ".join(names), ", ".join(["%s"] * len(names))
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connections[alias])
        for field in row._meta.concrete_fields
    ]
    if connections[alias].vendor == "sqlite":
        statement = "INSERT OR REPLACE INTO {} ({}) VALUES ({})"
    else:
        statement = (
            "INSERT INTO {} ({}) VALUES ({}) ON CONFLICT ("
            + names[0]
            + f") DO UPDATE SET {column} = EXCLUDED.{column}"
        )
    with pytest.raises(Error, match="written once"):
        _try(alias, statement.format(row._meta.db_table, columns, holes), *values)


@pytest.mark.parametrize(("make", "alias", "column"), NEVER_REMOVED)
def test_the_database_refuses_to_be_emptied(make: Make, alias: str, column: str) -> None:
    row = _write(make, alias)
    verb = "TRUNCATE" if connections[alias].vendor == "postgresql" else "DELETE FROM"
    with pytest.raises(Error, match="written once"):
        _try(alias, f"{verb} {row._meta.db_table}")
    assert type(row)._default_manager.using(alias).count() == 3


@pytest.mark.parametrize(("make", "alias", "column"), WRITTEN_ONCE)
def test_the_model_refuses_before_the_database_is_asked(
    make: Make, alias: str, column: str
) -> None:
    row = _write(make, alias)
    rows = type(row)._default_manager.using(alias)
    for wrong in (
        lambda: row.save(using=alias),
        lambda: rows.update(**{column: getattr(row, column)}),
        lambda: rows.bulk_update([row], [column]),
    ):
        with pytest.raises(WrittenOnce):
            wrong()


@pytest.mark.parametrize(("make", "alias", "column"), NEVER_REMOVED)
def test_the_model_refuses_to_be_removed(make: Make, alias: str, column: str) -> None:
    row = _write(make, alias)
    for wrong in (row.delete, type(row)._default_manager.using(alias).delete):
        with pytest.raises(WrittenOnce):
            wrong()


def test_a_report_is_removed_with_a_tombstone_alone() -> None:
    row = _write(_report, "intake")
    with pytest.raises(Error, match="certificate alone"):
        row.delete(using="intake")
    Tombstone(report_id=row.pk, act=uuid4(), day=AT.date()).save(using="intake")
    row.delete(using="intake")
    assert SealedReport.objects.using("intake").count() == 2
    with pytest.raises(Error, match="certificate alone"):
        SealedReport.objects.using("intake").all().delete()
    assert SealedReport.objects.using("intake").count() == 2


GUARDED = {
    "default": ["audit_auditevent"],
    "intake": ["intake_intakeevent", "intake_sealedreport"],
}


Ways = list[list[str]]


def _by_vendor(alias: str, *, sqlite: Ways, postgresql: Ways) -> Ways:
    return postgresql if connections[alias].vendor == "postgresql" else sqlite


@pytest.mark.parametrize("alias", GUARDED)
def test_every_table_of_a_fresh_store_is_guarded(alias: str) -> None:
    assert missing_triggers(connections[alias]) == []


@pytest.mark.parametrize(("alias", "table"), [(a, t) for a, ts in GUARDED.items() for t in ts])
@pytest.mark.parametrize("way", [0, 1, 2, 3])
def test_a_table_whose_guard_is_gone_or_hollow_is_named(alias: str, table: str, way: int) -> None:
    ways = _by_vendor(
        alias,
        sqlite=[
            [f"DROP TRIGGER {table}_no_update"],
            [f"DROP TRIGGER {table}_no_replace"],
            [
                f"DROP TRIGGER {table}_no_update",
                f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN SELECT 1; END",
            ],
            [f"ALTER TABLE {table} RENAME TO elsewhere"],
        ],
        postgresql=[
            [f"DROP TRIGGER {table}_written_once ON {table}"],
            [f"ALTER TABLE {table} DISABLE TRIGGER {table}_written_once"],
            [
                f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql "
                "AS $$ BEGIN RETURN NULL; END $$"
            ],
            [
                f"DROP TRIGGER {table}_written_once ON {table}",
                f"CREATE TRIGGER {table}_written_once BEFORE DELETE ON {table} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
                f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_written_once",
            ],
        ],
    )
    with connections[alias].cursor() as cursor:
        for statement in ways[way]:
            cursor.execute(statement)

    assert missing_triggers(connections[alias]) == [table]


def test_a_table_that_may_not_be_emptied_needs_all_its_triggers() -> None:
    table = "audit_auditevent"
    ((statement,),) = _by_vendor(
        "default",
        sqlite=[[f"DROP TRIGGER {table}_no_delete"]],
        postgresql=[[f"ALTER TABLE {table} DISABLE TRIGGER ALL"]],
    )
    with connections["default"].cursor() as cursor:
        cursor.execute(statement)

    assert missing_triggers(connections["default"]) == [table]
