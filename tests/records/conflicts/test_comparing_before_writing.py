"""Names are compared before the store is locked, and what counts are the marks of the commit."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.domain import names as forms
from safehold.domain.triage_slip import Said
from safehold.records.intake import feedback, names, operations
from safehold.records.intake.models import NameMarks, SealedReport
from safehold.records.triage.models import TriageSlip
from tests.desk import AT, send_feedback, send_harm

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("keys")]
in_a_test = pytest.mark.django_db(databases=["default", "intake"])
PEOPLE = ("Thessaly Marchbanks", "Wystan Pellew", "Ibb Tarrant")
TOLD = {"what": {"text": "it was wystan pellew, at home"}}
people = st.frozensets(st.sampled_from(PEOPLE))


def mark(*listed: str) -> UUID:
    return names.replace_marks(form for name in listed for form in forms.forms_of_name(name))


def party(report_id: UUID) -> str:
    return str(TriageSlip.objects.get(pk=report_id).party_is_police)


def between(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Do something once the names are compared and nothing is written yet."""
    compare = names.compare

    def compared(*args: Any, **rest: Any) -> names.Compared:
        found = compare(*args, **rest)
        act()
        return found

    monkeypatch.setattr(names, "compare", compared)


@in_a_test
def test_a_name_that_is_listed_meanwhile_is_met(monkeypatch):
    mark("Ibb Tarrant")
    between(monkeypatch, lambda: mark("Ibb Tarrant", "Wystan Pellew"))
    assert party(send_harm(**TOLD)) == Said.NAME


@in_a_test
def test_a_name_that_is_taken_off_meanwhile_is_not(monkeypatch):
    mark("Wystan Pellew")
    between(monkeypatch, lambda: mark("Ibb Tarrant"))
    assert party(send_harm(**TOLD)) != Said.NAME


@in_a_test
def test_the_first_marks_of_all_count_too(monkeypatch):
    between(monkeypatch, lambda: mark("Wystan Pellew"))
    assert party(send_harm(**TOLD)) == Said.NAME


@in_a_test
def test_feedback_is_held_against_the_marks_of_its_commit(monkeypatch):
    mark("Ibb Tarrant")
    sealed, slips = feedback.recording.sealed, []

    def kept(*args: Any, slip: dict[str, Any], **rest: Any) -> Any:
        slips.append(slip)
        return sealed(*args, slip=slip, **rest)

    monkeypatch.setattr(feedback.recording, "sealed", kept)
    between(monkeypatch, lambda: mark("Wystan Pellew"))
    send_feedback("I asked about wystan pellew")
    assert slips[0]["party_is_police"] == Said.NAME


@in_a_test
def test_what_was_met_is_not_lost_where_the_marks_fail_at_the_last(monkeypatch):
    def fails() -> None:
        raise DatabaseError("disk I/O error")

    mark("Wystan Pellew")
    between(monkeypatch, lambda: monkeypatch.setattr(names, "version_of_marks", fails))
    assert party(send_harm(**TOLD)) == Said.NAME


@in_a_test
def test_the_name_of_a_file_is_held_against_them_as_it_is_known():
    mark("Wystan Pellew")
    compared = names.compare({"kind": "home"}, account={"answers": []}, identity=None)
    assert compared.slip()["party_is_police"] != Said.NAME
    met = compared.slip(files=[{"name": "wystan pellew at the door.jpg"}])
    assert met["party_is_police"] == Said.NAME


@in_a_test
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(turns=st.lists(people, min_size=1, max_size=4), when=st.integers(0, 3), told=people)
def test_whatever_the_list_goes_through_what_it_is_at_the_commit_counts(turns, when, told):
    NameMarks.objects.using("intake").all().delete()
    account = {"answers": [f"It was {name}, I think." for name in sorted(told)]}
    compared = None
    for number, listed in enumerate(turns):
        if number == min(when, len(turns) - 1):
            compared = names.compare({"kind": "home"}, account=account, identity=None)
        mark(*sorted(listed))
    assert compared is not None
    met = compared.slip()["party_is_police"] == Said.NAME
    assert met == bool(told & turns[-1])


@pytest.mark.usefixtures("committed_stores")
def test_nobody_waits_while_a_long_account_is_compared(monkeypatch):
    mark("Wystan Pellew")
    forms_in, others = forms.forms_in, []

    def slowly(texts: Any) -> frozenset[str]:
        found = forms_in(texts)
        if not others:
            others.append(connections["intake"].in_atomic_block)
            writer = Thread(target=_writes, args=(others,))
            writer.start()
            writer.join(timeout=15)  # less than a writer waits for another
        return found

    monkeypatch.setattr(forms, "forms_in", slowly)
    report_id = send_harm(**TOLD)
    assert others == [False, "written"]
    assert party(report_id) == Said.NAME
    assert SealedReport.objects.using("intake").filter(pk=report_id).exists()


def _writes(done: list[object]) -> None:
    operations.start_draft(journey="harm", at=AT)
    done.append("written")
    connections["intake"].close()
