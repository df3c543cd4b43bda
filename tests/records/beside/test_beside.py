"""Two reports side by side: who may, what is kept, and what is never tied to a person."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from safehold.domain.access import Refused, Role
from safehold.domain.alike import MOST
from safehold.records.audit.models import AuditEvent
from safehold.records.beside import operations, queries
from safehold.records.beside.models import Comparison, Verdict
from safehold.records.incidents import queries as incidents
from safehold.records.incidents.models import Incident, IncidentReport
from safehold.records.places.models import PlaceKind
from safehold.records.staff.models import StaffMember
from safehold.records.triage import operations as triage
from safehold.records.triage.models import AccountMark, Opening, TriageSlip
from safehold.records.triage.operations import Decisions
from safehold.records.triage.queries import ReportNotFound
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, arrive, member, send_ask, send_harm
from tests.flooded import slip

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
REASON = "Both tell of a man at the same gate"
TEXT = "A man in a red van stood at the gate of the school and followed us to the shop."
HARM: dict[str, Any] = {"about": {"about": ["stalking"]}, "what": {"text": TEXT}}
NAMED: dict[str, Any] = {"identity": {"how": "named"}, "name": {"name": "Orla Winterbourne"}}
CHOSEN: dict[str, Any] = {"identity": {"how": "anonymous"}, "others": {"answer": "yes"}}
STALKING = Decisions(place_id=None, place_name="", place_kind="", classification="stalking")


@pytest.fixture
def officer() -> StaffMember:
    return member(Role.TRIAGE_OFFICER)


def both(one: UUID, other: UUID, by: StaffMember) -> None:
    operations.open_both(report_id=one, other_id=other, reason=REASON, by=by, at=AT)


def decide(
    one: UUID, other: UUID, by: StaffMember, verdict: str = Verdict.SAME, *, at: datetime = AT
) -> Comparison:
    return operations.decide(
        report_id=one, other_id=other, verdict=verdict, reason=REASON, by=by, at=at
    )


def accept(report_id: UUID, by: StaffMember, decisions: Decisions = STALKING) -> Incident:
    return triage.accept_report(report_id=report_id, decisions=decisions, by=by, at=AT)


def join(one: UUID, other: UUID, by: StaffMember) -> Incident:
    return operations.join(report_id=one, other_id=other, note="", by=by, at=AT)


def kept_and_checked(values: dict[str, Any]) -> None:
    with transaction.atomic():
        Comparison.objects.create(**values)
        connection.check_constraints()


def keys_of(report_id: UUID, by: StaffMember) -> list[UUID]:
    return [each.slip.pk for each in queries.candidates(report_id=report_id, by=by)]


def test_what_is_near_is_a_candidate_with_its_reason(officer):
    one, other = arrive(), arrive()
    (found,) = queries.candidates(report_id=one, by=officer)
    assert found.slip.pk == other
    assert "Same square of about 350 m" in found.reasons[0]
    assert queries.count(report_id=one, by=officer) == 1


def test_the_same_words_meet_once_somebody_has_opened_both(officer):
    one, other = send_harm(**HARM), send_harm(**HARM)
    triage.open_account(report_id=one, reason=REASON, by=officer, at=AT)
    assert keys_of(one, officer) == []
    triage.open_account(report_id=other, reason=REASON, by=officer, at=AT)
    triage.open_account(report_id=other, reason=REASON, by=officer, at=AT)
    assert keys_of(one, officer) == [other]
    assert AccountMark.objects.count() == 2
    assert not [row.mark for row in AccountMark.objects.all() if "van" in row.mark]


def test_accepted_reports_meet_by_their_hours(officer):
    told = {
        "when": {"when": "today", "asked_on": "2026-11-22"},
        "part": {"parts": ["morning"]},
    }
    ids = [send_harm(**{**HARM, **told, "what": {"text": f"told {n}"}}) for n in range(2)]
    for report_id in ids:
        triage.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
        accept(report_id, officer)
    found = [incidents.accepted(key).time_precision for key in ids]
    expected = [ids[1]] if found == ["hours", "hours"] else []
    assert keys_of(ids[0], officer) == expected


def test_nothing_is_compared_across_the_border_to_professional_standards(officer):
    one, about_police = slip(), slip(party_is_police="yes")
    standards = member(Role.PROFESSIONAL_STANDARDS)
    for by in (officer, standards):
        assert keys_of(one.pk, by) == []
        with pytest.raises(ReportNotFound):
            queries.pair(report_id=one.pk, other_id=about_police.pk, by=by)
    with pytest.raises(Refused):
        queries.candidates(report_id=about_police.pk, by=officer)
    also = slip(party_is_police="not sure")
    assert keys_of(about_police.pk, standards) == [also.pk]


def test_words_about_a_colleague_have_marks_that_never_meet_the_units(officer):
    police = {"works": {"party": "yes"}}
    unit, theirs = send_harm(**HARM), send_harm(**HARM, **police)
    standards = member(Role.PROFESSIONAL_STANDARDS)
    triage.open_account(report_id=unit, reason=REASON, by=officer, at=AT)
    triage.open_account(report_id=theirs, reason=REASON, by=standards, at=AT)
    marks = list(AccountMark.objects.values_list("mark", flat=True))
    assert len(set(marks)) == len(marks) == 2


def test_a_keeper_of_hidden_names_is_shown_nothing(officer):
    one = slip()
    slip()
    keeper = member(Role.IDENTITY_KEEPER)
    assert queries.count(report_id=one.pk, by=keeper) == 0
    assert keys_of(one.pk, keeper) == []


def test_an_application_under_clares_law_is_compared_with_nothing(officer):
    asked = send_ask()
    one = slip()
    assert keys_of(asked, officer) == []
    with pytest.raises(ReportNotFound):
        queries.pair(report_id=one.pk, other_id=asked, by=officer)
    with pytest.raises(ReportNotFound):
        queries.pair(report_id=asked, other_id=one.pk, by=officer)


def test_a_crowded_square_is_not_read_whole(officer, django_assert_max_num_queries):
    one = slip()
    for _ in range(3 * MOST):
        slip()
    with django_assert_max_num_queries(12):
        assert 0 < len(keys_of(one.pk, officer)) <= 2 * MOST


def test_opening_both_records_a_look_at_each_before_anything_is_opened(officer):
    one, other = arrive(), arrive()
    before = AuditEvent.objects.count()
    both(one, other, officer)
    rows = list(AuditEvent.objects.order_by("sequence").values_list("action", "subject_id"))
    assert rows[before:] == [
        ("looked", str(one)),
        ("account opened", str(one)),
        ("looked", str(other)),
        ("account opened", str(other)),
    ]
    assert Opening.objects.filter(member=officer).count() == 2
    assert all(REASON in row.reason for row in Opening.objects.all())


def test_where_one_may_not_be_seen_neither_is_opened(officer):
    one, theirs = arrive(), arrive(slip={"party_is_police": "yes"})
    with pytest.raises(ReportNotFound):
        both(one, theirs, officer)
    with pytest.raises(ReasonTooThin):
        operations.open_both(report_id=one, other_id=arrive(), reason="look", by=officer, at=AT)
    assert not Opening.objects.exists()


def test_whoever_decides_has_read_both(officer):
    one, other = arrive(), arrive()
    triage.open_account(report_id=one, reason=REASON, by=officer, at=AT)
    with pytest.raises(triage.NotReadYet):
        decide(one, other, officer)
    assert not Comparison.objects.exists()


def test_a_decision_is_kept_on_both_whichever_was_first_and_sent_twice_is_one(officer):
    one, other = arrive(), arrive()
    both(one, other, officer)
    kept = decide(one, other, officer)
    assert decide(other, one, officer) == kept
    later = decide(other, one, officer, Verdict.NOT_SAME, at=AT + timedelta(hours=1))
    assert queries.history(report_id=one, other_id=other, by=officer) == [later, kept]
    for key in (one, other):
        assert queries.count(report_id=key, by=officer) == 0
        (found,) = queries.candidates(report_id=key, by=officer)
        assert found.decided == later
        actions = AuditEvent.objects.filter(subject_id=str(key), action="reports compared")
        assert actions.count() == 2


def test_a_decision_is_written_once(officer):
    one, other = arrive(), arrive()
    both(one, other, officer)
    decide(one, other, officer)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE report_comparison SET verdict = 'unsure'")
    with pytest.raises(ValueError, match="merged"):
        decide(one, other, officer, "merged")


@pytest.mark.parametrize(
    ("first", "second", "allowed"),
    [
        (NAMED, NAMED, True),
        (NAMED, CHOSEN, True),
        (CHOSEN, {}, False),
        (NAMED, {"identity": {"how": "hidden"}}, False),
        (NAMED, {"identity": {"how": "anonymous"}, "others": {"answer": "no"}}, False),
    ],
)
def test_one_person_can_be_said_only_where_both_reporters_freed_it(officer, first, second, allowed):
    one, other = send_harm(**HARM, **first), send_harm(**HARM, **second)
    both(one, other, officer)
    with pytest.raises(operations.MayNotBeTied):
        decide(one, other, officer, Verdict.PERSON)
    accept(one, officer)
    accept(other, officer)
    assert queries.may_be_tied((one, other)) is allowed
    if not allowed:
        with pytest.raises(operations.MayNotBeTied):
            decide(one, other, officer, Verdict.PERSON)
    else:
        assert decide(one, other, officer, Verdict.PERSON).one_link is not None


def test_a_place_report_is_tied_to_nobody_and_the_store_refuses_it_too(officer):
    one, other = arrive(), arrive()
    both(one, other, officer)
    elm = Decisions(None, "Elm Row", PlaceKind.NOT_SAID, "behaviour")
    for key in (one, other):
        accept(key, officer, elm)
    assert set(IncidentReport.objects.values_list("link_basis", "link_key")) == {("place", None)}
    with pytest.raises(operations.MayNotBeTied):
        decide(one, other, officer, Verdict.PERSON)
    first, second = queries.ordered(one, other)
    kept: dict[str, Any] = {
        "one_id": first,
        "other_id": second,
        "verdict": Verdict.PERSON,
        "reason": REASON,
        "decided_at": AT,
        "decided_by": officer,
    }
    tries: list[dict[str, Any]] = [
        {},
        {"one_link_id": first, "other_link_id": second},
        {"one_link_id": uuid4(), "other_link_id": uuid4()},
        {"verdict": Verdict.SAME, "one_link_id": first},
    ]
    for more in tries:
        with pytest.raises(IntegrityError):
            kept_and_checked({**kept, **more})
    with pytest.raises(IntegrityError), transaction.atomic():
        Comparison.objects.create(
            **{**kept, "verdict": Verdict.SAME, "one_id": second, "other_id": first}
        )


def test_the_same_happening_is_taken_into_one_incident_only_by_a_further_act(officer):
    one, other = send_harm(**HARM), send_harm(**HARM, children={"answer": "yes"})
    both(one, other, officer)
    incident = accept(one, officer)
    with pytest.raises(operations.NotAlike, match="Decide first"):
        join(other, one, officer)
    decide(one, other, officer)
    assert TriageSlip.objects.get(pk=other).state == "new", "nothing is merged by deciding"
    assert join(other, one, officer) == incident
    assert join(other, one, officer) == incident, "sent twice it is one act"
    assert incidents.of_report(other) == incident
    assert incidents.reports_in(incident) == [one, other]
    assert TriageSlip.objects.get(pk=other).state == "accepted"
    assert incidents.roles_in(incident)[0].part == "child"
    with pytest.raises(triage.AlreadyAccepted):
        accept(other, officer, Decisions(None, "", "", "domestic"))
    with pytest.raises(triage.AlreadyAccepted):
        triage.set_aside_report(report_id=other, reason=REASON, by=officer, at=AT)


def test_a_report_that_may_not_be_tied_is_never_in_an_incident_that_may(officer):
    named, anonymous = send_harm(**HARM, **NAMED), send_harm(**HARM)
    both(named, anonymous, officer)
    accept(named, officer)
    decide(named, anonymous, officer)
    with pytest.raises(operations.NotAlike, match="tied to a person"):
        join(anonymous, named, officer)
    assert incidents.of_report(anonymous) is None
    assert TriageSlip.objects.get(pk=anonymous).state == "new"


def test_what_was_told_of_a_place_is_no_incident_of_somebody(officer):
    place, harm = arrive(), send_harm(**HARM)
    both(place, harm, officer)
    accept(harm, officer)
    decide(place, harm, officer)
    with pytest.raises(operations.NotAlike, match="about a place"):
        join(place, harm, officer)
