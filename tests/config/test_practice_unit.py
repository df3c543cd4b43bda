"""The practice extract is taken whole: outcomes and who must receive nothing too."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from safehold.config import practice_unit
from safehold.config.practice_agencies import AGENCIES
from safehold.demonstration.world import imagine
from safehold.domain.access import Role
from safehold.records.agencies import operations as agencies
from safehold.records.imports.models import Batch
from safehold.records.incidents.models_of_outcomes import IncidentOutcome
from safehold.records.shares.models import ListEntry
from tests.desk import AT, member
from tests.keys_for_tests import _made_once, keys

__all__ = ["_made_once", "keys"]

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]


def test_every_row_of_it_is_taken(tmp_path: Path) -> None:
    boss, at = member(Role.SUPERVISOR), AT + timedelta(days=7)
    for name, kind, contact in AGENCIES:
        agencies.add(name=name, kind=kind, contact=contact, by=boss, at=at)
    world = imagine(today=at.date(), force="mereshire")
    for extract in (*practice_unit._extracts(world), *practice_unit._of_what_came(world)):
        practice_unit._import(extract, tmp_path, by=boss, at=at)
    told = {batch.kind: batch.counts for batch in Batch.objects.all()}
    assert all(not counts.get("refused") for counts in told.values()), told
    assert {"16", "1", "15"} == set(IncidentOutcome.objects.values_list("outcome", flat=True))
    assert ListEntry.objects.exclude(agency=None).exists()
