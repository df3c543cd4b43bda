"""Whether something is a crime is decided by a named person, with a reason, or not yet."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from safehold.domain.access import Refused, Role
from safehold.records.audit import operations as audit
from safehold.records.audit.models import AuditEvent
from safehold.records.incidents import operations, queries
from safehold.records.incidents.models import Incident, TimePrecision
from safehold.records.incidents.operations import Happening
from safehold.records.places.models import Place, Precision
from tests.desk import AT, REASON, member

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]

SOMETHING = Happening(
    starts_at=None,
    ends_at=AT,
    time_precision=TimePrecision.OFTEN,
    days=(),
    parts_of_day=(),
    environment=("dark",),
    behaviours=(),
    changes=(),
    rules_version="1",
)


@pytest.fixture
def supervisor():
    return member(Role.SUPERVISOR)


def incident(by, *, police_party=False):
    place = Place.objects.create(
        name="Elm Row", precision=Precision.WORDS, added_at=AT, added_by=by
    )
    return operations.record_incident(
        report_id=place.pk,
        place=place,
        happening=SOMETHING,
        classification="environment",
        note="",
        police_party=police_party,
        by=by,
        at=AT,
    )


def decide(found, by, decision="crime", reason=REASON):
    return operations.decide_crime(
        incident_id=found.pk, decision=decision, reason=reason, by=by, at=AT
    )


def test_a_decision_has_a_name_a_time_and_a_reason_and_the_audit_keeps_the_earlier(supervisor):
    found = incident(supervisor)
    decide(found, supervisor)
    decide(found, supervisor, "not_crime", "On reading it again, no offence is made out")
    found.refresh_from_db()
    assert (found.crime_decision, found.crime_decided_by) == ("not_crime", supervisor)
    kept = AuditEvent.objects.filter(action="crime decided").order_by("sequence")
    assert [row.detail["earlier"] for row in kept] == ["not_yet", "crime"]
    assert queries.all_undecided(by=supervisor).count() == 0


def test_only_a_supervisor_decides(supervisor):
    found = incident(supervisor)
    with pytest.raises(Refused):
        decide(found, member())
    assert queries.all_undecided(by=supervisor).count() == 1


@pytest.mark.parametrize(
    ("decision", "reason", "raises"),
    [
        ("perhaps", REASON, operations.NotADecision),
        ("not_yet", REASON, operations.NotADecision),
        ("crime", "  ", audit.ReasonNeeded),
    ],
)
def test_half_a_decision_is_none(supervisor, decision, reason, raises):
    with pytest.raises(raises):
        decide(incident(supervisor), supervisor, decision, reason)


def test_no_decision_without_its_audit_row(supervisor, monkeypatch):
    found = incident(supervisor)

    def fail(**row):
        raise DatabaseError("the audit is full")

    monkeypatch.setattr(audit, "append", fail)
    with pytest.raises(DatabaseError):
        decide(found, supervisor)
    found.refresh_from_db()
    assert found.crime_decision == "not_yet"


@pytest.mark.parametrize(
    "half",
    [
        {"crime_decision": "crime"},
        {"crime_decided_at": AT},
        {"crime_reason": "Because"},
        {"crime_decision": "not_crime", "crime_reason": "Because"},
        {"classification": "feeling"},
        {"time_precision": "soonish"},
        {"starts_at": AT.replace(year=2027)},
    ],
)
def test_the_store_refuses_half_a_decision_and_a_time_that_runs_back(supervisor, half):
    found = incident(supervisor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Incident.objects.filter(pk=found.pk).update(**half)


def test_an_incident_with_a_colleague_in_it_is_for_professional_standards(supervisor):
    found = incident(supervisor, police_party=True)
    with pytest.raises(Refused, match="not for you to open"):
        operations.look_at_incident(incident_id=found.pk, reason=REASON, by=supervisor, at=AT)
    assert queries.undecided(by=supervisor) == []
    assert queries.at_place(place_id=found.place_id, by=supervisor) == []
    standards = member(Role.PROFESSIONAL_STANDARDS)
    assert (
        operations.look_at_incident(incident_id=found.pk, reason=REASON, by=standards, at=AT)
        == found
    )


def test_a_reference_is_read_out_without_doubt(supervisor):
    assert set(incident(supervisor).reference).isdisjoint(set("0O1IL") - {"I"})


def test_a_look_without_a_reason_shows_nothing(supervisor):
    found = incident(supervisor)
    with pytest.raises(audit.ReasonNeeded):
        operations.look_at_incident(incident_id=found.pk, reason=" ", by=supervisor, at=AT)


def test_a_decision_is_not_made_over_one_that_was_not_shown(supervisor):
    found = incident(supervisor)
    shown = operations.stamp(found)
    decide(found, supervisor, "not_crime")
    other = member(Role.SUPERVISOR, name="Pell Lisle")
    with pytest.raises(operations.DecidedMeanwhile):
        operations.decide_crime(
            incident_id=found.pk,
            decision="crime",
            reason=REASON,
            earlier=shown,
            by=other,
            at=AT + timedelta(hours=1),
        )
    stands = Incident.objects.get(pk=found.pk)
    assert (stands.crime_decision, stands.crime_decided_by) == ("not_crime", supervisor)
    operations.decide_crime(
        incident_id=found.pk,
        decision="crime",
        reason=REASON,
        earlier=operations.stamp(stands),
        by=other,
        at=AT + timedelta(hours=1),
    )
    (earlier,) = queries.earlier_decisions(Incident.objects.get(pk=found.pk))
    assert earlier.detail["decision"] == "not_crime"
