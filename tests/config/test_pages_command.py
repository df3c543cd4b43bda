"""`safehold pages`: nothing goes public without being asked for."""

from dataclasses import replace
from typing import Any

import pytest
from click.testing import CliRunner
from django.conf import settings

from safehold.config.commands.pages import command
from safehold.content import first_pages
from safehold.domain.force import Force
from safehold.records.snapshots import queries

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]


def test_without_being_asked_it_publishes_nothing() -> None:
    result = CliRunner().invoke(command)
    assert result.exit_code == 1
    assert "No page is published yet" in result.output
    assert queries.published_paths() == frozenset()


def test_the_first_pages_are_written_once() -> None:
    result = CliRunner().invoke(command, ["--first"])
    assert result.exit_code == 0
    assert result.output.startswith("Published: /, /advice/, /advice/after-an-assault/,")
    count = len(first_pages.all_for(settings.FORCE))
    assert count > 20
    assert result.output.endswith(f"changed now: {count}.\n")
    assert CliRunner().invoke(command).output.endswith("changed now: 0.\n")


def a_real_force(**changes: Any) -> Force:
    return replace(settings.FORCE, demonstration=False, **changes)


def test_a_real_force_publishes_only_what_needs_no_reviewer(settings: Any) -> None:
    settings.DEMONSTRATION, settings.FORCE = False, a_real_force()
    result = CliRunner().invoke(command, ["--first"])
    assert result.exit_code == 0
    paths = queries.published_paths()
    assert {"/", "/advice/", "/what-we-are-doing/"} <= paths
    assert not any(path.startswith("/advice/a") for path in paths)
    assert "Draft: When someone controls what you do\n   to be confirmed: " in result.output
    assert "20 pages wait as drafts" in result.output
    assert "Every page leads to /how-you-can-help/, /privacy/: publish" in result.output
    # No page leads to one that waits.
    html = {page.path: page.html.decode() for page in queries.all_current()}
    assert "/advice/at-home/" not in html["/advice/"]


def test_a_force_without_a_centre_and_a_line_publishes_nothing(settings: Any) -> None:
    phones = replace(settings.FORCE.phones, sarc=None, all_hours=None)
    settings.DEMONSTRATION, settings.FORCE = False, a_real_force(phones=phones)
    result = CliRunner().invoke(command, ["--first"])
    assert result.exit_code == 1
    assert queries.published_paths() == frozenset()
    assert "Fill in sarc and all_hours under [phones] in forces/mereshire.toml" in result.output


def test_the_public_site_is_told_where_to_ask(settings: pytest.FixtureRequest) -> None:
    settings.SITE = "public"  # type: ignore[attr-defined]  # the fixture of pytest-django
    result = CliRunner().invoke(command)
    assert result.exit_code == 1
    assert "SITE=staff" in result.output
