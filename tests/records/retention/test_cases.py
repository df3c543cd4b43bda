"""A case holds back what is told in it, and is whole once that is destroyed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from safehold.domain import retention
from safehold.domain.access import Role
from safehold.domain.retention import Standing
from safehold.records.cases import listing, operations, queries
from safehold.records.histories import queries as histories
from safehold.records.incidents.models import Incident
from safehold.records.retention import destroying, facts, runs
from safehold.records.shares import case_lists
from tests import some_cases
from tests.desk import AT, REASON, member
from tests.partners import partner
from tests.whole_reports import OVER, whole_report

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
WHY = "Its time is over and nothing points to a need"


@pytest.fixture
def whole(settings: Any, tmp_path: Any) -> Any:
    settings.SAFEHOLD_DATA = tmp_path / "data"
    return whole_report(settings=settings)


@pytest.fixture
def case(whole: Any) -> Any:
    found = Incident.objects.get(report_id=whole.report_id)
    return some_cases.case(found, by=whole.officer, owner=whole.officer, restricted=True)


def stands(whole: Any, on: Any) -> Any:
    return facts.look([whole.report_id], today=timezone.localdate(on))[whole.report_id].found


def close(case: Any, whole: Any, at: Any) -> None:
    operations.close(case_id=case.pk, why=REASON, by=whole.officer, at=at)


def test_nothing_of_an_open_case_goes_and_no_word_tells_that_there_is_one(case, whole):
    found = stands(whole, OVER)
    assert found.standing is Standing.WAITS
    assert facts.OTHER_WORK in found.why
    assert "case" not in found.why.lower()
    assert case.reference not in found.why


def test_it_is_kept_as_long_as_the_case_is(case, whole):
    close(case, whole, OVER)
    found = stands(whole, OVER + timedelta(days=1))
    assert (found.standing, found.until) == (
        Standing.KEPT,
        retention.case_until(timezone.localdate(OVER)),
    )
    assert retention.RESTS_ON_IT in found.why
    assert "It was decided" not in found.why
    later = date(found.until.year + 5, 1, 1)
    case.refresh_from_db()
    case.kept_until = later
    case.save()
    assert listing.until_of(case) == stands(whole, OVER).until == later


def test_a_case_is_whole_once_a_report_in_it_was_destroyed(case, whole):
    agency = partner().agency
    case_lists.put_agency(case_id=case.pk, agency_id=agency.pk, why=REASON, by=whole.officer, at=AT)
    close(case, whole, AT + timedelta(days=40))
    at = OVER
    assert stands(whole, at).standing is Standing.DUE
    one, other = (member(Role.SUPERVISOR, name=name) for name in ("Pell Lisle", "Ines Quarr"))
    run = runs.propose(report_ids=[whole.report_id], reason=WHY, by=one, at=at)
    runs.confirm(run_id=run.pk, digest=run.digest, by=other, at=at)
    (made,) = destroying.carry_out(at=at + timedelta(days=2))
    assert made.report_id == whole.report_id
    seen = queries.get(case_id=case.pk, by=whole.officer)
    history = histories.of_case(seen.pk, [], by=whole.officer)
    (entry,) = history.entries
    assert entry.incident.note == ""
    assert case_lists.barred_from_case(case.pk).agencies == {agency.pk}
    operations.reopen(case_id=case.pk, why=REASON, by=whole.officer, at=at + timedelta(days=3))


def test_what_was_reopened_meanwhile_takes_a_report_off_its_list(case, whole):
    close(case, whole, AT + timedelta(days=40))
    one, other = (member(Role.SUPERVISOR, name=name) for name in ("Pell Lisle", "Ines Quarr"))
    run = runs.propose(report_ids=[whole.report_id], reason=WHY, by=one, at=OVER)
    runs.confirm(run_id=run.pk, digest=run.digest, by=other, at=OVER)
    operations.reopen(case_id=case.pk, why=REASON, by=whole.officer, at=OVER)
    assert destroying.carry_out(at=OVER + timedelta(days=2)) == []
