"""Safe contact: kept as told, opened with a reason, corrected, passed by on somebody's name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from safehold.domain.access import Refused, Role
from safehold.domain.contact_profile import Terms
from safehold.domain.safe_contact import Wait
from safehold.records.audit import queries as events
from safehold.records.contacts import operations, queries
from safehold.records.contacts.models import Due, Override, Profile, Version
from safehold.records.triage import operations as triage
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, member, send_ask, send_harm
from tests.unguarded import take_guards_from

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]

REASON = "To ring her about what she told us"
# The desk's AT is a Sunday morning, 09:12.
TOLD: dict[str, dict[str, Any]] = {
    "identity": {"how": "named"},
    "name": {"name": "Zanzibar Quill"},
    "contact": {"method": "call", "to": "07700 900123"},
    "contact_when": {"days": ["mon"], "parts": ["morning"], "more": "Not when the van is there"},
    "contact_seen": {"answer": "yes", "more": "His mother"},
    "voicemail": {"answer": "no"},
    "code": {"word": "marmalade"},
    "language": {"language": "Polish", "interpreter": "yes"},
    "if_urgent": {"other": "The school office", "never": "Come to the door"},
}
SECRETS = (
    "Zanzibar",
    "900123",
    "the van",
    "His mother",
    "marmalade",
    "Polish",
    "school office",
    "to the door",
)


def profile(*, by: Role = Role.TRIAGE_OFFICER, **changes: Any) -> Profile:
    """Send a report, open its account, and return the profile that was made of it."""
    report_id = send_harm(**{**TOLD, **changes})
    triage.open_account(report_id=report_id, reason=REASON, by=member(by), at=AT)
    return Profile.objects.get(report_id=report_id)


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value


def acts(profile_id: UUID) -> list[str]:
    rows = events.events_about(operations.about(profile_id)).order_by("sequence")
    return [row.action for row in rows]


def test_opening_an_account_keeps_safe_contact_once() -> None:
    kept = profile()
    triage.open_account(report_id=kept.report_id, reason=REASON, by=member(Role.SUPERVISOR), at=AT)
    (version,) = queries.versions(kept)
    terms = queries.terms_of(version)
    assert (terms.method, terms.seen, terms.voicemail, terms.interpreter) == (
        "call",
        "yes",
        "no",
        "yes",
    )
    assert terms.week.days[0] == ((360, 720),)
    assert not any(terms.week.days[1:])


def test_needs_stand_in_clear_and_her_words_about_them_are_sealed() -> None:
    kept = profile(
        who_for={"who": "witness"},
        needs={"needs": ["bsl", "easy_read"], "more": "No stairs"},
        may_contact={"answer": "no", "more": "He reads her messages"},
    )
    (version,) = queries.versions(kept)
    terms = queries.terms_of(version)
    assert (terms.needs, terms.may_contact) == (("bsl", "easy_read"), "no")
    details = operations.open_details(profile_id=kept.pk, reason=REASON, by=member(), at=AT)
    assert (details.needs_more, details.know_first) == ("No stairs", "He reads her messages")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM contact_version")
        kept_in_clear = str([[_plain(value) for value in row] for row in cursor])
    assert "stairs" not in kept_in_clear
    assert "messages" not in kept_in_clear


def test_nothing_that_would_give_her_away_stands_in_clear() -> None:
    profile()
    with connection.cursor() as cursor:
        kept = ""
        for table in ("contact_profile", "contact_version", "audit_auditevent"):
            cursor.execute(f"SELECT * FROM {table}")
            kept += str([[_plain(value) for value in row] for row in cursor])
    assert [word for word in SECRETS if word in kept] == []


def test_who_and_where_open_with_a_reason_that_is_on_record() -> None:
    kept = profile()
    by = member()
    details = operations.open_details(profile_id=kept.pk, reason=REASON, by=by, at=AT)
    assert [word for word in SECRETS if word not in str(details)] == []
    assert acts(kept.pk)[-2:] == ["looked", "safe contact opened"]
    with pytest.raises(ReasonTooThin):
        operations.open_details(profile_id=kept.pk, reason="x", by=by, at=AT)


@pytest.mark.parametrize("role", [Role.IDENTITY_KEEPER, Role.ANALYST, Role.EDITOR, Role.AUDITOR])
def test_nobody_apart_from_the_unit_opens_it(role: Role) -> None:
    kept = profile()
    with pytest.raises(Refused):
        operations.open_details(profile_id=kept.pk, reason=REASON, by=member(role), at=AT)


def test_a_hidden_name_makes_no_profile() -> None:
    report_id = send_harm(**{**TOLD, "identity": {"how": "hidden"}})
    triage.open_account(report_id=report_id, reason=REASON, by=member(), at=AT)
    assert queries.of_report(report_id) is None


def test_a_question_about_someone_has_safe_contact_too() -> None:
    report_id = send_ask(contact_when={"parts": ["evening"]})
    triage.open_account(report_id=report_id, reason=REASON, by=member(), at=AT)
    assert queries.of_report(report_id) is not None


def test_what_is_told_of_a_colleague_is_for_professional_standards_alone() -> None:
    kept = profile(by=Role.PROFESSIONAL_STANDARDS, works={"party": "yes"})
    assert kept.police_party
    for role in (Role.TRIAGE_OFFICER, Role.SUPERVISOR):
        with pytest.raises(Refused):
            queries.one(profile_id=kept.pk, by=member(role))
    standards = member(Role.PROFESSIONAL_STANDARDS)
    details = operations.open_details(profile_id=kept.pk, reason=REASON, by=standards, at=AT)
    assert details.name == "Zanzibar Quill"


def test_a_correction_keeps_what_was_left_empty_and_what_was_said_before() -> None:
    kept = profile()
    operations.correct(
        profile_id=kept.pk,
        terms=Terms(method="text"),
        changes={"to": "07700 900999", "code": ""},
        why="She rang, and said the word",
        by=member(),
        at=AT,
    )
    details = operations.open_details(profile_id=kept.pk, reason=REASON, by=member(), at=AT)
    assert (details.to, details.code) == ("07700 900999", "marmalade")
    newest, first = queries.versions(kept)
    assert (newest.number, newest.method, first.method) == (2, "text", "call")
    assert "safe contact corrected" in acts(kept.pk)


def test_a_correction_takes_away_what_does_not_stand_any_more() -> None:
    kept = profile()
    assert queries.terms_of(queries.versions(kept)[0]).more_times
    operations.correct(
        profile_id=kept.pk,
        terms=Terms(method="call"),
        changes={},
        remove=["times", "other"],
        why="She rang, and said the word",
        by=member(),
        at=AT,
    )
    details = operations.open_details(profile_id=kept.pk, reason=REASON, by=member(), at=AT)
    assert (details.times, details.other, details.code) == ("", "", "marmalade")
    assert not queries.terms_of(queries.versions(kept)[0]).more_times
    corrected = [
        row.detail
        for row in events.events_about(operations.about(kept.pk))
        if row.action == "safe contact corrected"
    ]
    assert corrected == [{"version": 2, "removed": ["other", "times"]}]


def test_another_way_is_not_kept_with_the_number_of_the_one_before() -> None:
    kept = profile()
    with pytest.raises(operations.WayWithoutWhere):
        operations.correct(
            profile_id=kept.pk,
            terms=Terms(method="email"),
            changes={"to": " "},
            why="She rang, and said the word",
            by=member(),
            at=AT,
        )
    assert len(queries.versions(kept)) == 1


def test_no_version_can_be_changed() -> None:
    kept = profile()
    change = "UPDATE contact_version SET method = 'post' WHERE profile_id = %s"
    key = kept.pk if connection.vendor == "postgresql" else kept.pk.hex
    with (
        pytest.raises(DatabaseError, match="written once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change, [key])


def test_a_clock_before_her_next_safe_time_alarms_at_once() -> None:
    kept, supervisor = profile(), member(Role.SUPERVISOR)
    due_at = AT + timedelta(hours=3)
    operations.set_due(profile_id=kept.pk, why="danger", due_at=due_at, by=member(), at=AT)
    (clock,) = queries.alarms(by=supervisor, at=AT)
    assert clock.alarm
    assert not clock.overdue
    assert queries.alarms(by=member(Role.PROFESSIONAL_STANDARDS), at=AT) != []
    assert queries.alarms(by=member(Role.TRIAGE_OFFICER), at=AT) == []


def test_a_clock_after_it_waits_in_silence_until_its_time_is_over() -> None:
    kept, supervisor = profile(), member(Role.SUPERVISOR)
    due_at = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # Monday, after the morning
    operations.set_due(profile_id=kept.pk, why="answer", due_at=due_at, by=member(), at=AT)
    assert queries.alarms(by=supervisor, at=AT) == []
    assert [clock.overdue for clock in queries.alarms(by=supervisor, at=due_at)] == [True]


def test_an_override_answers_the_alarm_of_its_own_clock_until_the_time_is_over() -> None:
    kept, supervisor = profile(), member(Role.SUPERVISOR)
    due, other = (_due(kept, hours=hours) for hours in (1, 2))
    _override(kept, by=supervisor, due_id=due.pk)
    assert [clock.due for clock in queries.alarms(by=supervisor, at=AT)] == [other]
    over = AT + timedelta(hours=1)
    assert [clock.due for clock in queries.alarms(by=supervisor, at=over)] == [due, other]
    operations.end_due(due_id=due.pk, how="Reached through the school", by=member(), at=AT)
    assert [clock.due for clock in queries.clocks(kept, at=over)] == [other]
    with pytest.raises(operations.EndedBefore):
        operations.end_due(due_id=due.pk, how="Reached through the school", by=member(), at=AT)


def test_an_override_without_a_clock_answers_none() -> None:
    kept, supervisor = profile(), member(Role.SUPERVISOR)
    due = _due(kept)
    assert _override(kept, by=supervisor).due is None
    assert [clock.due for clock in queries.alarms(by=supervisor, at=AT)] == [due]


def test_an_override_is_for_an_open_clock_of_the_same_person() -> None:
    kept, supervisor = profile(), member(Role.SUPERVISOR)
    ended = _due(kept)
    operations.end_due(due_id=ended.pk, how="Reached through the school", by=member(), at=AT)
    for due in (ended, _due(profile())):
        with pytest.raises(operations.ProfileNotFound):
            _override(kept, by=supervisor, due_id=due.pk)


def test_a_clock_of_somebody_with_no_safe_times_alarms_at_once() -> None:
    supervisor = member(Role.SUPERVISOR)
    kept = profile(contact_when={})
    due = _due(kept, hours=300)
    (clock,) = queries.alarms(by=supervisor, at=AT)
    assert (clock.due, clock.wait) == (due, Wait.NOT_KNOWN)


def test_a_clock_of_what_is_told_of_a_colleague_is_not_for_the_unit_s_supervisors() -> None:
    standards = member(Role.PROFESSIONAL_STANDARDS)
    kept = profile(by=Role.PROFESSIONAL_STANDARDS, works={"party": "yes"})
    due = operations.set_due(
        profile_id=kept.pk, why="danger", due_at=AT + timedelta(hours=1), by=standards, at=AT
    )
    assert queries.alarms(by=member(Role.SUPERVISOR), at=AT) == []
    assert [clock.due for clock in queries.alarms(by=standards, at=AT)] == [due]


def test_many_clocks_are_read_with_as_many_questions_as_one() -> None:
    kept, supervisor = profile(), member(Role.SUPERVISOR)
    _due(kept)
    with CaptureQueriesContext(connection) as of_one:
        assert len(queries.alarms(by=supervisor, at=AT)) == 1
    for hours in (1, 2, 3):
        _due(profile(), hours=hours)
    with CaptureQueriesContext(connection) as of_many:
        assert len(queries.alarms(by=supervisor, at=AT)) == 4
    assert len(of_many) == len(of_one)


def test_nobody_decides_on_another_way_before_reading_what_must_never_be_done() -> None:
    kept, supervisor = profile(), member(Role.SUPERVISOR)
    somebody_else = member(Role.SUPERVISOR)
    operations.open_details(profile_id=kept.pk, reason=REASON, by=somebody_else, at=AT)
    with pytest.raises(operations.NotReadYet, match="Open who and where first"):
        _decide(kept, by=supervisor)
    operations.open_details(profile_id=kept.pk, reason=REASON, by=supervisor, at=AT)
    with pytest.raises(operations.NotReadYet):
        _decide(kept, by=supervisor, at=AT + timedelta(hours=25))
    assert _decide(kept, by=supervisor, at=AT + timedelta(hours=23)).decided_by == supervisor


def test_what_was_read_before_a_correction_is_read_again() -> None:
    kept, supervisor = profile(), member(Role.SUPERVISOR)
    operations.open_details(profile_id=kept.pk, reason=REASON, by=supervisor, at=AT)
    later = AT + timedelta(minutes=5)
    operations.correct(
        profile_id=kept.pk,
        terms=Terms(method="call"),
        changes={"never": "Ring at all"},
        why="She rang, and said the word",
        by=member(),
        at=later,
    )
    with pytest.raises(operations.NotReadYet):
        _decide(kept, by=supervisor, at=later)


def test_a_time_that_is_over_cannot_be_set() -> None:
    kept = profile()
    with pytest.raises(operations.TimeOver):
        operations.set_due(profile_id=kept.pk, why="danger", due_at=AT, by=member(), at=AT)


def test_only_a_supervisor_passes_her_way_by() -> None:
    with pytest.raises(Refused):
        _override(profile(), by=member(Role.TRIAGE_OFFICER))


def test_more_revealing_means_need_a_word_on_why_less_will_not_do() -> None:
    kept, supervisor = profile(), member(Role.SUPERVISOR)
    with pytest.raises(operations.LessWouldDo):
        _override(kept, by=supervisor, means="uniform")
    made = _override(kept, by=supervisor, means="uniform", why_not_less="He is at the door now")
    assert made.why_not_less == "He is at the door now"
    assert _override(kept, by=supervisor, why_not_less="Not needed here").why_not_less == ""


@pytest.mark.parametrize("changed", [{"ground": "easier"}, {"means": "letter"}])
def test_there_is_no_other_ground_and_no_other_means(changed: dict[str, str]) -> None:
    with pytest.raises(operations.NotOnTheList):
        _override(profile(), by=member(Role.SUPERVISOR), **changed)


def test_somebody_else_looks_at_it_once() -> None:
    made = _override(profile(), by=member(Role.SUPERVISOR))
    auditor = member(Role.AUDITOR)
    assert [one.pk for one in queries.to_review(by=auditor)] == [made.pk]
    review = {"was_right": True, "review": "Nothing else was left", "at": AT}
    operations.review_override(override_id=made.pk, by=auditor, **review)
    assert queries.waiting(by=auditor).count() == 0
    with pytest.raises(operations.NothingToReview):
        operations.review_override(override_id=made.pk, by=auditor, **review)


def test_the_database_refuses_a_review_by_whoever_decided() -> None:
    made = _override(profile(), by=member(Role.SUPERVISOR))
    with pytest.raises(IntegrityError), transaction.atomic():
        Override.objects.filter(pk=made.pk).update(
            reviewed_by=made.decided_by, reviewed_at=AT, was_right=True, review="Mine"
        )


def test_a_changed_envelope_is_said_and_recorded() -> None:
    kept = profile()
    (version,) = queries.versions(kept)
    damaged = bytes(version.sealed)[:-1] + bytes([bytes(version.sealed)[-1] ^ 1])
    take_guards_from("contact_version")
    Version.objects.filter(pk=version.pk).delete()
    version._state.adding, version.sealed = True, damaged
    version.save()
    with pytest.raises(operations.ContactSealed):
        operations.open_details(profile_id=kept.pk, reason=REASON, by=member(), at=AT)
    assert acts(kept.pk)[-1] == "safe contact sealed"


def _due(kept: Profile, *, hours: int = 1) -> Due:
    due_at = AT + timedelta(hours=hours)
    return operations.set_due(profile_id=kept.pk, why="danger", due_at=due_at, by=member(), at=AT)


def _override(kept: Profile, *, by: Any, **changes: Any) -> Override:
    operations.open_details(profile_id=kept.pk, reason=REASON, by=by, at=AT)
    return _decide(kept, by=by, **changes)


def _decide(kept: Profile, *, by: Any, **changes: Any) -> Override:
    given = {
        "ground": "life",
        "means": "her_other",
        "reason": "He is out since noon",
        "why_not_less": "",
        "at": AT,
        **changes,
    }
    return operations.override(profile_id=kept.pk, by=by, **given)
