"""The list of a case counts for each share of any report in it, and is ended by another person."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from safehold.domain.access import Refused, Role
from safehold.domain.sharing import NotShared
from safehold.records.audit.models import AuditEvent
from safehold.records.cases import operations as cases
from safehold.records.incidents.models import Part
from safehold.records.people.models import Person
from safehold.records.shares import case_lists, choosing, following, must_not
from safehold.records.shares import sharing as shares
from safehold.records.shares.models import ListEntry
from safehold.records.shares.must_not import NotListed, OnTheList, OwnEntry
from tests import some_cases
from tests.desk import AT, member
from tests.partners import HOW_KNOWN, partner, plan, share, told

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
WHY = "Her brother works on their desk"


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def report_id(officer):
    return told(by=officer)


@pytest.fixture
def case(officer, report_id):
    found = some_cases.incident(by=officer)
    some_cases.with_report(found, by=officer, report_id=report_id)
    return some_cases.case(found, by=officer, owner=officer)


def bar(case, officer, *, agency=None, person=None) -> ListEntry:
    act = {"case_id": case.pk, "why": WHY, "by": officer, "at": AT}
    if agency:
        return case_lists.put_agency(agency_id=agency.pk, **act)
    return case_lists.put_person(identity=person.identity, **act)


def test_an_agency_on_it_gets_nothing_of_any_report_in_the_case(case, report_id, officer):
    to, before = partner(), partner()
    shared = share(report_id, plan(before), by=officer)
    bar(case, officer, agency=to.agency)
    bar(case, officer, agency=before.agency)
    with pytest.raises(OnTheList, match="of this report"):
        share(report_id, plan(to), by=officer)
    with pytest.raises(OnTheList):
        following.fetch(share_id=shared.pk, answers={}, by=officer, at=AT)
    assert AuditEvent.objects.filter(action="share stopped by the list").count() == 1
    other = told(by=officer)
    assert share(other, plan(to), by=officer).file


def test_it_counts_where_the_sharer_may_not_know_of_the_case(case, report_id, officer):
    to, other = partner(), member(name="Ro Tarn")
    bar(case, officer, agency=to.agency)
    cases.restrict(case_id=case.pk, restricted=True, why=WHY, by=officer, at=AT)
    must_not.put_person(report_id=report_id, name="Somebody", why=WHY, by=officer, at=AT)
    with pytest.raises(OnTheList) as refused:
        must_not.must_be_allowed(report_id=report_id, agency_id=to.agency.pk)
    assert "case" not in str(refused.value)
    assert other.may


def test_a_person_on_it_is_asked_about_by_name_once_and_why_stays_with_the_case(
    case, report_id, officer
):
    oswin = some_cases.person("Oswin Tarrant", by=officer)
    entry = bar(case, officer, person=oswin)
    assert bar(case, officer, person=oswin) == entry
    to = partner()
    opened = choosing.open_to_share(
        report_id=report_id, agency_id=to.agency.pk, basis="vital", by=officer, at=AT
    )
    (asked,) = [each for each in opened.people if each.key == str(entry.pk)]
    assert (asked.words, asked.why) == ("Oswin Tarrant", "")
    with pytest.raises(NotShared):
        share(report_id, plan(to), by=officer)
    answers = {"suspect": HOW_KNOWN, str(entry.pk): HOW_KNOWN}
    assert share(report_id, plan(to, answers=answers), by=officer).answers == answers


def test_somebody_sealed_to_a_role_is_asked_about_without_a_name(case, report_id, officer):
    oswin = some_cases.person("Oswin Tarrant", by=officer)
    entry = bar(case, officer, person=oswin)
    Person.objects.filter(pk=oswin.pk).update(sealed_to=Role.PROFESSIONAL_STANDARDS)
    opened = choosing.open_to_share(
        report_id=report_id, agency_id=partner().agency.pk, basis="vital", by=officer, at=AT
    )
    (asked,) = [each for each in opened.people if each.key == str(entry.pk)]
    assert "Oswin" not in asked.words


def test_why_is_sealed_and_shown_after_a_look_that_is_kept(case, officer):
    bar(case, officer, person=some_cases.person("Oswin Tarrant", by=officer))
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM must_not_receive_entry")
        assert WHY.encode() not in bytes(cursor.fetchone()[0])
    (shown,) = case_lists.open_list(case_id=case.pk, reason=WHY, by=officer, at=AT)
    assert (shown.name, shown.why, shown.own) == ("Oswin Tarrant", WHY, True)
    kept = AuditEvent.objects.get(action="must-not-receive list opened")
    assert (kept.subject_kind, kept.subject_id) == ("case", str(case.pk))


def test_another_person_ends_it_and_it_stays(case, officer):
    entry = bar(case, officer, agency=partner().agency)
    act = {"case_id": case.pk, "entry_id": entry.pk, "why": WHY, "at": AT}
    with pytest.raises(OwnEntry):
        case_lists.end(by=officer, **act)
    with pytest.raises(IntegrityError), transaction.atomic():
        ListEntry.objects.update(ended_at=AT, ended_by=officer, ended_why=WHY)
    ro, ada = member(name="Ro Tarn"), member(name="Ada Venn")
    for each in (ro, ada):
        some_cases.names(case, each, by=officer)
    case_lists.end(by=ro, **act)
    assert [each.pk for each in case_lists.ended(case.pk)] == [entry.pk]
    assert case_lists.barred_from_case(case.pk).agencies == frozenset()
    with pytest.raises(case_lists.EndedMeanwhile, match="Ro Tarn took it off already"):
        case_lists.end(by=ada, **act)


def test_who_is_barred_from_a_case_is_on_its_list_on_one_of_its_reports_or_a_suspect(
    case, report_id, officer
):
    listed, of_report = partner().agency, partner().agency
    oswin, thane = (some_cases.person(name, by=officer) for name in ("Oswin Tar", "Thane Ro"))
    bar(case, officer, agency=listed)
    bar(case, officer, person=oswin)
    must_not.put_agency(report_id=report_id, agency_id=of_report.pk, why=WHY, by=officer, at=AT)
    must_not.put_person(report_id=report_id, name="Somebody", why=WHY, by=officer, at=AT)
    cases.add_party(case_id=case.pk, identity=thane.identity, part=Part.SUSPECT, by=officer, at=AT)
    found = case_lists.barred_from_case(case.pk)
    assert found.agencies == {listed.pk, of_report.pk}
    assert found.identities == {oswin.identity, thane.identity}
    assert (found.named, found.parts) == (1, ("The person who is said to have done it",))
    # Whoever was put together with somebody else is barred as that person.
    Person.objects.filter(pk=oswin.pk).update(identity=thane.identity)
    assert case_lists.barred_from_case(case.pk).identities == {thane.identity}


def test_only_whoever_shares_and_knows_the_case_keeps_its_list(case, officer):
    with pytest.raises(Refused):
        bar(case, member(Role.ANALYST), agency=partner().agency)
    with pytest.raises(NotListed):
        case_lists.put_agency(case_id=case.pk, agency_id=case.pk, why=WHY, by=officer, at=AT)
    cases.restrict(case_id=case.pk, restricted=True, why=WHY, by=officer, at=AT)
    with pytest.raises(LookupError):
        bar(case, member(name="Ro Tarn"), agency=partner().agency)


def test_an_agreed_share_is_stopped_by_what_was_put_on_meanwhile(case, report_id, officer):
    to, supervisor = partner(), member(Role.SUPERVISOR, name="Pell Lisle")
    asked = share(report_id, plan(to, "safeguarding"), by=officer)
    bar(case, officer, agency=to.agency)
    with pytest.raises(OnTheList):
        shares.agree(share_id=asked.pk, agreed=True, why=WHY, by=supervisor, at=AT)
