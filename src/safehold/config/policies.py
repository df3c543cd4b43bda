"""Row policies of PostgreSQL: what the application shows to nobody, the store refuses as well.

Each says again, below the application, what a query of a records room says: a case about a
colleague is for its role alone, a restricted one for those who work on it, and a person who is
kept from a member is not there for that member. What hangs on a case, a person or an incident is
there where that is. They are given anew after every migration, as the roles' rights are; the owner,
who migrates and backs up, is not held by them.

Who asks is told to each connection by `records/row_security`; nobody sees nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

STORE: Final = "default"

# Whatever else they say, the software's own acts pass, and a row may be written that its writer
# does not see afterwards only by such an act.
_FUNCTIONS: Final = (
    """
    CREATE OR REPLACE FUNCTION safehold_role() RETURNS text LANGUAGE sql STABLE AS
    $$ SELECT coalesce(current_setting('safehold.role', true), '') $$
    """,
    """
    CREATE OR REPLACE FUNCTION safehold_member() RETURNS bigint LANGUAGE sql STABLE AS
    $$ SELECT nullif(current_setting('safehold.member', true), '')::bigint $$
    """,
    # As their owner, past the policies: a policy that asked a table which asks this one again
    # would never end.
    # What each costs is about what was measured, a tenth of a millisecond: PostgreSQL would take it
    # for nothing, and ask it of every case there is to read what hangs on one.
    """
    CREATE OR REPLACE FUNCTION safehold_works_on(wanted uuid) RETURNS boolean
    LANGUAGE sql STABLE COST 4000 SECURITY DEFINER SET search_path = public, pg_temp AS
    $$ SELECT EXISTS (SELECT 1 FROM work_case_member m WHERE m.case_id = wanted
                      AND m.member_id = safehold_member() AND m.until IS NULL) $$
    """,
    """
    CREATE OR REPLACE FUNCTION safehold_kept_from_person(wanted uuid) RETURNS boolean
    LANGUAGE sql STABLE COST 4000 SECURITY DEFINER SET search_path = public, pg_temp AS
    $$ SELECT EXISTS (SELECT 1 FROM conflict_person_recusal k JOIN person p ON p.id = k.person_id
                      WHERE k.member_id = safehold_member() AND k.lifted_at IS NULL
                      AND p.identity = wanted) $$
    """,
    """
    CREATE OR REPLACE FUNCTION safehold_somebody_works_on(wanted uuid) RETURNS boolean
    LANGUAGE sql STABLE COST 4000 SECURITY DEFINER SET search_path = public, pg_temp AS
    $$ SELECT EXISTS (SELECT 1 FROM work_case_member m JOIN staff_member s ON s.id = m.member_id
                      WHERE m.case_id = wanted AND m.until IS NULL AND s.is_active) $$
    """,
    """
    CREATE OR REPLACE FUNCTION safehold_opened_in_an_emergency(wanted uuid) RETURNS boolean
    LANGUAGE sql STABLE COST 4000 SECURITY DEFINER SET search_path = public, pg_temp AS
    $$ SELECT EXISTS (SELECT 1 FROM work_case_glass_case c
                      JOIN work_case_glass g ON g.id = c.glass_id
                      WHERE c.case_id = wanted AND g.member_id = safehold_member()
                      AND g.until > now()) $$
    """,
    """
    CREATE OR REPLACE FUNCTION safehold_kept_from(wanted uuid) RETURNS boolean
    LANGUAGE sql STABLE COST 4000 SECURITY DEFINER SET search_path = public, pg_temp AS
    $$ SELECT EXISTS (SELECT 1 FROM incident_report r JOIN conflict_recusal k
                      ON k.report_id = r.report_id AND k.member_id = safehold_member()
                      WHERE r.incident_id = wanted)
           OR EXISTS (SELECT 1 FROM incident_role r JOIN person q ON q.id = r.person_id
                      WHERE r.incident_id = wanted
                      AND safehold_kept_from_person(q.identity)) $$
    """,
    """
    CREATE OR REPLACE FUNCTION safehold_reads_address(wanted uuid) RETURNS boolean
    LANGUAGE sql STABLE COST 4000 SECURITY DEFINER SET search_path = public, pg_temp AS
    $$ SELECT EXISTS (SELECT 1 FROM address_reader a WHERE a.address_id = wanted
                      AND a.member_id = safehold_member() AND a.ended_at IS NULL) $$
    """,
    """
    CREATE OR REPLACE FUNCTION safehold_kept_from_order(wanted uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS
    $$ SELECT EXISTS (SELECT 1 FROM protective_order_protects o JOIN person q ON q.id = o.person_id
                      WHERE o.order_id = wanted
                      AND (q.sealed_to NOT IN ('', safehold_role())
                           OR safehold_kept_from_person(q.identity))) $$
    """,
    """
    CREATE OR REPLACE FUNCTION safehold_kept_from_case(wanted uuid) RETURNS boolean
    LANGUAGE sql STABLE COST 4000 SECURITY DEFINER SET search_path = public, pg_temp AS
    $$ SELECT EXISTS (SELECT 1 FROM work_case_incident c WHERE c.case_id = wanted
                      AND safehold_kept_from(c.incident_id))
           OR EXISTS (SELECT 1 FROM work_case_party c JOIN person q ON q.id = c.person_id
                      WHERE c.case_id = wanted AND safehold_kept_from_person(q.identity)) $$
    """,
)
_SOMEBODY: Final = "safehold_role() <> ''"
_SEALED: Final = "(sealed_to = '' OR sealed_to = safehold_role())"

# What each row of these is for, beside the system.
OWN: Final = {
    "person": f"{_SOMEBODY} AND {_SEALED} AND NOT safehold_kept_from_person(identity)",
    "incident": (
        f"{_SOMEBODY} AND (NOT police_party OR safehold_role() = 'professional_standards')"
        " AND NOT safehold_kept_from(id)"
    ),
    # Whoever may not read a protected address is told that there is one, without its words.
    "address": (f"{_SOMEBODY} AND (NOT protected OR safehold_reads_address(id))"),
    "work_case": (
        f"{_SOMEBODY} AND {_SEALED} AND NOT safehold_kept_from_case(id) AND (safehold_works_on(id)"
        " OR safehold_opened_in_an_emergency(id)"
        " OR (safehold_role() <> 'advocate' AND NOT restricted)"
        # Of whoever hands on the work of others: what nobody works on any more would be lost.
        " OR (safehold_role() IN ('supervisor', 'professional_standards')"
        " AND NOT safehold_somebody_works_on(id)))"
    ),
    # Of nobody who is hidden: neither whom it binds nor anybody whom it protects.
    "protective_order": (
        "NOT safehold_kept_from_order(id)"
        " AND EXISTS (SELECT 1 FROM person w WHERE w.id = respondent_id)"
    ),
    "protective_order_breach": (
        "EXISTS (SELECT 1 FROM protective_order o WHERE o.id = order_id)"
        " AND EXISTS (SELECT 1 FROM incident i WHERE i.id = incident_id)"
    ),
}
# What is there where another row is: table, column, whose key it is. An empty one hides nothing.
WITH: Final = (
    *(
        (f"person_{fact}", "person_id", "person")
        for fact in ("name", "birth_date", "contact", "home", "need", "trait", "flag")
    ),
    ("incident_role", "incident_id", "incident"),
    ("incident_report", "incident_id", "incident"),
    ("incident_outcome", "incident_id", "incident"),
    ("protective_order_protects", "person_id", "person"),
    ("marac_referral", "victim_id", "person"),
    ("marac_referral_accused", "person_id", "person"),
    ("contact_profile", "person_id", "person"),
    ("person_alike", "one_id", "person"),
    ("work_case_act", "case_id", "work_case"),
    ("safety_plan", "case_id", "work_case"),
    ("safety_action", "case_id", "work_case"),
    ("safety_referral", "case_id", "work_case"),
    ("safety_child_note", "case_id", "work_case"),
    ("deadline", "case_id", "work_case"),
    ("work_case_incident", "case_id", "work_case"),
    ("work_case_party", "case_id", "work_case"),
    ("work_case_member", "case_id", "work_case"),
    ("protective_order_case", "case_id", "work_case"),
    *(
        (f"protective_order_{what}", "order_id", "protective_order")
        for what in ("condition", "service", "act", "notified", "exemption")
    ),
)
# What leads to one of those and has no policy of its own, and why.
WITHOUT: Final = {
    "person_name_pair": "it says nothing by itself",
    "conflict_person_recusal": "it is what is asked who is kept from whom",
    "must_not_receive_entry": "who must get nothing counts also for whoever may not know of them",
    "case_export": "an auditor looks at what left, whatever case it was",
    "address_reader": "the policy of addresses asks it",
    "work_case_glass": "somebody else looks at an opening, of whomever it was",
    "work_case_glass_case": "the policy of cases asks it",
    "risk_assessment": "no grade is lowered over one that its asker may not see",
    "address_marker": "whoever goes to the door reads it, whatever case it is of",
    "dvds_link": "an application is hidden by it from whoever may not know of what it leads to",
}
_NAME: Final = "safehold_rows"


def tables() -> list[str]:
    """Return every table that has a policy."""
    return sorted({*OWN, *(table for table, _, _ in WITH)})


def apply(connection: BaseDatabaseWrapper) -> int:
    """Give every table its policy, as the owner; return how many have one."""
    with connection.cursor() as cursor:
        for statement in _FUNCTIONS:
            cursor.execute(statement)
        for table, using in _policies():
            name = sql.Identifier(table)
            for words in (
                "ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
                "DROP POLICY IF EXISTS {policy} ON {table}",
                "CREATE POLICY {policy} ON {table} USING ({using}) WITH CHECK (true)",
            ):
                cursor.execute(
                    sql.SQL(words).format(
                        table=name, policy=sql.Identifier(_NAME), using=sql.SQL(using)
                    )
                )
    return len(tables())


def lacking(connection: BaseDatabaseWrapper) -> list[str]:
    """Return the tables without their policy, for a start that would be unsafe."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE p.polname = %s AND c.relrowsecurity",
            [_NAME],
        )
        found = {name for (name,) in cursor.fetchall()}
    return [table for table in tables() if table not in found]


def _policies() -> Iterator[tuple[str, str]]:
    system = "safehold_role() = 'system'"
    for table, using in OWN.items():
        yield table, f"{system} OR ({using})"
    for table, column, whose in WITH:
        there = f"EXISTS (SELECT 1 FROM {whose} w WHERE w.id = {table}.{column})"  # noqa: S608 - our own words
        yield table, f"{system} OR {table}.{column} IS NULL OR {there}"
