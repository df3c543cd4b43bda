"""A nudge goes in a safe time or not at all, once for a piece of news, and in words that differ."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core import serializers
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.config import scheduler
from safehold.crypto.errors import KeyFileRefused
from safehold.domain import nudging
from safehold.domain.nudging import Channel
from safehold.domain.safe_contact import DAYS, next_window, week_of
from safehold.records.audit import operations as audit
from safehold.records.audit import queries as events
from safehold.records.audit.actors import About
from safehold.records.audit.models import AuditEvent
from safehold.records.contacts.models import Profile, Version
from safehold.records.intake import nudges as intake
from safehold.records.intake.models import Nudge
from safehold.records.nudges import operations, queries
from safehold.records.nudges.models import Due, Problem
from safehold.records.nudges.transports import NotDelivered, Unanswered
from tests.desk import member

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 30, 7, 0, tzinfo=UTC)  # a safe time begins at six
NIGHT = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ADDRESS = "+447700900123"

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]


@dataclass
class Carrier:
    """What a gateway would have got; `answers` says what becomes of the next ones."""

    answers: list[Exception | None] = field(default_factory=list)
    got: list[tuple[str, str, str]] = field(default_factory=list)
    tried: int = 0
    until: datetime | None = None

    def send(self, address: str, subject: str, text: str, *, until: datetime) -> None:
        self.tried += 1
        self.until = until
        answer = self.answers.pop(0) if self.answers else None
        if answer is None or isinstance(answer, Unanswered):
            self.got.append((address, subject, text))
        if answer is not None:
            raise answer


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Iterator[Carrier]:
    made = Carrier()
    monkeypatch.setattr(operations, "transport", lambda channel: made)
    return made


@pytest.fixture(autouse=True)
def _offered(settings: Any) -> None:
    settings.NUDGE_CHANNELS = frozenset({"email", "text"})


def asked(report_id: UUID | None = None, **changes: Any) -> UUID:
    report_id = report_id or uuid4()
    said = {
        "channel": "text",
        "address": ADDRESS,
        "own_text": "",
        "days": list(DAYS),
        "parts": ["morning"],
        "at": NIGHT,
    }
    intake.ask_for_nudges(report_id=report_id, **{**said, **changes})
    return report_id


def news(report_id: UUID, at: datetime = MONDAY) -> None:
    with transaction.atomic():
        operations.something_new(report_id=report_id, at=at)


def problem(report_id: UUID) -> str:
    return Due.objects.get(pk=report_id).problem


def test_in_a_safe_time_it_goes_at_once_and_is_on_record(carrier: Carrier) -> None:
    report_id = asked()
    news(report_id)

    assert operations.send_due(at=MONDAY) == 1
    ((address, subject, text),) = carrier.got
    assert (address, subject) == (ADDRESS, "")
    assert text in {one.text for one in nudging.wordings(Channel.TEXT)}
    assert carrier.until == datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
    (row,) = events.events_about(About("report", str(report_id)))
    assert (row.action, row.actor, row.detail) == ("nudge sent", "scheduler", {})
    due = Due.objects.get()
    assert (due.because_at, due.sent_at, due.problem) == (None, MONDAY, "")
    assert operations.send_due(at=MONDAY + HOUR) == 0


def test_who_did_not_ask_gets_nothing(carrier: Carrier) -> None:
    news(uuid4())
    assert not Due.objects.exists()


def test_outside_a_safe_time_it_waits_until_soon_after_the_next_one_begins(
    carrier: Carrier,
) -> None:
    report_id = asked()
    news(report_id, NIGHT)

    assert operations.send_due(at=NIGHT) == 0
    waits = Due.objects.get().not_before
    begins = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
    assert begins <= waits <= begins + timedelta(minutes=40)
    assert operations.send_due(at=waits - timedelta(seconds=1)) == 0
    assert operations.send_due(at=waits) == 1


def test_a_scheduler_that_was_late_for_the_safe_time_waits_for_the_next(carrier: Carrier) -> None:
    news(asked(), NIGHT)
    operations.send_due(at=NIGHT)

    assert operations.send_due(at=MONDAY + 10 * HOUR) == 0
    assert carrier.tried == 0
    assert Due.objects.get().not_before >= MONDAY + 23 * HOUR


def test_more_news_while_one_waits_is_one_nudge(carrier: Carrier) -> None:
    report_id = asked()
    for hours in range(3):
        news(report_id, NIGHT + hours * HOUR)

    operations.send_due(at=MONDAY)
    assert len(carrier.got) == 1
    assert Due.objects.get().because_at is None


def test_the_next_one_waits_for_the_least_time(carrier: Carrier) -> None:
    report_id = asked()
    news(report_id)
    operations.send_due(at=MONDAY)
    news(report_id, MONDAY + HOUR)

    assert operations.send_due(at=MONDAY + 3 * DAY - timedelta(minutes=1)) == 0
    assert operations.send_due(at=MONDAY + 3 * DAY) == 1


def test_stopping_and_asking_again_does_not_shorten_it(carrier: Carrier) -> None:
    report_id = asked()
    news(report_id)
    operations.send_due(at=MONDAY)
    intake.stop_nudges(report_id)
    asked(report_id)
    news(report_id, MONDAY + HOUR)

    assert operations.send_due(at=MONDAY + DAY) == 0


def test_who_stopped_gets_nothing_of_what_waited(carrier: Carrier) -> None:
    report_id = asked()
    news(report_id)
    intake.stop_nudges(report_id)

    assert operations.send_due(at=MONDAY) == 0
    assert carrier.tried == 0
    assert Due.objects.get().because_at is None


def test_who_has_seen_the_news_gets_no_nudge_about_it(carrier: Carrier) -> None:
    report_id = asked()
    news(report_id)
    operations.seen(report_id=report_id)

    assert operations.send_due(at=MONDAY) == 0


def test_her_own_words_go_as_they_are(carrier: Carrier) -> None:
    report_id = asked(channel="email", address="me@example.org", own_text="Milk’s run out – Ben")
    news(report_id)
    operations.send_due(at=MONDAY)

    assert carrier.got == [("me@example.org", "Milk’s run out – Ben", "Milk’s run out – Ben")]


def test_a_failure_is_tried_again_with_patience_and_shown(carrier: Carrier) -> None:
    carrier.answers = [NotDelivered("The gateway is away.")] * 2
    report_id = asked()
    news(report_id)

    assert operations.send_due(at=MONDAY) == 0
    assert problem(report_id) == Problem.NOT_DELIVERED
    (shown,) = queries.failing(at=MONDAY)
    assert (shown.count, shown.since) == (1, MONDAY)
    assert operations.send_due(at=MONDAY + timedelta(minutes=4)) == 0
    assert carrier.tried == 1
    assert operations.send_due(at=MONDAY + timedelta(minutes=5)) == 0
    assert operations.send_due(at=MONDAY + timedelta(minutes=19)) == 0
    assert carrier.tried == 2
    assert operations.send_due(at=MONDAY + timedelta(minutes=20)) == 1
    assert queries.failing(at=MONDAY + HOUR) == []
    assert AuditEvent.objects.filter(action="nudge sent").count() == 1


def test_no_answer_counts_as_sent_since_it_may_have_arrived(carrier: Carrier) -> None:
    carrier.answers = [Unanswered("Nothing came back.")]
    report_id = asked()
    news(report_id)

    assert operations.send_due(at=MONDAY) == 1
    assert operations.send_due(at=MONDAY + 4 * DAY) == 0
    (row,) = events.events_about(About("report", str(report_id)))
    assert row.detail == {"answered": False}


def test_an_address_that_does_not_exist_is_not_tried_again(carrier: Carrier) -> None:
    carrier.answers = [NotDelivered("No such address.", for_good=True)]
    report_id = asked()
    news(report_id)

    operations.send_due(at=MONDAY)
    operations.send_due(at=MONDAY + DAY)
    assert carrier.tried == 1
    assert problem(report_id) == Problem.REFUSED
    assert len(queries.failing(at=MONDAY + DAY)) == 1


def test_what_cannot_be_opened_is_said_and_not_tried_again(carrier: Carrier) -> None:
    report_id, other = asked(), asked()
    sealed = intake.sealed_nudge(other)
    Nudge.objects.filter(pk=report_id).update(sealed=sealed)  # bound to another report
    news(report_id)

    operations.send_due(at=MONDAY)
    assert carrier.tried == 0
    assert problem(report_id) == Problem.SEALED
    assert Due.objects.get().because_at is None
    (shown,) = queries.failing(at=MONDAY)
    assert shown.says == "What somebody asked for nudges cannot be opened."
    assert queries.failing(at=MONDAY + 30 * DAY) == []


def test_without_the_triage_key_all_of_them_wait(carrier: Carrier, keys: Any) -> None:
    news(asked())
    for path in keys.glob("triage-*.key"):
        path.unlink()

    with pytest.raises(KeyFileRefused):
        operations.send_due(at=MONDAY)
    assert Due.objects.get().because_at == MONDAY


def test_without_a_way_it_waits_and_is_shown() -> None:
    report_id = asked()
    news(report_id)

    assert operations.send_due(at=MONDAY) == 0
    assert problem(report_id) == Problem.NO_WAY
    assert Due.objects.get().because_at == MONDAY


def test_after_its_time_it_is_given_up(carrier: Carrier) -> None:
    report_id = asked()
    news(report_id)

    assert operations.send_due(at=MONDAY + 14 * DAY) == 0
    assert carrier.tried == 0
    assert problem(report_id) == Problem.TOO_LATE
    assert Due.objects.get().because_at is None


def test_a_process_that_falls_while_sending_sends_none_twice(carrier: Carrier) -> None:
    carrier.answers = [KeyboardInterrupt()]  # type: ignore[list-item]  # what ends a process
    news(asked())
    with pytest.raises(KeyboardInterrupt):
        operations.send_due(at=MONDAY)

    assert operations.send_due(at=MONDAY + HOUR) == 0
    assert carrier.tried == 1


def test_two_schedulers_send_one(carrier: Carrier) -> None:
    report_id = asked()
    news(report_id)
    seen_by_both = Due.objects.get()
    operations.send_due(at=MONDAY)
    asked_now = intake.Asked(Channel.TEXT, ADDRESS, "", week_of(DAYS, []))

    assert not operations._send(seen_by_both, asked_now, carrier, until=MONDAY, at=MONDAY)
    assert len(carrier.got) == 1


def test_news_that_comes_while_one_is_sent_is_a_piece_of_its_own(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    report_id = asked()
    news(report_id)
    send = carrier.send

    def slow(*message: Any, until: datetime) -> None:
        send(*message, until=until)
        news(report_id, MONDAY + timedelta(seconds=1))

    monkeypatch.setattr(carrier, "send", slow)
    operations.send_due(at=MONDAY)
    monkeypatch.setattr(carrier, "send", send)
    assert operations.send_due(at=MONDAY + HOUR) == 0
    assert operations.send_due(at=MONDAY + 3 * DAY) == 1


def test_at_close_nothing_is_left(carrier: Carrier) -> None:
    report_id = asked()
    news(report_id)
    operations.forget(report_id=report_id)

    assert not Due.objects.exists()
    assert not Nudge.objects.exists()
    assert operations.send_due(at=MONDAY) == 0


def test_where_the_audit_fails_the_nudge_is_not_noted_and_not_sent_again(
    carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    news(asked())

    def broken(**row: Any) -> None:
        raise RuntimeError("the audit is away")

    monkeypatch.setattr(audit, "append", broken)
    with pytest.raises(RuntimeError):
        operations.send_due(at=MONDAY)
    monkeypatch.undo()
    assert Due.objects.get().sent_at is None
    assert operations.send_due(at=MONDAY + HOUR) == 0


def test_something_new_is_undone_with_what_was_new() -> None:
    report_id = asked()
    with transaction.atomic():
        operations.something_new(report_id=report_id, at=MONDAY)
        transaction.set_rollback(True)

    assert not Due.objects.exists()


def test_a_few_at_a_time_because_slips_wait_behind_them(carrier: Carrier) -> None:
    for _ in range(7):
        news(asked())

    assert operations.send_due(at=MONDAY) == 5
    assert operations.send_due(at=MONDAY + timedelta(minutes=1)) == 2


def test_neither_store_nor_log_holds_the_address_or_the_words(
    carrier: Carrier, caplog: pytest.LogCaptureFixture
) -> None:
    carrier.answers = [NotDelivered("Away.")]
    with caplog.at_level(logging.DEBUG):
        report_id = asked(own_text="Milk has run out")
        news(report_id)
        for minutes in (0, 5):
            operations.send_due(at=MONDAY + timedelta(minutes=minutes))
    assert len(carrier.got) == 1

    kept = [*Due.objects.all(), *Nudge.objects.all(), *AuditEvent.objects.all()]
    written = serializers.serialize("json", kept) + caplog.text
    written += "".join(str(bytes(row.sealed)) for row in Nudge.objects.all())
    for part in ("900123", "Milk", "run out"):
        assert part not in written
    assert str(report_id) in json.dumps(written)


def test_the_scheduler_looks_every_minute(carrier: Carrier) -> None:
    news(asked())
    (job,) = [job for job in scheduler.jobs() if job.name == "send nudges"]

    job.run(MONDAY)
    assert job.every == timedelta(minutes=1)
    assert len(carrier.got) == 1


steps = st.lists(
    st.tuples(
        st.integers(1, 60 * 40),  # minutes since the last step
        st.sampled_from(["news", "news", "look", "look", "look", "seen", "again"]),
        st.sampled_from([None, None, "not delivered", "unanswered", "for good"]),
    ),
    min_size=5,
    max_size=25,
)
ANSWERS = {
    None: None,
    "not delivered": NotDelivered("Away."),
    "unanswered": Unanswered("Nothing came back."),
    "for good": NotDelivered("No such address.", for_good=True),
}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    days=st.lists(st.sampled_from(DAYS), unique=True),
    parts=st.lists(
        st.sampled_from(["morning", "afternoon", "evening", "late", "night"]),
        min_size=1,
        unique=True,
    ),
    steps=steps,
)
def test_whatever_happens_no_nudge_is_unsafe_or_too_soon_or_one_too_many(
    days: list[str], parts: list[str], steps: list[tuple[int, str, str | None]]
) -> None:
    report_id = asked(days=days, parts=parts)
    week, at = week_of(days, parts), NIGHT
    carrier, pieces, sent = Carrier(), 0, []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "transport", lambda channel: carrier)
        for minutes, step, answer in steps:
            at += timedelta(minutes=minutes)
            if step == "news":
                pieces += 1
                news(report_id, at)
            elif step == "seen":
                operations.seen(report_id=report_id)
            elif step == "again":
                asked(report_id, days=days, parts=parts)
            carrier.answers = [ANSWERS[answer]] * 3
            before = len(carrier.got)
            operations.send_due(at=at)
            sent += [at] * (len(carrier.got) - before)

    for moment in sent:
        window = next_window(week, moment, LONDON)
        assert window.start <= moment <= window.end - timedelta(minutes=30)
    for earlier, later in pairwise(sent):
        assert later - earlier >= nudging.least_time()
    for first, second in pairwise(carrier.got):
        assert first[2] != second[2]
    assert len(sent) <= pieces
    operations.forget(report_id=report_id)


def corrected(report_id: UUID, *later: dict[str, Any]) -> None:
    """Have an officer correct what she told of how to reach her, or leave it as she told it."""
    profile, _ = Profile.objects.get_or_create(report_id=report_id, defaults={"made_at": NIGHT})
    told = {"method": "text", "week": week_of(DAYS, ["morning"]).days, "seen": "no"}
    for number, more in enumerate(later or ({},), 1 + profile.versions.count()):
        who = {"why": "She rang", "written_by": member()} if number > 1 else {}
        row = {"number": number, "sealed": b"x", "written_at": NIGHT, **told, **more, **who}
        Version.objects.create(profile=profile, **row)


@pytest.mark.parametrize(
    "second",
    [{"seen": "yes"}, {"seen": "not_sure"}, {"week": week_of(["sun"], ["evening"]).days}],
)
def test_what_was_corrected_since_holds_a_nudge_back(carrier: Carrier, second: Any) -> None:
    report_id = asked()
    corrected(report_id, {}, second)
    news(report_id)
    assert operations.send_due(at=MONDAY) == 0
    assert (carrier.tried, problem(report_id)) == (0, Problem.NOT_SAFE)
    corrected(report_id, {})  # and once more, to what she said at first
    assert operations.send_due(at=MONDAY + timedelta(minutes=5)) == 1


@pytest.mark.parametrize("second", [{}, {"method": "call", "seen": "yes"}, {"seen": ""}])
def test_what_says_nothing_against_it_holds_none_back(carrier: Carrier, second: Any) -> None:
    report_id = asked()
    corrected(report_id, {}, second)
    news(report_id)
    assert operations.send_due(at=MONDAY) == 1
