"""Partners to practise with: their keys open what was shared, and one share waits."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from safehold.config import practice_agencies
from safehold.config.practice_agencies import FILE
from safehold.domain import sharing
from safehold.records.agencies import queries as agencies
from safehold.records.shares import following
from safehold.records.shares import sharing as operations
from safehold.records.shares.models import Share
from safehold.records.staff.demonstration import ensure_demo_members
from safehold.records.staff.queries import by_username
from tests.desk import AT, send_harm
from tests.keys_for_tests import _made_once, keys
from tests.partners import TOLD, Partner

__all__ = ["_made_once", "keys"]

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]


def test_a_supervisor_who_practises_agrees_and_the_partner_opens_the_file(
    settings: Any, tmp_path: Path
) -> None:
    settings.SAFEHOLD_DATA = tmp_path
    ensure_demo_members(at=AT)
    send_harm(**TOLD)
    said: list[str] = []
    for _ in range(2):  # a second time changes nothing
        practice_agencies.fill(tmp_path, at=AT, say=said.append)
    assert len(said) == 2
    assert len(agencies.with_a_key()) == 2
    waiting = Share.objects.get()
    officer, supervisor = by_username("officer"), by_username("supervisor")
    assert officer
    assert supervisor
    operations.agree(
        share_id=waiting.pk, agreed=True, why="To practise with it", by=supervisor, at=AT
    )
    seen = sharing.fingerprint(operations.open_agreed(share_id=waiting.pk, by=officer, at=AT).parts)
    operations.make_agreed(share_id=waiting.pk, seen=seen, by=officer, at=AT)
    content, _ = following.fetch(share_id=waiting.pk, answers={}, by=officer, at=AT)
    kept = tmp_path / FILE
    assert kept.stat().st_mode & 0o077 == 0
    secret = json.loads(kept.read_text())[waiting.agency.name]
    assert "Practice: to find a safe room" in Partner(waiting.agency, secret).opens(content)


def test_without_practice_members_there_are_no_partners(tmp_path: Path) -> None:
    practice_agencies.fill(tmp_path, at=AT, say=print)
    assert agencies.in_use() == []
    assert not (tmp_path / FILE).exists()
