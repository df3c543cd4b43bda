"""Holds, decisions to keep, and lists that two people agree to; nothing goes without them."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction

from safehold.domain.access import Refused, Role
from safehold.domain.retention import Standing, Status
from safehold.records.audit import operations as audit
from safehold.records.audit import queries as events
from safehold.records.calls import operations as calls
from safehold.records.calls.models import Call
from safehold.records.conversations import operations as conversations
from safehold.records.dvds import operations as dvds
from safehold.records.incidents.models import Incident
from safehold.records.intake import returns
from safehold.records.retention import destroying, facts, operations, queries, runs
from safehold.records.retention.models import (
    Certificate,
    Destruction,
    DueReport,
    Keep,
    LegalHold,
    Run,
    State,
)
from safehold.records.triage import operations as triage
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.openings import about
from safehold.records.triage.reasons import ReasonTooThin
from tests import under_clares_law
from tests.desk import AT, REASON, arrive, member, send_ask
from tests.desk_codes import send_with_code
from tests.whole_reports import OVER, end, set_aside_and_ended

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
TWICE = "Said to be sent twice"
WHY = "Its time is over and nothing points to a need"


def acts(report_id: UUID) -> list[str]:
    return [row.action for row in events.events_about(about(report_id)).order_by("sequence")]


def looked(report_id: UUID, *, at=OVER) -> facts.Looked:
    return facts.look([report_id], today=at.date())[report_id]


def two() -> tuple:
    return member(Role.SUPERVISOR, name="Pell Lisle"), member(Role.SUPERVISOR, name="Ines Quarr")


def proposed(*report_ids: UUID, by, at=OVER) -> Run:
    return runs.propose(report_ids=report_ids, reason=WHY, by=by, at=at)


class TestWhatIsDue:
    def test_what_is_not_ended_is_never_due(self) -> None:
        new = arrive()
        assert looked(new).found.standing is Standing.OPEN
        report_id = set_aside_and_ended()
        TriageSlip.objects.filter(pk=report_id).update(
            ended_at=None, ended_by=None, ended_reason=""
        )
        assert looked(report_id).found.standing is Standing.OPEN
        assert list(facts.over(today=OVER.date())) == []

    def test_it_is_due_after_its_time_and_not_a_day_before(self) -> None:
        report_id = set_aside_and_ended()
        last = looked(report_id).until
        assert last == date(2027, 11, 23)
        assert not facts.look([report_id], today=last - timedelta(days=1))[report_id].is_due
        assert facts.look([report_id], today=last)[report_id].is_due

    def test_a_message_after_the_end_starts_the_time_again_and_waits_until_it_is_read(
        self,
    ) -> None:
        report_id, place = send_with_code()
        officer = member()
        triage.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
        triage.set_aside_report(
            report_id=report_id, reason="Said to be sent twice", by=officer, at=AT
        )
        end(report_id, by=officer, at=AT)
        before = looked(report_id).until
        wrote = AT + timedelta(days=360)
        returns.write(place, text="He is back", at=wrote)
        found = looked(report_id)
        assert (before, found.until) == (date(2027, 11, 22), date(2028, 11, 17))
        assert found.found.standing is Standing.WAITS
        assert "a message from whoever holds the code" in found.found.why
        conversations.open_conversation(report_id=report_id, reason=REASON, by=officer, at=wrote)
        assert looked(report_id).is_due

    def test_danger_that_nobody_confirmed_is_not_due(self) -> None:
        report_id = set_aside_and_ended()
        TriageSlip.objects.filter(pk=report_id).update(danger=True)
        assert looked(report_id).found.standing is Standing.WAITS

    def test_each_status_has_its_rule(self) -> None:
        report_id = set_aside_and_ended()
        slip = TriageSlip.objects.get(pk=report_id)
        slip.state = "accepted"
        crime, not_crime = (
            Incident(report_id=report_id, crime_decision=each) for each in ("crime", "not_crime")
        )
        assert facts.status_of(slip, Incident(), None) is None
        assert facts.status_of(slip, crime, None) is Status.CRIME
        assert facts.status_of(slip, not_crime, None) is Status.PLACE
        slip.kind = "home"
        assert facts.status_of(slip, not_crime, None) is Status.NOT_CRIME
        slip.kind = "dvds"
        assert facts.status_of(slip, None, None) is Status.NOT_TOLD
        slip.party_is_police = "yes"
        assert facts.status_of(slip, crime, None) is Status.COLLEAGUE

    def test_what_nobody_can_open_is_counted_from_its_arrival(self) -> None:
        report_id = arrive()
        TriageSlip.objects.filter(pk=report_id).update(
            state="sealed", opened_at=None, problem="It does not open"
        )
        found = looked(report_id)
        assert (found.facts.status, found.until) == (Status.SEALED, date(2032, 11, 22))
        assert found.is_due

    def test_an_application_to_be_told_waits_and_each_act_counts(self) -> None:
        report_id, officer = send_ask(), member()
        triage.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
        made = dvds.open_from_report(report_id=report_id, by=officer, at=AT)
        under_clares_law.ready(made, by=officer)
        under_clares_law.decided(made, by=officer)
        end(report_id, by=officer, at=AT)
        waits = looked(report_id)
        assert (waits.facts.status, waits.found.standing) == (Status.NOT_TOLD, Standing.WAITS)
        told_at = AT + timedelta(days=3)
        under_clares_law.tell(made, by=officer, at=told_at)
        told = looked(report_id)
        assert (told.facts.status, told.until) == (Status.TOLD, date(2036, 11, 25))
        assert told.is_due

    def test_many_are_looked_at_in_as_many_questions_as_one(
        self, django_assert_max_num_queries
    ) -> None:
        ids = [set_aside_and_ended() for _ in range(3)]
        with django_assert_max_num_queries(25):
            assert len(facts.look(ids, today=OVER.date())) == 3

    def test_the_nightly_look_writes_down_what_is_due_and_changes_nothing_else(self) -> None:
        report_id = set_aside_and_ended()
        supervisor, _ = two()
        assert operations.note_what_is_due(at=AT) == 0
        assert operations.note_what_is_due(at=OVER) == 1
        assert operations.note_what_is_due(at=OVER) == 1
        row = DueReport.objects.get()
        assert (row.report_id, row.status, row.until) == (
            report_id,
            "set_aside",
            date(2027, 11, 23),
        )
        assert queries.to_decide(by=supervisor).count() == 1
        assert queries.to_decide(by=member()).count() == 0
        assert [one.pk for one in queries.due(by=supervisor)] == [report_id]
        assert TriageSlip.objects.get(pk=report_id).destroyed_at is None


class TestHolds:
    def test_a_hold_wins_until_another_person_lifts_it(self) -> None:
        report_id = set_aside_and_ended()
        one, other = two()
        operations.note_what_is_due(at=OVER)
        hold = operations.set_hold(
            report_id=report_id, ground="court", reason="Order 12 of the court", by=one, at=OVER
        )
        assert looked(report_id).found.standing is Standing.HELD
        assert not DueReport.objects.exists()
        with pytest.raises(runs.NotDue, match="On hold"):
            proposed(report_id, by=one)
        with pytest.raises(operations.SamePerson):
            operations.lift_hold(hold_id=hold.pk, reason="The court is done", by=one, at=OVER)
        operations.lift_hold(hold_id=hold.pk, reason="The court is done", by=other, at=OVER)
        assert looked(report_id).is_due
        with pytest.raises(operations.NothingToLift):
            operations.lift_hold(hold_id=hold.pk, reason="The court is done", by=other, at=OVER)
        assert acts(report_id)[-2:] == ["hold set", "hold lifted"]
        assert [each.pk for each in queries.holds_of(report_id)] == [hold.pk]

    def test_one_of_two_holds_is_enough(self) -> None:
        report_id = set_aside_and_ended()
        one, other = two()
        first = operations.set_hold(
            report_id=report_id, ground="court", reason="Order 12 of the court", by=one, at=OVER
        )
        operations.set_hold(
            report_id=report_id, ground="inquiry", reason="Asked for all of them", by=one, at=OVER
        )
        operations.lift_hold(hold_id=first.pk, reason="The court is done", by=other, at=OVER)
        assert looked(report_id).found.standing is Standing.HELD

    def test_it_needs_a_ground_and_a_reason(self) -> None:
        report_id = set_aside_and_ended()
        one, _ = two()
        with pytest.raises(operations.NotAGround):
            operations.set_hold(
                report_id=report_id, ground="whim", reason="Order 12 of the court", by=one, at=AT
            )
        with pytest.raises(ReasonTooThin):
            operations.set_hold(report_id=report_id, ground="court", reason="x", by=one, at=AT)
        assert not LegalHold.objects.exists()

    def test_the_database_lets_nobody_lift_their_own(self) -> None:
        report_id = set_aside_and_ended()
        one, _ = two()
        hold = operations.set_hold(
            report_id=report_id, ground="court", reason="Order 12 of the court", by=one, at=AT
        )
        with pytest.raises(DatabaseError), transaction.atomic():
            LegalHold.objects.filter(pk=hold.pk).update(
                lifted_by=one, lifted_at=AT, lift_reason="Mine"
            )

    def test_without_its_audit_row_there_is_no_hold(self, monkeypatch) -> None:
        report_id = set_aside_and_ended()
        one, _ = two()

        def broken(**_):
            raise RuntimeError("the audit is away")

        monkeypatch.setattr(audit, "append", broken)
        with pytest.raises(RuntimeError):
            operations.set_hold(
                report_id=report_id, ground="court", reason="Order 12 of the court", by=one, at=AT
            )
        assert not LegalHold.objects.exists()

    @pytest.mark.parametrize(
        "role", [Role.TRIAGE_OFFICER, Role.AUDITOR, Role.ANALYST, Role.EDITOR, Role.IDENTITY_KEEPER]
    )
    def test_others_decide_nothing(self, role: Role) -> None:
        report_id = set_aside_and_ended()
        who = member(role)
        with pytest.raises(Refused):
            operations.set_hold(
                report_id=report_id, ground="court", reason="Order 12 of the court", by=who, at=AT
            )
        with pytest.raises(Refused):
            operations.keep_longer(
                report_id=report_id, until=date(2030, 1, 1), reason=WHY, by=who, at=AT
            )
        with pytest.raises(Refused):
            proposed(report_id, by=who)

    def test_a_report_about_a_colleague_is_for_their_standards_and_auditors_see_it(self) -> None:
        report_id = set_aside_and_ended()
        TriageSlip.objects.filter(pk=report_id).update(party_is_police="yes")
        operations.note_what_is_due(at=OVER)
        supervisor, _ = two()
        with pytest.raises(Refused):
            operations.look_at(report_id=report_id, by=supervisor, at=OVER)
        with pytest.raises(Refused):
            proposed(report_id, by=supervisor)
        assert not list(queries.due(by=supervisor))
        assert queries.to_decide(by=supervisor).count() == 0
        standards = member(Role.PROFESSIONAL_STANDARDS)
        assert queries.to_decide(by=standards).count() == 1
        run = proposed(report_id, by=standards)
        assert queries.open_runs(by=supervisor) == []
        assert len(queries.open_runs(by=member(Role.AUDITOR))) == 1
        with pytest.raises(Refused):
            runs.confirm(run_id=run.pk, digest=run.digest, by=supervisor, at=OVER)


class TestKeepingLonger:
    def test_it_is_kept_until_the_later_of_both_days(self) -> None:
        report_id = set_aside_and_ended()
        one, _ = two()
        operations.note_what_is_due(at=OVER)
        until = OVER.date() + timedelta(days=400)
        operations.keep_longer(report_id=report_id, until=until, reason=WHY, by=one, at=OVER)
        operations.keep_longer(
            report_id=report_id, until=until - timedelta(days=90), reason=WHY, by=one, at=OVER
        )
        found = looked(report_id)
        assert (found.found.standing, found.until) == (Standing.KEPT, until)
        assert not DueReport.objects.exists()
        assert len(queries.keeps_of(report_id)) == 2

    @pytest.mark.parametrize(
        ("until", "says"), [(OVER.date(), "is over"), (date(2099, 1, 1), "decides again")]
    )
    def test_a_day_that_is_over_or_too_far_is_refused(self, until: date, says: str) -> None:
        report_id = set_aside_and_ended()
        one, _ = two()
        with pytest.raises(operations.NotADay, match=says):
            operations.keep_longer(report_id=report_id, until=until, reason=WHY, by=one, at=OVER)
        assert not Keep.objects.exists()


class TestLists:
    def test_another_person_confirms_exactly_what_was_proposed(self) -> None:
        ids = [set_aside_and_ended() for _ in range(3)]
        one, other = two()
        run = proposed(*ids, by=one)
        assert queries.to_confirm(by=other).count() == 1
        assert queries.to_confirm(by=one).count() == 0
        with pytest.raises(runs.SamePerson):
            runs.confirm(run_id=run.pk, digest=run.digest, by=one, at=OVER)
        with pytest.raises(runs.NotAsShown):
            runs.confirm(run_id=run.pk, digest="0" * 64, by=other, at=OVER)
        runs.confirm(run_id=run.pk, digest=run.digest, by=other, at=OVER)
        assert {row.state for row in queries.reports_of(run, by=member(Role.SUPERVISOR))} == {
            State.CONFIRMED
        }
        with pytest.raises(runs.ClosedBefore):
            runs.confirm(run_id=run.pk, digest=run.digest, by=other, at=OVER)
        assert acts(ids[0])[-2:] == ["destruction proposed", "destruction confirmed"]

    def test_the_database_lets_nobody_confirm_their_own(self) -> None:
        one, _ = two()
        run = proposed(set_aside_and_ended(), by=one)
        with pytest.raises(DatabaseError), transaction.atomic():
            Run.objects.filter(pk=run.pk).update(confirmed_by=one, confirmed_at=OVER)

    def test_what_is_no_longer_due_drops_off_when_it_is_confirmed(self) -> None:
        ids = [set_aside_and_ended() for _ in range(2)]
        one, other = two()
        run = proposed(*ids, by=one)
        operations.set_hold(
            report_id=ids[0], ground="court", reason="Order 12 of the court", by=one, at=OVER
        )
        runs.confirm(run_id=run.pk, digest=run.digest, by=other, at=OVER)
        states = {
            row.report_id: row.state for row in queries.reports_of(run, by=member(Role.SUPERVISOR))
        }
        assert states == {ids[0]: State.CALLED_OFF, ids[1]: State.CONFIRMED}
        assert acts(ids[0])[-1] == "destruction called off"

    def test_a_hold_while_it_waits_to_be_destroyed_takes_it_off(self) -> None:
        report_id = set_aside_and_ended()
        one, other = two()
        run = proposed(report_id, by=one)
        runs.confirm(run_id=run.pk, digest=run.digest, by=other, at=OVER)
        assert destroying.carry_out(at=OVER + timedelta(hours=23)) == []
        operations.set_hold(
            report_id=report_id, ground="court", reason="Order 12 of the court", by=one, at=OVER
        )
        assert destroying.carry_out(at=OVER + timedelta(days=2)) == []
        row = Destruction.objects.get()
        assert row.state == State.CALLED_OFF
        assert "On hold" in row.called_off_why
        assert Run.objects.get().closed_at is not None
        assert not Certificate.objects.exists()

    def test_it_can_be_called_off_until_it_is_done(self) -> None:
        report_id = set_aside_and_ended()
        one, other = two()
        run = proposed(report_id, by=one)
        runs.confirm(run_id=run.pk, digest=run.digest, by=other, at=OVER)
        runs.call_off(run_id=run.pk, reason="The wrong ones, as it seems", by=one, at=OVER)
        assert destroying.carry_out(at=OVER + timedelta(days=2)) == []
        with pytest.raises(runs.ClosedBefore):
            runs.call_off(run_id=run.pk, reason="The wrong ones, again", by=one, at=OVER)
        assert proposed(report_id, by=one).pk != run.pk

    def test_nothing_is_proposed_twice_or_before_its_time(self) -> None:
        report_id = set_aside_and_ended()
        one, _ = two()
        with pytest.raises(runs.NotDue, match="kept for 1 year"):
            proposed(report_id, by=one, at=AT)
        with pytest.raises(runs.NotDue, match="not here"):
            proposed(uuid4(), by=one)
        with pytest.raises(runs.NothingChosen):
            proposed(by=one)
        proposed(report_id, by=one)
        with pytest.raises(runs.NotDue, match="on a list already"):
            proposed(report_id, by=one)
        assert Run.objects.count() == 1


def test_who_typed_for_a_caller_goes_by_the_clock_and_leads_to_no_report() -> None:
    officer = member()
    calls.begin_call(how="telephone", by=officer, at=AT)
    calls.begin_call(how="counter", by=officer, at=AT + timedelta(days=1))
    seven_years = AT.replace(year=AT.year + 7)
    assert calls.forget_old_calls(at=seven_years - timedelta(days=1)) == 0
    assert calls.forget_old_calls(at=seven_years) == 1
    assert [call.how for call in Call.objects.all()] == ["counter"]
    last = events.every_event()[0]
    assert (last.action, last.detail) == ("calls forgotten", {"count": 1})
