"""Asking for nudges: sealed on arrival, replaced, stopped, and never readable on this side."""

from __future__ import annotations

import json
import logging
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings as django_settings

from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import KeyFileRefused
from safehold.crypto.opening import open_envelope
from safehold.domain import nudging
from safehold.records.intake import nudges
from safehold.records.intake.models import IntakeEvent, Nudge
from safehold.records.intake.nudges import NotForNudges, NothingAsked
from safehold.records.opening_keys import keys_for
from tests.crypto.keyrings import Keyring

AT = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
REPORT = UUID(int=7)

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["intake"]),
]


@pytest.fixture(autouse=True)
def _offered(settings: Any) -> None:
    settings.NUDGE_CHANNELS = frozenset({"email", "text"})


def ask(report_id: UUID = REPORT, **changes: Any) -> None:
    said = {
        "channel": "text",
        "address": "07700 900123",
        "own_text": "",
        "days": ["mon", "wed"],
        "parts": ["morning"],
        "at": AT,
    }
    nudges.ask_for_nudges(report_id=report_id, **{**said, **changes})


def opened(report_id: UUID = REPORT) -> dict[str, Any]:
    keys = keys_for(Kind.NUDGE.purpose)
    envelope = nudges.sealed_nudge(report_id)
    subject = str(report_id)
    return json.loads(open_envelope(envelope, kind=Kind.NUDGE, subject=subject, keys=keys))


def test_what_was_asked_opens_with_the_triage_key_alone() -> None:
    ask(own_text="Milk")

    morning, never = [[360, 720]], []
    assert opened() == {
        "channel": "text",
        "address": "+447700900123",
        "own_text": "Milk",
        "week": [morning, never, morning, never, never, never, never],
    }


def test_the_row_tells_a_day_and_nothing_else() -> None:
    ask(own_text="Milk")
    ask(uuid4(), channel="email", address="a.much.longer.name.than.a.number@example.org")

    row = Nudge.objects.get(pk=REPORT)
    assert {field.name for field in Nudge._meta.fields} == {"report_id", "sealed", "kept_since"}
    assert row.kept_since == date(2026, 11, 30)
    for part in (b"900123", b"Milk", b"text", b"morning", b"360"):
        assert part not in bytes(row.sealed)
    assert len({len(bytes(row.sealed)) for row in Nudge.objects.all()}) == 1, "one length"


def test_asking_again_takes_the_place_of_what_was_asked() -> None:
    ask()
    ask(channel="email", address="me@bücher.example", days=[], parts=["late"])

    assert Nudge.objects.count() == 1
    assert opened()["address"] == "me@xn--bcher-kva.example"
    assert opened()["week"] == [[[1320, 1440]]] * 7


def test_stopping_leaves_nothing() -> None:
    ask()
    assert nudges.has_nudges(REPORT)
    nudges.stop_nudges(REPORT)
    nudges.stop_nudges(REPORT)

    assert not nudges.has_nudges(REPORT)
    assert not Nudge.objects.exists()
    with pytest.raises(NothingAsked):
        nudges.sealed_nudge(REPORT)


def test_nothing_of_it_is_recorded_or_logged(caplog: pytest.LogCaptureFixture) -> None:
    before = IntakeEvent.objects.count()
    with caplog.at_level(logging.DEBUG):
        ask()
        nudges.stop_nudges(REPORT)

    assert IntakeEvent.objects.count() == before
    assert "900123" not in caplog.text


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"days": [], "parts": []}, "times", nudges.NO_SAFE_TIME),
        ({"days": ["someday"], "parts": []}, "times", nudges.NO_SAFE_TIME),
        ({"channel": "pigeon"}, "channel", nudges.NOT_OFFERED),
        ({"channel": "email"}, "address", nudges.BAD_EMAIL),
        ({"channel": "email", "address": "a@b.uk\nBcc: c@d.uk"}, "address", nudges.BAD_EMAIL),
        ({"channel": "email", "address": "@"}, "address", nudges.BAD_EMAIL),
        ({"address": "me@example.org"}, "address", nudging.BAD_NUMBER),
        ({"own_text": "see example.org"}, "own_text", nudging.NO_LINK),
    ],
)
def test_what_cannot_be_sent_safely_is_refused_and_nothing_is_kept(
    changes: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(NotForNudges) as refused:
        ask(**changes)

    assert (refused.value.field, refused.value.sentence) == (field, sentence)
    assert not Nudge.objects.exists()


def test_what_is_not_set_up_is_not_offered(settings: Any) -> None:
    settings.NUDGE_CHANNELS = frozenset({"email"})
    assert nudges.offered() == {"email"}
    with pytest.raises(NotForNudges):
        ask()


def test_where_nobody_could_open_it_nothing_is_kept(keyring: Keyring, settings: Any) -> None:
    settings.KEYS_FOLDER = django_settings.KEYS_FOLDER / "absent"
    with pytest.raises(KeyFileRefused):
        ask()
    assert not Nudge.objects.exists()
