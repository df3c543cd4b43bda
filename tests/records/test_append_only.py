"""Rows written once stay as they were, whichever door somebody tries."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, connections, models, transaction

from safehold.records.append_only import WrittenOnce
from safehold.records.audit.models import AuditEvent
from safehold.records.intake.models import IntakeEvent, SealedReport

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


def test_a_report_can_be_removed_when_its_time_is_over() -> None:
    row = _write(_report, "intake")
    row.delete(using="intake")
    assert SealedReport.objects.using("intake").count() == 2
    SealedReport.objects.using("intake").all().delete()
    assert not SealedReport.objects.using("intake").exists()
