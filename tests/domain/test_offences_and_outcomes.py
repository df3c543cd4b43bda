"""Offence codes and outcome types are data, and numbers that look alike are told apart."""

from __future__ import annotations

import pytest

from safehold.domain import offences, outcomes, reachable


def test_every_outcome_type_is_there_once_and_nought_never_counts() -> None:
    assert list(outcomes.TYPES) == [str(number) for number in range(23)]
    assert [code for code, kind in outcomes.TYPES.items() if not kind.counts] == ["0"]
    assert [code for code, kind in outcomes.TYPES.items() if kind.asks_why] == ["14", "16"]


def test_every_offence_of_the_list_has_the_shape_of_a_code_and_is_to_be_confirmed() -> None:
    assert all(offences.tidy(code) == code for code in offences.OFFENCES)
    assert "offences" in offences.RULES.to_be_confirmed


@pytest.mark.parametrize(("typed", "kept"), [(" 8q ", "8Q"), ("104/25", "104/25"), ("", "")])
def test_a_code_is_kept_as_it_is_written(typed: str, kept: str) -> None:
    assert offences.tidy(typed) == kept


@pytest.mark.parametrize("typed", ["harassment", "Q8", "8QQ", "12345"])
def test_what_is_no_code_is_said(typed: str) -> None:
    with pytest.raises(offences.NotACode):
        offences.tidy(typed)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("07700 900456", "+44 7700 900456", True),
        ("07700 900456", "0044 (0)7700-900456", True),
        ("020 7946 0991", "02079460991", True),
        ("Ilka@Example.org ", "ilka@example.org", True),
        ("07700 900456", "07700 900457", False),
        ("12345", "1 2 3 4 5", True),
        ("ilka_b", "ilka.b", False),
    ],
)
def test_a_number_or_an_address_is_one_however_it_is_typed(one, other, same) -> None:
    assert (reachable.key_of(one) == reachable.key_of(other)) is same


def test_what_is_typed_has_a_key_unless_it_is_blank() -> None:
    assert reachable.key_of("  ") == ""
    assert reachable.key_of("+") == "+"
