"""How passwords are kept, with the work that a real process puts in."""

import pytest
from django.contrib.auth.hashers import (
    ScryptPasswordHasher,
    check_password,
    get_hasher,
    make_password,
)

from tests.conftest import REAL_WORK


@pytest.fixture
def _as_in_a_real_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ScryptPasswordHasher, "work_factor", REAL_WORK)


@pytest.mark.usefixtures("_as_in_a_real_process")
def test_a_password_costs_memory_and_time_to_guess() -> None:
    kept = make_password("three plain words")
    algorithm, work, _, block, parallel, _ = kept.split("$")
    assert algorithm == "scrypt"
    assert (int(work), int(block), int(parallel)) == (2**14, 8, 5)
    assert check_password("three plain words", kept)
    assert not check_password("three plain word", kept)


def test_a_password_that_was_kept_with_less_work_is_kept_again_at_the_next_sign_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weak = make_password("three plain words")
    monkeypatch.setattr(ScryptPasswordHasher, "work_factor", REAL_WORK)
    assert get_hasher().must_update(weak)
