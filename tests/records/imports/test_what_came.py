"""Imported outcomes follow one another; whoever is barred by an import is barred by a person."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain.access import Role
from safehold.records.agencies import operations as agencies
from safehold.records.audit.models import AuditEvent
from safehold.records.imports.models import Batch
from safehold.records.imports.report import Report
from safehold.records.incidents import outcomes
from safehold.records.incidents.models_of_outcomes import IncidentOutcome
from safehold.records.incidents.outcomes import Given
from safehold.records.shares import case_lists
from safehold.records.shares.models import ListEntry
from tests.desk import AT, member
from tests.extracts import FOLDER, example, importing, store, target, written

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
LATER = AT + timedelta(days=30)
CAME = (FOLDER / "outcomes.toml").read_text().replace(', "OUTCOME"]', "]")  # one an incident
BARRED = (FOLDER / "must-not-receive.toml").read_text()
ON_THE_LIST = "CASE_REF,LINE,AGENCY,PERSON_REF,WHY"
FIRST, NOT_CRIME = "M/26/0101", "M/26/0102"


@pytest.fixture
def boss() -> Any:
    return member(Role.SUPERVISOR)


@pytest.fixture
def came(tmp_path: Path, boss: Any) -> Any:
    for name in ("people", "incidents"):
        example(name, by=boss)

    def imported(*rows: str, **more: Any) -> Report:
        path = written(tmp_path / "a.csv", "INCIDENT_REF,OUTCOME,DATE,REASON", *rows)
        return importing(CAME, path, by=boss, **more)[0]

    return imported


@pytest.fixture
def barred(tmp_path: Path, boss: Any) -> Any:
    for name in ("people", "incidents", "roles", "cases"):
        example(name, by=boss)
    about = {"kind": "housing", "contact": "The manager", "by": boss, "at": AT}
    agencies.add(name="Mere Lettings", **about)

    def imported(*rows: str, **more: Any) -> Report:
        path = written(tmp_path / "b.csv", ON_THE_LIST, *rows)
        return importing(BARRED, path, by=boss, **more)[0]

    return imported


def says(report: Report) -> list[str]:
    return sorted(f"{weight} {column}: {words}" for weight, column, words in report.told)


def standing(key: str = FIRST) -> Any:
    return IncidentOutcome.objects.filter(incident=target("incidents", key)).latest("number")


def test_an_outcome_stands_with_its_day_and_why_and_twice_is_once(came) -> None:
    report = came(f"{FIRST},NOSUP,20/05/2026,FEAR")
    assert (report.counts["new"], report.totals["outcome"]) == (1, {"16": 1})
    made = standing()
    assert (made.outcome, made.given_on, made.source) == ("16", date(2026, 5, 20), "records")
    assert (made.no_support_why, made.batch) == (["fear"], Batch.objects.get(kind="outcomes").pk)
    assert came(f"{FIRST},NOSUP,20/05/2026,FEAR", at=LATER).counts["unchanged"] == 1
    assert IncidentOutcome.objects.count() == 1


def test_what_the_source_says_otherwise_stands_after_it_and_nothing_is_changed(came) -> None:
    came(f"{FIRST},EVID,20/05/2026,")
    first = standing()
    assert came(f"{FIRST},CH,01/09/2026,", at=LATER).counts["changed"] == 1
    assert (standing().outcome, standing().number) == ("1", 2)
    assert IncidentOutcome.objects.get(pk=first.pk).outcome == "15"


def test_no_outcome_of_something_that_is_no_crime(came) -> None:
    report = came(f"{NOT_CRIME},CH,01/09/2026,", f"{FIRST},CH,01/09/2027,", "M/26/9,CH,1/9/2026,")
    assert report.counts == {"read": 3, "refused": 3}
    assert says(report) == [
        "dangling INCIDENT_REF: names an incident that is not here",
        "field DATE: a date in the future",
        "refused DATE: nothing that is needed",
        "refused INCIDENT_REF: is of an incident that is not decided to be a crime here, or was "
        "set aside",
    ]
    assert not IncidentOutcome.objects.exists()


def test_an_outcome_that_somebody_gave_here_stays(came, boss) -> None:
    came(f"{FIRST},EVID,20/05/2026,")
    said = Given("16", date(2026, 6, 1), "police", "She told me on the telephone today")
    key = target("incidents", FIRST)
    outcomes.give_outcome(incident_id=key, said=said, by=boss, at=AT)
    report = came(f"{FIRST},CH,01/09/2026,", at=LATER)
    assert says(report) == ["conflict OUTCOME: somebody gave an outcome here; it stays"]
    assert (standing().outcome, report.counts["changed"]) == ("16", 0)


def test_not_yet_assigned_is_no_outcome_until_there_is_one(came) -> None:
    assert came(f"{FIRST},NONE,20/05/2026,").counts["new"] == 1
    assert not IncidentOutcome.objects.exists()
    assert came(f"{FIRST},CH,01/09/2026,").counts["changed"] == 1
    assert came(f"{FIRST},NONE,02/09/2026,").counts["changed"] == 1  # taken back
    assert standing().outcome == "0"


def test_an_older_row_is_never_put_after_a_newer_outcome(came, tmp_path, boss) -> None:
    by = (FOLDER / "outcomes.toml").read_text()  # a row an outcome
    header = "INCIDENT_REF,OUTCOME,DATE,REASON"
    rows = (f"{FIRST},CH,01/09/2026,", f"{FIRST},EVID,20/05/2026,")
    report = importing(by, written(tmp_path / "c.csv", header, *rows), by=boss)[0]
    assert [key for key in says(report) if "is older than" in key]
    assert standing().outcome == "1"
    assert importing(by, tmp_path / "c.csv", by=boss, at=LATER)[0].counts["unchanged"] == 2


def test_whoever_is_barred_gets_nothing_of_the_case(barred) -> None:
    report = barred("C-77,1,mere  LETTINGS,,His mother works there", "C-77,2,,N1004,")
    assert (report.counts["new"], report.told) == (2, {})
    found = case_lists.barred_from_case(target("cases", "C-77"))
    agency = ListEntry.objects.exclude(agency=None).get()
    assert found.agencies == {agency.agency_id}
    assert target("people", "N1004") in found.identities
    assert b"mother" not in bytes(agency.sealed)
    assert barred("C-77,1,Mere Lettings,,His mother works there", "C-77,2,,N1004,").counts == {
        "read": 2, "unchanged": 2,
    }  # fmt: skip


def test_a_row_that_would_bar_nobody_is_refused_by_its_column_without_its_words(barred) -> None:
    report = barred(
        "C-77,1,Dorrit and Sons,,", "C-77,2,,,", "C-77,3,Mere Lettings,N1004,", "C-1,4,,N1004,",
        "C-77,5,,N9,",
    )  # fmt: skip
    assert (report.counts["refused"], ListEntry.objects.count()) == (5, 0)
    assert says(report) == [
        "dangling CASE_REF: names a case that is not here",
        "dangling PERSON_REF: names a person who is not here",
        "refused AGENCY: names an agency that is not here by this name; write it down under "
        "Agencies first",
        "refused AGENCY: names neither an agency nor a person, or both; a row names one of them",
    ]
    assert not [word for word in ("Dorrit", "N9") if word in str(store([Batch, AuditEvent]))]


def test_nobody_is_taken_off_a_list_by_an_import(barred) -> None:
    barred("C-77,1,Mere Lettings,,")
    report = barred("C-77,1,,N1004,", at=LATER)
    assert [key for key in says(report) if "who was on the list stays" in key]
    assert ListEntry.objects.filter(ended_at=None).count() == 2


def test_whoever_was_taken_off_here_is_not_put_back_on(barred, boss) -> None:
    barred("C-77,1,Mere Lettings,,")
    about = {"case_id": target("cases", "C-77"), "entry_id": ListEntry.objects.get().pk}
    why = "The agency has a new manager"
    case_lists.end(**about, why=why, by=member(Role.SUPERVISOR), at=AT)
    report = barred("C-77,1,Mere Lettings,,Another reason", at=LATER)
    assert says(report) == ["conflict CASE_REF: was taken off the list here; it stays off"]
    assert not ListEntry.objects.filter(ended_at=None).exists()


def test_a_dry_run_of_either_writes_nothing(came, tmp_path, boss) -> None:
    assert came(f"{FIRST},CH,01/09/2026,", dry_run=True).counts["new"] == 1
    assert not IncidentOutcome.objects.exists()


ROWS = st.tuples(
    st.sampled_from([FIRST, NOT_CRIME, "M/26/0103", "M/1", ""]),
    st.sampled_from(["CH", "NOSUP", "NONE", "??", ""]),
    st.sampled_from(["20/05/2026", "01/09/2026", "31/02/2026", ""]),
    st.sampled_from(["FEAR", "XX", ""]),
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ROWS, min_size=1, max_size=5), st.lists(ROWS, min_size=1, max_size=5))
def test_any_outcomes_twice_are_those_once_and_none_is_ever_changed(
    came: Any, rows: list[tuple[str, ...]], others: list[tuple[str, ...]]
) -> None:
    with transaction.atomic():
        came(*(",".join(row) for row in rows))
        before = store([IncidentOutcome])
        assert came(*(",".join(row) for row in rows), at=LATER).counts["new"] == 0
        assert store([IncidentOutcome]) == before
        came(*(",".join(row) for row in others), at=LATER)
        after = {row["id"]: row for row in store([IncidentOutcome])[0]}
        assert all(after[row["id"]] == row for row in before[0])
        transaction.set_rollback(True)
