"""From a sealed report to a decision, with the audit in every step."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, IntegrityError, connections, transaction

from safehold.config import scheduler
from safehold.crypto.errors import KeyFileRefused
from safehold.domain.access import Refused, Role
from safehold.records.audit import operations as audit
from safehold.records.audit import queries as events
from safehold.records.audit.models import AuditEvent
from safehold.records.duty import operations as duty
from safehold.records.incidents import operations as incidents
from safehold.records.incidents.models import CrimeDecision, Incident
from safehold.records.intake import queries as intake
from safehold.records.intake.models import SealedReport
from safehold.records.jobs.operations import run_due
from safehold.records.places.models import Place
from safehold.records.triage import arrivals, operations, queries
from safehold.records.triage.models import State, TriageSlip
from safehold.records.triage.operations import Decisions
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, REASON, arrive, has_read, member, send

pytestmark = [
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
in_a_test = pytest.mark.django_db(databases=["default", "intake"])
committing = pytest.mark.usefixtures("committed_stores")

NEW_PLACE = Decisions(
    place_id=None, place_name="Elm Row path", place_kind="path", classification="behaviour"
)


def accept(*, report_id, decisions, by, at, read=True):
    if read:
        operations.open_account(report_id=report_id, reason=REASON, by=by, at=at)
    return operations.accept_report(report_id=report_id, decisions=decisions, by=by, at=at)


def set_aside(*, report_id, reason, by, at, read=True):
    if read:
        operations.open_account(report_id=report_id, reason=REASON, by=by, at=at)
    return operations.set_aside_report(report_id=report_id, reason=reason, by=by, at=at)


def acts(report_id):
    rows = events.events_about(operations.about(report_id))
    return [row.action for row in rows.order_by("sequence")]


def take_away(keys: Path, purpose: str) -> None:
    for path in keys.glob(f"{purpose}-*.key"):
        path.rename(path.with_suffix(".away"))


def bring_back(keys: Path, purpose: str) -> None:
    for path in keys.glob(f"{purpose}-*.away"):
        path.rename(path.with_suffix(".key"))


@in_a_test
def test_the_scheduler_opens_each_slip_once_and_says_so():
    sent = [send(), send(now={"danger": "yes"})]
    assert operations.open_new_slips(at=AT) == 2
    assert operations.open_new_slips(at=AT + timedelta(seconds=10)) == 0
    calm, danger = (TriageSlip.objects.get(pk=one.report_id) for one in sent)
    assert (calm.state, calm.kind, calm.danger, calm.reference) == (
        State.NEW,
        "place",
        False,
        sent[0].reference,
    )
    assert danger.prompts == [
        {
            "prompt": "danger-now",
            "reason": "Asked if anyone is in danger right now: yes.",
        }
    ]
    assert acts(danger.pk) == ["slip opened"]
    assert AuditEvent.objects.filter(action="slip opened", actor="scheduler").count() == 2


@in_a_test
def test_nothing_kept_of_a_slip_is_finer_than_the_hour():
    row = TriageSlip.objects.get(pk=arrive())
    event = events.events_about(operations.about(row.pk)).get()
    for moment in (row.received_at, row.opened_at, row.tried_at, event.at):
        assert (moment.minute, moment.second) == (0, 0)


@in_a_test
def test_a_tick_stops_when_told_and_the_next_goes_on_with_hours_gathered_once(monkeypatch):
    sent = [send() for _ in range(5)]
    looked = []
    monkeypatch.setattr(arrivals.floods, "gather_new", lambda *, at: looked.append(at))
    left = iter([False, True])
    assert operations.open_new_slips(at=AT, enough=lambda: next(left)) == 2
    assert arrivals.are_more_to_open()
    assert operations.open_new_slips(at=AT) == 3
    assert not arrivals.are_more_to_open()
    assert looked == [AT, AT]
    assert TriageSlip.objects.count() == len(sent)


@in_a_test
def test_an_alarm_goes_out_while_a_flood_still_waits_to_be_opened(monkeypatch):
    monkeypatch.setattr(scheduler, "OPENS_FOR", 0.0)
    told = []
    monkeypatch.setattr(duty, "send_due", lambda *, at: told.append(TriageSlip.objects.count()))
    for _ in range(4):
        send(now={"danger": "yes"})
    ran = [run_due(jobs=scheduler.urgent_jobs(), clock=lambda: AT) for _ in range(5)]
    assert told == [1]  # after the first slip, while three wait
    assert [names[0] for names in ran[:4]] == ["open new slips"] * 4
    assert (TriageSlip.objects.count(), ran[4]) == (4, [])


@in_a_test
def test_the_worker_never_reads_an_account(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the worker asked for a whole report")

    monkeypatch.setattr(intake, "sealed_report", refuse)
    send()
    assert operations.open_new_slips(at=AT) == 1


@in_a_test
def test_without_the_triage_key_nothing_is_passed_over(keys):
    sent = send()
    take_away(keys, "triage")
    with pytest.raises(KeyFileRefused):
        operations.open_new_slips(at=AT)
    bring_back(keys, "triage")
    assert operations.open_new_slips(at=AT) == 1
    assert TriageSlip.objects.get(pk=sent.report_id).state == State.NEW


@in_a_test
def test_a_slip_that_cannot_be_opened_is_kept_and_can_be_tried_again(monkeypatch):
    sent, supervisor = send(), member(Role.SUPERVISOR)
    original = arrivals.open_envelope
    monkeypatch.setattr(
        arrivals,
        "open_envelope",
        lambda envelope, **rest: original(envelope[:-1] + b"\x00", **rest),
    )
    assert operations.open_new_slips(at=AT) == 1
    (sealed,) = queries.sealed()
    assert (sealed.pk, sealed.state) == (sent.report_id, State.SEALED)
    assert sealed.problem
    still = operations.try_slip_again(report_id=sealed.pk, by=supervisor, at=AT)
    assert still.state == State.SEALED
    monkeypatch.undo()
    again = operations.try_slip_again(report_id=sealed.pk, by=supervisor, at=AT)
    assert (again.state, again.kind, again.problem) == (State.NEW, "place", "")
    assert acts(sealed.pk) == ["slip sealed", "slip sealed", "slip opened"]


@in_a_test
def test_a_bad_slip_does_not_stop_the_next(monkeypatch):
    first, second = send(), send()
    original = arrivals.open_envelope

    def open_but_the_first(envelope, *, subject, **rest):
        opened = original(envelope, subject=subject, **rest)
        return b"[]" if subject == str(first.report_id) else opened

    monkeypatch.setattr(arrivals, "open_envelope", open_but_the_first)
    operations.open_new_slips(at=AT)
    states = dict(TriageSlip.objects.values_list("pk", "state"))
    assert states == {first.report_id: State.SEALED, second.report_id: State.NEW}


@committing
def test_a_slip_without_its_audit_row_is_not_kept(monkeypatch):
    send()

    def fail(**row):
        raise DatabaseError("the audit is full")

    monkeypatch.setattr(audit, "append", fail)
    with pytest.raises(DatabaseError):
        operations.open_new_slips(at=AT)
    assert not TriageSlip.objects.exists()
    monkeypatch.undo()
    assert operations.open_new_slips(at=AT) == 1


@in_a_test
def test_an_account_opens_with_a_reason_and_is_not_stored():
    report_id, officer = arrive(), member()
    account = operations.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    assert account.place_name == "Elm Row, Mere"
    said = {answer.question: answer.lines for group in account.groups for answer in group.answers}
    assert "A man in a red van, Winterbourne" in said["Did what people do there feel unsafe?"]
    assert acts(report_id) == ["slip opened", "looked", "account opened"]
    stored = " ".join(str(row) for row in AuditEvent.objects.values())
    stored += " ".join(str(row) for row in TriageSlip.objects.values())
    assert "red van" not in stored
    assert "Elm Row" not in stored


@in_a_test
@pytest.mark.parametrize("reason", ["", "   ", "x", "because", "aaaaaaaaaa aaaaa", "1234567890 12"])
def test_a_reason_that_says_nothing_opens_nothing(reason):
    report_id, officer = arrive(), member()
    with pytest.raises(ReasonTooThin):
        operations.open_account(report_id=report_id, reason=reason, by=officer, at=AT)
    assert acts(report_id) == ["slip opened"]


@in_a_test
@pytest.mark.parametrize("role", [Role.ANALYST, Role.EDITOR, Role.AUDITOR])
def test_only_whoever_may_opens_an_account(role):
    report_id, other = arrive(), member(role)
    with pytest.raises(Refused):
        operations.open_account(report_id=report_id, reason=REASON, by=other, at=AT)
    assert acts(report_id) == ["slip opened"]


@in_a_test
def test_a_report_about_a_colleague_is_for_professional_standards():
    report_id = arrive(slip={"party_is_police": "yes"})
    supervisor, standards = member(Role.SUPERVISOR), member(Role.PROFESSIONAL_STANDARDS)
    assert queries.new(by=supervisor).count() == 0
    for act in (
        lambda: queries.slip(report_id=report_id, by=supervisor),
        lambda: operations.open_account(report_id=report_id, reason=REASON, by=supervisor, at=AT),
        lambda: operations.take_report(report_id=report_id, by=supervisor, at=AT),
        lambda: accept(report_id=report_id, decisions=NEW_PLACE, by=supervisor, at=AT),
        lambda: set_aside(report_id=report_id, reason=REASON, by=supervisor, at=AT),
    ):
        with pytest.raises(Refused, match="not for you to open"):
            act()
    assert queries.oldest_for_professional_standards(at=AT) is not None
    assert operations.open_account(report_id=report_id, reason=REASON, by=standards, at=AT)


@committing
def test_the_look_is_committed_before_the_account_is_fetched(monkeypatch):
    report_id, officer = arrive(), member()
    seen_by_others = []

    def fetch_breaks(asked):
        with ThreadPoolExecutor(1) as elsewhere:
            seen_by_others.extend(elsewhere.submit(looks_from_elsewhere).result())
        raise RuntimeError("the intake store is away")

    def looks_from_elsewhere():
        try:
            return list(AuditEvent.objects.filter(action="looked").values_list("reason", flat=True))
        finally:
            connections.close_all()

    monkeypatch.setattr(intake, "sealed_report", fetch_breaks)
    with pytest.raises(RuntimeError, match="away"):
        operations.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    assert seen_by_others == [REASON]
    assert acts(report_id) == ["slip opened", "looked"]


@committing
def test_no_look_no_account(monkeypatch):
    report_id, officer = arrive(), member()
    fetched = []
    monkeypatch.setattr(intake, "sealed_report", fetched.append)

    def fail(**row):
        raise DatabaseError("the audit is full")

    monkeypatch.setattr(audit, "append", fail)
    with pytest.raises(DatabaseError):
        operations.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    assert fetched == []


@in_a_test
def test_an_account_whose_key_is_not_here_says_so_and_the_try_is_kept(keys):
    report_id, officer = arrive(), member()
    take_away(keys, "account")
    with pytest.raises(operations.AccountSealed, match="account"):
        operations.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    assert acts(report_id) == ["slip opened", "looked", "account sealed"]


@in_a_test
def test_an_account_of_another_report_is_refused(monkeypatch):
    first, second, officer = arrive(), arrive(), member()
    other = intake.sealed_report(second)
    monkeypatch.setattr(intake, "sealed_report", lambda asked: other)
    with pytest.raises(operations.AccountSealed, match="another report"):
        operations.open_account(report_id=first, reason=REASON, by=officer, at=AT)


@in_a_test
def test_accepting_makes_an_incident_at_a_place_and_no_crime():
    report_id, officer = arrive(), member()
    incident = accept(report_id=report_id, decisions=NEW_PLACE, by=officer, at=AT)
    incident.refresh_from_db()
    assert incident.crime_decision == CrimeDecision.NOT_YET
    assert incident.crime_rests_with == Role.SUPERVISOR
    assert incident.environment == ["dark", "hidden_view"]
    assert incident.behaviours == ["stared"]
    assert incident.changes == ["other_route"]
    assert incident.parts_of_day == ["morning"]
    assert incident.time_precision == "hours"
    assert incident.starts_at.isoformat() == "2026-11-22T06:00:00+00:00"
    place = incident.place
    assert (place.name, place.kind, place.precision) == ("Elm Row path", "path", "street")
    assert (place.longitude, place.latitude, place.metres) == (2.1, 54.1, 40)
    slip = TriageSlip.objects.get(pk=report_id)
    assert (slip.state, slip.closed_by, slip.owner) == (State.ACCEPTED, officer, officer)
    read, again = ["looked", "account opened"], ["looked", "account opened", "report accepted"]
    assert acts(report_id) == ["slip opened", *read, *again]
    assert AuditEvent.objects.order_by("-sequence").first().action == "report accepted"


@in_a_test
@pytest.mark.parametrize(
    "where",
    [
        {"how": "words", "find": "planted in the search"},
        {
            "how": "search",
            "find": "planted in the search",
            "matches": "one",
            "label": "Elm Row, Mere",
            "lon": "2.1",
            "lat": "54.1",
            "metres": "40",
            "kind": "street",
        },
    ],
)
def test_what_she_wrote_stays_sealed(where):
    report_id, officer = (
        arrive(
            where=where,
            words={"text": "planted of the place"},
            people={"reasons": ["stared"], "more": "planted of the people"},
        ),
        member(),
    )
    account = operations.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    assert "planted of the place" in account.place_words
    accept(report_id=report_id, decisions=NEW_PLACE, by=officer, at=AT)
    tables = connections["default"].introspection.table_names()
    assert {"place", "incident", "audit_auditevent", "triage_slip"} <= set(tables)
    for table in tables:
        with connections["default"].cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{table}"')
            assert "planted" not in str(cursor.fetchall()), table


@in_a_test
def test_a_new_place_is_named_by_the_officer_or_not_at_all():
    report_id, officer = arrive(), member()
    unnamed = Decisions(place_id=None, place_name="", place_kind="path", classification="behaviour")
    operations.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    with pytest.raises(operations.PlaceNeedsName):
        accept(report_id=report_id, decisions=unnamed, by=officer, at=AT)
    assert Place.objects.count() == 0


@in_a_test
def test_a_known_place_is_used_again():
    officer = member()
    first = accept(report_id=arrive(), decisions=NEW_PLACE, by=officer, at=AT)
    known = Decisions(
        place_id=first.place_id, place_name="", place_kind="path", classification="environment"
    )
    second = accept(report_id=arrive(), decisions=known, by=officer, at=AT)
    assert second.place_id == first.place_id
    assert Place.objects.count() == 1


@in_a_test
def test_accepting_twice_gives_the_same_incident_and_loses_no_note_in_silence():
    report_id, officer, other = arrive(), member(), member()
    first = accept(report_id=report_id, decisions=NEW_PLACE, by=officer, at=AT)
    second = accept(report_id=report_id, decisions=NEW_PLACE, by=officer, at=AT)
    assert first.pk == second.pk
    noted = replace(NEW_PLACE, note="The lamp is out")
    for by, decisions in ((other, NEW_PLACE), (officer, noted)):
        with pytest.raises(operations.AlreadyAccepted) as refused:
            accept(report_id=report_id, decisions=decisions, by=by, at=AT)
        assert refused.value.incident == first
    assert (Incident.objects.count(), Place.objects.count()) == (1, 1)
    assert acts(report_id).count("report accepted") == 1


@committing
def test_two_officers_at_once_make_one_incident():
    report_id, officers = arrive(), [member(), member()]

    def accept_it(officer):
        try:
            return accept(report_id=report_id, decisions=NEW_PLACE, by=officer, at=AT).pk
        except operations.AlreadyAccepted as refused:
            return refused.incident.pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        made = set(pool.map(accept_it, officers))
    assert len(made) == 1
    assert (Incident.objects.count(), Place.objects.count()) == (1, 1)
    assert acts(report_id).count("report accepted") == 1


@committing
def test_accepting_without_its_audit_row_saves_nothing(monkeypatch):
    report_id, officer = arrive(), member()
    original = audit.append

    def fail_at_the_last(**row):
        if row["action"] == "report accepted":
            raise DatabaseError("the audit is full")
        return original(**row)

    monkeypatch.setattr(audit, "append", fail_at_the_last)
    with pytest.raises(DatabaseError):
        accept(report_id=report_id, decisions=NEW_PLACE, by=officer, at=AT)
    assert (Incident.objects.count(), Place.objects.count()) == (0, 0)
    assert TriageSlip.objects.get(pk=report_id).state == State.NEW


@in_a_test
def test_nobody_decides_about_a_report_that_they_have_not_read(keys):
    report_id, officer, other = arrive(), member(), member()
    operations.open_account(report_id=report_id, reason=REASON, by=other, at=AT)
    for decide in (
        lambda: accept(report_id=report_id, decisions=NEW_PLACE, by=officer, at=AT, read=False),
        lambda: set_aside(report_id=report_id, reason=REASON, by=officer, at=AT, read=False),
    ):
        with pytest.raises(operations.NotReadYet, match="not opened this account"):
            decide()
    take_away(keys, "account")
    with pytest.raises(operations.AccountSealed):
        operations.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    with pytest.raises(operations.NotReadYet):
        set_aside(report_id=report_id, reason=REASON, by=officer, at=AT, read=False)
    assert TriageSlip.objects.get(pk=report_id).state == State.NEW


@in_a_test
def test_accepting_repeats_the_reason_that_was_given_and_makes_none_up():
    report_id, officer = arrive(), member()
    operations.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    later = AT + timedelta(minutes=4)
    accept(report_id=report_id, decisions=NEW_PLACE, by=officer, at=later, read=False)
    rows = events.events_about(operations.about(report_id)).filter(action="looked")
    second, first = rows
    assert first.reason == REASON
    said = f"To accept it, read 22 November 2026, 09:12 with this reason: {REASON}"
    assert second.reason == said


@committing
def test_no_opening_is_kept_without_its_audit_row(monkeypatch):
    report_id, officer = arrive(), member()
    original = audit.append

    def fail_at_the_last(**row):
        if row["action"] == "account opened":
            raise DatabaseError("the audit is full")
        return original(**row)

    monkeypatch.setattr(audit, "append", fail_at_the_last)
    with pytest.raises(DatabaseError):
        operations.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    assert queries.last_opening(report_id=report_id, by=officer) is None


@in_a_test
def test_a_report_set_aside_is_kept_and_can_still_be_accepted():
    report_id, officer = arrive(), member()
    row = set_aside(report_id=report_id, reason=REASON, by=officer, at=AT)
    assert (row.state, row.set_aside_reason) == (State.SET_ASIDE, REASON)
    assert SealedReport.objects.using("intake").filter(pk=report_id).exists()
    assert accept(report_id=report_id, decisions=NEW_PLACE, by=officer, at=AT)
    with pytest.raises(operations.AlreadyAccepted):
        set_aside(report_id=report_id, reason=REASON, by=officer, at=AT)


@in_a_test
def test_taking_a_report_keeps_who_had_it():
    report_id, first, second = arrive(), member(), member()
    operations.take_report(report_id=report_id, by=first, at=AT)
    with pytest.raises(operations.TakenMeanwhile) as taken:
        operations.take_report(report_id=report_id, by=second, at=AT)
    assert (taken.value.slip.owner, taken.value.slip.taken_at) == (first, AT)
    row = operations.take_report(report_id=report_id, owner=str(first.pk), by=second, at=AT)
    assert row.owner == second
    taken = events.events_about(operations.about(report_id)).first()
    assert taken.detail == {"from": str(first.pk)}


@in_a_test
def test_danger_now_comes_before_other_danger_whatever_came_earlier():
    officer = member()
    unsure = arrive(at=AT, now={"danger": "not_sure"})
    now = arrive(at=AT + timedelta(minutes=30), now={"danger": "yes"})
    following = {"people": {"reasons": ["followed"]}, "still": {"following": "now"}}
    followed = arrive(at=AT + timedelta(minutes=31), **following)
    calm = [arrive(at=AT + timedelta(minutes=minutes)) for minutes in (1, 20, 33, 40)]
    earlier = arrive(at=AT - timedelta(hours=1), now={"danger": "not_sure"})
    found = [slip.pk for slip in queries.inbox(by=officer)]
    assert found == [now, followed, earlier, unsure, *calm]


@in_a_test
def test_danger_comes_first_then_the_oldest():
    officer = member()
    late = arrive(at=AT)
    early = arrive(at=AT - timedelta(hours=5))
    danger = arrive(at=AT, now={"danger": "not_sure"})
    assert [slip.pk for slip in queries.inbox(by=officer)] == [danger, early, late]
    assert queries.danger_without_owner(by=officer).count() == 1
    operations.take_report(report_id=danger, by=officer, at=AT)
    assert queries.danger_without_owner(by=officer).count() == 0
    assert [slip.pk for slip in queries.owned(by=officer)] == [danger]


def aside_with_danger(by):
    report_id = arrive(now={"danger": "yes"})
    set_aside(report_id=report_id, reason="Nothing in it for us to do", by=by, at=AT)
    return report_id


def confirm(report_id, by, *, read=True):
    if read:
        operations.open_account(report_id=report_id, reason=REASON, by=by, at=AT)
    return operations.confirm_set_aside(report_id=report_id, reason=REASON, by=by, at=AT)


@in_a_test
def test_danger_set_aside_waits_for_a_second_person():
    officer, supervisor = member(), member(Role.SUPERVISOR)
    report_id = aside_with_danger(officer)
    calm = arrive()
    set_aside(report_id=calm, reason=REASON, by=officer, at=AT)
    assert [slip.pk for slip in queries.danger_set_aside(by=supervisor)] == [report_id]
    assert queries.danger_set_aside(by=officer) == []
    with pytest.raises(Refused):
        confirm(report_id, officer)
    with pytest.raises(operations.NotReadYet):
        confirm(report_id, supervisor, read=False)
    with pytest.raises(operations.NotSetAside):
        confirm(calm, supervisor)
    row = confirm(report_id, supervisor)
    assert (row.confirmed_by, row.confirmed_reason) == (supervisor, REASON)
    assert queries.danger_set_aside(by=supervisor) == []
    assert acts(report_id)[-1] == "setting aside confirmed"


@in_a_test
def test_a_supervisor_does_not_confirm_what_they_set_aside():
    supervisor = member(Role.SUPERVISOR)
    report_id = aside_with_danger(supervisor)
    with pytest.raises(operations.SamePerson):
        confirm(report_id, supervisor)
    assert [slip.pk for slip in queries.danger_set_aside(by=supervisor)] == [report_id]
    with pytest.raises(IntegrityError), transaction.atomic():
        TriageSlip.objects.filter(pk=report_id).update(
            confirmed_by=supervisor, confirmed_at=AT, confirmed_reason=REASON
        )


@in_a_test
def test_what_was_confirmed_is_confirmed_anew_after_another_decision():
    first, second = member(Role.SUPERVISOR), member(Role.SUPERVISOR)
    report_id = aside_with_danger(first)
    confirm(report_id, second)
    set_aside(report_id=report_id, reason=REASON, by=second, at=AT)
    assert [slip.pk for slip in queries.danger_set_aside(by=first)] == [report_id]
    accept(report_id=report_id, decisions=NEW_PLACE, by=first, at=AT)
    assert queries.danger_set_aside(by=first) == []


@committing
def test_nothing_is_confirmed_without_its_audit_row(monkeypatch):
    officer, supervisor = member(), member(Role.SUPERVISOR)
    report_id = aside_with_danger(officer)
    original = audit.append

    def fail_at_the_last(**row):
        if row["action"] == "setting aside confirmed":
            raise DatabaseError("the audit is full")
        return original(**row)

    monkeypatch.setattr(audit, "append", fail_at_the_last)
    with pytest.raises(DatabaseError):
        confirm(report_id, supervisor)
    assert [slip.pk for slip in queries.danger_set_aside(by=supervisor)] == [report_id]


@in_a_test
def test_only_whoever_works_on_an_incident_has_a_standing_reason_to_see_it():
    owner, officer, other, supervisor = member(), member(), member(), member(Role.SUPERVISOR)
    report_id = arrive()
    operations.take_report(report_id=report_id, by=owner, at=AT)
    found = accept(report_id=report_id, decisions=NEW_PLACE, by=officer, at=AT)

    def reason(by):
        return queries.standing_reason(incident_id=found.pk, by=by)

    assert "Accepted it" in reason(officer)
    assert "Owner" in reason(owner)
    assert "decide whether" in reason(supervisor)
    assert reason(other) == ""
    has_read(report_id, by=supervisor)
    incidents.decide_crime(
        incident_id=found.pk, decision="crime", reason=REASON, by=supervisor, at=AT
    )
    assert reason(supervisor) == "Decided whether it is a crime"
    assert reason(member(Role.SUPERVISOR)) == ""
