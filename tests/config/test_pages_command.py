"""`safehold pages`: nothing goes public without being asked for."""

import pytest
from click.testing import CliRunner

from safehold.config.commands.pages import command
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
    assert result.output == "Published: /, /what-we-are-doing/; changed now: 2.\n"
    again = CliRunner().invoke(command)
    assert again.output == "Published: /, /what-we-are-doing/; changed now: 0.\n"


def test_the_public_site_is_told_where_to_ask(settings: pytest.FixtureRequest) -> None:
    settings.SITE = "public"  # type: ignore[attr-defined]  # the fixture of pytest-django
    result = CliRunner().invoke(command)
    assert result.exit_code == 1
    assert "SITE=staff" in result.output
