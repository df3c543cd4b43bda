"""Feedback on the desk: a reason before every look, one report at most, and an end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain.access import Refused, Role
from safehold.domain.feedback import KEPT
from safehold.records.audit import checks
from safehold.records.audit.models import AuditEvent
from safehold.records.feedback import operations, queries
from safehold.records.feedback.models import Feedback, Reading
from safehold.records.incidents.models import Incident
from safehold.records.intake import queries as intake
from safehold.records.intake.models import SealedReport
from safehold.records.triage import operations as triage
from safehold.records.triage import queries as desk
from safehold.records.triage.models import State, TriageSlip
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, REASON, arrive, member, send_feedback

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]

NOTE = "We made the text of the form larger"
DANGER = "He follows me and he hits me, Winterbourne"
POLICE = "My husband is a police officer and he hits me, Winterbourne"


def opened(report_id: Any, by: Any) -> Any:
    return operations.open_feedback(report_id=report_id, reason=REASON, by=by, at=AT)


def acts() -> list[str]:
    return list(AuditEvent.objects.order_by("sequence").values_list("action", flat=True))


def test_it_arrives_by_its_slip_and_stays_off_the_desk_of_reports() -> None:
    report = arrive()
    found = send_feedback(DANGER)
    officer = member()

    row = queries.one(report_id=found, by=officer)
    assert [each["prompt"] for each in row.prompts] == ["words-violence", "words-stalking"]
    assert row.danger
    assert row.received_at == AT.replace(minute=0)
    assert [slip.pk for slip in desk.inbox(by=officer)] == [report]
    assert desk.danger_without_owner(by=officer).count() == 0
    assert queries.danger_unopened(by=officer).count() == 1
    event = AuditEvent.objects.get(subject_kind="feedback")
    assert (event.action, event.actor, event.at) == (
        "slip opened",
        "scheduler",
        AT.replace(minute=0),
    )


def test_arrivals_are_read_once_whatever_came_last() -> None:
    first, second = send_feedback(), arrive()
    third = send_feedback("Other words")

    assert triage.open_new_slips(at=AT) == 0
    assert {row.pk for row in Feedback.objects.all()} == {first, third}
    assert {slip.pk for slip in TriageSlip.objects.all()} == {second}


def test_danger_comes_first_and_then_the_oldest() -> None:
    old = send_feedback("Old", at=AT - timedelta(days=3))
    new = send_feedback("New")
    danger = send_feedback(DANGER, at=AT + timedelta(hours=1))

    assert [row.pk for row in queries.listed(by=member())] == [danger, old, new]


def test_a_look_is_committed_before_what_was_written_is_opened(monkeypatch: Any) -> None:
    found, officer = send_feedback(), member()

    def nothing(report_id: Any, **_: Any) -> None:
        raise AssertionError(acts()[-1])

    monkeypatch.setattr("safehold.records.triage.openings.opened", nothing)
    with pytest.raises(AssertionError, match="looked"):
        opened(found, officer)


def test_whoever_opens_it_reads_it_and_the_reason_is_kept() -> None:
    found, officer = send_feedback("Two\nlines", page="/report/place/"), member()
    account = opened(found, officer)

    said = {answer.question: answer.lines for group in account.groups for answer in group.answers}
    assert said["What went wrong, or could be better?"] == ("Two", "lines")
    assert said["Page they came from"] == ("/report/place/",)
    assert not account.unknown
    assert acts()[-2:] == ["looked", "feedback opened"]
    assert Reading.objects.get().reason == REASON
    assert queries.danger_unopened(by=officer).count() == 0


def test_a_thin_reason_opens_nothing() -> None:
    found, officer = send_feedback(), member()
    before = acts()
    with pytest.raises(ReasonTooThin):
        operations.open_feedback(report_id=found, reason="ok", by=officer, at=AT)
    assert acts() == before


def test_what_cannot_be_opened_is_said_and_recorded(keys: Any) -> None:
    found, officer = send_feedback(), member()
    for path in keys.glob("account-*"):
        path.unlink()
    with pytest.raises(operations.AccountSealed):
        opened(found, officer)
    assert acts()[-2:] == ["looked", "account sealed"]
    assert not Reading.objects.exists()


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ANALYST, Role.AUDITOR])
def test_whoever_does_not_work_on_reports_sees_none_of_it(role: Role) -> None:
    found, outsider = send_feedback(DANGER), member(role)
    for act in (
        lambda: operations.look_at_feedback(report_id=found, by=outsider, at=AT),
        lambda: opened(found, outsider),
        lambda: operations.mark_as_read(report_id=found, note=NOTE, by=outsider, at=AT),
        lambda: operations.make_a_report(report_id=found, reason=REASON, by=outsider, at=AT),
        lambda: queries.one(report_id=found, by=outsider),
    ):
        with pytest.raises(Refused):
            act()
    assert not list(queries.listed(by=outsider))
    assert queries.new(by=outsider).count() == queries.danger_unopened(by=outsider).count() == 0


def test_words_about_a_colleague_are_for_professional_standards_alone() -> None:
    found, standards = send_feedback(POLICE), member(Role.PROFESSIONAL_STANDARDS)
    for role in (Role.TRIAGE_OFFICER, Role.SUPERVISOR):
        who = member(role)
        with pytest.raises(Refused):
            opened(found, who)
        with pytest.raises(Refused):
            operations.look_at_feedback(report_id=found, by=who, at=AT)
        assert not list(queries.listed(by=who))
        assert queries.danger_unopened(by=who).count() == 0
        assert queries.references_of([str(found)], by=who) == {}
    assert queries.oldest_for_professional_standards() == AT.replace(minute=0)

    opened(found, standards)
    made = operations.make_a_report(report_id=found, reason=REASON, by=standards, at=AT)
    assert desk.slip(report_id=made, by=standards).police_party
    with pytest.raises(Refused):
        desk.slip(report_id=made, by=member(Role.SUPERVISOR))
    assert queries.oldest_for_professional_standards() is None


def test_it_becomes_a_report_once_with_the_prompts_of_its_slip() -> None:
    found, officer = send_feedback(DANGER), member()
    opened(found, officer)
    sealed = SealedReport.objects.using("intake").count()
    made = operations.make_a_report(report_id=found, reason=REASON, by=officer, at=AT)
    rows = AuditEvent.objects.count()

    slip = TriageSlip.objects.get()
    row = Feedback.objects.get()
    assert (made, slip.pk, slip.kind, slip.state) == (found, found, "feedback", State.NEW)
    assert (slip.prompts, slip.danger, slip.reference) == (row.prompts, True, row.reference)
    assert (row.state, row.closed_by, row.closed_at) == ("report", officer, AT)
    assert SealedReport.objects.using("intake").count() == sealed
    assert acts()[-1] == "feedback made a report"
    assert AuditEvent.objects.latest("sequence").reason == REASON

    assert operations.make_a_report(report_id=found, reason=REASON, by=officer, at=AT) == found
    assert AuditEvent.objects.count() == rows
    assert desk.danger_without_owner(by=officer).count() == 1
    assert triage.open_new_slips(at=AT) == 0


def test_the_report_is_opened_and_accepted_like_any_other() -> None:
    found, officer = send_feedback("He follows me at the bridge"), member()
    opened(found, officer)
    operations.make_a_report(report_id=found, reason=REASON, by=officer, at=AT)
    triage.open_account(report_id=found, reason=REASON, by=officer, at=AT)
    decisions = triage.Decisions(None, "The bridge", "not_said", "not_classified")
    triage.accept_report(report_id=found, decisions=decisions, by=officer, at=AT)

    assert Incident.objects.get().report_id == found


def test_nobody_decides_about_what_they_have_not_opened() -> None:
    found, officer = send_feedback(), member()
    opened(found, member())
    for act in (
        lambda: operations.mark_as_read(report_id=found, note=NOTE, by=officer, at=AT),
        lambda: operations.make_a_report(report_id=found, reason=REASON, by=officer, at=AT),
    ):
        with pytest.raises(operations.NotReadYet):
            act()


def test_a_note_says_what_changes_and_a_later_one_takes_its_place() -> None:
    found, officer = send_feedback(), member()
    opened(found, officer)
    operations.mark_as_read(report_id=found, note=NOTE, by=officer, at=AT)
    row = operations.mark_as_read(report_id=found, note=f"{NOTE} today", by=officer, at=AT)

    assert (row.state, row.note) == ("read", f"{NOTE} today")
    assert acts()[-2:] == ["feedback read", "feedback read"]
    with pytest.raises(operations.NoteTooLong):
        operations.mark_as_read(report_id=found, note=NOTE * 40, by=officer, at=AT)


def test_danger_is_marked_as_read_only_once_a_second_person_has_opened_it() -> None:
    found, first, second = send_feedback(DANGER), member(), member()
    opened(found, first)
    with pytest.raises(operations.SecondReaderNeeded):
        operations.mark_as_read(report_id=found, note=NOTE, by=first, at=AT)
    opened(found, second)

    assert operations.mark_as_read(report_id=found, note=NOTE, by=first, at=AT).note == NOTE


def test_what_is_a_report_is_not_marked_as_read_any_more() -> None:
    found, officer = send_feedback(), member()
    opened(found, officer)
    operations.make_a_report(report_id=found, reason=REASON, by=officer, at=AT)
    with pytest.raises(operations.AlreadyDecided):
        operations.mark_as_read(report_id=found, note=NOTE, by=officer, at=AT)


def test_what_was_read_can_still_become_a_report() -> None:
    found, officer = send_feedback(), member()
    opened(found, officer)
    operations.mark_as_read(report_id=found, note=NOTE, by=officer, at=AT)
    operations.make_a_report(report_id=found, reason=REASON, by=officer, at=AT)

    assert (Feedback.objects.get().state, Feedback.objects.get().note) == ("report", "")


def test_editors_see_the_note_and_nothing_else() -> None:
    officer, standards = member(), member(Role.PROFESSIONAL_STANDARDS)
    for words, who in (("The text is small", officer), ("He is a police officer", standards)):
        found = send_feedback(words)
        opened(found, who)
        operations.mark_as_read(report_id=found, note=f"{NOTE}: {who.name}", by=who, at=AT)

    assert len(list(queries.notes(by=member(Role.EDITOR)))) == 1
    with pytest.raises(Refused):
        queries.notes(by=officer)


def broken_audit(monkeypatch: Any) -> None:
    def append(**given: Any) -> None:
        raise RuntimeError("no room for the row")

    monkeypatch.setattr("safehold.records.audit.operations.append", append)


@pytest.mark.parametrize(
    "act",
    [
        lambda who, what: operations.mark_as_read(report_id=what, note=NOTE, by=who, at=AT),
        lambda who, what: operations.make_a_report(report_id=what, reason=REASON, by=who, at=AT),
        lambda who, what: operations.forget_old_feedback(at=AT + KEPT),
    ],
    ids=["mark as read", "make a report", "forget"],
)
def test_without_its_audit_row_nothing_is_saved(
    monkeypatch: Any, act: Callable[[Any, Any], Any]
) -> None:
    found, officer = send_feedback(), member()
    opened(found, officer)
    broken_audit(monkeypatch)
    with pytest.raises(RuntimeError, match="no room"), transaction.atomic():
        act(officer, found)

    row = Feedback.objects.get()
    assert (row.state, row.note, row.closed_by) == ("new", "", None)
    assert not TriageSlip.objects.exists()


def test_without_its_audit_row_nothing_is_opened(monkeypatch: Any) -> None:
    found, officer = send_feedback(), member()
    broken_audit(monkeypatch)
    monkeypatch.setattr(
        "safehold.records.triage.openings.opened", lambda _: pytest.fail("opened unrecorded")
    )
    with pytest.raises(RuntimeError, match="no room"):
        opened(found, officer)
    assert not Reading.objects.exists()


def test_what_is_over_goes_with_what_it_holds_sealed_and_only_the_number_stays() -> None:
    old, kept = send_feedback("Old"), send_feedback("New", at=AT + timedelta(days=2))
    officer = member()
    opened(old, officer)
    operations.mark_as_read(report_id=old, note=NOTE, by=officer, at=AT)

    assert operations.forget_old_feedback(at=AT + KEPT) == 1
    assert [row.pk for row in Feedback.objects.all()] == [kept]
    with pytest.raises(intake.NoSuchReport):
        intake.sealed_report(old)
    event = AuditEvent.objects.latest("sequence")
    assert (event.action, event.detail["count"], event.subject_id) == ("feedback forgotten", 1, "")
    assert len(event.detail["acts"]) == 1
    assert operations.forget_old_feedback(at=AT + KEPT) == 0
    assert triage.open_new_slips(at=AT + KEPT) == 0
    assert not checks.replaced_reports()
    assert not checks.reports_gone()


def test_what_gathered_goes_in_batches_so_that_no_store_is_held_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for number in range(5):
        send_feedback(f"Old {number}")
    monkeypatch.setattr(operations, "_FORGOTTEN_AT_ONCE", 2)

    assert operations.forget_old_feedback(at=AT + KEPT) == 5
    rows = AuditEvent.objects.filter(action="feedback forgotten").order_by("sequence")
    assert [row.detail["count"] for row in rows] == [2, 2, 1]
    assert not Feedback.objects.exists()


def test_what_was_interrupted_keeps_the_act_under_which_it_went(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    send_feedback("Old")

    def broken(**_: object) -> None:
        raise RuntimeError("the audit is away")

    with monkeypatch.context() as patched:
        patched.setattr(operations.audit, "append", broken)
        with pytest.raises(RuntimeError):
            operations.forget_old_feedback(at=AT + KEPT)
    assert Feedback.objects.count() == 1
    assert operations.forget_old_feedback(at=AT + KEPT) == 1
    assert not checks.reports_gone()


def test_what_became_a_report_stays_sealed_as_a_report() -> None:
    found, officer = send_feedback(DANGER), member()
    opened(found, officer)
    operations.make_a_report(report_id=found, reason=REASON, by=officer, at=AT)
    operations.forget_old_feedback(at=AT + KEPT)

    assert not Feedback.objects.exists()
    assert intake.sealed_report(found).report_id == found
    triage.open_account(report_id=found, reason=REASON, by=officer, at=AT + KEPT)
    assert triage.open_new_slips(at=AT + KEPT) == 0


def test_danger_that_nobody_decided_about_is_not_deleted() -> None:
    found, officer = send_feedback(DANGER), member()
    assert operations.forget_old_feedback(at=AT + KEPT * 2) == 0
    assert queries.danger_unopened(by=officer).count() == 1
    opened(found, officer)
    assert operations.forget_old_feedback(at=AT + KEPT * 2) == 0
    assert queries.danger_opened(by=officer).count() == 1
    opened(found, member())
    operations.mark_as_read(report_id=found, note=NOTE, by=officer, at=AT)
    assert queries.danger_opened(by=officer).count() == 0
    assert operations.forget_old_feedback(at=AT + KEPT * 2) == 1


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-3, 3), max_size=4), st.integers(0, 23))
def test_exactly_what_is_older_than_the_rule_says_is_deleted(days: list[int], hour: int) -> None:
    with transaction.atomic(), transaction.atomic(using="intake"):
        now = datetime(2028, 1, 15, hour, 30, tzinfo=UTC)
        for number, off in enumerate(days):
            received = (now - KEPT + timedelta(days=off)).replace(minute=0)
            Feedback.objects.create(
                report_id=uuid4(), arrival=number + 1, received_at=received, opened_at=received
            )
        assert operations.forget_old_feedback(at=now) == sum(off <= 0 for off in days)
        assert Feedback.objects.count() == sum(off > 0 for off in days)
        transaction.set_rollback(True)
        transaction.set_rollback(True, using="intake")


def test_a_slip_that_opens_later_goes_where_it_belongs(keys: Any, tmp_path: Any) -> None:
    (triage_key,) = keys.glob("triage-*")
    away = tmp_path / triage_key.name
    other = keys.parent / "other"
    other.mkdir(mode=0o700)
    from tests.crypto.keyrings import new_keyring

    strange = new_keyring(other / "keys").folder
    (strange_key,) = strange.glob("triage-*")
    triage_key.rename(away)
    strange_key.rename(keys / strange_key.name)
    found = send_feedback(DANGER)
    assert TriageSlip.objects.get().state == State.SEALED
    away.rename(keys / away.name)
    triage.try_slip_again(report_id=found, by=member(Role.SUPERVISOR), at=AT)

    assert not TriageSlip.objects.exists()
    assert Feedback.objects.get().danger


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "read", "note": ""},
        {"state": "new", "note": "x"},
        {"state": "report", "note": ""},
        {"state": "other"},
    ],
)
def test_the_database_holds_what_the_room_promises(wrong: dict[str, str]) -> None:
    send_feedback()
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.update(**wrong)
