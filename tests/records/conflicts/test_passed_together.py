"""Somebody who is police goes to professional standards with all that hangs on them, and back."""

from __future__ import annotations

import pytest
from django.test import Client

from safehold.domain.access import Role
from safehold.records.audit.models import AuditEvent
from safehold.records.cases import operations as cases
from safehold.records.cases import passing
from safehold.records.cases import queries as case_queries
from safehold.records.cases.models import Case, CaseKind, CaseMember
from safehold.records.conflicts.models import PassedTogether
from safehold.records.incidents import queries as incidents
from safehold.records.incidents import ties
from safehold.records.incidents.models import (
    Acquainted,
    Classification,
    Incident,
    Part,
    Setting,
)
from safehold.records.incidents.recording import Recorded, record_by_officer
from safehold.records.people import operations as people
from safehold.records.people.finding import visible_to
from safehold.records.people.models import Person
from safehold.records.triage import operations as triage
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.operations import Decisions
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, REASON, member, send_harm, sign_in

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
SAID = people.Origin("somebody", "the neighbour")
WHY = "She says that he is a sergeant"


@pytest.fixture
def officer():
    return member(name="Dena Okafor")


@pytest.fixture
def standards():
    return member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")


def person(by, name: str) -> Person:
    return people.record_person(name=name, origin=SAID, by=by, at=AT)


def tied(by, *who: tuple[Part, Person]) -> Incident:
    incident = record_by_officer(
        said=Recorded(
            Classification.DOMESTIC,
            Setting.PRIVATE,
            Acquainted.KNOWN,
            parts=tuple(part for part, _ in who),
        ),
        by=by,
        at=AT,
    )
    for part, one in who:
        ties.tie(
            incident_id=incident.pk,
            role_id=incident.roles.get(part=part).pk,
            identity=one.identity,
            category=str(part),
            by=by,
            at=AT,
        )
    return incident


def opened(by, *incident_ids) -> Case:
    return cases.open_case(
        kind=CaseKind.PROTECTION,
        incident_ids=list(incident_ids),
        why=REASON,
        restricted=False,
        owner=by,
        team="",
        by=by,
        at=AT,
    )


@pytest.fixture
def matter(officer):
    """A colleague, whoever he did it to, and somebody whom the unit knows otherwise too."""
    he, she = person(officer, "Oswin Tarrant"), person(officer, "Wren Alder")
    known = person(officer, "Ilka Brandreth")
    incident = tied(officer, (Part.SUSPECT, he), (Part.VICTIM, she), (Part.WITNESS, known))
    tied(officer, (Part.VICTIM, known))
    return he, she, known, incident, opened(officer, incident.pk)


def pass_on(who, by, kind: str = "person"):
    key = who.identity if kind == "person" else who.pk
    return passing.pass_to_standards(kind=kind, key=key, reason=WHY, by=by, at=AT)


def test_all_that_hangs_on_a_colleague_goes_and_the_unit_sees_no_trace(
    officer, standards, matter
) -> None:
    he, _, known, incident, case = matter
    pass_on(he, officer)
    for reader in (officer, member(Role.SUPERVISOR, name="Ro Tarn")):
        seen = set(visible_to(reader).values_list("pk", flat=True))
        assert seen == {known.pk}
        assert not incidents.seen_by(reader).filter(pk=incident.pk).exists()
        assert incidents.seen_by(reader).count() == 1
        assert not case_queries.seen_by(reader).exists()
    assert visible_to(standards).count() == 3
    assert incidents.get(incident_id=incident.pk, by=standards).crime_rests_with == (
        Role.PROFESSIONAL_STANDARDS
    )
    assert list(case_queries.without_owner(by=standards)) == [case]
    assert CaseMember.objects.get().ended_why == "Passed on"
    assert PassedTogether.objects.get().reason == WHY


def test_who_looked_has_no_row_of_it_for_the_unit(officer, matter) -> None:
    he, she, _, incident, case = matter
    pass_on(he, officer)
    boss = Client()
    sign_in(boss, member(Role.SUPERVISOR, name="Ro Tarn"))
    page = boss.get("/staff/looks/").content.decode()
    for one in (he, she, incident, case):
        assert one.reference not in page
        assert str(one.pk) not in page
    assert "passed" not in page[page.index("<main") :]


def test_an_incident_and_a_case_take_theirs_along(officer, standards, matter) -> None:
    _, _, known, incident, _ = matter
    pass_on(incident, officer, "incident")
    assert Case.objects.get().sealed_to == Role.PROFESSIONAL_STANDARDS
    assert set(visible_to(officer).values_list("pk", flat=True)) == {known.pk}
    other = tied(officer, (Part.VICTIM, known))
    second = opened(officer, other.pk)
    passing.pass_to_standards(kind="case", key=second.pk, reason=WHY, by=officer, at=AT)
    assert not incidents.seen_by(officer).filter(pk=other.pk).exists()


def test_reports_of_the_incident_go_and_it_stays_one(officer, standards) -> None:
    report_id = send_harm()
    triage.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    triage.accept_report(
        report_id=report_id,
        decisions=Decisions(None, "", "", "domestic", ""),
        by=officer,
        at=AT,
    )
    incident = Incident.objects.get()
    pass_on(incident, officer, "incident")
    assert TriageSlip.objects.get().police_party
    assert Incident.objects.get().pk == incident.pk
    with pytest.raises((PermissionError, LookupError)):
        triage.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    triage.open_account(report_id=report_id, reason=REASON, by=standards, at=AT)
    passing.pass_to_unit(
        kind="incident", key=incident.pk, reason="Nobody in it is ours", by=standards, at=AT
    )
    assert not TriageSlip.objects.get().police_party
    assert incidents.seen_by(officer).filter(pk=incident.pk).exists()


def test_standards_pass_back_what_went_but_for_another_colleague(
    officer, standards, matter
) -> None:
    he, _, _, incident, _ = matter
    colleague = person(officer, "Edda Marsh")
    also = tied(officer, (Part.SUSPECT, he), (Part.WITNESS, colleague))
    pass_on(he, officer)
    Person.objects.filter(pk=colleague.pk).update(sealed_to=Role.PROFESSIONAL_STANDARDS)
    went = PassedTogether.objects.get().went
    assert str(colleague.pk) in went["people"]  # known by nothing else: not as a colleague
    passing.pass_to_unit(
        kind="person", key=he.identity, reason="He never was one of us", by=standards, at=AT
    )
    assert incidents.seen_by(officer).filter(pk__in=[incident.pk, also.pk]).count() == 2
    assert visible_to(officer).count() == 4


def test_what_hangs_on_somebody_else_who_is_sealed_stays(officer, standards) -> None:
    he, other = person(officer, "Oswin Tarrant"), person(officer, "Edda Marsh")
    known = tied(officer, (Part.SUSPECT, other))
    both = tied(officer, (Part.SUSPECT, he), (Part.WITNESS, other))
    pass_on(he, officer)
    pass_on(other, officer)
    passing.pass_to_unit(
        kind="person", key=he.identity, reason="He never was one of us", by=standards, at=AT
    )
    assert visible_to(officer).filter(pk=he.pk).exists()
    assert not incidents.seen_by(officer).filter(pk__in=[known.pk, both.pk]).exists()


def test_a_reason_that_says_nothing_and_a_second_time_change_nothing(officer, matter) -> None:
    he = matter[0]
    with pytest.raises(ReasonTooThin):
        passing.pass_to_standards(kind="person", key=he.identity, reason="x", by=officer, at=AT)
    assert visible_to(officer).count() == 3
    pass_on(he, officer)
    with pytest.raises(people.PersonNotFound):
        pass_on(he, officer)
    assert AuditEvent.objects.filter(action="person passed on").count() == 1


def test_a_colleague_is_tied_to_nothing_that_the_unit_has(officer, standards) -> None:
    sealed = people.record_person(
        name="Oswin Tarrant",
        origin=SAID,
        sealed_to=Role.PROFESSIONAL_STANDARDS,
        by=standards,
        at=AT,
    )
    with pytest.raises(ties.NeverTied, match="professional standards first"):
        tied(standards, (Part.SUSPECT, sealed))
    case = opened(officer, tied(officer, (Part.VICTIM, person(officer, "Wren Alder"))).pk)
    with pytest.raises(cases.queries.CaseNotFound):  # it is the unit's: passed on, it is theirs
        cases.add_party(
            case_id=case.pk, identity=sealed.identity, part=Part.SUSPECT, by=standards, at=AT
        )
