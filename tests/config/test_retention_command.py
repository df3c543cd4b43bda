"""`safehold retention`: a dry run that changes nothing, and what two people confirmed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result

from safehold.config import scheduler
from safehold.config.commands import retention
from safehold.domain.access import Role
from safehold.records.audit.models import AuditEvent
from safehold.records.intake.models import SealedReport
from safehold.records.retention import runs
from safehold.records.retention.models import Certificate, Destruction, DueReport
from safehold.records.triage.models import TriageSlip
from tests.desk import AT, REASON, member
from tests.keys_for_tests import _made_once, keys
from tests.whole_reports import OVER, set_aside_and_ended

__all__ = ["_made_once", "keys"]

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> None:
    settings.SAFEHOLD_DATA = tmp_path / "data"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(retention.command, arguments)


def at(monkeypatch: pytest.MonkeyPatch, moment: Any) -> None:
    now: Callable[[], Any] = lambda: moment  # noqa: E731 - a clock
    monkeypatch.setattr(retention, "clock", now)


def test_a_dry_run_counts_rule_by_rule_and_changes_nothing() -> None:
    set_aside_and_ended()
    before = AuditEvent.objects.count()
    found = run("due", "--by", "2027-11-23")
    assert found.exit_code == 0, found.output
    assert "Set aside (1 year): 1 due" in found.output
    assert "Accepted, a crime (10 years): none" in found.output
    assert "Due for a decision: 1." in found.output
    assert "Nothing was changed." in found.output
    assert "Due for a decision: 0." in run("due", "--by", "2027-11-22").output
    assert AuditEvent.objects.count() == before
    assert not DueReport.objects.exists()


def test_it_destroys_what_two_people_confirmed_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    report_id, other = set_aside_and_ended(), set_aside_and_ended()
    one, two = (member(Role.SUPERVISOR, name=name) for name in ("Pell Lisle", "Ines Quarr"))
    at(monkeypatch, OVER)
    assert run("destroy").output == "Destroyed: 0.\n"
    agreed = runs.propose(report_ids=[report_id], reason=REASON, by=one, at=OVER)
    runs.confirm(run_id=agreed.pk, digest=agreed.digest, by=two, at=OVER)
    assert run("destroy").output == "Destroyed: 0.\n"  # a day has not passed
    at(monkeypatch, OVER + timedelta(days=2))
    done = run("destroy")
    made = Certificate.objects.get()
    assert done.exit_code == 0, done.output
    assert f"{made.reference}: certificate {made.pk}" in done.output
    assert [one.id for one in SealedReport.objects.using("intake")] == [other]
    printed = run("certificate", str(made.pk))
    assert json.loads(printed.stdout)["certificate"] == str(made.pk)
    assert "the signature holds" in printed.stderr
    assert run("again").output == "Destroyed again: 0.\n"
    wrong = run("certificate", str(report_id))
    assert (wrong.exit_code, wrong.output) == (1, "Error: There is no such certificate.\n")


def test_the_scheduler_only_looks_and_carries_out() -> None:
    """However long ago its time was over, no job takes a report that nobody decided about."""
    report_id = set_aside_and_ended()
    for job in scheduler.jobs():
        if job.name in {"look which reports are due", "destroy what two people confirmed"}:
            job.run(OVER)
    assert DueReport.objects.get().report_id == report_id
    assert not Destruction.objects.exists()
    assert TriageSlip.objects.get(pk=report_id).destroyed_at is None
    assert SealedReport.objects.using("intake").filter(pk=report_id).exists()
    assert AT < OVER
