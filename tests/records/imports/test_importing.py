"""An import twice is an import once; what an officer did here stays; what is refused is nowhere."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain import column_maps, import_kinds
from safehold.domain.access import Refused, Role
from safehold.domain.contact_profile import Terms
from safehold.records.agencies import operations as agencies
from safehold.records.audit.models import AuditEvent
from safehold.records.cases.models import Case, CaseKind, CaseMember, CaseParty
from safehold.records.contacts import operations as contacts
from safehold.records.contacts.models import Profile
from safehold.records.contacts.models import Version as ContactVersion
from safehold.records.contacts.operations import open_details
from safehold.records.imports import operations
from safehold.records.imports.models import Batch, Earlier, Imported
from safehold.records.imports.report import Report
from safehold.records.incidents import models as incidents
from safehold.records.incidents import operations as incident_acts
from safehold.records.marac.models import Coverage
from safehold.records.orders import queries as orders
from safehold.records.orders.models import Condition, Order
from safehold.records.people import facts, finding
from safehold.records.people.models import (
    Address,
    BirthDate,
    Contact,
    Home,
    Person,
    PersonFlag,
    PersonName,
)
from safehold.records.people.operations import Origin, add_birth_date
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, REASON, member
from tests.extracts import FOLDER, ORDER, WHY, example, importing, store, target, written

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
PEOPLE = """
system = "athena"
kind = "people"
key = ["REF"]
[[column]]
field = "name"
from = ["NAME"]
[[column]]
field = "born"
from = ["BORN"]
[[column]]
field = "contact"
as = "mobile"
from = ["MOBILE"]
[[column]]
field = "flag"
from = ["FLAG"]
values = { WE = "weapons", SU = "suicide" }
"""
HEADER = "REF,NAME,BORN,MOBILE,FLAG"
ILKA = "N1,Ilka Brandreth,02/03/1991,07700 900451,WE"
HERE = Origin("seen", "")
LATER = AT + timedelta(days=30)
YEAR = (date(2025, 11, 22), date(2026, 11, 22))
# What an import may add to whenever it runs: who ran it, and nothing of what it read.
LOGS = {Batch, AuditEvent}


@pytest.fixture
def boss() -> Any:
    return member(Role.SUPERVISOR)


@pytest.fixture
def people(tmp_path: Path) -> Any:
    def imported(*rows: str, **more: Any) -> Report:
        return importing(PEOPLE, written(tmp_path / "a.csv", HEADER, *rows), **more)[0]

    return imported


def everything() -> list[Any]:
    ours = [
        model
        for model in apps.get_models()
        if model.__module__.startswith("safehold.records.") and model not in LOGS
    ]
    return store(model for model in ours if model._meta.app_label in ROOMS)


ROOMS = {"people", "incidents", "cases", "orders", "marac", "imports", "contacts", "shares"}


def told(report: Report) -> dict[str, list[int]]:
    return {f"{weight}: {says}": told.lines for (weight, _, says), told in report.told.items()}


def test_the_words_that_a_map_may_lead_to_are_those_of_the_store() -> None:
    assert sorted(import_kinds.CLASSIFICATIONS) == sorted(incidents.Classification.values)
    assert sorted(import_kinds.PARTS) == sorted(incidents.Part.values)
    assert list(import_kinds.ANSWERS) == incidents.Answered.values
    assert list(import_kinds.SETTINGS) == incidents.Setting.values
    assert list(import_kinds.ACQUAINTED) == incidents.Acquainted.values
    assert list(import_kinds.CASES) == CaseKind.values
    assert set(operations.ROOMS) == set(import_kinds.KINDS)


@pytest.fixture(autouse=True)
def lettings() -> Any:
    """Return the agency that the example of who must receive nothing names."""
    about = {"kind": "housing", "contact": "The manager", "by": member(Role.SUPERVISOR), "at": AT}
    return agencies.add(name="Mere Lettings", **about)


def test_the_examples_become_people_incidents_parts_cases_orders_and_referrals(boss) -> None:
    for name in ORDER:
        report = example(name, by=boss, covers=YEAR)
        assert (report.sentence, report.counts["refused"]) == ("", 0), (name, report.told)
        assert not report.told, name
    ilka = target("people", "N1001")
    found = finding.find(finding.Sought("Ilka Brandrith"), by=boss)
    assert ilka in [each.identity for each in found.people]
    names = PersonName.objects.filter(person=ilka).values_list("kind", "written", "source")
    assert set(names) == {
        ("usual", "Ilka Brandreth", "records"),
        ("alias", "Ilka Voss", "records"),
        ("alias", "Illy", "records"),
        ("spelling", "Ilka Brandrith", "records"),
    }
    home = Home.objects.get(person=ilka)
    assert (home.address.protected, home.address.readers.get().member) == (True, boss)
    first = incidents.Incident.objects.get(pk=target("incidents", "M/26/0101"))
    assert (first.classification, first.time_precision, first.crime_decision) == (
        "domestic",
        "hours",
        "crime",
    )
    assert first.address == home.address
    parts = {(role.part, role.relationship, role.category) for role in first.roles.all()}
    assert parts == {
        ("victim", "", "victim"),
        ("suspect", "ex_partner", "suspect"),
        ("child", "", "victim"),
    }
    case = Case.objects.get(pk=target("cases", "C-77"))
    assert case.incidents.count() == 2
    assert CaseParty.objects.filter(case=case, part="suspect").exists()
    of_ilka = orders.of_person(ilka, by=boss)
    assert [each.sort.key for each in of_ilka] == ["spo", "nmo"]
    assert of_ilka[1].order.served_precision == "moment"
    assert of_ilka[0].order.expires is None
    assert Coverage.objects.get().starts == YEAR[0]
    profile = Profile.objects.get(person=ilka)
    details = open_details(profile_id=profile.pk, reason=REASON, by=boss, at=AT)
    assert (details.to, details.code) == ("07700 900454", "heron")
    assert b"heron" not in bytes(ContactVersion.objects.get().sealed)


def test_the_same_files_again_change_nothing(boss) -> None:
    for name in ORDER:
        example(name, by=boss)
    before = everything()
    for name in ORDER:
        report = example(name, by=boss, at=LATER)
        assert report.counts["unchanged"] == report.counts["read"], name
    assert everything() == before


def test_a_new_secret_of_the_host_changes_nothing_either(boss, settings) -> None:
    for name in ORDER[:-1]:
        example(name, by=boss)
    settings.SECRET_KEY = "another"
    kept = [model for model in apps.get_models() if model._meta.app_label in ROOMS - {"imports"}]
    before = store(kept)
    for name in ORDER[:-1]:
        assert example(name, by=boss, at=LATER).counts["changed"] == 0, name
    assert store(kept) == before


def test_a_dry_run_reports_the_same_and_writes_nothing(boss) -> None:
    before = [everything(), store(LOGS)]
    dry = example("people", by=boss, dry_run=True)
    assert [everything(), store(LOGS)] == before
    real = example("people", by=boss)
    assert (dry.counts, dry.totals, dry.told) == (real.counts, real.totals, real.told)


def test_any_order_of_files_ends_alike_or_tells_what_is_not_here(boss) -> None:
    names = ("people", "incidents", "roles")
    for order in itertools.permutations(names):
        Imported.objects.all().delete()
        for name in order:
            report = example(name, by=boss)
            dangling = [key for key in told(report) if key.startswith("dangling")]
            ready = name != "roles" or set(order[: order.index(name)]) == {"people", "incidents"}
            assert bool(dangling) is not ready, order
            assert bool(report.counts["refused"]) is not ready
        assert example("roles", by=boss).counts["refused"] == 0
        assert Imported.objects.filter(kind="roles").count() == 8


def test_a_case_that_names_what_is_not_here_is_completed_next_time(boss) -> None:
    report = example("cases", by=boss)
    assert told(report) == {
        "dangling: names an incident that is not here": [2, 3],
        "dangling: names a person who is not here": [2, 3],
    }
    assert (report.counts["new"], Case.objects.count()) == (2, 2)
    for name in ("people", "incidents", "roles"):
        example(name, by=boss)
    assert example("cases", by=boss).counts["changed"] == 2
    assert Case.objects.get(pk=target("cases", "C-77")).incidents.count() == 2
    assert example("cases", by=boss).counts["unchanged"] == 2


def test_what_the_source_says_otherwise_ends_the_old_fact_and_writes_the_new(people, boss) -> None:
    people(ILKA, by=boss)
    changed = "N1,Ilka Brandreth,02/03/1990,07700 900451,WE"
    report = people(changed, by=boss, at=LATER)
    assert (report.counts["changed"], report.told) == (1, {})
    old, new = BirthDate.objects.order_by("recorded_at")
    assert (old.ended_why, old.ended_by, new.ended_at) == (
        "The records system says otherwise",
        boss,
        None,
    )
    assert new.batch == Batch.objects.order_by("-begun_at")[0].pk != old.batch
    assert Contact.objects.get().ended_at is None
    assert people(ILKA, by=boss, at=LATER).counts["changed"] == 1
    assert BirthDate.objects.filter(ended_at=None).get().earliest == date(1991, 3, 2)


def test_what_an_officer_ended_or_recorded_here_is_told_and_stays(people, boss) -> None:
    people(ILKA, by=boss)
    ilka = target("people", "N1", "athena")
    wrong = BirthDate.objects.get()
    about = {"identity": ilka, "by": boss, "at": AT}
    facts.end_fact(what="birth", fact_id=wrong.pk, why="She showed her passport", **about)
    ours = add_birth_date(
        earliest=date(1992, 3, 2),
        latest=date(1992, 3, 2),
        certainty="document",
        origin=HERE,
        **about,
    )
    facts.end_fact(
        what="flag", fact_id=PersonFlag.objects.get().pk, why="It was her brother", **about
    )
    assert people(ILKA, by=boss).counts["unchanged"] == 1
    report = people("N1,Ilka Brandreth,02/03/1990,07700 900451,WE", by=boss, at=LATER)
    assert set(told(report)) == {
        "conflict: was corrected here; what the source says now stands beside it",
        "conflict: somebody recorded this here too; both stand",
    }
    ours.refresh_from_db()
    wrong.refresh_from_db()
    assert (ours.ended_at, wrong.ended_why) == (None, "She showed her passport")
    assert not PersonFlag.objects.filter(ended_at=None).exists()  # never set again


def test_a_flag_that_is_set_here_is_not_set_twice(people, boss) -> None:
    people("N1,Ilka Brandreth,,,", by=boss)
    ilka = target("people", "N1", "athena")
    facts.add_flag(identity=ilka, kind="weapons", words="", origin=HERE, by=boss, at=AT)
    report = people("N1,Ilka Brandreth,,,WE", by=boss)
    assert list(told(report)) == [
        "conflict: this person has this flag already; it is not set twice"
    ]
    assert PersonFlag.objects.count() == 1
    assert people("N1,Ilka Brandreth,,,WE", by=boss).counts["unchanged"] == 1


def test_a_value_that_cannot_be_read_any_more_ends_nothing(people, boss) -> None:
    people(ILKA, by=boss)
    report = people("N1,Ilka Brandreth,31/02/1991,07700 900451,WE", by=boss)
    assert report.counts["unchanged"] == 1
    assert BirthDate.objects.get().ended_at is None


def test_a_person_keeps_a_last_name(people, boss) -> None:
    people(ILKA, by=boss)
    people("N1,,02/03/1991,07700 900451,WE", by=boss)
    assert PersonName.objects.get().ended_at is None


def test_nobody_is_put_together_with_anybody(people, boss) -> None:
    people(ILKA, "N2,Ilka Brandreth,02/03/1991,07700 900451,", by=boss)
    assert Person.objects.count() == 2
    assert all(person.identity == person.pk for person in Person.objects.all())


def test_a_repeated_key_is_told_and_two_that_differ_are_both_refused(people, boss) -> None:
    report = people(ILKA, ILKA, "N2,Dorrit Hale,,,", "N2,Dorrit Vale,,,", by=boss)
    assert report.counts == {"read": 4, "new": 1, "repeated": 1, "refused": 2}
    assert told(report) == {
        "note: the same row as an earlier line of this file; read once": [3],
        "refused: a key that another line of this file has with other words; neither is taken": [
            4,
            5,
        ],
    }
    assert PersonName.objects.get().written == "Ilka Brandreth"


def test_no_value_of_a_row_is_in_a_batch_or_the_audit(people, boss) -> None:
    people(ILKA, "Dorrit", "N3,x", "N2,Dorrit Hale,02/03/2062,07700 900451,??", by=boss)
    kept = str(store([Batch, AuditEvent]))
    assert not [word for word in ("Ilka", "Dorrit", "900451", "2062", "??") if word in kept]
    last = AuditEvent.objects.order_by("-sequence")[0]
    assert (last.action, last.reason) == ("records imported", WHY)
    assert last.detail["counts"] == {"read": 4, "new": 2, "refused": 2}


def test_who_and_why_come_before_anything_is_read(tmp_path, boss) -> None:
    missing = tmp_path / "not-there.csv"
    with pytest.raises(Refused):
        importing(PEOPLE, missing, by=member())
    asked = operations.Asked(map=column_maps.read(PEOPLE), map_bytes=b"", reason="x")
    with pytest.raises(ReasonTooThin):
        operations.import_records(paths=[missing], asked=asked, by=boss, at=AT)


def test_a_chunk_that_fails_leaves_whole_chunks_and_is_run_again(people, boss, monkeypatch) -> None:
    monkeypatch.setattr(operations, "CHUNK", 2)
    rows = [f"N{n},Name Number{n},,," for n in range(5)]
    wrote, seen = operations._write, itertools.count()

    def breaks(*arguments: Any) -> None:
        wrote(*arguments)
        if next(seen) == 1:
            raise OSError("the disk is full")

    monkeypatch.setattr(operations, "_write", breaks)
    with pytest.raises(OSError, match="full"):
        people(*rows, by=boss)
    assert (Person.objects.count(), Batch.objects.get().finished_at) == (2, None)
    monkeypatch.setattr(operations, "_write", wrote)
    assert people(*rows, by=boss).counts == {"read": 5, "unchanged": 2, "new": 3}


def test_what_was_decided_on_crime_here_stays(boss, tmp_path) -> None:
    example("incidents", by=boss)
    key = target("incidents", "M/26/0101")
    incident_acts.decide_crime(
        incident_id=key,
        decision=incidents.CrimeDecision.NOT_CRIME,
        reason="Nobody was there but the two of them",
        by=boss,
        at=AT,
    )
    text = (FOLDER / "incidents.csv").read_text()
    later = tmp_path / "later.csv"
    later.write_text(text.replace("21:40,DA,PRIV,Y,105/01,Y", "21:50,CCB,PRIV,Y,105/01,N"))
    report = importing((FOLDER / "incidents.toml").read_text(), later, by=boss, at=LATER)[0]
    found = incidents.Incident.objects.get(pk=key)
    assert found.crime_reason == "Nobody was there but the two of them"
    assert (found.classification, report.counts["changed"]) == ("control", 1)
    assert list(told(report)) == ["conflict: was changed here since; what stands here stays"]
    assert Earlier.objects.get().said["classification"] == "domestic"


def test_what_is_about_a_colleague_is_sealed_and_never_opened_again(tmp_path, boss) -> None:
    by = PEOPLE.replace('"flag"', '"colleague"')
    by = by.replace('WE = "weapons", SU = "suicide"', 'C = "yes"')
    path = tmp_path / "a.csv"
    importing(by, written(path, HEADER, "N1,Ilka Brandreth,,,C", "N2,Dorrit Hale,,,?"), by=boss)
    assert set(Person.objects.values_list("sealed_to", flat=True)) == {"professional_standards"}
    report = importing(by, written(path, HEADER, "N1,Ilka Brandreth,,,"), by=boss)[0]
    assert Person.objects.filter(sealed_to="").count() == 0
    assert [key for key in told(report) if "stays sealed" in key]
    assert not finding.find(finding.Sought("Ilka Brandreth"), by=boss).people


def test_a_restricted_case_is_not_shown_for_want_of_an_owner(tmp_path, boss) -> None:
    by = (FOLDER / "cases.toml").read_text()
    header = "CASE_REF,TYPE,OIC,TEAM,OPENED,INCIDENTS,VICTIM,RESTRICTED"
    path = tmp_path / "a.csv"
    rows = ["C1,SAFE,nobody,,,,,Y", f"C2,SAFE,{boss.username},,,,,Y", "C3,SAFE,,,,,,?"]
    report = importing(by, written(path, header, *rows), by=boss)[0]
    assert report.counts == {"read": 3, "refused": 2, "new": 1}
    assert (Case.objects.get().restricted, CaseMember.objects.get().member) == (True, boss)


def test_an_order_whose_conditions_change_keeps_the_old_ones(tmp_path, boss) -> None:
    example("people", by=boss)
    example("orders", by=boss)
    text = (FOLDER / "orders.csv").read_text().replace("Not to follow her", "Not to approach her")
    later = tmp_path / "later.csv"
    later.write_text(text)
    report = importing((FOLDER / "orders.toml").read_text(), later, by=boss, at=LATER)[0]
    assert report.counts == {"read": 2, "unchanged": 1, "changed": 1}
    ended = Condition.objects.exclude(ended_at=None).get()
    assert (ended.words, Order.objects.count()) == ("Not to follow her", 2)


def test_a_safe_contact_that_was_corrected_here_is_not_written_over(tmp_path, boss) -> None:
    example("people", by=boss)
    example("safe-contact", by=boss)
    profile = Profile.objects.get()
    contacts.correct(
        profile_id=profile.pk, terms=Terms("call"), changes={"to": "07700 900460"},
        why="She rang with her word", by=boss, at=AT,
    )  # fmt: skip
    later = tmp_path / "later.csv"
    later.write_text((FOLDER / "safe-contact.csv").read_text().replace("900454", "900499"))
    report = importing((FOLDER / "safe-contact.toml").read_text(), later, by=boss, at=LATER)[0]
    assert list(told(report)) == ["conflict: was changed here since; what stands here stays"]
    details = contacts.open_details(profile_id=profile.pk, reason=REASON, by=boss, at=LATER)
    assert details.to == "07700 900460"


def test_a_time_that_cannot_be_read_makes_no_time_safe(tmp_path, boss) -> None:
    example("people", by=boss)
    header = "PERSON_REF,HOW,NUMBER,DAYS,TIMES,WORD,NEVER,VOICEMAIL"
    path = written(tmp_path / "a.csv", header, "N1001,TEL,07700 900454,X,AM,,,N")
    importing((FOLDER / "safe-contact.toml").read_text(), path, by=boss)
    assert not any(ContactVersion.objects.get().week)


CELLS = st.tuples(
    st.sampled_from(["N1", "N2", "N3", ""]),
    st.sampled_from(["Ilka Brandreth", "Dorrit Hale", "", "–"]),
    st.sampled_from(["02/03/1991", "1988", "31/02/1990", "02/03/2090", ""]),
    st.sampled_from(["07700 900451", ""]),
    st.sampled_from(["WE", "SU", "XX", ""]),
)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(st.lists(CELLS, min_size=1, max_size=6))
def test_any_rows_twice_are_those_rows_once_and_a_refused_one_is_nowhere(
    tmp_path_factory: Any, rows: list[tuple[str, ...]]
) -> None:
    path = tmp_path_factory.mktemp("rows") / "a.csv"
    boss = member(Role.SUPERVISOR)
    with transaction.atomic():
        written(path, HEADER, *(",".join(row) for row in rows))
        once = importing(PEOPLE, path, by=boss)[0]
        before = everything()
        twice = importing(PEOPLE, path, by=boss, at=LATER)[0]
        assert everything() == before
        taken = once.counts["new"]
        assert twice.counts["unchanged"] == taken == Person.objects.count()
        assert once.counts["read"] == taken + once.counts["refused"] + once.counts["repeated"]
        assert Imported.objects.count() == taken
        assert Address.objects.count() == 0
        transaction.set_rollback(True)
