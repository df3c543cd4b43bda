"""A name on the register meets a person's name the same way from either side, and no stranger's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain import kept_names, spelling

_WORDS = st.text(alphabet="abdeiklmnorstu", min_size=2, max_size=9)
_NAMES = st.lists(_WORDS, min_size=2, max_size=4).map(" ".join)


@pytest.mark.parametrize(
    ("register", "person"),
    [
        ("Ilka Brandreth", "Ilka Brandreth"),
        ("Ilka Brandreth", "BRANDRETH, Ilka"),
        ("Ilka Brandreth", "Ms Ilka Jane Brandreth"),
        ("Robert Hay-Smith", "Bob Smith"),
        ("Bob Smith", "Robert Smith"),
        ("PC Oswin Tarrant", "Oswin Tarrant"),
        ("Oswin Tarrant", "Óswin Tarrant"),
    ],
)
def test_one_person_is_met_however_they_are_written(register: str, person: str) -> None:
    assert kept_names.meets(register, person)


@pytest.mark.parametrize(
    ("register", "person"),
    [
        ("Ilka Brandreth", "Oswin Brandreth"),
        ("Ilka Jane Brandreth", "Ilka Jane Voss"),
        ("Ilka", "Ilka Brandreth"),
        ("Ilka Brandreth", "Ilka"),
        ("", "Ilka Brandreth"),
        ("Ilka Ilka", "Ilka Brandreth"),
    ],
)
def test_others_are_not(register: str, person: str) -> None:
    assert not kept_names.meets(register, person)


@given(_NAMES)
def test_whoever_is_on_the_register_meets_themselves(name: str) -> None:
    words = spelling.words_of(name)
    if len(words) > 1 and words[0] != words[-1]:
        assert kept_names.meets(name, name) or words[-1] not in name.split()[-1]


@given(_NAMES, _NAMES)
def test_what_is_looked_up_is_what_meets(register: str, person: str) -> None:
    # The register asks the index of people, and a new person the keys of the register.
    from_register = any(
        key in spelling.pairs_of(person) for key in kept_names.wanted_keys(register)
    )
    from_person = any(key in kept_names.wanted_keys(register) for key in spelling.pairs_of(person))
    assert from_register is from_person is kept_names.meets(register, person)


@given(_NAMES)
def test_a_name_has_few_keys(name: str) -> None:
    assert len(kept_names.wanted_keys(name)) <= 400
