"""Secrets locked for the store."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.crypto.at_rest import SecretUnreadable, lock_text, unlock_text


@given(st.text(max_size=200), st.text(min_size=1, max_size=60))
def test_what_is_locked_comes_back(text, secret):
    locked = lock_text(text, secret=secret, purpose="second-factor")
    assert unlock_text(locked, secret=secret, purpose="second-factor") == text


def test_another_secret_or_another_purpose_opens_nothing():
    locked = lock_text("JBSWY3DP", secret="one", purpose="second-factor")
    for secret, purpose in [("two", "second-factor"), ("one", "other")]:
        with pytest.raises(SecretUnreadable):
            unlock_text(locked, secret=secret, purpose=purpose)


@given(st.text(max_size=120))
def test_what_nobody_locked_is_refused_in_words(locked):
    with pytest.raises(SecretUnreadable):
        unlock_text(locked, secret="one", purpose="second-factor")


def test_the_same_text_never_looks_the_same_twice():
    once, again = (lock_text("JBSWY3DP", secret="one", purpose="p") for _ in range(2))
    assert once != again
    assert "JBSWY3DP" not in once
