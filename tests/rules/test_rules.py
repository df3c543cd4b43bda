"""Every rules file of the distribution says where it comes from; a bad one is refused clearly."""

from datetime import date
from importlib.resources import files

import pytest

from safehold import rules

NAMES = sorted(
    entry.name.removesuffix(".toml")
    for entry in files("safehold.rules").iterdir()
    if entry.name.endswith(".toml")
)


@pytest.mark.parametrize("name", NAMES)
def test_a_rules_file_names_its_version_and_source(name: str) -> None:
    loaded = rules.load(name)
    assert loaded.version
    assert loaded.source
    assert loaded.tables


def test_an_absent_rules_file_is_named() -> None:
    with pytest.raises(rules.RulesError, match=r"no rules file named nothing_here\.toml"):
        rules.load("nothing_here")


def test_a_rules_file_without_a_source_is_refused() -> None:
    with pytest.raises(rules.RulesError, match="needs a field source"):
        rules._parsed("made_up", {"version": "1", "effective": date.min})


def test_the_tables_of_a_rules_file_cannot_be_added_to() -> None:
    with pytest.raises(TypeError):
        rules.load(NAMES[0]).tables["more"] = {}  # type: ignore[index]  # the refusal is the test
