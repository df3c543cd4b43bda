"""Two tabs that press in the same moment, each having read the draft before the other wrote."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import resolve

from safehold.config.snapshots_middleware import Shelf
from safehold.public.report import drafts
from safehold.records.intake.models import SavedDraft, SealedReport
from tests.public.report.test_two_tabs import account_of
from tests.public.report.visitor import Visitor

pytestmark = [
    pytest.mark.database,
    pytest.mark.usefixtures("committed_stores"),
    pytest.mark.urls("safehold.config.urls.public"),
]

TOLD: dict[str, Any] = {"what": {"text": "He waited at the gate"}}


def pressed_in_a_tab(visitor: Visitor, address: str, values: dict[str, Any]) -> HttpResponse:
    """Press in another page of the same browser; the view alone, whatever stands in front of it."""
    request = RequestFactory().post(address, values)
    request.COOKIES = visitor.cookies
    view, args, options = resolve(address)
    return view(request, *args, **options)


@pytest.fixture(autouse=True)
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Load published pages once: a watch would outlive the test, and ask a store that is gone."""
    monkeypatch.setattr(Shelf, "_begin", Shelf.load)


@pytest.fixture
def teller(client: Client) -> Visitor:
    """Someone who tells what was done to her."""
    return Visitor(client, start="/report/tell/", journey="harm")


@pytest.fixture
def at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., list[HttpResponse]]:
    """Press in two tabs, so that each reads the draft before either writes."""

    def press(visitor: Visitor, *presses: tuple[str, dict[str, Any]]) -> list[HttpResponse]:
        gate, real, first = threading.Barrier(len(presses)), drafts.held, threading.local()

        def held(request: Any, *, at: Any) -> Any:
            found = real(request, at=at)
            if not getattr(first, "done", False):
                first.done = True
                gate.wait(10)
            return found

        def run(address: str, values: dict[str, Any]) -> HttpResponse:
            try:
                return pressed_in_a_tab(visitor, address, values)
            finally:
                connections.close_all()

        monkeypatch.setattr(drafts, "held", held)
        with ThreadPoolExecutor(len(presses)) as pool:
            done = [pool.submit(run, *each) for each in presses]
            answers = [each.result() for each in done]
        monkeypatch.setattr(drafts, "held", real)
        return answers

    return press


def test_two_tabs_at_once_keep_the_answers_of_both(
    teller: Visitor, at_once: Callable[..., list[HttpResponse]]
) -> None:
    check = teller.walks(**TOLD).at
    answers = at_once(
        teller,
        (teller.address("what"), {"q": "harm.what", "text": "He waited at the weir"}),
        (teller.address("when"), {"q": "harm.when", "when": "today"}),
    )
    assert [answer.status_code for answer in answers] == [303, 303]
    teller.goes(check)
    assert "He waited at the weir" in teller.html
    assert "Today" in teller.words


def test_what_is_saved_while_she_sends_is_sent_or_shown_as_not_sent(
    teller: Visitor, keys: Path, at_once: Callable[..., list[HttpResponse]]
) -> None:
    for _ in range(3):
        teller.client.cookies.clear()
        teller.walks(**TOLD)
        before = set(SealedReport.objects.values_list("pk", flat=True))
        at_once(
            teller,
            (teller.at, {"q": "harm.check", "do": "send"}),
            (teller.address("what"), {"q": "harm.what", "text": "He waited at the weir"}),
        )
        (report,) = SealedReport.objects.exclude(pk__in=before)
        shown = "He waited at the weir</textarea>" in teller.goes("now").html
        assert shown is (b"He waited at the weir" not in account_of(report, keys))


def test_two_tabs_that_take_a_code_at_once_leave_one(
    teller: Visitor, at_once: Callable[..., list[HttpResponse]]
) -> None:
    teller.walks(**TOLD)
    at_once(teller, ("/report/save/", {"do": "digits"}), ("/report/save/", {"do": "words"}))
    assert SavedDraft.objects.count() == 1
