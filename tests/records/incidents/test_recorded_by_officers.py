"""An incident that came by no report is decided in time like any other, and has its outcome."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils.timezone import localdate

from safehold.domain.access import Refused, Role
from safehold.domain.offences import NotACode
from safehold.records.append_only import WrittenOnce
from safehold.records.audit import operations as audit
from safehold.records.audit.models import AuditEvent
from safehold.records.clocks import queries as clocks
from safehold.records.clocks.models import Clock
from safehold.records.incidents import forgetting, operations, outcomes, recorded, recording, ties
from safehold.records.incidents.models import (
    Acquainted,
    Answered,
    Classification,
    Incident,
    IncidentOutcome,
    Part,
    Setting,
)
from safehold.records.incidents.outcomes import Given
from safehold.records.incidents.recording import Recorded
from safehold.records.people import operations as people
from safehold.records.people.doors import Door
from safehold.records.people.models import Address
from safehold.records.triage import waiting, watching
from tests.desk import AT, REASON, member

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]
LATER = AT + timedelta(hours=25)


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def supervisor():
    return member(Role.SUPERVISOR, name="Pell Lisle")


def record(by, **more) -> Incident:
    said = Recorded(Classification.DOMESTIC, Setting.PRIVATE, Acquainted.KNOWN, **more)
    return recording.record_by_officer(said=said, by=by, at=AT)


def decide(incident, by, decision="crime", at=AT) -> None:
    operations.decide_crime(incident_id=incident.pk, decision=decision, reason=REASON, by=by, at=at)


def give(incident, by, outcome="16", at=AT, **more):
    said = Given(outcome, localdate(at), "police", REASON, **more)
    return outcomes.give_outcome(incident_id=incident.pk, said=said, by=by, at=at)


def test_what_is_recorded_is_kept_with_its_parts_and_its_door(officer) -> None:
    made = record(
        officer,
        parts=(Part.VICTIM, Part.CHILD),
        door=Door("14 Alder Rd", "", "zz1 1aa"),
        offence="8q",
        online=Answered.NO,
    )
    again = record(officer, door=Door("14  alder road", "Eastmere", "ZZ11AA"))
    kept = Incident.objects.get(pk=made.pk)
    assert (kept.offence, kept.online, kept.night_time) == ("8Q", "no", "not_asked")
    assert kept.address_id == again.address_id == Address.objects.get().pk
    assert [role.child for role in kept.roles.order_by("part")] == ["yes", ""]
    with pytest.raises(NotACode):
        record(officer, offence="harassment")


def test_it_waits_for_a_decision_for_as_long_as_a_report(officer, supervisor) -> None:
    made = record(officer)
    clock = recorded.clock_of(made)
    assert clock.due_at == AT + timedelta(hours=24)
    for reader in (supervisor, member(Role.CRIME_REGISTRAR)):
        assert [row.pk for row in recorded.undecided(by=reader)] == [made.pk]
        assert list(recorded.undecided(by=reader, late_at=AT)) == []
        assert recorded.count_undecided(by=reader, at=LATER) == recorded.Waiting(1, 1)
    assert recorded.count_undecided(by=officer, at=LATER) == recorded.Waiting(0, 0)
    with pytest.raises(Refused):
        recorded.undecided(by=officer)


def test_a_decision_stops_its_clock_and_counts_whether_it_was_in_time(officer, supervisor) -> None:
    in_time, late = record(officer), record(officer)
    decide(in_time, supervisor)
    decide(late, supervisor, "not_crime", at=LATER)
    assert list(recorded.undecided(by=supervisor)) == []
    figure = waiting.decided_in_time(by=supervisor, at=LATER)
    assert (figure.decided, figure.in_time) == (2, 1)
    due = {row.pk: row.crime_due for row in waiting.decided_crime(by=supervisor)}
    assert due == dict.fromkeys((in_time.pk, late.pk), AT + timedelta(hours=24))


def test_its_clock_is_no_report_s_and_wakes_nobody(officer, supervisor) -> None:
    record(officer)
    watching.escalate(at=AT + timedelta(days=9))
    assert Clock.objects.get().alarmed is False
    assert waiting.count_undecided_crime(by=supervisor, at=LATER) == (0, 0)
    assert waiting.count_late(by=supervisor, at=LATER) == 0
    assert clocks.to_alarm(at=AT + timedelta(days=9)) == []


def test_one_about_a_colleague_is_not_shown_to_the_unit(officer, supervisor) -> None:
    Incident.objects.filter(pk=record(officer).pk).update(police_party=True)
    assert list(recorded.undecided(by=supervisor)) == []
    assert recorded.count_undecided(by=supervisor, at=AT) == recorded.Waiting(0, 0)


def test_an_incident_its_clock_and_its_audit_row_are_one_act(officer, monkeypatch) -> None:
    def fail(**row):
        raise DatabaseError("the audit is full")

    monkeypatch.setattr(audit, "append", fail)
    with pytest.raises(DatabaseError), transaction.atomic():
        record(officer, parts=(Part.VICTIM,))
    assert not Incident.objects.exists()
    assert not Clock.objects.exists()


def test_only_a_crime_has_an_outcome(officer, supervisor) -> None:
    made = record(officer)
    with pytest.raises(outcomes.NotACrime):
        give(made, supervisor)
    decide(made, supervisor, "not_crime")
    with pytest.raises(outcomes.NotACrime):
        give(made, supervisor)
    decide(made, supervisor)
    with pytest.raises(Refused):
        give(made, officer)
    assert give(made, supervisor).recorded_by == supervisor


def test_a_later_outcome_stands_in_its_place_and_nothing_is_changed(officer, supervisor) -> None:
    made = record(officer)
    decide(made, supervisor)
    first = give(made, supervisor, no_support_why=("fear",), would_have_helped=("sooner",))
    second = give(made, supervisor, "1", at=AT + timedelta(days=3), no_support_why=("fear",))
    assert outcomes.latest(made).pk == second.pk
    assert [row.pk for row in outcomes.all_of(made)] == [second.pk, first.pk]
    assert (first.no_support_why, second.no_support_why) == (["fear"], [])
    row = AuditEvent.objects.filter(action="outcome given").order_by("-sequence")[0]
    assert row.detail == {"outcome": "1", "earlier": "16"}
    with pytest.raises(WrittenOnce):
        IncidentOutcome.objects.update(outcome="2")
    with pytest.raises(WrittenOnce):
        first.save()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE incident_outcome SET outcome = '2'")


def test_not_yet_assigned_only_takes_an_outcome_back(officer, supervisor) -> None:
    made = record(officer)
    decide(made, supervisor)
    with pytest.raises(outcomes.NotAnOutcome):
        give(made, supervisor, "0")
    give(made, supervisor, "18")
    give(made, supervisor, "0", at=LATER)
    with pytest.raises(outcomes.NotAnOutcome):
        give(made, supervisor, "0", at=LATER)


@pytest.mark.parametrize(
    ("half", "where"),
    [
        ({"outcome": "23"}, "outcome"),
        ({"given_on": date(2026, 11, 23)}, "given_on"),
        ({"source": "rumour"}, "source"),
        ({"no_support_why": ("because",)}, "no_support_why"),
    ],
)
def test_half_an_outcome_is_none(officer, supervisor, half, where) -> None:
    made = record(officer)
    decide(made, supervisor)
    whole = {"outcome": "16", "given_on": localdate(AT), "source": "police", "why": REASON}
    with pytest.raises(outcomes.NotAnOutcome) as refused:
        outcomes.give_outcome(
            incident_id=made.pk, said=Given(**{**whole, **half}), by=supervisor, at=AT
        )
    assert refused.value.where == where
    assert not IncidentOutcome.objects.exists()


def test_an_outcome_is_not_given_over_one_that_was_not_shown(officer, supervisor) -> None:
    made = record(officer)
    decide(made, supervisor)
    give(made, supervisor)
    with pytest.raises(outcomes.GivenMeanwhile):
        outcomes.give_outcome(
            incident_id=made.pk,
            said=Given("1", localdate(AT), "cps", REASON),
            shown="",
            by=supervisor,
            at=AT,
        )


def test_what_is_counted_of_an_outcome_stays_without_words(officer, supervisor) -> None:
    made = record(officer)
    decide(made, supervisor)
    given = give(made, supervisor, no_support_why=("fear",))
    report_id = given.pk  # any key
    Incident.objects.filter(pk=made.pk).update(report_id=report_id)
    forgetting.forget(report_id)
    kept = IncidentOutcome.objects.get()
    assert (kept.pk, kept.outcome, kept.no_support_why) == (given.pk, "16", ["fear"])
    assert REASON not in kept.why


def test_a_further_witness_is_added_to_what_an_officer_recorded_alone(officer) -> None:
    made = record(officer, parts=(Part.WITNESS,))
    ties.add_part(incident_id=made.pk, part="witness", by=officer, at=AT)
    assert made.roles.filter(part="witness").count() == 2
    with pytest.raises(ties.NotThisPart):
        ties.add_part(incident_id=made.pk, part="passer-by", by=officer, at=AT)
    Incident.objects.filter(pk=made.pk).update(link_basis="named")
    with pytest.raises(ties.NotRecordedHere):
        ties.add_part(incident_id=made.pk, part="witness", by=officer, at=AT)


def test_a_part_is_tied_and_untied_with_a_reason(officer) -> None:
    made = record(officer, parts=(Part.SUSPECT,))
    role = made.roles.get()
    who = people.record_person(
        name="Oswin Tarrant", origin=people.Origin("seen"), by=officer, at=AT
    )
    tying = {"incident_id": made.pk, "role_id": role.pk, "by": officer, "at": AT}
    with pytest.raises(ties.NotThisPart):
        ties.tie(**tying, identity=who.identity, category="victim")
    ties.tie(**tying, identity=who.identity, category="suspect", relationship="ex_partner")
    with pytest.raises(ties.TiedAlready):
        ties.tie(**tying, identity=who.identity, category="suspect")
    ties.untie(**tying, why="It was his brother who was there")
    assert made.roles.get().person is None
