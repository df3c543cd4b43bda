"""What is said of somebody who works, or may work, for the police is sealed away from the unit."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import WrongKey
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import Purpose
from safehold.records.intake.models import SealedReport
from tests.public.report.visitor import Visitor

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

HARM = ("/report/tell/", "harm", {"identity": {"how": "hidden"}, "name": {"name": "Quill"}})
PLACE = (
    "/report/place/",
    "place",
    {"happened": {"to_you": "yes"}, "where": {"do": "words"}, "words": {"text": "The path"}},
)

ASK = (
    "/ask/",
    "ask",
    {
        "subject": {"name": "Quill"},
        "name": {"name": "Marsh"},
        "contact": {"method": "post", "to": "1 Elm Row"},
    },
)


def opens(keys: Path, purpose: Purpose, kind: Kind) -> bool:
    report = SealedReport.objects.get()
    envelope = report.account if kind is Kind.ACCOUNT else report.identity
    assert envelope is not None
    held = load_opening_keys(keys, purposes=[purpose])
    try:
        open_envelope(bytes(envelope), kind=kind, subject=str(report.id), keys=held)
    except WrongKey:
        return False
    return True


@pytest.mark.parametrize("practice", [True, False])
@pytest.mark.parametrize("form", [HARM, PLACE, ASK], ids=["what was done", "a place", "ask"])
def test_the_receipt_says_first_that_the_unit_cannot_open_it(
    client: Client, settings: Any, form: tuple[str, str, dict[str, Any]], practice: bool
) -> None:
    if not practice:
        settings.DEMONSTRATION = False
        settings.FORCE = replace(settings.FORCE, demonstration=False)
    start, journey, answers = form
    visitor = Visitor(client, start, journey).walks(**answers, works={"party": "yes"})
    words = visitor.sends("send").words
    assert words.count("for the police or a partner agency: only professional standards can") == 1
    after = words.index("What happens next")
    theirs, units = words.index("only professional standards"), words.index("Otherwise")
    assert after < theirs < units
    assert settings.FORCE.unit_name not in words[after:units]
    assert "reads it, or professional standards" not in words


@pytest.mark.parametrize("form", [HARM, PLACE], ids=["what was done", "a place"])
@pytest.mark.parametrize(
    ("said", "sealed_away"),
    [("yes", True), ("not_sure", True), ("no", False), ("unknown", False), ("", False)],
)
def test_only_professional_standards_can_open_it(
    client: Client, keys: Path, form: tuple[str, str, dict[str, Any]], said: str, sealed_away: bool
) -> None:
    start, journey, answers = form
    works = {"works": {"party": said}} if said else {}
    visitor = Visitor(client, start, journey).walks(**{**answers, **works})
    told = "Only professional standards can open this report" in visitor.words
    visitor.sends("send")

    assert told == sealed_away
    assert opens(keys, Purpose.STANDARDS, Kind.ACCOUNT) == sealed_away
    assert opens(keys, Purpose.ACCOUNT, Kind.ACCOUNT) != sealed_away
    if journey == "harm":
        assert opens(keys, Purpose.STANDARDS, Kind.IDENTITY) == sealed_away
        assert opens(keys, Purpose.IDENTITY, Kind.IDENTITY) != sealed_away
