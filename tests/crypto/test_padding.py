import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.crypto.errors import PayloadTooLarge
from safehold.crypto.padding import LARGEST, SMALLEST, bucket, pad, unpad


@given(st.binary(max_size=20_000))
def test_what_is_padded_comes_back(payload: bytes) -> None:
    padded = pad(payload)
    assert unpad(padded) == payload
    assert len(padded) == bucket(len(payload))


@given(st.integers(min_value=0, max_value=LARGEST - 4))
def test_few_sizes_exist_and_each_is_large_enough(length: int) -> None:
    size = bucket(length)
    doublings = size // SMALLEST
    assert size >= length + 4
    assert size % SMALLEST == 0
    assert doublings & (doublings - 1) == 0
    assert size == SMALLEST or size < 2 * (length + 4)


def test_a_megabyte_fits_and_the_limit_is_said() -> None:
    assert bucket(1_000_000) == 1024 * 1024
    assert bucket(LARGEST - 4) == LARGEST
    with pytest.raises(PayloadTooLarge, match="do not fit"):
        bucket(LARGEST - 3)


@pytest.mark.parametrize("padded", [b"", b"\0" * 10, b"\xff" * SMALLEST])
def test_a_length_that_cannot_be_is_refused(padded: bytes) -> None:
    with pytest.raises(ValueError, match="padding"):
        unpad(padded)
