"""Reports about colleagues open for professional standards, with a key that is theirs alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from safehold.domain.access import Refused, Role
from safehold.records.triage import identities, operations, queries
from safehold.records.triage.queries import ReportNotFound
from tests.desk import AT, member, send_harm

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]

REASON = "A report about a colleague, to be looked into"
SAID = pytest.mark.parametrize("said", ["yes", "not_sure"])


@SAID
@pytest.mark.parametrize("role", [role for role in Role if role != Role.PROFESSIONAL_STANDARDS])
def test_nobody_else_finds_or_opens_it(said: str, role: Role) -> None:
    report_id = send_harm(works={"party": said})
    who = member(role)
    assert queries.new(by=who).count() == 0
    with pytest.raises((Refused, ReportNotFound)):
        operations.open_account(report_id=report_id, reason=REASON, by=who, at=AT)


@SAID
def test_professional_standards_open_it_the_name_too(said: str) -> None:
    report_id = send_harm(
        works={"party": said},
        what={"text": "Zanzibar steps"},
        identity={"how": "hidden"},
        name={"name": "Quill"},
    )
    who = member(Role.PROFESSIONAL_STANDARDS)
    account = operations.open_account(report_id=report_id, reason=REASON, by=who, at=AT)
    assert "Zanzibar steps" in str(account.groups)
    with pytest.raises(Refused, match="somebody else opens the name"):
        identities.open_identity(report_id=report_id, reason=REASON, by=who, at=AT)
    other = member(Role.PROFESSIONAL_STANDARDS, name="Second Reader")
    found = identities.open_identity(report_id=report_id, reason=REASON, by=other, at=AT)
    assert "Quill" in str(found)
    with pytest.raises(Refused, match="somebody else reads"):
        operations.open_account(report_id=report_id, reason=REASON, by=other, at=AT)


def test_standards_open_no_hidden_name_of_an_ordinary_report() -> None:
    report_id = send_harm(identity={"how": "hidden"}, name={"name": "Quill"})
    with pytest.raises(Refused, match="its keepers"):
        identities.open_identity(
            report_id=report_id, reason=REASON, by=member(Role.PROFESSIONAL_STANDARDS), at=AT
        )


def test_the_key_of_the_unit_opens_none_of_it(keys: Path) -> None:
    report_id = send_harm(works={"party": "yes"})
    for path in keys.glob("standards-*.key"):
        path.rename(path.with_suffix(".away"))
    with pytest.raises(operations.AccountSealed, match="professional standards’ own key"):
        operations.open_account(
            report_id=report_id, reason=REASON, by=member(Role.PROFESSIONAL_STANDARDS), at=AT
        )


def test_everyone_who_watches_knows_that_one_waits() -> None:
    send_harm(works={"party": "not_sure"})
    assert queries.oldest_for_professional_standards(at=AT) is not None
