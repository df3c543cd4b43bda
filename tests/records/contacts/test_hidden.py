"""Safe contact of a hidden name: kept for its keepers, while the unit sees that it is there."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import CryptoError
from safehold.crypto.opening import open_envelope
from safehold.crypto.recipients import Purpose
from safehold.domain.access import Refused, Role
from safehold.domain.contact_profile import Terms
from safehold.domain.safe_contact import Wait
from safehold.records.contacts import operations, queries
from safehold.records.contacts.models import Profile
from safehold.records.opening_keys import keys_for
from safehold.records.triage import identities
from tests.desk import AT, member, send_harm
from tests.records.contacts.test_operations import REASON, SECRETS, TOLD

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]


def hidden(*, by: Role = Role.IDENTITY_KEEPER, **changes: Any) -> Profile:
    report_id = send_harm(**{**TOLD, "identity": {"how": "hidden"}, **changes})
    assert queries.of_report(report_id) is None
    identities.open_identity(report_id=report_id, reason=REASON, by=member(by), at=AT)
    return Profile.objects.get(report_id=report_id)


def test_opening_a_hidden_name_keeps_safe_contact_once() -> None:
    kept = hidden()
    assert kept.hidden
    identities.open_identity(
        report_id=kept.report_id, reason=REASON, by=member(Role.IDENTITY_KEEPER), at=AT
    )
    assert len(queries.versions(kept)) == 1


def test_nothing_of_it_stands_in_clear() -> None:
    kept = hidden()
    (version,) = queries.versions(kept)
    assert queries.terms_of(version) == Terms(method="")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM contact_version")
        clear = str([[v for v in row if not isinstance(v, bytes | memoryview)] for row in cursor])
    assert [word for word in SECRETS if word in clear] == []


@pytest.mark.parametrize(
    ("role", "works", "purpose"),
    [
        (Role.IDENTITY_KEEPER, {}, Purpose.IDENTITY),
        (Role.PROFESSIONAL_STANDARDS, {"party": "yes"}, Purpose.STANDARDS),
    ],
)
def test_it_opens_with_the_keys_of_hidden_names_alone(
    role: Role, works: dict[str, str], purpose: Purpose
) -> None:
    kept = hidden(by=role, works=works)
    (version,) = queries.versions(kept)
    envelope: dict[str, Any] = {"kind": Kind.CONTACT, "subject": str(kept.pk)}
    content = open_envelope(bytes(version.sealed), keys=keys_for(purpose), **envelope)
    told = json.loads(content)
    assert (told["to"], told["terms"]["method"]) == ("07700 900123", "call")
    assert told["terms"]["week"]["days"][0] == [[360, 720]]
    with pytest.raises(CryptoError):
        open_envelope(bytes(version.sealed), keys=keys_for(Purpose.ACCOUNT), **envelope)


@pytest.mark.parametrize("role", [Role.TRIAGE_OFFICER, Role.SUPERVISOR])
def test_the_unit_neither_opens_nor_corrects_it_nor_passes_it_by(role: Role) -> None:
    kept, by = hidden(), member(role)
    about: dict[str, Any] = {"profile_id": kept.pk, "by": by, "at": AT}
    with pytest.raises(Refused, match="keeper of hidden names"):
        operations.open_details(reason=REASON, **about)
    with pytest.raises(Refused, match="keeper of hidden names"):
        operations.correct(
            terms=Terms(method="call"), changes={"to": "1"}, why="She rang us today", **about
        )
    with pytest.raises(Refused):
        operations.override(
            ground="life",
            means="her_other",
            reason="He is out since noon",
            why_not_less="",
            **about,
        )


def test_a_clock_of_it_alarms_at_once_for_supervisors_and_keepers() -> None:
    kept = hidden()
    due_at = AT + timedelta(days=30)
    due = operations.set_due(profile_id=kept.pk, why="danger", due_at=due_at, by=member(), at=AT)
    for role in (Role.SUPERVISOR, Role.IDENTITY_KEEPER):
        (clock,) = queries.alarms(by=member(role), at=AT)
        assert (clock.due, clock.wait) == (due, Wait.NOT_KNOWN)
    assert queries.alarms(by=member(), at=AT) == []


def test_keepers_see_no_other_clock() -> None:
    colleague = hidden(by=Role.PROFESSIONAL_STANDARDS, works={"party": "yes"})
    standards = member(Role.PROFESSIONAL_STANDARDS)
    operations.set_due(
        profile_id=colleague.pk,
        why="danger",
        due_at=AT + timedelta(hours=1),
        by=standards,
        at=AT,
    )
    assert queries.alarms(by=member(Role.IDENTITY_KEEPER), at=AT) == []
    assert len(queries.alarms(by=standards, at=AT)) == 1
