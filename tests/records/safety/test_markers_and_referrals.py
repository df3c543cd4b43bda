"""Markers end by themselves, for whoever may read the address; referrals pass the list."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain import safety
from safehold.domain.access import Role
from safehold.domain.safety import Standing
from safehold.records.audit.models import AuditEvent
from safehold.records.cases.models import Relation
from safehold.records.people import facts
from safehold.records.people.models import Home
from safehold.records.safety import markers, queries, referrals
from safehold.records.safety.models import AddressMarker, Referral
from safehold.records.safety.referrals import Wanted
from safehold.records.shares.models import ListEntry
from safehold.records.shares.must_not import OnTheList
from tests import some_cases
from tests.desk import AT, REASON, member
from tests.partners import partner
from tests.safeguarded import SAID, SHE, TODAY, safeguarded
from tests.some_services import add as add_service

pytestmark = [pytest.mark.database, pytest.mark.django_db(databases=["default", "intake"])]
WEEK = TODAY + timedelta(days=7)


@pytest.fixture
def officer():
    return member(Role.SAFEGUARDING_OFFICER)


@pytest.fixture
def case(officer):
    return safeguarded(officer)


def home(case, by, *, protected: bool = False) -> Home:
    return facts.add_home(
        identity=case.she,
        line="14 Alder Row",
        town="Eastmere",
        protected=protected,
        origin=SAID,
        by=by,
        at=AT,
    )


def mark(case, by, **changes) -> AddressMarker:
    given = {
        "kind": "silent",
        "words": "Ring the neighbour",
        "reason": REASON,
        "expires": WEEK,
        "at": AT,
    }
    given |= {"address_id": Home.objects.get().address_id}
    return markers.set_marker(case_id=case.pk, by=by, **(given | changes))


def shown(case, by, on):
    return [one for of in queries.markers_of_person(case.she, by=by, on=on).values() for one in of]


def test_a_marker_holds_to_its_day_and_then_says_that_it_is_over(officer, case) -> None:
    home(case, officer)
    mark(case, officer)
    assert [each.standing for each in shown(case, officer, WEEK)] == [Standing.HOLDS]
    after = WEEK + timedelta(days=1)
    assert [each.standing for each in shown(case, officer, after)] == [Standing.OVER]
    row = AuditEvent.objects.order_by("-sequence")[0]
    assert row.action == "address marked"
    assert "Alder" not in str(row.detail)


def test_a_protected_address_shows_no_marker_to_whoever_may_not_read_it(officer, case) -> None:
    home(case, officer, protected=True)
    marker = mark(case, officer)
    other = member(Role.SAFEGUARDING_OFFICER, name="Ro Tarn")
    assert len(shown(case, officer, TODAY)) == 1
    assert shown(case, other, TODAY) == []
    assert queries.of_case(case_id=case.pk, by=other, on=TODAY).markers == []
    some_cases.names(case.case, other, by=officer, relation=Relation.TEAM)
    with pytest.raises(markers.NotAMarker):
        mark(case, other, kind="weapons")
    with pytest.raises(markers.MarkerNotFound):
        markers.end(case_id=case.pk, marker_id=marker.pk, why=REASON, by=other, at=AT)


def test_an_expiry_is_asked_for_and_no_longer_than_the_rules_allow(officer, case) -> None:
    home(case, officer)
    for expires in (TODAY - timedelta(days=1), TODAY + timedelta(days=91)):
        with pytest.raises(markers.NotAMarker) as refused:
            mark(case, officer, expires=expires)
        assert refused.value.field == "expires"


def test_a_marker_is_looked_at_again_before_its_day_and_not_after(officer, case) -> None:
    home(case, officer)
    marker = mark(case, officer)
    given = {"case_id": case.pk, "marker_id": marker.pk, "by": officer}
    markers.review(until=WEEK + timedelta(days=7), why=REASON, at=AT, **given)
    marker.refresh_from_db()
    assert marker.expires == WEEK + timedelta(days=7)
    assert marker.reviews.get().before == WEEK
    late = AT + timedelta(days=30)
    with pytest.raises(markers.NotHolding, match="over"):
        markers.review(until=late.date(), why=REASON, at=late, **given)
    markers.end(why="They moved away last week", at=late, **given)
    with pytest.raises(markers.NotHolding, match="They moved away"):
        markers.end(why=REASON, at=late, **given)


def test_one_marker_of_a_kind_holds_and_one_that_is_over_makes_room(officer, case) -> None:
    home(case, officer)
    first = mark(case, officer)
    with pytest.raises(markers.MarkedAlready):
        mark(case, officer)
    later = AT + timedelta(days=10)
    again = mark(case, officer, at=later, expires=later.date())
    first.refresh_from_db()
    assert "Its time was over" in first.ended_why
    assert [each.marker for each in shown(case, officer, later.date())] == [again]


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.integers(0, 90), st.integers(0, 200))
def test_no_marker_is_ever_shown_to_hold_past_its_day(officer, case, days, later) -> None:
    if not Home.objects.exists():
        home(case, officer)
    AddressMarker.objects.all().delete()
    marker = mark(case, officer, expires=TODAY + timedelta(days=days))
    on = TODAY + timedelta(days=later)
    (found,) = shown(case, officer, on)
    assert (found.standing is Standing.HOLDS) == (on <= marker.expires)


def wanted(**changes) -> Wanted:
    given = {"purpose": "Support through the court case", "agreed": "yes", "answer_by": WEEK}
    return Wanted(**(given | changes))


def refer(case, by, **changes) -> Referral:
    return referrals.refer(
        case_id=case.pk, identity=case.she, wanted=wanted(**changes), by=by, at=AT
    )


def test_a_referral_keeps_her_answer_its_basis_and_no_name_in_the_audit(officer, case) -> None:
    agency = partner().agency
    made = refer(case, officer, agency_id=agency.pk)
    assert (made.to, made.basis, made.why, made.answer) == (agency.name, "consent", "", "")
    row = AuditEvent.objects.order_by("-sequence")[0]
    assert row.action == "referral made"
    assert SHE not in str(row.detail)
    assert "court" not in str(row.detail)


def test_without_agreement_it_says_why_and_on_which_basis(officer, case) -> None:
    agency = partner().agency
    for change in (
        {"agreed": "raise_risk"},
        {"agreed": "no", "basis": "consent", "why": REASON},
        {"agreed": "no", "basis": "safeguarding"},
        {"agreed": ""},
    ):
        with pytest.raises(referrals.NotAReferral):
            refer(case, officer, agency_id=agency.pk, **change)
    made = refer(
        case,
        officer,
        agency_id=agency.pk,
        agreed="raise_risk",
        basis="safeguarding",
        why="He reads her phone",
    )
    assert made.why == "He reads her phone"


def test_an_agency_on_the_list_is_refused_with_the_sentence_of_a_share(officer, case) -> None:
    barred = partner(name="Quayside").agency
    ListEntry.objects.create(matter=case.pk, agency=barred, sealed=b"x", added_by=officer, since=AT)
    with pytest.raises(OnTheList, match="must-not-receive list of this report"):
        refer(case, officer, agency_id=barred.pk)
    service = add_service(AT, name="quayside ")
    with pytest.raises(OnTheList):
        refer(case, officer, service_id=service)
    assert not Referral.objects.exists()


def test_an_answer_is_written_once_and_a_late_one_is_told(officer, case) -> None:
    made = refer(case, officer, agency_id=partner().agency.pk)
    given = {"case_id": case.pk, "referral_id": made.pk, "by": officer, "at": AT}
    referrals.answer(answer="refused", words="They are full until March", **given)
    with pytest.raises(referrals.AnsweredMeanwhile, match="full until March"):
        referrals.answer(answer="accepted", words=REASON, **given)
    assert safety.label("referral_answers", "none") == "No answer came"
