"""An officer asks a keeper for a hidden name; a keeper passes it on to them, or says why not."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from safehold.domain.access import Refused, Role
from safehold.records.audit import queries as events
from safehold.records.contacts.models import Profile
from safehold.records.staff.models import StaffMember
from safehold.records.triage import identities, name_requests, operations, releases
from safehold.records.triage.models import Ground, IdentityOpening, NameRequest, Opening, TriageSlip
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, member, send_harm
from tests.records.contacts.test_operations import TOLD
from tests.records.triage.test_releases import DANGER

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]

REASON = "Only she can say which door it was"
HIDDEN: dict[str, dict[str, Any]] = {**TOLD, "identity": {"how": "hidden"}}


@dataclass
class Asked:
    """A report with a hidden name, the officer who asks for it, and a keeper."""

    changes: dict[str, Any] = field(default_factory=dict)
    report_id: UUID = field(init=False)
    officer: StaffMember = field(default_factory=member)
    keeper: StaffMember = field(default_factory=lambda: member(Role.IDENTITY_KEEPER))

    def __post_init__(self) -> None:
        self.report_id = send_harm(**HIDDEN, **self.changes)

    def ask(self, *, by: StaffMember | None = None, at: datetime = AT) -> NameRequest:
        self.read(by or self.officer)
        return name_requests.ask(
            report_id=self.report_id, reason=REASON, soon="now", by=by or self.officer, at=at
        )

    def read(self, by: StaffMember) -> None:
        asks = {"slip_id": self.report_id, "member": by}
        Opening.objects.get_or_create(**asks, defaults={"at": AT, "reason": REASON})

    def keeper_opens(self) -> None:
        identities.open_identity(report_id=self.report_id, reason=REASON, by=self.keeper, at=AT)

    def passed_on(self) -> NameRequest:
        asked = self.ask()
        self.keeper_opens()
        return name_requests.pass_on(request_id=asked.pk, by=self.keeper, at=AT)

    def officer_opens(self, by: StaffMember | None = None) -> list[str]:
        found = releases.open_released_name(
            report_id=self.report_id, reason=REASON, by=by or self.officer, at=AT
        )
        return [line for answer in found for line in answer.lines]


def acts_on(report_id: UUID) -> list[str]:
    rows = events.events_about(operations.about(report_id)).order_by("sequence")
    return [row.action for row in rows]


def test_what_a_keeper_passes_on_the_officer_who_asked_opens(keys: Path) -> None:
    asked = Asked()
    asked.passed_on()
    for path in keys.glob("identity-*.key"):
        path.unlink()
    assert {"Zanzibar Quill", "07700 900123"} <= set(asked.officer_opens())
    grounds = list(IdentityOpening.objects.order_by("pk").values_list("ground", flat=True))
    assert grounds == [Ground.KEEPER, Ground.PASSED_ON]
    assert IdentityOpening.objects.exclude(request=None).count() == 2
    assert len(identities.to_review(by=member(Role.AUDITOR))) == 2
    assert [act for act in acts_on(asked.report_id) if "hidden name" in act] == [
        "hidden name asked for",
        "hidden name opened",
        "hidden name passed on",
        "hidden name opened",
    ]


def test_a_name_is_asked_for_by_whoever_owns_the_report_or_has_read_it() -> None:
    asked = Asked()
    ask: dict[str, Any] = {"report_id": asked.report_id, "reason": REASON, "soon": "now", "at": AT}
    with pytest.raises(name_requests.NothingToAskFor, match="Take the report"):
        name_requests.ask(**ask, by=asked.officer)
    operations.take_report(report_id=asked.report_id, by=asked.officer, at=AT)
    assert name_requests.ask(**ask, by=asked.officer)


def test_it_is_for_that_officer_alone_and_safe_contact_stays_the_keepers() -> None:
    asked = Asked()
    asked.passed_on()
    with pytest.raises(releases.NotReleased):
        asked.officer_opens(by=member())
    asked.officer_opens()
    assert Profile.objects.get(report_id=asked.report_id).hidden


def test_a_name_that_was_passed_on_is_sealed_for_that_request_alone() -> None:
    first, second = Asked(), Asked()
    one, other = first.passed_on(), second.passed_on()
    NameRequest.objects.filter(pk=one.pk).update(sealed=other.sealed)
    with pytest.raises(identities.IdentitySealed):
        first.officer_opens()


def test_a_keeper_passes_on_only_what_they_opened_for_it() -> None:
    asked = Asked()
    asked.keeper_opens()
    request = asked.ask()
    with pytest.raises(name_requests.NotOpenedYet):
        name_requests.pass_on(request_id=request.pk, by=asked.keeper, at=AT)


def test_a_keeper_says_why_not_without_opening_and_the_officer_reads_it() -> None:
    asked = Asked()
    request = asked.ask()
    name_requests.refuse(
        request_id=request.pk, reason="Cameras will show the door", by=asked.keeper, at=AT
    )
    (mine,) = name_requests.mine(by=asked.officer, at=AT + timedelta(days=6))
    assert (mine.request.answer, mine.request.answer_reason) == (
        "refused",
        "Cameras will show the door",
    )
    assert name_requests.mine(by=asked.officer, at=AT + timedelta(days=7)) == []
    with pytest.raises(releases.NotReleased):
        asked.officer_opens()
    assert not IdentityOpening.objects.exists()
    asked.ask()  # with another reason, it may be asked again


def test_of_one_report_one_request_waits() -> None:
    asked = Asked()
    request = asked.ask()
    with pytest.raises(name_requests.AskedBefore):
        asked.ask(by=member())
    with pytest.raises(IntegrityError), transaction.atomic():
        NameRequest.objects.create(
            slip_id=asked.report_id,
            asked_by=member(),
            asked_at=AT,
            needed_by=AT,
            soon="now",
            reason=REASON,
        )
    with pytest.raises(name_requests.RequestNotFound):
        name_requests.withdraw(request_id=request.pk, by=member(), at=AT)
    name_requests.withdraw(request_id=request.pk, by=asked.officer, at=AT)
    asked.ask(by=member())


def test_whoever_is_second_is_told_that_it_was_answered() -> None:
    asked = Asked()
    request = asked.passed_on()
    again: dict[str, Any] = {"request_id": request.pk, "by": member(Role.IDENTITY_KEEPER), "at": AT}
    with pytest.raises(name_requests.AnsweredBefore):
        name_requests.refuse(reason="Not needed as I see it", **again)
    with pytest.raises(name_requests.AnsweredBefore):
        name_requests.pass_on(**again)
    with pytest.raises(name_requests.AnsweredBefore):
        name_requests.withdraw(request_id=request.pk, by=asked.officer, at=AT)


def test_keepers_see_what_waits_and_since_when_the_soonest_first() -> None:
    late, later = Asked(), Asked()
    later.read(later.officer)
    name_requests.ask(
        report_id=later.report_id, reason=REASON, soon="days", by=later.officer, at=AT
    )
    late.ask()
    at = AT + timedelta(hours=2)
    found = name_requests.waiting(by=late.keeper, at=at)
    assert [(each.request.slip_id, each.late) for each in found] == [
        (late.report_id, True),
        (later.report_id, False),
    ]
    for role in (Role.TRIAGE_OFFICER, Role.PROFESSIONAL_STANDARDS, Role.AUDITOR):
        assert name_requests.waiting(by=member(role), at=at) == []


def test_an_answer_stands_with_the_officer_until_they_opened_the_name() -> None:
    asked = Asked()
    asked.passed_on()
    (mine,) = name_requests.mine(by=asked.officer, at=AT)
    assert (mine.request.answer, mine.opened) == ("passed_on", False)
    asked.officer_opens()
    assert name_requests.mine(by=asked.officer, at=AT) == []


@pytest.mark.parametrize("changes", [DANGER, {"children": {"answer": "not_sure"}}])
def test_nobody_is_asked_for_what_is_released(changes: dict[str, Any]) -> None:
    with pytest.raises(name_requests.NothingToAskFor):
        Asked(changes).ask()


def test_nobody_is_asked_where_no_name_is_hidden() -> None:
    report_id = send_harm(**{**HIDDEN, "identity": {"how": "named"}})
    with pytest.raises(name_requests.NothingToAskFor):
        name_requests.ask(report_id=report_id, reason=REASON, soon="now", by=member(), at=AT)


def test_of_a_report_about_a_colleague_nobody_asks() -> None:
    asked = Asked({"works": {"party": "yes"}})
    for role in (Role.TRIAGE_OFFICER, Role.SUPERVISOR, Role.PROFESSIONAL_STANDARDS):
        with pytest.raises(Refused):
            asked.ask(by=member(role))


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.TRIAGE_OFFICER, Role.SUPERVISOR}]
)
def test_nobody_else_asks(role: Role) -> None:
    with pytest.raises(Refused):
        Asked().ask(by=member(role))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.IDENTITY_KEEPER])
def test_nobody_but_a_keeper_answers(role: Role) -> None:
    asked = Asked()
    request = asked.ask()
    with pytest.raises(Refused):
        name_requests.refuse(
            request_id=request.pk, reason="Not needed as I see it", by=member(role), at=AT
        )
    with pytest.raises(Refused):
        name_requests.pass_on(request_id=request.pk, by=member(role), at=AT)


def test_nobody_answers_their_own_request() -> None:
    asked = Asked()
    request = asked.ask()
    StaffMember.objects.filter(pk=asked.officer.pk).update(role=Role.IDENTITY_KEEPER)
    now_a_keeper = StaffMember.objects.get(pk=asked.officer.pk)
    with pytest.raises(Refused, match="another keeper"):
        name_requests.refuse(
            request_id=request.pk, reason="Not needed as I see it", by=now_a_keeper, at=AT
        )
    request.answer, request.answer_reason = NameRequest.Answer.REFUSED, "No"
    request.answered_by, request.answered_at = asked.officer, AT
    with pytest.raises(IntegrityError), transaction.atomic():
        request.save()


def test_a_thin_reason_asks_and_refuses_nothing() -> None:
    asked = Asked()
    with pytest.raises(ReasonTooThin):
        name_requests.ask(
            report_id=asked.report_id, reason="x", soon="now", by=asked.officer, at=AT
        )
    with pytest.raises(name_requests.NotOnTheList):
        name_requests.ask(
            report_id=asked.report_id, reason=REASON, soon="never", by=asked.officer, at=AT
        )
    request = asked.ask()
    with pytest.raises(ReasonTooThin):
        name_requests.refuse(request_id=request.pk, reason="x", by=asked.keeper, at=AT)


def test_without_the_keepers_key_nothing_is_passed_on_and_that_is_on_record(keys: Path) -> None:
    asked = Asked()
    request = asked.ask()
    asked.keeper_opens()
    for path in keys.glob("identity-*.key"):
        path.unlink()
    with pytest.raises(identities.IdentitySealed):
        name_requests.pass_on(request_id=request.pk, by=asked.keeper, at=AT)
    assert acts_on(asked.report_id)[-1] == "hidden name sealed"
    request.refresh_from_db()
    assert request.answer == "waiting"


def test_nothing_of_the_name_stands_in_clear() -> None:
    asked = Asked()
    request = asked.passed_on()
    assert b"Zanzibar" not in bytes(request.sealed or b"")
    assert TriageSlip.objects.filter(pk=asked.report_id).exists()


def test_an_act_and_its_audit_row_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()

    def fails(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(name_requests.audit, "append", fails)
    with pytest.raises(RuntimeError):
        asked.ask()
    assert not NameRequest.objects.exists()
