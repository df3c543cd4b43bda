"""A mark is equal for equal words under one key, and for nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from safehold.crypto.key_files import PrivateKey
from safehold.crypto.marks import marks_of
from safehold.crypto.opening import OpeningKeys
from safehold.crypto.recipients import Purpose


def keys(*secrets: bytes) -> OpeningKeys:
    return OpeningKeys({each: PrivateKey(Purpose.ACCOUNT, each * 32) for each in secrets})


@given(st.text(), st.text())
def test_equal_words_have_equal_marks_and_others_have_not(one, other):
    same = marks_of(one, keys=keys(b"a")) == marks_of(other, keys=keys(b"a"))
    assert same == (one == other)


def test_under_another_key_no_mark_is_the_same():
    assert not set(marks_of("words", keys=keys(b"a"))) & set(marks_of("words", keys=keys(b"b")))


def test_words_opened_before_a_key_was_added_still_meet():
    before, after = marks_of("words", keys=keys(b"a")), marks_of("words", keys=keys(b"0", b"a"))
    assert len(after) == 2
    assert set(before) < set(after)
