"""A reason has to say something."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.records.triage.reasons import ReasonTooThin, meaningful


@given(st.text(alphabet=" \t\n.,-_0123456789!?", max_size=60))
def test_no_letters_no_reason(text):
    with pytest.raises(ReasonTooThin):
        meaningful(text)


@given(st.sampled_from("abcdefg"), st.integers(1, 60))
def test_one_letter_many_times_is_no_reason(letter, times):
    with pytest.raises(ReasonTooThin):
        meaningful(" ".join([letter] * times))


@pytest.mark.parametrize(
    "reason",
    ["Allocated to me", "Nachfrage der Wache", "запрос дежурного", "Call 4711 from control"],
)
def test_a_few_words_are_a_reason(reason):
    assert meaningful(f"  {reason}\n ") == reason


@given(st.text(max_size=80))
def test_a_reason_once_tidy_stays_as_it_is(text):
    try:
        once = meaningful(text)
    except ReasonTooThin:
        return
    assert meaningful(once) == once
