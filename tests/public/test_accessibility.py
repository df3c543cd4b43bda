"""The accessibility statement says what the last check found, and no more."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape

import pytest
from django.test import Client

from safehold import rules
from safehold.design.chrome import FOOT, NAVIGATION
from safehold.design.words import day
from safehold.public.accessibility import record, views
from safehold.public.accessibility.record import Check, Problem, last_check

# The door in front of every page asks the store whether pages have changed.
pytestmark = pytest.mark.django_db(databases=["intake"])

ADDRESS = "/accessibility/"


def _page(client: Client) -> str:
    return " ".join(unescape(client.get(ADDRESS).content.decode()).split())


def _suppose(monkeypatch: pytest.MonkeyPatch, check: Check) -> None:
    monkeypatch.setattr(views, "last_check", lambda: check)


def test_the_statement_carries_the_date_and_the_extent_of_the_check(client: Client) -> None:
    check = last_check()
    page = _page(client)
    assert f"On {day(check.on)} a program opened {len(check.public)} pages" in page
    assert f"rules of {check.tool}." in page
    assert f"{check.staff} pages, {len(check.staff_problems)} problems" in page


def test_what_nobody_has_tested_or_mended_is_said(client: Client) -> None:
    page = _page(client)
    tables = rules.load("accessibility").tables
    for sentence in (*tables["untested"], *(one["what"] for one in tables["known"])):
        assert sentence in page


def test_every_page_that_the_chrome_leads_to_was_checked() -> None:
    """A page added since: run `make accessibility`, and commit what it writes."""
    checked = set(last_check().public)
    assert {link.path for link in (*NAVIGATION, *FOOT)} <= checked


def test_a_problem_that_was_found_is_named_with_its_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = Problem("/report/", "color-contrast", "Elements must have enough contrast")
    _suppose(monkeypatch, replace(last_check(), problems=(problem,)))

    page = _page(client)

    assert "partially compliant" in page
    assert '<a href="/report/">/report/</a>' in page
    assert "Elements must have enough contrast" in page
    assert ". It found 1 problem. A program" in page


def test_nothing_found_is_not_called_full_compliance(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    _suppose(monkeypatch, replace(last_check(), problems=()))
    page = _page(client)
    assert "fully compliant" not in page
    assert "A program finds only a part of what can be wrong." in page
    assert "Found by the last check" not in page


@pytest.mark.parametrize("content", ["", "[]", '{"on": "2026-11-27"}', '{"on": "today"}'])
def test_a_record_that_is_none_is_refused(
    content: str, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    (tmp_path / record.FILE).write_text(content)
    monkeypatch.setattr(record, "files", lambda _: tmp_path)
    last_check.cache_clear()
    try:
        with pytest.raises(record.NoRecord, match="make accessibility"):
            last_check()
    finally:
        last_check.cache_clear()


def test_what_the_check_writes_is_what_the_statement_reads() -> None:
    check = last_check()
    text = (record.files("safehold.public.accessibility") / record.FILE).read_text()
    assert record.parse(json.loads(text)) == check
    assert check.widths == (1280, 320)
    assert check.public
