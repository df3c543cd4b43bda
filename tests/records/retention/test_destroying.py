"""Destroying: nothing opens any more, nothing is left over, and what was done can be shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner
from django.apps import apps
from django.db import DatabaseError, connections, models, transaction
from django.test.utils import CaptureQueriesContext

from safehold.config import scheduler
from safehold.config.commands.retention import command as retention_command
from safehold.crypto.errors import KeyFileRefused
from safehold.domain import retention
from safehold.domain.access import Role
from safehold.records.audit import checks
from safehold.records.audit import queries as events
from safehold.records.beside import operations as beside
from safehold.records.beside.models import Comparison
from safehold.records.cases import operations as cases
from safehold.records.cases.models import CaseKind
from safehold.records.conflicts import recusals
from safehold.records.contacts.models import Version
from safehold.records.exhibits.models import CleanedPart
from safehold.records.incidents import ties
from safehold.records.incidents.models import Incident, IncidentReport, Part
from safehold.records.incidents.models import Role as InIncident
from safehold.records.intake import destroying as intake
from safehold.records.intake import nudges, returns
from safehold.records.intake.chain import INTAKE
from safehold.records.intake.models import (
    IntakeEvent,
    Nudge,
    ReturnPlace,
    Said,
    SealedReport,
    SentPart,
    SpentCode,
    Tombstone,
)
from safehold.records.people import forgetting as people_forgetting
from safehold.records.people import operations as people
from safehold.records.people.models import PersonName
from safehold.records.removals import INTAKE_GUARDS, RECORDS_GUARDS, missing_guards
from safehold.records.retention import certificates, destroying, facts, runs
from safehold.records.retention.models import Certificate, Destruction, State
from safehold.records.retention.tables import TABLES, Fate
from safehold.records.shares import must_not
from safehold.records.triage import name_requests, passing
from safehold.records.triage import operations as triage
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.openings import about
from safehold.records.triage.queries import ReportNotFound
from tests.desk import AT, REASON, member, send_harm
from tests.lock_order import LockOrder
from tests.whole_reports import OVER, Whole, end, set_aside_and_ended, whole_report

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
WHY = "Its time is over and nothing points to a need"
LATER = OVER + timedelta(days=2)
WORDS = (
    "Called back and forth",
    "As she told it",
    "Nothing more to do",
    "Rang her on Monday",
    "Not when the van",
    "marmalade",
)


MADE_LATER = {
    "intake_passedreport",
    "triage_name_request",
    "triage_account_mark",
    "triage_passing",
    "triage_sealed_again",
    "report_comparison",
    "must_not_receive_entry",
}


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> None:
    settings.SAFEHOLD_DATA = tmp_path / "data"


def confirmed(*report_ids: UUID, at: Any = OVER) -> runs.Run:
    one, other = (member(Role.SUPERVISOR, name=name) for name in ("Pell Lisle", "Ines Quarr"))
    run = runs.propose(report_ids=report_ids, reason=WHY, by=one, at=at)
    return runs.confirm(run_id=run.pk, digest=run.digest, by=other, at=at)


def destroyed(report_id: UUID) -> Certificate:
    confirmed(report_id)
    (made,) = destroying.carry_out(at=LATER)
    return made


def tied_part(whole: Whole, *, source: str) -> tuple[InIncident, UUID]:
    person = people.record_person(
        name="Ilka Brandreth",
        origin=people.Origin("themselves", source),
        by=whole.officer,
        at=AT,
    )
    role = Incident.objects.get().roles.filter(part=Part.VICTIM).first()
    ties.tie(
        incident_id=role.incident_id,
        role_id=role.pk,
        identity=person.identity,
        category="victim",
        by=whole.officer,
        at=AT,
    )
    return role, person.identity


def everything_stored() -> Iterator[tuple[str, bytes]]:
    """Every value of every table of both stores but the audit, which is kept."""
    for alias in ("default", "intake"):
        connection = connections[alias]
        with connection.cursor() as cursor:
            for table in connection.introspection.table_names(cursor):
                if table == "audit_auditevent":
                    continue
                cursor.execute(f"SELECT * FROM {table}")
                for row in cursor.fetchall():
                    for value in row:
                        raw = isinstance(value, (bytes, memoryview))
                        yield table, bytes(value) if raw else str(value).encode()


def ciphertexts(whole: Whole) -> list[bytes]:
    report = SealedReport.objects.using(INTAKE).get(pk=whole.report_id)
    said = Said.objects.using(INTAKE).filter(report_id=whole.report_id)
    parts = SentPart.objects.using(INTAKE).filter(report_id=whole.report_id)
    found = [report.slip, report.account]
    found += [one.for_us for one in said] + [one.for_her for one in said if one.for_her]
    found += [one.content for one in parts]
    found += [one.sealed for one in Version.objects.all()]
    found += [one.content for one in CleanedPart.objects.all()]
    found += [one.sealed for one in Nudge.objects.using(INTAKE)]
    found += [one.content for one in ReturnPlace.objects.using(INTAKE)]
    return [bytes(one) for one in found]


class TestWhatIsLeft:
    def test_no_ciphertext_no_key_and_no_word_of_it_is_stored_any_more(self, settings: Any) -> None:
        whole = whole_report(settings=settings)
        sealed = ciphertexts(whole)
        assert len(sealed) >= 10
        before = dict.fromkeys(value for _, value in everything_stored())
        assert all(one in before for one in sealed)
        destroyed(whole.report_id)
        after = list(everything_stored())
        for one in sealed:
            assert not [table for table, value in after if one in value or one[:200] in value]
        for word in WORDS:
            assert not [table for table, value in after if word.encode() in value], word

    def test_every_table_that_may_hold_something_of_a_report_has_a_fate(self) -> None:
        assert {name for name, _ in tables_of_reports()} == set(TABLES)

    def test_no_orphan_is_left_in_any_table_that_is_emptied(self, settings: Any) -> None:
        whole, other = whole_report(settings=settings), set_aside_and_ended()
        held = {name for name, rows in tables_of_reports() if rows(whole.report_id).exists()}
        gone = {name for name, fate in TABLES.items() if fate is Fate.DESTROYED}
        # What this report does not have is named, so that a new table is not passed over.
        assert gone - held == {
            "retention_hold",
            "retention_keep",
            "retention_due",
            "contact_override",
            "contact_opening",
            "feedback",
            "feedback_reading",
            *MADE_LATER,
            # It is no application: tests/records/dvds/test_operations.py destroys one.
            *(name for name in gone if name.startswith("dvds_")),
        }
        destroyed(whole.report_id)
        left = {name for name, rows in tables_of_reports() if rows(whole.report_id).exists()}
        assert left & gone == set()
        assert SealedReport.objects.using(INTAKE).filter(pk=other).exists()

    def test_what_came_of_it_between_colleagues_goes_too(self) -> None:
        """Asked of a keeper, passed on and back, put beside another, kept from somebody."""
        officer, standards = member(), member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
        hidden = {"identity": {"how": "hidden"}, "name": {"name": "Zanzibar Quill"}}
        report_id, other = send_harm(**hidden), send_harm()
        for key in (report_id, other):
            triage.open_account(report_id=key, reason=REASON, by=officer, at=AT)
        act = {"report_id": report_id, "reason": REASON, "at": AT}
        name_requests.ask(soon="today", by=officer, **act)
        must_not.put_person(
            report_id=report_id, name="Wenna Tolliver", why=REASON, by=officer, at=AT
        )
        beside.decide(
            report_id=report_id, other_id=other, verdict="same", reason=REASON, by=officer, at=AT
        )
        passing.pass_to_standards(by=officer, **act)
        triage.open_account(by=standards, **act)
        passing.pass_to_unit(by=standards, **act)
        triage.set_aside_report(by=officer, **act)
        end(report_id, by=officer, at=AT)
        held = {name for name, rows in tables_of_reports() if rows(report_id).exists()}
        assert held >= MADE_LATER - {"incident_report", "triage_account_mark"}
        destroyed(report_id)
        left = {name for name, rows in tables_of_reports() if rows(report_id).exists()}
        assert left & MADE_LATER == set()
        assert not [table for table, value in everything_stored() if b"Wenna Tolliver" in value]

    def test_what_is_counted_stays_without_words(self, settings: Any) -> None:
        whole = whole_report(settings=settings)
        roles = Incident.objects.get().roles.count()
        destroyed(whole.report_id)
        incident = Incident.objects.get()
        assert (incident.classification, incident.crime_decision) == ("domestic", "crime")
        assert (incident.note, incident.roles.count()) == ("", roles)
        slip = TriageSlip.objects.get(pk=whole.report_id)
        assert (slip.state, slip.kind, slip.prompts, slip.cell) == ("accepted", slip.kind, [], "")
        assert slip.destroyed_at == LATER
        assert slip.openings.count() == 2

    def test_its_parts_are_nobodys_any_more_and_words_of_people_that_name_it_go(
        self, settings: Any
    ) -> None:
        whole = whole_report(settings=settings)
        reference = TriageSlip.objects.get(pk=whole.report_id).reference
        role, identity = tied_part(whole, source=f"Report {reference}")
        destroyed(whole.report_id)
        role.refresh_from_db()
        assert (role.person, role.link_key, role.category) == (None, None, "")
        assert PersonName.objects.get(person_id=identity).source_words == people_forgetting.GONE

    def test_another_report_of_the_same_keeps_its_ties(self, settings: Any) -> None:
        whole = whole_report(settings=settings)
        role, identity = tied_part(whole, source="")
        other = send_harm()
        IncidentReport.objects.create(
            report_id=other,
            incident=role.incident,
            added_at=AT,
            added_by=whole.officer,
            link_basis=role.incident.link_basis,
            link_key=other,
        )
        destroyed(whole.report_id)
        role.refresh_from_db()
        assert role.person_id == identity

    def test_it_waits_for_a_case_that_works_on_it(self, settings: Any) -> None:
        whole = whole_report(settings=settings)
        case = cases.open_case(
            kind=CaseKind.PROTECTION,
            incident_ids=[Incident.objects.get().pk],
            why=REASON,
            restricted=False,
            owner=whole.officer,
            team="Eastmere",
            by=whole.officer,
            at=AT,
        )
        looked = facts.look([whole.report_id], today=LATER.date())[whole.report_id]
        assert not looked.is_due
        cases.close(case_id=case.pk, why=REASON, by=whole.officer, at=AT)
        assert facts.look([whole.report_id], today=LATER.date())[whole.report_id].is_due

    def test_nobody_opens_or_decides_anything_about_it_any_more(self, settings: Any) -> None:
        whole = whole_report(settings=settings)
        destroyed(whole.report_id)
        with pytest.raises(triage.AccountSealed):
            triage.open_account(
                report_id=whole.report_id, reason=REASON, by=whole.officer, at=LATER
            )
        with pytest.raises(ReportNotFound):
            triage.take_report(report_id=whole.report_id, by=whole.officer, at=LATER)
        with pytest.raises(returns.KeptNoMore):
            returns.open_code(whole.code, LATER)
        with pytest.raises(returns.CodeClosed):
            returns.write(whole.place, text="Is anybody there", at=LATER)
        assert not Said.objects.using(INTAKE).exists()

    def test_where_her_code_led_is_tied_to_nothing_and_forgotten_in_the_end(
        self, settings: Any
    ) -> None:
        whole = whole_report(settings=settings)
        destroyed(whole.report_id)
        spent = SpentCode.objects.using(INTAKE).get()
        assert {field.name for field in SpentCode._meta.fields} == {"find", "last_day"}
        assert intake.forget_spent_codes(at=LATER) == 0
        years = timedelta(days=366 * retention.table().codes_said_years)
        assert intake.forget_spent_codes(at=LATER + years) == 1
        assert spent.find == whole.place.find


def tables_of_reports() -> list[tuple[str, Callable[[UUID], Any]]]:
    """Every table with a report's id, or a foreign key that leads to one, and how to ask it."""
    found = []
    for model in apps.get_models():
        if model._meta.label.partition(".")[0] in NOT_OURS:
            continue
        path = path_to_report(model)
        if path:
            found.append((model._meta.db_table, rows_of(model, path)))
    return found


NOT_OURS = {"wagtailcore", "auth", "contenttypes", "sessions", "account", "mfa", "audit"}


def path_to_report(model: type[models.Model], *, depth: int = 3) -> str:
    fields = {field.name: field for field in model._meta.concrete_fields}
    if model is SealedReport:
        return "id"
    # A matter of sharing is a report or an application; that of an answer is a place's.
    ids = ("report_id", "matter") if model._meta.app_label == "shares" else ("report_id",)
    for name in ids:
        if name in fields:
            return name
    for field in fields.values() if depth else ():
        if isinstance(field, models.ForeignKey) and field.related_model is not model:
            inner = path_to_report(field.related_model, depth=depth - 1)
            if inner:
                return f"{field.name}__{inner}"
    return ""


def rows_of(model: type[models.Model], path: str) -> Callable[[UUID], Any]:
    alias = INTAKE if model._meta.app_label == "intake" else "default"
    text = isinstance(model._meta.get_field(path.split("__")[0]), models.CharField)
    rows = model._default_manager.using(alias)
    if model is Comparison:  # it leads to two reports
        return lambda key: rows.filter(models.Q(one=key) | models.Q(other=key))
    return lambda key: rows.filter(**{path: str(key) if text else key})


def test_nobody_confirms_the_destruction_of_what_they_are_kept_from() -> None:
    report_id, other = set_aside_and_ended(), set_aside_and_ended()
    one, second = (member(Role.SUPERVISOR, name=name) for name in ("Pell Lisle", "Ines Quarr"))
    run = runs.propose(report_ids=(report_id, other), reason=WHY, by=one, at=OVER)
    recusals.recuse(report_id=report_id, member=second, at=OVER)
    runs.confirm(run_id=run.pk, digest=run.digest, by=second, at=OVER)
    states = dict(run.reports.values_list("report_id", "state"))
    assert states == {report_id: State.CALLED_OFF, other: State.CONFIRMED}


def all_but(stuck: UUID) -> Callable[..., bool]:
    real = intake.destroy

    def destroy(*, report_id: UUID, **how: Any) -> bool:
        if report_id == stuck:
            raise ValueError("this one does not go")
        return real(report_id=report_id, **how)

    return destroy


def test_one_that_cannot_go_keeps_no_other_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [set_aside_and_ended() for _ in range(3)]
    confirmed(*reports)
    first = Destruction.objects.order_by("run__confirmed_at", "pk").first()
    assert first is not None
    with monkeypatch.context() as broken:
        broken.setattr(destroying.intake, "destroy", all_but(first.report_id))
        with pytest.raises(destroying.NotDestroyed, match=str(first.pk)):
            destroying.carry_out(at=LATER, limit=1)
        with pytest.raises(destroying.NotDestroyed, match=str(first.pk)):
            scheduler._destroy_what_was_confirmed(LATER)
        assert Certificate.objects.count() == 2
        assert len(list(certificates.folder().glob("*.json"))) == 2
        done = CliRunner().invoke(retention_command, ["destroy"])
        assert (done.exit_code, str(first.pk) in done.output) == (1, True)
    (made,) = destroying.carry_out(at=LATER)
    assert made.report_id == first.report_id


class TestTheCertificate:
    def test_it_says_what_went_and_why_and_holds_nothing_of_it(self, settings: Any) -> None:
        whole = whole_report(settings=settings)
        report = SealedReport.objects.using(INTAKE).get(pk=whole.report_id)
        digests = (
            IntakeEvent.objects.using(INTAKE)
            .get(report_id=str(whole.report_id), action="report received")
            .detail
        )
        made = destroyed(whole.report_id)
        said = json.loads(made.content)
        what = said["what"]
        assert (said["rule"], said["reference"]) == ("crime", report.reference)
        assert what["envelopes"] == digests
        assert [file["parts"] for file in what["files"]] == [1]
        assert len(what["messages"]) == 2
        assert (what["codes"], what["addresses for nudges"]) == (1, 1)
        assert what["counts"]["versions of safe contact"] == 1
        assert what["keys"]
        assert all(len(key) == 16 for key in what["keys"])
        assert said["proposed by"]["name"] == "Pell Lisle"
        assert said["confirmed by"]["name"] == "Ines Quarr"
        until = made.destroyed_on + timedelta(days=retention.table().backup_days)
        assert said["backups may hold it until"] == until.isoformat()
        for word in (*WORDS, "Zanzibar", "900123"):
            assert word not in made.content

    def test_it_is_signed_and_chained_and_kept_beside_the_stores(self) -> None:
        report_id = set_aside_and_ended()
        made = destroyed(report_id)
        certificates.check(certificates.of_row(made))
        last = events.events_about(about(report_id)).first()
        assert (last.action, last.detail["sha256"]) == ("report destroyed", made.digest)
        (path,) = certificates.folder().glob("*.json")
        assert path.stat().st_mode & 0o777 == 0o600
        assert json.loads(path.read_text())["content"] == made.content
        path.unlink()
        assert certificates.keep_missing_files() == 1
        with CaptureQueriesContext(connections["default"]) as asked:
            assert certificates.keep_missing_files() == 0
        assert not [each for each in asked if "content" in each["sql"]]  # every ten minutes

    def test_one_that_was_changed_is_not_believed(self) -> None:
        kept = certificates.of_row(destroyed(set_aside_and_ended()))
        wrong = certificates.Signed(
            kept.content.replace("set_aside", "crime"), kept.key_id, kept.signature
        )
        with pytest.raises(certificates.BadCertificate):
            certificates.check(wrong)

    def test_it_is_never_changed_or_removed(self) -> None:
        destroyed(set_aside_and_ended())
        for statement in ("UPDATE {} SET digest = ''", "DELETE FROM {}"):
            with pytest.raises(DatabaseError), transaction.atomic():
                connections["default"].cursor().execute(statement.format("retention_certificate"))

    def test_without_a_key_to_sign_with_nothing_is_begun(self, keys: Any) -> None:
        report_id = set_aside_and_ended()
        confirmed(report_id)
        for path in keys.glob("audit-*"):
            path.unlink()
        with pytest.raises(KeyFileRefused):
            destroying.carry_out(at=LATER)
        assert Destruction.objects.get().state == State.CONFIRMED
        assert SealedReport.objects.using(INTAKE).filter(pk=report_id).exists()


class TestTheGuards:
    @pytest.mark.parametrize("table", ["intake_sealedreport", "intake_sentpart", "intake_said"])
    def test_nothing_is_removed_without_a_tombstone(self, settings: Any, table: str) -> None:
        whole_report(settings=settings)
        with pytest.raises(DatabaseError, match="certificate alone"), transaction.atomic(INTAKE):
            connections[INTAKE].cursor().execute(f"DELETE FROM {table}")

    @pytest.mark.parametrize("table", ["contact_version", "exhibit_cleaned_part"])
    def test_nothing_is_removed_without_a_certificate(self, settings: Any, table: str) -> None:
        whole_report(settings=settings)
        with pytest.raises(DatabaseError, match="certificate alone"), transaction.atomic():
            connections["default"].cursor().execute(f"DELETE FROM {table}")

    def test_nothing_arrives_after_a_tombstone(self) -> None:
        report_id = uuid4()
        Tombstone(report_id=report_id, act=uuid4(), day=AT.date()).save(using=INTAKE)
        late = (
            Said(report_id=report_id, id=uuid4(), number=1, from_us=False, day=AT, for_us=b"x"),
            ReturnPlace(find="x", report_id=report_id, public_key=b"x", content=b"x"),
            Nudge(report_id=report_id, sealed=b"x", kept_since=AT.date()),
            SentPart(id=uuid4(), report_id=report_id, file_id=uuid4(), number=0, content=b"x"),
        )
        for row in late:
            with pytest.raises(DatabaseError, match="was destroyed"), transaction.atomic(INTAKE):
                row.save(using=INTAKE, force_insert=True)

    def test_asking_for_nudges_too_late_leaves_nothing(self, settings: Any) -> None:
        whole = whole_report(settings=settings)
        destroyed(whole.report_id)
        asked = {"days": ["mon"], "parts": [], "own_text": "", "at": LATER}
        nudges.ask_for_nudges(
            report_id=whole.report_id, channel="text", address="07700 900123", **asked
        )
        assert not nudges.has_nudges(whole.report_id)

    def test_every_guard_stands_and_one_that_is_gone_is_named(self) -> None:
        for alias, guards in (("default", RECORDS_GUARDS), (INTAKE, INTAKE_GUARDS)):
            connection = connections[alias]
            assert missing_guards(connection) == []
            for guard in guards:
                where = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
                with transaction.atomic(using=alias):
                    connection.cursor().execute(f"DROP TRIGGER {guard.name}{where}")
                    assert missing_guards(connection) == [guard.table]
                    transaction.set_rollback(True, using=alias)

    def test_removing_by_hand_is_found_and_so_is_a_trace_that_no_act_left(self) -> None:
        ids = [set_aside_and_ended() for _ in range(3)]
        assert checks.reports_gone() == []
        destroyed(ids[0])
        assert checks.reports_gone() == []
        Tombstone(report_id=ids[1], act=uuid4(), day=AT.date()).save(using=INTAKE)
        assert checks.reports_gone() == [str(ids[1])]  # it is here all the same
        SealedReport.objects.using(INTAKE).filter(pk=ids[1]).delete()
        assert checks.reports_gone() == [str(ids[1])]
        (line,) = checks.in_words([], replaced=[], unguarded=[], gone=checks.reports_gone())
        assert "nothing says that it was destroyed" in line
        assert not checks.replaced_reports()


class Killed(BaseException):
    """The process fell."""


def kill(*_: Any, **__: Any) -> None:
    raise Killed


class TestAfterACrash:
    """Each step is whole or not at all, and whoever comes next does what is missing."""

    @pytest.mark.parametrize(
        ("where", "what", "state", "gone"),
        [
            ("intake", "inventory", State.CONFIRMED, False),
            ("intake", "destroy", State.DESTROYING, False),
            ("certificates", "signed", State.DESTROYING, True),
            ("destroying", "_record_end", State.DESTROYING, True),
            ("destroying", "_finish", State.CERTIFIED, True),
        ],
    )
    def test_it_is_taken_up_where_it_was_left(
        self,
        settings: Any,
        monkeypatch: pytest.MonkeyPatch,
        where: str,
        what: str,
        state: State,
        gone: bool,
    ) -> None:
        whole = whole_report(settings=settings)
        confirmed(whole.report_id)
        modules = {"intake": intake, "certificates": certificates, "destroying": destroying}
        with monkeypatch.context() as patched:
            patched.setattr(modules[where], what, kill)
            with pytest.raises(Killed):
                destroying.carry_out(at=LATER)
        assert Destruction.objects.get().state == state
        here = SealedReport.objects.using(INTAKE).filter(pk=whole.report_id).exists()
        assert here is not gone
        assert Certificate.objects.exists() is (state == State.CERTIFIED)
        assert checks.reports_gone() == []
        destroying.carry_out(at=LATER + timedelta(hours=1))
        certificates.keep_missing_files()
        made = Certificate.objects.get()
        assert len(json.loads(made.content)["what"]["messages"]) == 2
        assert Tombstone.objects.using(INTAKE).get().act == made.pk
        assert len(list(certificates.folder().glob("*.json"))) == 1
        assert checks.reports_gone() == []
        assert destroying.carry_out(at=LATER + timedelta(hours=2)) == []

    def test_a_message_between_two_steps_calls_it_off(
        self, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        whole = whole_report(settings=settings)
        confirmed(whole.report_id)
        with monkeypatch.context() as patched:
            patched.setattr(intake, "destroy", kill)
            with pytest.raises(Killed):
                destroying.carry_out(at=LATER)
        returns.write(whole.place, text="He is back", at=LATER)
        assert destroying.carry_out(at=LATER) == []
        assert Destruction.objects.get().state == State.CALLED_OFF
        assert len(returns.conversation(whole.place)) == 3
        assert SealedReport.objects.using(INTAKE).filter(pk=whole.report_id).exists()


class TestAgain:
    def test_a_certificate_beside_the_stores_destroys_what_came_back(
        self, settings: Any, lock_order: LockOrder
    ) -> None:
        whole = whole_report(settings=settings)
        with transaction.atomic("default"), transaction.atomic(INTAKE):
            destroyed(whole.report_id)
            # As a backup from before brings both stores back, and leaves the folder alone.
            lock_order.broken.clear()  # several acts are one transaction here
            transaction.set_rollback(True, using="default")
            transaction.set_rollback(True, using=INTAKE)
        assert SealedReport.objects.using(INTAKE).filter(pk=whole.report_id).exists()
        assert not Certificate.objects.exists()
        assert destroying.destroy_again(at=LATER) == 1
        assert not SealedReport.objects.using(INTAKE).filter(pk=whole.report_id).exists()
        made = Certificate.objects.get()
        certificates.check(certificates.of_row(made))
        assert not Version.objects.exists()
        assert TriageSlip.objects.get(pk=whole.report_id).destroyed_at == LATER
        assert checks.reports_gone() == []
        last = events.events_about(about(whole.report_id)).first()
        assert last.detail["again"] is True
        assert destroying.destroy_again(at=LATER) == 0

    def test_one_that_cannot_go_again_is_begun_once_and_named(
        self, lock_order: LockOrder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stuck, other = set_aside_and_ended(), set_aside_and_ended()
        confirmed(stuck, other)
        with transaction.atomic("default"), transaction.atomic(INTAKE):
            destroying.carry_out(at=LATER)
            lock_order.broken.clear()  # several acts are one transaction here
            transaction.set_rollback(True, using="default")
            transaction.set_rollback(True, using=INTAKE)
        with monkeypatch.context() as broken:
            broken.setattr(destroying.intake, "destroy", all_but(stuck))
            for _ in range(3):
                with pytest.raises(destroying.NotDestroyed):
                    destroying.destroy_again(at=LATER)
        assert Certificate.objects.get().report_id == other
        acts = [row.action for row in events.events_about(about(stuck))]
        assert acts.count("destruction begun") == 1
        assert destroying.destroy_again(at=LATER) == 1

    def test_a_bad_file_keeps_no_other_from_being_destroyed_again_and_is_named(
        self, settings: Any, lock_order: LockOrder
    ) -> None:
        whole = whole_report(settings=settings)
        with transaction.atomic("default"), transaction.atomic(INTAKE):
            destroyed(whole.report_id)
            lock_order.broken.clear()  # several acts are one transaction here
            transaction.set_rollback(True, using="default")
            transaction.set_rollback(True, using=INTAKE)
        for name in ("0-first.json", "z-last.json"):
            (certificates.folder() / name).write_text("{")
        with pytest.raises(destroying.BadCertificate, match=r"0-first\.json.*z-last\.json"):
            destroying.destroy_again(at=LATER)
        assert not SealedReport.objects.using(INTAKE).filter(pk=whole.report_id).exists()
        assert Certificate.objects.get().report_id == whole.report_id

    def test_a_file_that_we_did_not_sign_destroys_nothing(self) -> None:
        report_id = set_aside_and_ended()
        place = certificates.folder()
        place.mkdir(parents=True)
        said = {"certificate": str(uuid4()), "report": str(report_id), "reference": "x"}
        (place / "forged.json").write_text(
            json.dumps({"content": json.dumps(said), "key": "00" * 8, "signature": "00" * 64})
        )
        with pytest.raises(destroying.BadCertificate, match=r"forged\.json"):
            destroying.destroy_again(at=LATER)
        assert SealedReport.objects.using(INTAKE).filter(pk=report_id).exists()
