"""Who must get nothing: parts for as long as the matter lasts, agencies and people with history."""

from __future__ import annotations

from importlib import import_module
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from safehold.config import scheduler
from safehold.domain.access import Refused, Role
from safehold.records.audit import queries as events
from safehold.records.audit.models import AuditEvent
from safehold.records.shares import must_not, queries
from safehold.records.shares.models import ListEntry, MustNotReceive
from safehold.records.shares.must_not import EntryNotFound, NotListed, OnTheList, OwnEntry
from safehold.records.triage import openings
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, arrive, member, send_ask, send_harm
from tests.partners import partner, told

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]

WHY = "His brother works on their desk"
NAME = "Thaddeus Moth"


def put_person(report_id, by, **changes):
    given = {"name": NAME, "why": WHY}
    return must_not.put_person(report_id=report_id, **{**given, **changes}, by=by, at=AT)


def acts(report_id):
    rows = events.events_about(openings.about(report_id)).order_by("sequence")
    return [row.action for row in rows]


def test_whoever_did_it_and_whoever_is_asked_about_are_on_it_from_the_start():
    harm, ask, place = send_harm(what={"text": "A push"}), send_ask(), arrive()
    assert [one.who for one in queries.listed(harm)] == ["suspect"]
    assert [one.who for one in queries.listed(ask)] == ["subject"]
    assert queries.listed(place) == []


def test_no_act_takes_a_part_off():
    assert not [name for name in vars(must_not) if "part" in name.lower()]
    assert {field.name for field in MustNotReceive._meta.get_fields()} == {
        "id",
        "matter",
        "who",
        "since",
    }


def test_a_person_stands_sealed_and_is_opened_with_a_reason():
    by = member()
    report_id = told(by=by)
    put_person(report_id, by)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM must_not_receive_entry")
        stored = str(
            [[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in cursor]
        )
    assert "Moth" not in stored
    assert "brother" not in stored
    shown = must_not.open_names(
        report_id=report_id, reason="To share it with housing", by=by, at=AT
    )
    assert [(name, why) for _, name, why in shown.entries] == [(NAME, WHY)]
    assert acts(report_id)[-3:] == [
        "put on the must-not-receive list",
        "looked",
        "must-not-receive list opened",
    ]
    written = str(list(AuditEvent.objects.values_list("reason", "detail", "subject_id")))
    assert "Moth" not in written
    assert WHY not in written


def test_what_they_said_of_who_must_not_know_comes_with_the_names():
    by = member()
    report_id = told(by=by)
    shown = must_not.open_names(report_id=report_id, reason="To put them on the list", by=by, at=AT)
    assert [words for _, words in shown.said] == ["Come to the door", "His mother Ottoline"]


def test_an_agency_on_the_list_is_on_it_once():
    by, agency = member(), partner().agency
    report_id = told(by=by)
    put = {"report_id": report_id, "agency_id": agency.pk, "why": WHY, "by": by, "at": AT}
    assert must_not.put_agency(**put) == must_not.put_agency(**put)
    assert queries.listed_agencies(report_id) == [agency.name]
    with pytest.raises(OnTheList):
        must_not.must_be_allowed(report_id=report_id, agency_id=agency.pk)
    must_not.must_be_allowed(report_id=told(by=by), agency_id=agency.pk)
    with pytest.raises(NotListed):
        must_not.put_agency(**{**put, "agency_id": uuid4()})


def test_another_person_ends_an_entry_and_it_is_kept():
    by, agency = member(), partner().agency
    report_id = told(by=by)
    entry = must_not.put_agency(report_id=report_id, agency_id=agency.pk, why=WHY, by=by, at=AT)
    with pytest.raises(OwnEntry):
        must_not.end(entry_id=entry.pk, why="He has left the desk", by=by, at=AT)
    other = member(Role.SUPERVISOR)
    must_not.end(entry_id=entry.pk, why="He has left the desk", by=other, at=AT)
    must_not.must_be_allowed(report_id=report_id, agency_id=agency.pk)
    (kept,) = must_not.ended(report_id)
    assert (kept.added_by, kept.ended_by, kept.ended_why) == (by, other, "He has left the desk")
    with pytest.raises(EntryNotFound):
        must_not.end(entry_id=entry.pk, why="He has left the desk", by=other, at=AT)
    kept.ended_by = by
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.save()


def test_nothing_is_listed_without_a_name_or_a_reason():
    by = member()
    report_id = told(by=by)
    with pytest.raises(NotListed):
        put_person(report_id, by, name=" ")
    with pytest.raises(ReasonTooThin):
        put_person(report_id, by, why="x")
    assert not ListEntry.objects.exists()


@pytest.mark.parametrize(
    "role", sorted(set(Role) - {Role.SUPERVISOR, Role.TRIAGE_OFFICER, Role.PROFESSIONAL_STANDARDS})
)
def test_nobody_apart_from_the_unit_keeps_the_list(role):
    report_id = told(by=member())
    with pytest.raises(Refused):
        put_person(report_id, member(role))
    with pytest.raises(Refused):
        must_not.open_names(
            report_id=report_id, reason="To look at the list", by=member(role), at=AT
        )


def test_of_a_colleague_professional_standards_alone_keep_it():
    standards = member(Role.PROFESSIONAL_STANDARDS)
    report_id = told(by=standards, works={"party": "yes"})
    entry = put_person(report_id, standards)
    with pytest.raises(Refused):
        put_person(report_id, member(Role.SUPERVISOR))
    with pytest.raises(Refused):
        must_not.end(
            entry_id=entry.pk, why="It is not so at all", by=member(Role.SUPERVISOR), at=AT
        )
    slip = TriageSlip.objects.get(pk=report_id)
    assert [one.words for one in must_not.people_by_name(slip, by=standards)][-1] == NAME


def test_earlier_reports_get_their_part_when_the_list_comes():
    harm, place, ask = send_harm(what={"text": "A push"}), arrive(), send_ask()
    MustNotReceive.objects.filter(matter=harm).delete()
    step = import_module("safehold.records.shares.migrations.0002_shares_and_list")
    for _ in range(2):
        step.list_suspects(apps, None)
    assert [one.who for one in queries.listed(harm)] == ["suspect"]
    assert queries.listed(place) == []
    assert [one.who for one in queries.listed(ask)] == ["subject"]


def test_a_scheduled_job_destroys_files_whose_time_is_over():
    assert "destroy shared files" in {job.name for job in scheduler.jobs()}
