"""What each role can really do in PostgreSQL, tried as that role."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction

from safehold.config import grants
from safehold.config.startup import Ground, _rights
from safehold.config.stores import database
from safehold.domain.access import Role
from safehold.domain.feedback import KEPT, feedback
from safehold.domain.safe_contact import DAYS
from safehold.domain.triage_slip import Said
from safehold.records.audit import checks
from safehold.records.conflicts.operations import keep_marks
from safehold.records.feedback import operations, queries
from safehold.records.intake import destroying as intake_destroying
from safehold.records.intake import returns
from safehold.records.intake.feedback import send_feedback
from safehold.records.intake.models import Nudge, SealedReport
from safehold.records.intake.models import Said as SaidEntry
from safehold.records.intake.nudges import (
    ask_for_nudges,
    has_nudges,
    sealed_nudge,
    stop_nudges,
)
from safehold.records.nudges import operations as nudges
from safehold.records.retention import destroying, runs
from safehold.records.triage.operations import open_new_slips
from tests.desk import AT, REASON, member
from tests.keys_for_tests import _made_once, keys
from tests.whole_reports import OVER, whole_report

__all__ = ["_made_once", "keys"]

pytestmark = pytest.mark.database
ROLES = grants.Roles(staff="safehold_staff", public="safehold_public")
DENIED = psycopg.errors.InsufficientPrivilege


@pytest.fixture
def given(committed_stores, django_db_blocker) -> Iterator[None]:
    if connections["default"].vendor != "postgresql":
        pytest.skip("SQLite has no roles: a public host has no file of the records store")
    with django_db_blocker.unblock():
        for alias in ("default", "intake"):
            assert grants.apply(connections[alias], alias=alias, roles=ROLES) == [
                "safehold_staff",
                "safehold_public",
            ]
        yield


def as_role(role: str, alias: str) -> psycopg.Connection:
    settings = connections[alias].settings_dict
    return psycopg.connect(
        host=settings["HOST"], dbname=settings["NAME"], user=role, autocommit=True
    )


@contextmanager
def connected_as(role: str, alias: str) -> Iterator[None]:
    """Have the application itself connect as a role."""
    connection = connections[alias]
    before = connection.settings_dict["USER"]
    connection.close()
    connection.settings_dict["USER"] = role
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["USER"] = before


def test_the_public_role_cannot_enter_the_records_store(given):
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        as_role("safehold_public", "default")


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM intake_sealedreport",
        "SELECT count(*) FROM intake_sealedreport",
        "UPDATE intake_sealedreport SET id = id",
        "DELETE FROM intake_sealedreport",
        "TRUNCATE intake_sealedreport",
        "SELECT * FROM intake_intakeevent",
        "DELETE FROM intake_intakeevent",
        "INSERT INTO snapshot_edition DEFAULT VALUES",
        "DELETE FROM snapshot",
        "DELETE FROM gazetteer_entry",
        "INSERT INTO places_answer DEFAULT VALUES",
        "UPDATE places_release SET total = 3",
        "DELETE FROM places_answer",
        "SELECT * FROM intake_sentpart",
        "UPDATE intake_said SET from_us = true",
        "DELETE FROM intake_said",
        "UPDATE intake_returnplace SET public_key = ''",
        "INSERT INTO intake_callpass DEFAULT VALUES",
        "DELETE FROM intake_sentpart",
        "UPDATE intake_uploadpart SET number = 3",
        "SELECT * FROM intake_tombstone",
        "INSERT INTO intake_tombstone DEFAULT VALUES",
        "INSERT INTO intake_spentcode DEFAULT VALUES",
        "DELETE FROM intake_spentcode",
        "SELECT * FROM intake_nudge",
        "SELECT sealed FROM intake_nudge",
        "UPDATE intake_nudge SET report_id = report_id",
        "UPDATE intake_namemarks SET id = id",
        "DELETE FROM intake_namemarks",
        "INSERT INTO intake_namemarks DEFAULT VALUES",
        "INSERT INTO intake_passedreport DEFAULT VALUES",
        "UPDATE intake_passedreport SET for_standards = false",
        "DELETE FROM places_release_cell",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('a', 'b', now())",
        "ALTER TABLE intake_draft ADD COLUMN note text",
        "DROP TABLE intake_draft",
        "CREATE TABLE mine (x int)",
        "ALTER TABLE intake_intakeevent DISABLE TRIGGER ALL",
    ],
)
def test_the_public_role_can_neither_read_reports_nor_change_what_was_written(given, statement):
    with as_role("safehold_public", "intake") as public, pytest.raises(DENIED):
        public.execute(statement)


def test_the_public_role_can_do_what_its_pages_need(given):
    with as_role("safehold_public", "intake") as public:
        for table in (
            "intake_draft",
            "intake_saveddraft",
            "intake_upload",
            "intake_uploadpart",
            "snapshot",
            "gazetteer_entry",
            "django_migrations",
            "places_release",
            "places_release_area",
            "places_release_cell",
            "places_answer",
            "intake_namemarks",
            "intake_passedreport",
        ):
            public.execute(f"SELECT * FROM {table}")
        public.execute("DELETE FROM intake_draft")
        public.execute("DELETE FROM intake_saveddraft")
        public.execute("DELETE FROM intake_uploadpart")


@pytest.mark.parametrize(
    ("alias", "statement"),
    [
        ("default", "UPDATE audit_auditevent SET reason = ''"),
        ("default", "DELETE FROM audit_auditevent"),
        ("default", "TRUNCATE audit_auditevent"),
        ("default", "ALTER TABLE audit_auditevent DISABLE TRIGGER ALL"),
        ("default", "UPDATE retention_certificate SET content = ''"),
        ("default", "DELETE FROM retention_certificate"),
        ("default", "ALTER TABLE contact_version DISABLE TRIGGER ALL"),
        ("intake", "UPDATE intake_tombstone SET day = now()"),
        ("intake", "DELETE FROM intake_tombstone"),
        ("intake", "ALTER TABLE intake_sealedreport DISABLE TRIGGER ALL"),
        ("intake", "DROP FUNCTION intake_sealedreport_kept()"),
        ("default", "DROP TABLE incident"),
        ("default", "CREATE TABLE mine (x int)"),
        ("default", "DELETE FROM django_migrations"),
        ("intake", "UPDATE intake_intakeevent SET actor = ''"),
        ("intake", "INSERT INTO intake_sealedreport DEFAULT VALUES"),
        ("intake", "INSERT INTO intake_saveddraft DEFAULT VALUES"),
        ("intake", "INSERT INTO intake_sentpart DEFAULT VALUES"),
        ("intake", "UPDATE intake_sentpart SET number = 3"),
        ("intake", "INSERT INTO intake_nudge DEFAULT VALUES"),
        ("intake", "UPDATE intake_nudge SET kept_since = now()"),
        ("intake", "DELETE FROM intake_namemarks"),
        ("intake", "UPDATE places_release SET total = 3"),
        ("intake", "DELETE FROM places_release_cell"),
        ("intake", "UPDATE places_answer SET text = 'x'"),
    ],
)
def test_the_staff_role_changes_neither_tables_nor_the_audit(given, alias, statement):
    with as_role("safehold_staff", alias) as staff, pytest.raises(DENIED):
        staff.execute(statement)


def test_the_staff_role_can_do_its_work(given):
    with as_role("safehold_staff", "default") as staff:
        staff.execute("SELECT * FROM audit_auditevent")
        staff.execute("UPDATE scheduled_job SET tries = 1")
        staff.execute("DELETE FROM django_session")


def test_feedback_needs_no_more_than_a_report_does(given, keys):
    """Sent by the public role, read and deleted by the staff role, made a report by neither."""
    made = feedback({"wrong": "He follows me"}, came_from="", at=AT)
    with connected_as("safehold_public", "intake"):
        send_feedback(once="one", slip=made.slip, account=made.account, at=AT)
        send_feedback(once="one", slip=made.slip, account=made.account, at=AT)
    who = member()
    with connected_as("safehold_staff", "intake"), connected_as("safehold_staff", "default"):
        open_new_slips(at=AT)
        (row,) = queries.listed(by=who)
        operations.open_feedback(report_id=row.pk, reason=REASON, by=who, at=AT)
        operations.make_a_report(report_id=row.pk, reason=REASON, by=who, at=AT)
        made = feedback({"wrong": "Small text"}, came_from="", at=AT)
        with pytest.raises(ProgrammingError, match="permission denied"):
            send_feedback(once="two", slip=made.slip, account=made.account, at=AT)
    with connected_as("safehold_public", "intake"):
        send_feedback(once="two", slip=made.slip, account=made.account, at=AT)
    with connected_as("safehold_staff", "intake"), connected_as("safehold_staff", "default"):
        open_new_slips(at=AT)
        assert operations.forget_old_feedback(at=AT + KEPT * 2) == 2
        assert SealedReport.objects.using("intake").get().id == row.pk


def test_marks_are_made_by_one_role_and_met_by_the_other(given, keys):
    member(name="Dena Okafor")
    with connected_as("safehold_staff", "intake"), connected_as("safehold_staff", "default"):
        keep_marks(at=AT)
        keep_marks(at=AT + KEPT)
    made = feedback({"wrong": "It was dena okafor"}, came_from="", at=AT)
    with connected_as("safehold_public", "intake"):
        send_feedback(once="one", slip=made.slip, account=made.account, at=AT)
    with connected_as("safehold_staff", "intake"), connected_as("safehold_staff", "default"):
        open_new_slips(at=AT)
        (row,) = queries.listed(by=member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle"))
        assert row.party_is_police == Said.NAME


def test_an_address_for_nudges_is_sealed_by_one_role_and_opened_by_the_other(
    given, keys, settings, monkeypatch
):
    settings.NUDGE_CHANNELS = frozenset({"text"})
    taken = []

    class Carrier:
        def send(self, address, subject, text, *, until):
            taken.append(address)

    monkeypatch.setattr(nudges, "transport", lambda channel: Carrier())
    report_id, said = uuid4(), {"days": DAYS, "parts": [], "own_text": "", "at": AT}
    with connected_as("safehold_public", "intake"):
        for number in ("07700 900123", "07700 900124"):
            ask_for_nudges(report_id=report_id, channel="text", address=number, **said)
        assert has_nudges(report_id)
        with pytest.raises(ProgrammingError, match="permission denied"):
            sealed_nudge(report_id)
    with connected_as("safehold_staff", "intake"), connected_as("safehold_staff", "default"):
        with transaction.atomic():
            nudges.something_new(report_id=report_id, at=AT)
        assert nudges.send_due(at=AT) == 1
        nudges.forget(report_id=report_id)
        assert not has_nudges(report_id)
        with pytest.raises(ProgrammingError, match="permission denied"):
            ask_for_nudges(report_id=report_id, channel="text", address="07700 900125", **said)
    with connected_as("safehold_public", "intake"):
        ask_for_nudges(report_id=report_id, channel="text", address="07700 900126", **said)
        stop_nudges(report_id)
    assert taken == ["+447700900124"]


def test_a_report_is_destroyed_by_the_staff_role_and_not_without_a_trace(
    given, keys, settings, tmp_path
):
    """The whole way as the application walks it; the public role then writes nothing more."""
    settings.SAFEHOLD_DATA = tmp_path
    whole = whole_report(settings=settings)
    one, other = (member(Role.SUPERVISOR, name=name) for name in ("Pell Lisle", "Ines Quarr"))
    with connected_as("safehold_staff", "intake"), connected_as("safehold_staff", "default"):
        for table in ("intake_sealedreport", "intake_said", "intake_sentpart"):
            with pytest.raises(IntegrityError, match="certificate alone"):
                connections["intake"].cursor().execute(f"DELETE FROM {table}")
        run = runs.propose(report_ids=[whole.report_id], reason=REASON, by=one, at=OVER)
        runs.confirm(run_id=run.pk, digest=run.digest, by=other, at=OVER)
        (made,) = destroying.carry_out(at=OVER + timedelta(days=2))
        assert not SealedReport.objects.using("intake").exists()
        assert checks.reports_gone() == []
        assert checks.unguarded_tables() == []
    with connected_as("safehold_public", "intake"):
        with pytest.raises(returns.KeptNoMore):
            returns.open_code(whole.code, OVER)
        with pytest.raises(returns.CodeClosed):
            returns.write(whole.place, text="Is anybody there", at=OVER)
        for row in (
            SaidEntry(
                id=uuid4(),
                report_id=made.report_id,
                number=9,
                from_us=False,
                day=OVER.date(),
                for_us=b"x",
            ),
            Nudge(report_id=made.report_id, sealed=b"x", kept_since=OVER.date()),
        ):
            with pytest.raises(IntegrityError, match="was destroyed"):
                row.save(using="intake", force_insert=True)


def test_a_message_on_its_way_is_waited_for_and_calls_it_off(given, keys, settings, tmp_path):
    """She pressed send before, and her row was not committed yet."""
    settings.SAFEHOLD_DATA = tmp_path
    whole = whole_report(settings=settings)
    went = threading.Event()
    problems = []

    def destroy() -> None:
        try:
            with pytest.raises(intake_destroying.AddedMeanwhile):
                intake_destroying.destroy(
                    report_id=whole.report_id, act=uuid4(), expected=2, at=OVER
                )
        except BaseException as error:
            problems.append(error)
        finally:
            went.set()
            connections.close_all()

    with as_role("safehold_public", "intake") as public:
        public.autocommit = False
        public.execute(
            "INSERT INTO intake_said (id, report_id, number, from_us, day, for_us) "
            "VALUES (%s, %s, 3, false, now(), 'x')",
            [uuid4(), whole.report_id],
        )
        thread = threading.Thread(target=destroy)
        thread.start()
        assert not went.wait(1)
        public.commit()
        thread.join(20)
    assert went.is_set()
    assert not problems
    assert SealedReport.objects.using("intake").filter(pk=whole.report_id).exists()


def test_giving_again_takes_back_what_was_too_much(given):
    connections["intake"].cursor().execute("GRANT SELECT ON intake_sealedreport TO safehold_public")
    grants.apply(connections["intake"], alias="intake", roles=ROLES)

    with as_role("safehold_public", "intake") as public, pytest.raises(DENIED):
        public.execute("SELECT * FROM intake_sealedreport")


def rights(role: str, site: str) -> list[str]:
    settings = connections["intake"].settings_dict
    url = f"postgresql://{role}@{settings['HOST'].replace('/', '%2F')}/{settings['NAME']}"
    store = connections.create_connection("intake")
    store.settings_dict = connections["intake"].settings_dict | database(url)
    folder = Path("/nowhere")
    ground = Ground(
        site=site,
        demonstration=False,
        laptop=False,
        invented=False,
        debug=False,
        https=True,
        hosts=("example.uk",),
        bind="",
        cache={},
        data=folder,
        keys=folder,
        secret_missing=False,
        audit_heads=(),
        static_root=folder,
        stores={"intake": store},
        now=datetime.now(UTC),
    )
    try:
        return list(_rights(ground, "intake", store))
    finally:
        store.close()


def test_a_start_with_the_right_roles_is_not_refused(given):
    assert rights("safehold_public", "public") == []
    assert rights("safehold_staff", "staff") == []


def test_a_start_as_the_owner_is_refused(given):
    (line,) = rights("safehold_owner", "staff")

    assert line.startswith("The role that opens the intake store owns it")


def test_a_public_start_that_could_read_reports_is_refused(given):
    connections["intake"].cursor().execute("GRANT SELECT ON intake_sealedreport TO safehold_public")

    assert rights("safehold_public", "public") == [
        "The public site's role can read sealed reports; run `safehold migrate`."
    ]
