"""A hidden name is opened by its keepers alone, with a reason, and looked at by someone else."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from safehold.domain.access import Refused, Role
from safehold.records.audit import queries as events
from safehold.records.triage import identities, operations
from safehold.records.triage.models import IdentityOpening
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, member, send_harm

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]

REASON = "Danger tonight: the unit asks where she is"
HIDDEN: dict[str, dict[str, Any]] = {
    "identity": {"how": "hidden"},
    "name": {"name": "Zanzibar Quill"},
    "contact": {"method": "call", "to": "07700 900123"},
}


def opened(by: Role = Role.IDENTITY_KEEPER, **changes: Any) -> tuple[UUID, list[str]]:
    report_id = send_harm(**{**HIDDEN, **changes})
    found = identities.open_identity(report_id=report_id, reason=REASON, by=member(by), at=AT)
    return report_id, [line for answer in found for line in answer.lines]


def test_a_keeper_opens_the_name_with_a_reason_that_is_on_record() -> None:
    report_id, lines = opened()
    assert {"Zanzibar Quill", "07700 900123"} <= set(lines)
    rows = events.events_about(operations.about(report_id)).order_by("sequence")
    acts = [(row.action, row.reason) for row in rows][-2:]
    assert acts[0][1] == REASON
    assert acts[1] == ("hidden name opened", REASON)
    assert "Zanzibar" not in str([(row.detail, row.reason) for row in rows])


@pytest.mark.parametrize(
    "role",
    [role for role in Role if role not in {Role.IDENTITY_KEEPER, Role.PROFESSIONAL_STANDARDS}],
)
def test_nobody_who_works_on_the_report_may(role: Role) -> None:
    with pytest.raises(Refused):
        opened(role)
    assert not IdentityOpening.objects.exists()


def test_a_keeper_may_not_open_what_was_told() -> None:
    report_id = send_harm(**HIDDEN)
    with pytest.raises(Refused):
        operations.open_account(
            report_id=report_id, reason=REASON, by=member(Role.IDENTITY_KEEPER), at=AT
        )


def test_a_thin_reason_opens_nothing() -> None:
    report_id = send_harm(**HIDDEN)
    with pytest.raises(ReasonTooThin):
        identities.open_identity(
            report_id=report_id, reason="x", by=member(Role.IDENTITY_KEEPER), at=AT
        )


def test_without_the_key_it_says_so_and_that_is_on_record(keys: Path) -> None:
    report_id = send_harm(**HIDDEN)
    for path in keys.glob("identity-*.key"):
        path.rename(path.with_suffix(".away"))
    with pytest.raises(identities.IdentitySealed):
        identities.open_identity(
            report_id=report_id, reason=REASON, by=member(Role.IDENTITY_KEEPER), at=AT
        )
    last = events.events_about(operations.about(report_id)).order_by("sequence").last()
    assert last is not None
    assert last.action == "hidden name sealed"


def test_a_report_with_an_open_name_has_nothing_hidden() -> None:
    report_id = send_harm(**{**HIDDEN, "identity": {"how": "named"}})
    assert not identities.is_hidden(report_id)
    assert identities.is_hidden(send_harm(**HIDDEN))


def test_someone_else_looks_at_it_once_and_sees_no_name() -> None:
    opened()
    auditor = member(Role.AUDITOR)
    (waiting,) = identities.to_review(by=auditor)
    assert identities.waiting(by=auditor).count() == 1
    identities.review_opening(
        opening_id=waiting.pk, was_right=True, review="Danger was on the slip", by=auditor, at=AT
    )
    assert identities.to_review(by=auditor) == []
    with pytest.raises(identities.NothingToReview):
        identities.review_opening(
            opening_id=waiting.pk, was_right=False, review="On second thoughts", by=auditor, at=AT
        )


def test_whoever_opened_it_never_looks_at_it_herself() -> None:
    opened()
    opening = IdentityOpening.objects.get()
    opening.reviewed_by, opening.reviewed_at = opening.member, AT
    opening.was_right, opening.review = True, "I was right"
    with pytest.raises(IntegrityError), transaction.atomic():
        opening.save()


def test_the_unit_cannot_say_that_it_was_right() -> None:
    opened()
    opening = IdentityOpening.objects.get()
    with pytest.raises(Refused):
        identities.review_opening(
            opening_id=opening.pk,
            was_right=True,
            review="It was right",
            by=member(Role.SUPERVISOR),
            at=AT,
        )
