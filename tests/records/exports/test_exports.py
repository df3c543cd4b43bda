"""All of a case leaves only as two people decide, for one key, and somebody apart is told."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyrage
import pytest
from django.db import IntegrityError, transaction

from safehold.domain import case_files
from safehold.domain.access import Refused, Role
from safehold.records.agencies import operations as agencies
from safehold.records.audit.models import AuditEvent
from safehold.records.cases import members
from safehold.records.cases import operations as cases
from safehold.records.cases.models import Case, CaseKind, Relation
from safehold.records.exports import forgetting, operations, queries
from safehold.records.exports.models import CaseExport
from safehold.records.histories import operations as searching
from safehold.records.incidents import ties
from safehold.records.incidents.models import (
    Acquainted,
    Classification,
    IncidentReport,
    Part,
    Setting,
)
from safehold.records.incidents.recording import Recorded, record_by_officer
from safehold.records.people import facts
from safehold.records.people import operations as people
from safehold.records.people.models import Person
from safehold.records.shares import must_not
from safehold.records.shares.must_not import OnTheList
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, REASON, arrive, member
from tests.partners import partner

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
SAID = people.Origin("somebody", "the neighbour")
WHY = "The court ordered all of it"
HOUR = timedelta(hours=1)


class World:
    """A case with two people, a partner to send it to, and everybody who has a part in that."""

    def __init__(self) -> None:
        self.officer, self.boss = member(), member(Role.SUPERVISOR, name="Pell Lisle")
        self.other = member(Role.SUPERVISOR, name="Hale Marrick")
        self.auditor = member(Role.AUDITOR, name="Senna Roake")
        self.standards = member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
        self.to = partner()
        said = Recorded(
            Classification.DOMESTIC,
            Setting.PRIVATE,
            Acquainted.KNOWN,
            parts=(Part.VICTIM, Part.SUSPECT),
            note="=The wardrobe",
        )
        self.incident = record_by_officer(said=said, by=self.officer, at=AT)
        self.ilka = self.person("Ilka Brandreth")
        self.oswin = self.person("Oswin Tarrant")
        for part, who in ((Part.VICTIM, self.ilka), (Part.SUSPECT, self.oswin)):
            self.ties(part, who)
        facts.add_home(
            identity=self.ilka,
            line="14 Alder Row",
            protected=True,
            origin=SAID,
            by=self.officer,
            at=AT,
        )
        searching.record_search(
            identity=self.ilka, source="pnc", outcome="nothing", words="", by=self.officer, at=AT
        )
        self.case: Case = cases.open_case(
            kind=CaseKind.PROTECTION,
            incident_ids=[self.incident.pk],
            why=WHY,
            restricted=False,
            owner=self.officer,
            team="Eastmere",
            by=self.officer,
            at=AT,
        )
        members.name_member(
            case_id=self.case.pk,
            member=self.boss,
            relation=Relation.SUPERVISOR,
            why=WHY,
            by=self.officer,
            at=AT,
        )

    def person(self, name: str, **more: Any) -> Any:
        return people.record_person(name=name, origin=SAID, by=self.officer, at=AT, **more).identity

    def ties(self, part: Part, identity: Any, *, by: Any = None) -> None:
        role = self.incident.roles.get(part=part)
        ties.tie(
            incident_id=self.incident.pk,
            role_id=role.pk,
            identity=identity,
            category=str(part),
            by=by or self.officer,
            at=AT,
        )

    def asks(self, **changes: Any) -> CaseExport:
        given = {
            "case_id": self.case.pk,
            "agency_id": self.to.agency.pk,
            "purpose": WHY,
            "protected_why": "",
            "list_answer": "",
            "once": uuid4(),
            "by": self.officer,
            "at": AT,
        }
        return operations.ask(**{**given, **changes})

    def agrees(self, row: CaseExport, *, agreed: bool = True, by: Any = None) -> None:
        operations.agree(export_id=row.pk, agreed=agreed, why=WHY, by=by or self.boss, at=AT)

    def made(self, **changes: Any) -> CaseExport:
        row = self.asks(**changes)
        self.agrees(row)
        return operations.make(export_id=row.pk, by=self.officer, at=AT)

    def report_in_it(self) -> Any:
        report_id = arrive()
        IncidentReport.objects.create(
            report_id=report_id,
            incident=self.incident,
            added_at=AT,
            added_by=self.officer,
            link_basis=self.incident.link_basis,
            link_key=report_id,
        )
        return report_id

    def opens(self, row: CaseExport) -> dict[str, str]:
        identity = pyrage.x25519.Identity.from_str(self.to.secret)
        with zipfile.ZipFile(io.BytesIO(pyrage.decrypt(bytes(row.file), [identity]))) as files:
            return {name: files.read(name).decode() for name in files.namelist()}


@pytest.fixture
def world() -> World:
    return World()


def rows_of(files: dict[str, str], kind: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[f"{kind}.jsonl"].splitlines()]


def test_asked_by_one_agreed_by_another_and_opened_by_the_recipient_alone(world) -> None:
    row = world.made()
    files = world.opens(row)
    manifest = json.loads(files["manifest.json"])
    for each in manifest["files"]:
        assert each["sha256"] == hashlib.sha256(files[each["name"]].encode()).hexdigest()
        assert each["rows"] == len(files[each["name"].split(".")[0] + ".jsonl"].splitlines())
    assert manifest["asked"]["by"] == "Dena Okafor"
    assert (manifest["agreed"]["by"], manifest["agreed"]["why"]) == ("Pell Lisle", WHY)
    assert (manifest["purpose"], manifest["recipient"]) == (WHY, world.to.agency.name)
    looked = manifest["histories"]
    assert {"PNC" in each["searched"] for each in looked.values()} == {True, False}
    assert all("PND" in each["not searched"] for each in looked.values())
    assert {each["name"] for each in rows_of(files, "names")} == {
        "Ilka Brandreth",
        "Oswin Tarrant",
    }
    victim = next(each for each in rows_of(files, "roles") if each["part"] == Part.VICTIM.label)
    assert victim["person"] in {each["person"] for each in rows_of(files, "people")}
    assert "What is not in it" in files["README.txt"]
    assert rows_of(files, "incidents")[0]["note"] == "=The wardrobe"
    assert "'=The wardrobe" in files["incidents.csv"]
    assert b"Ilka" not in bytes(row.file)
    assert row.size == len(row.file)


def test_every_kind_is_there_and_said_of_in_the_words_beside_it(world) -> None:
    files = world.opens(world.made())
    assert {name.split(".")[0] for name in files} - {"README", "manifest"} == set(case_files.KINDS)


@pytest.mark.parametrize(("why", "by", "there"), [("", "officer", False), (WHY, "officer", True)])
def test_a_protected_address_goes_where_the_purpose_names_it_and_its_reader_asks(
    world, why: str, by: str, there: bool
) -> None:
    files = world.opens(world.made(protected_why=why))
    assert ("Alder" in files["homes.jsonl"]) is there
    assert (case_files.LEFT_OUT in files["homes.jsonl"]) is not there


def test_a_protected_address_stays_where_another_asks(world) -> None:
    row = world.asks(protected_why=WHY, by=world.boss)
    world.agrees(row, by=world.other)
    made = operations.make(export_id=row.pk, by=world.boss, at=AT)
    assert "Alder" not in str(world.opens(made))


def test_whoever_is_sealed_to_another_role_is_not_in_it(world) -> None:
    sealed = world.person("Wenna Tolliver")
    role = world.incident.roles.create(part=Part.WITNESS)
    ties.tie(
        incident_id=world.incident.pk,
        role_id=role.pk,
        identity=sealed,
        category="witness",
        by=world.officer,
        at=AT,
    )
    Person.objects.filter(pk=sealed).update(sealed_to=Role.PROFESSIONAL_STANDARDS)
    files = world.opens(world.made())
    assert "Tolliver" not in str(files)
    (witness,) = (each for each in rows_of(files, "roles") if each["part"] == Part.WITNESS.label)
    assert witness["person"] == ""


def test_nobody_agrees_to_their_own_and_no_file_is_made_before(world) -> None:
    row = world.asks(by=world.boss)
    with pytest.raises(operations.OwnExport):
        world.agrees(row)
    with pytest.raises(operations.NotWaiting):
        operations.make(export_id=row.pk, by=world.boss, at=AT)
    with pytest.raises(Refused):
        world.agrees(row, by=world.officer)
    world.agrees(row, by=world.other)
    with pytest.raises(queries.ExportNotFound):
        operations.make(export_id=row.pk, by=world.officer, at=AT)
    world.agrees(row, agreed=False, by=world.other)  # taken back before there is a file
    with pytest.raises(operations.NotWaiting):
        operations.make(export_id=row.pk, by=world.boss, at=AT)


def test_the_store_holds_it_to_two_people_and_a_yes(world) -> None:
    row = world.asks()
    rows = CaseExport.objects.filter(pk=row.pk)
    for change in (
        {"agreed": True, "agreed_by": world.officer, "agreed_at": AT, "agreed_why": WHY},
        {"made_at": AT, "until": AT, "size": 1, "digest": "x"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


def test_a_form_that_is_sent_twice_is_one_export(world) -> None:
    once = uuid4()
    assert world.asks(once=once).pk == world.asks(once=once).pk
    with pytest.raises(ReasonTooThin):
        world.asks(purpose="court")


def test_the_lists_of_every_report_stop_it_at_each_step(world) -> None:
    report_id = world.report_in_it()
    listed = {"report_id": report_id, "why": REASON, "by": world.boss, "at": AT}
    asked, agreed = world.asks(), world.asks()
    world.agrees(agreed)
    made = world.made()
    must_not.put_agency(agency_id=world.to.agency.pk, **listed)
    for act in (
        lambda: world.asks(),
        lambda: world.agrees(asked),
        lambda: operations.make(export_id=agreed.pk, by=world.officer, at=AT),
        lambda: operations.fetch(export_id=made.pk, by=world.officer, at=AT),
    ):
        before = AuditEvent.objects.filter(action="export of a case stopped by the list").count()
        with pytest.raises(OnTheList):
            act()
        stopped = AuditEvent.objects.filter(action="export of a case stopped by the list")
        assert stopped.count() == before + 1
    world.agrees(asked, agreed=False)  # a no needs no list


def test_whoever_asks_says_how_nobody_on_a_list_reads_it(world) -> None:
    report_id = world.report_in_it()
    must_not.put_person(
        report_id=report_id, name="Wenna Tolliver", why=REASON, by=world.boss, at=AT
    )
    with pytest.raises(operations.NotAsked) as refused:
        world.asks()
    assert refused.value.field == "list_answer"
    assert world.asks(list_answer="Their manager looked who works there").list_answer


def test_an_agency_needs_a_key_that_two_have_checked(world) -> None:
    bare = agencies.add(name="Lantern bare", kind="idva", contact="", by=world.boss, at=AT)
    with pytest.raises(operations.NotAsked):
        world.asks(agency_id=bare.pk)


def test_the_file_is_fetched_by_whoever_asked_until_its_time_is_over(world) -> None:
    row = world.made()
    content, name = operations.fetch(export_id=row.pk, by=world.officer, at=AT + HOUR)
    assert (content, name) == (bytes(row.file), f"{row.reference}.age")
    over = AT + case_files.file_stays()
    with pytest.raises(operations.NotWaiting):
        operations.fetch(export_id=row.pk, by=world.officer, at=over)
    assert operations.destroy_files(at=over - HOUR) == 0
    assert operations.destroy_files(at=over) == 1
    row.refresh_from_db()
    assert (row.file, bool(row.digest), bool(row.size)) == (None, True, True)


def test_the_auditor_is_alerted_and_says_that_they_looked(world) -> None:
    asked = world.asks()
    assert queries.to_look_at(by=world.auditor) == []
    row = world.made()
    assert queries.to_look_at(by=world.auditor) == [row]
    assert queries.to_look_at(by=world.boss) == []
    act = {"was_right": True, "at": AT, "by": world.auditor}
    with pytest.raises(ReasonTooThin):
        operations.look_afterwards(export_id=row.pk, words="ok", **act)
    with pytest.raises(operations.NotWaiting):
        operations.look_afterwards(export_id=asked.pk, words=WHY, **act)
    operations.look_afterwards(export_id=row.pk, words="The order is on file", **act)
    assert queries.to_look_at(by=world.auditor) == []
    with pytest.raises(operations.NotWaiting):
        operations.look_afterwards(export_id=row.pk, words="Once more to be sure", **act)


def test_an_act_and_the_row_about_it_are_one(world, monkeypatch) -> None:
    def refuses(**_):
        raise RuntimeError("no room")

    monkeypatch.setattr("safehold.records.audit.operations.append", refuses)
    with pytest.raises(RuntimeError), transaction.atomic():
        world.asks()
    assert not CaseExport.objects.exists()


def test_a_restricted_case_leaves_by_nobody_who_may_not_know_of_it(world) -> None:
    row = world.asks()
    Case.objects.update(restricted=True)
    with pytest.raises(queries.ExportNotFound):
        world.agrees(row, by=world.other)
    with pytest.raises(cases.queries.CaseNotFound):
        world.asks(by=world.other)
    assert [each.pk for each in queries.page_of(by=world.auditor, page=1)] == [row.pk]


def test_a_working_print_masks_every_protected_address_and_is_on_record(world) -> None:
    found = operations.working_print(case_id=world.case.pk, reason=WHY, by=world.officer, at=AT)
    assert found.rows["homes"][0]["line"] == case_files.LEFT_OUT
    looked, printed = AuditEvent.objects.order_by("-sequence")[:2][::-1]
    assert (looked.action, printed.action) == ("looked", "working print of a case")


def test_a_report_that_is_destroyed_takes_the_file_and_the_words(world) -> None:
    row, report_id = world.made(), world.report_in_it()
    with transaction.atomic():
        forgetting.forget(report_id)
    row.refresh_from_db()
    assert (row.file, row.purpose, row.agreed_why) == (None, forgetting.GONE, forgetting.GONE)


def test_of_a_case_with_another_report_the_words_stay(world) -> None:
    report_id, _ = world.report_in_it(), world.report_in_it()
    row = world.made(list_answer="Nobody of theirs is in it")
    with transaction.atomic():
        forgetting.forget(report_id)
    row.refresh_from_db()
    assert (row.file, row.purpose) == (None, WHY)


def test_no_command_leads_around_it() -> None:
    commands = Path(operations.__file__).parents[2] / "config"
    naming = [path.name for path in commands.rglob("*.py") if "records.exports" in path.read_text()]
    assert sorted(naming) == ["scheduler.py", "settings.py"]
