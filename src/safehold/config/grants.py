"""What the application's roles may do in PostgreSQL; the owner's role is for `migrate` alone.

A room that needs less than the usual says so in its own `grants` module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from safehold.config.stores import INTAKE
from safehold.records.audit import grants as audit
from safehold.records.intake import grants as intake
from safehold.records.places_published import grants as places_published
from safehold.records.retention import grants as retention
from safehold.records.services import grants as services
from safehold.records.usage import grants as usage

Grant = tuple[str, tuple[str, ...]]
PUBLIC_READS = (
    "snapshots",
    "gazetteer",
    "places_published",
)  # apps whose tables the public site shows
MIGRATIONS = "django_migrations"
_USUAL = ("SELECT", "INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True, kw_only=True)
class Roles:
    """The names of the roles that the sites connect as."""

    staff: str
    public: str


def _staff(alias: str, tables: Iterable[str]) -> Iterator[Grant]:
    special = dict(
        intake.STAFF_ROLE if alias == INTAKE else audit.STAFF_ROLE + retention.STAFF_ROLE
    )
    if alias == INTAKE:
        special |= dict(places_published.STAFF_ROLE) | dict(services.STAFF_ROLE)
    special[MIGRATIONS] = ("SELECT",)
    for table in tables:
        yield table, special.get(table, _USUAL)


def _public(alias: str) -> Iterator[Grant]:
    if alias != INTAKE:
        return
    yield from intake.PUBLIC_ROLE
    yield from usage.PUBLIC_ROLE
    yield from services.PUBLIC_ROLE
    yield MIGRATIONS, ("SELECT",)
    for label in PUBLIC_READS:
        for model in apps.get_app_config(label).get_models(include_auto_created=True):
            yield model._meta.db_table, ("SELECT",)


def _statements(
    role: str, grants: Iterable[Grant], *, database: str, sequences: bool
) -> Iterator[sql.Composable]:
    names = {"role": sql.Identifier(role), "database": sql.Identifier(database)}
    schema = "ALL {kind} IN SCHEMA public FROM {role}"
    for kind in ("TABLES", "SEQUENCES"):
        yield sql.SQL("REVOKE ALL ON " + schema).format(kind=sql.SQL(kind), **names)
    yield sql.SQL("REVOKE ALL ON DATABASE {database} FROM {role}").format(**names)
    grants = list(grants)
    if not grants:
        return
    yield sql.SQL("GRANT CONNECT ON DATABASE {database} TO {role}").format(**names)
    yield sql.SQL("GRANT USAGE ON SCHEMA public TO {role}").format(**names)
    if sequences:
        yield sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}").format(**names)
    for table, privileges in grants:
        yield sql.SQL("GRANT {privileges} ON {table} TO {role}").format(
            privileges=sql.SQL(", ").join(map(sql.SQL, privileges)),
            table=sql.Identifier(table),
            **names,
        )


def apply(connection: BaseDatabaseWrapper, *, alias: str, roles: Roles) -> list[str]:
    """Give each role that exists what it needs in a store and no more; return those given.

    The connection is the owner's; where it is also the application's, nothing is given.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        owner, database = cursor.fetchone()
        cursor.execute("SELECT rolname FROM pg_roles")
        present = {name for (name,) in cursor.fetchall()} - {owner}
        tables = connection.introspection.table_names(cursor)
        plan = {roles.staff: _staff(alias, tables), roles.public: _public(alias)}
        given = [role for role in plan if role in present]
        cursor.execute(
            sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(database))
        )
        for role in given:
            for statement in _statements(
                role, plan[role], database=database, sequences=role == roles.staff
            ):
                cursor.execute(statement)
    return given
