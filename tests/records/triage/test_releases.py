"""A released name is opened by the unit at any hour, with a reason, and looked at afterwards."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from safehold.domain.access import Refused, Role
from safehold.domain.triage_slip import Cause
from safehold.records.audit import queries as events
from safehold.records.contacts import operations as contact_acts
from safehold.records.contacts import queries as contacts
from safehold.records.contacts.models import Profile
from safehold.records.intake.chain import digests
from safehold.records.intake.queries import envelopes_not_as_received
from safehold.records.triage import identities, operations, releases
from safehold.records.triage.identities import IdentitySealed
from safehold.records.triage.models import Ground, IdentityOpening, TriageSlip
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, member, send_harm
from tests.records.contacts.test_operations import SECRETS, TOLD

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]

REASON = "To find her: there is a weapon in the house"
HIDDEN: dict[str, dict[str, Any]] = {**TOLD, "identity": {"how": "hidden"}}
DANGER: dict[str, dict[str, Any]] = {"risk": {"risk": ["weapon"]}}


def slip_of(report_id: UUID) -> TriageSlip:
    return TriageSlip.objects.get(pk=report_id)


def opened(report_id: UUID, by: Role = Role.TRIAGE_OFFICER) -> list[str]:
    found = releases.open_released_name(report_id=report_id, reason=REASON, by=member(by), at=AT)
    return [line for answer in found for line in answer.lines]


@pytest.mark.parametrize("role", [Role.TRIAGE_OFFICER, Role.SUPERVISOR])
def test_the_unit_opens_a_released_name_with_no_keeper(role: Role, keys: Path) -> None:
    for path in keys.glob("identity-*.key"):
        path.unlink()
    report_id = send_harm(**HIDDEN, **DANGER)
    assert {"Zanzibar Quill", "07700 900123"} <= set(opened(report_id, role))
    row = events.events_about(operations.about(report_id)).order_by("sequence").last()
    assert row is not None
    assert (row.action, row.reason, row.detail) == (
        "hidden name opened",
        REASON,
        {"ground": "released"},
    )


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        (DANGER, (Cause.DANGER,)),
        ({"now": {"danger": "not_sure"}}, (Cause.DANGER,)),
        ({"children": {"answer": "yes"}}, (Cause.CHILD,)),
        ({"children": {"answer": "not_sure"}}, (Cause.CHILD,)),
        ({"young": {"answer": "yes"}}, (Cause.DANGER, Cause.CHILD)),
        ({"children": {"answer": "no"}}, ()),
        ({"children": {"answer": "rather_not"}}, ()),
        ({}, ()),
    ],
)
def test_danger_or_a_child_releases_and_nothing_else(
    answers: dict[str, Any], why: tuple[Cause, ...]
) -> None:
    assert releases.released_by(slip_of(send_harm(**HIDDEN, **answers))) == why


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in {Role.TRIAGE_OFFICER, Role.SUPERVISOR}]
)
def test_nobody_else_opens_it_this_way(role: Role) -> None:
    with pytest.raises(Refused):
        opened(send_harm(**HIDDEN, **DANGER), role)
    assert not IdentityOpening.objects.exists()


def test_a_name_that_nothing_released_stays_hidden() -> None:
    with pytest.raises(releases.NotReleased):
        opened(send_harm(**HIDDEN))
    assert not IdentityOpening.objects.exists()


def test_a_prompt_that_is_added_later_releases_nothing() -> None:
    report_id = send_harm(**HIDDEN)
    TriageSlip.objects.filter(pk=report_id).update(danger=True, prompts=[{"prompt": "weapon"}])
    with pytest.raises(IdentitySealed, match="no name was released"):
        opened(report_id)
    assert not IdentityOpening.objects.exists()
    last = events.events_about(operations.about(report_id)).order_by("sequence").last()
    assert last is not None
    assert last.action == "hidden name sealed"


def test_what_is_about_a_colleague_is_never_released() -> None:
    report_id = send_harm(**HIDDEN, **DANGER, works={"party": "not_sure"})
    assert releases.released_by(slip_of(report_id)) == ()
    with pytest.raises(Refused):
        opened(report_id)


def test_a_thin_reason_opens_nothing() -> None:
    with pytest.raises(ReasonTooThin):
        releases.open_released_name(
            report_id=send_harm(**HIDDEN, **DANGER), reason="x", by=member(), at=AT
        )


def test_whoever_read_the_account_opens_it_and_whoever_opened_it_reads_on() -> None:
    report_id, officer = send_harm(**HIDDEN, **DANGER), member()
    act: dict[str, Any] = {"report_id": report_id, "reason": REASON, "by": officer, "at": AT}
    operations.open_account(**act)
    releases.open_released_name(**act)
    operations.open_account(**act)


def test_an_auditor_looks_at_it_afterwards_and_sees_the_ground() -> None:
    opened(send_harm(**HIDDEN, **DANGER))
    (waiting,) = identities.to_review(by=member(Role.AUDITOR))
    assert (waiting.ground, waiting.slip.prompts[0]["prompt"]) == (Ground.RELEASED, "weapon")


def test_safe_contact_is_the_units_once_the_name_was_opened() -> None:
    report_id, officer = send_harm(**HIDDEN, **DANGER), member()
    opened(report_id)
    profile = Profile.objects.get(report_id=report_id)
    assert (profile.hidden, profile.released) == (False, True)
    assert contacts.terms_of(contacts.versions(profile)[0]).method == "call"
    details = contact_acts.open_details(profile_id=profile.pk, reason=REASON, by=officer, at=AT)
    assert details.to == "07700 900123"
    contact_acts.correct(
        profile_id=profile.pk,
        terms=contacts.terms_of(contacts.versions(profile)[0]),
        changes={"code": "heron"},
        why="She rang us and said her word",
        by=officer,
        at=AT,
    )
    again = contact_acts.open_details(profile_id=profile.pk, reason=REASON, by=officer, at=AT)
    assert (again.code, again.to) == ("heron", "07700 900123")


def test_safe_contact_that_a_keeper_had_kept_becomes_the_units_once() -> None:
    report_id = send_harm(**HIDDEN, **DANGER)
    identities.open_identity(
        report_id=report_id, reason=REASON, by=member(Role.IDENTITY_KEEPER), at=AT
    )
    kept = Profile.objects.get(report_id=report_id)
    assert kept.hidden
    opened(report_id)
    opened(report_id)
    kept.refresh_from_db()
    assert (kept.hidden, kept.released, len(contacts.versions(kept))) == (False, True, 2)
    clear = contacts.versions(kept)[0].why
    assert [word for word in SECRETS if word in clear] == []


def test_an_envelope_for_the_unit_that_is_put_beside_later_shows() -> None:
    send_harm(**HIDDEN, **DANGER)
    assert list(envelopes_not_as_received()) == []
    envelopes: dict[str, Any] = {"slip": b"1", "account": b"2", "identity": b"3"}
    before = digests(**envelopes, release=None)
    assert list(before) == ["slip", "account", "identity"], "as events said before releases"
    assert digests(**envelopes, release=b"4") != before


def test_a_name_is_released_while_there_is_work_and_no_longer() -> None:
    slip = slip_of(send_harm(**HIDDEN, **DANGER))
    assert releases.released_by(slip)
    slip.ended_at = AT
    assert releases.released_by(slip) == ()
    with pytest.raises(releases.NotReleased):
        releases._source(slip, by=member(Role.TRIAGE_OFFICER))
