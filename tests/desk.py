"""The unit's desk for tests: members with a role, and reports that arrive as visitors send them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pyotp
from allauth.mfa.models import Authenticator
from django.test import Client

from safehold.domain.access import Role
from safehold.domain.feedback import feedback
from safehold.domain.journey.answers import Answers
from safehold.domain.journey.ask import ask_report
from safehold.domain.journey.harm import harm_report
from safehold.domain.journey.place import place_report
from safehold.records.audit.actors import System
from safehold.records.intake import feedback as feedback_intake
from safehold.records.intake import operations as intake
from safehold.records.intake.models import SealedReport
from safehold.records.staff.models import StaffMember
from safehold.records.staff.operations import create_member, enrol_totp
from safehold.records.triage.models import Opening
from safehold.records.triage.operations import open_new_slips

AT = datetime(2026, 11, 22, 9, 12, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "three plain words"
TEST = System("test")
REASON = "Allocated to me this morning"
_numbers = itertools.count(1)

ANSWERS: dict[str, Any] = {
    "now": {"danger": "no"},
    "happened": {"to_you": "no"},
    "where": {
        "find": "Elm Row",
        "how": "search",
        "matches": "one",
        "label": "Elm Row, Mere",
        "lon": "2.1",
        "lat": "54.1",
        "metres": "40",
        "kind": "street",
    },
    "words": {"text": "The path behind the shop, Winterbourne"},
    "around": {"reasons": ["dark", "hidden_view"]},
    "people": {"reasons": ["stared"], "more": "A man in a red van, Winterbourne"},
    "when": {"when": "today", "asked_on": "2026-11-22"},
    "part": {"parts": ["morning"]},
    "changed": {"changes": ["other_route"]},
    "about_you": {"ask": "no"},
}


ASKED: dict[str, Any] = {
    "subject": {"name": "Zanzibar Quill"},
    "name": {"name": "Orla Winterbourne"},
    "contact": {"method": "call", "to": "07700 900123"},
}


@dataclass(frozen=True)
class Sent:
    """A report that a visitor sent."""

    report_id: UUID
    reference: str


def member(role: Role = Role.TRIAGE_OFFICER, *, name: str = "Dena Okafor") -> StaffMember:
    """Take in a member with a role and an authenticator whose secret tests know."""
    made = create_member(
        username=f"{role}-{next(_numbers)}",  # none that a practice site has
        name=name,
        role=role,
        team="Eastmere",
        agency="Lantern House" if role == Role.ADVOCATE else "",
        password=PASSWORD,
        by=TEST,
        at=AT,
    )
    enrol_totp(member=made, secret=SECRET, by=TEST, at=AT)
    return made


def has_read(report_id: UUID, *, by: StaffMember, at: datetime = AT) -> None:
    """Let a member have opened an account, as whoever decides about a report has to."""
    Opening.objects.create(slip_id=report_id, member=by, at=at, reason=REASON)


def send_harm(*, at: datetime = AT, **answers: Any) -> UUID:
    """Send a report of what was done to somebody, and have the worker open its slip."""
    made = harm_report(Answers.from_plain(answers), at=at, zone=LONDON)
    receipt = intake.submit(
        ticket=intake.start_draft(journey="harm", at=at),
        slip=made.slip,
        account=made.account,
        identity=made.identity,
        at=at,
    )
    open_new_slips(at=at)
    return SealedReport.objects.using("intake").get(reference=receipt.reference).id


def send_ask(*, at: datetime = AT, **answers: Any) -> UUID:
    """Send an application under Clare's Law, and have the worker open its slip."""
    made = ask_report(Answers.from_plain({**ASKED, **answers}), at=at, zone=LONDON)
    receipt = intake.submit(
        ticket=intake.start_draft(journey="ask", at=at),
        slip=made.slip,
        account=made.account,
        identity=None,
        at=at,
    )
    open_new_slips(at=at)
    return SealedReport.objects.using("intake").get(reference=receipt.reference).id


def send(*, at: datetime = AT, slip: dict[str, Any] | None = None, **answers: Any) -> Sent:
    """Send a report about a place; `slip` and `answers` replace parts of an ordinary one."""
    given = Answers.from_plain({**ANSWERS, **answers})
    made = place_report(given, at=at, zone=LONDON)
    receipt = intake.submit(
        ticket=intake.start_draft(journey="place", at=at),
        slip={**made.slip, **(slip or {})},
        account=made.account,
        identity=None,
        at=at,
    )
    sealed = SealedReport.objects.using("intake").get(reference=receipt.reference)
    return Sent(sealed.id, receipt.reference)


def arrive(*, at: datetime = AT, **changes: Any) -> UUID:
    """Send a report and have the worker open its slip."""
    sent = send(at=at, **changes)
    open_new_slips(at=at)
    return sent.report_id


def send_feedback(
    wrong: str = "The text is too small, Winterbourne", *, at: datetime = AT, page: str = ""
) -> UUID:
    """Send feedback as a visitor would, and have the worker open its slip."""
    known = set(SealedReport.objects.using("intake").values_list("id", flat=True))
    made = feedback({"wrong": wrong}, came_from=page, at=at)
    once = f"test-{next(_numbers)}"
    feedback_intake.send_feedback(once=once, slip=made.slip, account=made.account, at=at)
    open_new_slips(at=at)
    (new,) = set(SealedReport.objects.using("intake").values_list("id", flat=True)) - known
    return new


def sign_in(client: Client, who: StaffMember, *, password: str = PASSWORD) -> None:
    """Sign in as a person does: name, password, then the code of the moment."""
    client.post("/staff/account/login/", {"login": who.username, "password": password})
    if Authenticator.objects.filter(user_id=who.pk, type=Authenticator.Type.TOTP).exists():
        code = pyotp.TOTP(SECRET).now()
        client.post("/staff/account/code/", {"code": code})
