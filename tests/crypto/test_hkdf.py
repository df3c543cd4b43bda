"""HKDF gives what RFC 5869 says, byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.crypto.hkdf import hkdf_sha256


def _span(first: int, last: int) -> bytes:
    return bytes(range(first, last + 1))


# RFC 5869, appendices A.1 to A.3: secret, salt, info, output.
VECTORS = [
    (
        b"\x0b" * 22,
        _span(0x00, 0x0C),
        _span(0xF0, 0xF9),
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        _span(0x00, 0x4F),
        _span(0x60, 0xAF),
        _span(0xB0, 0xFF),
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c6"
        "5e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    ),
    (
        b"\x0b" * 22,
        b"",
        b"",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
]


@pytest.mark.parametrize(("secret", "salt", "info", "expected"), VECTORS)
def test_the_vectors_of_the_standard_come_out(
    secret: bytes, salt: bytes, info: bytes, expected: str
) -> None:
    length = len(expected) // 2
    assert hkdf_sha256(secret, salt=salt, info=info, length=length).hex() == expected


@given(length=st.integers(0, 255 * 32))
def test_a_shorter_output_is_the_beginning_of_a_longer_one(length: int) -> None:
    longest = hkdf_sha256(b"secret", info=b"use", length=255 * 32)
    assert hkdf_sha256(b"secret", info=b"use", length=length) == longest[:length]


def test_more_than_the_standard_gives_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 8160"):
        hkdf_sha256(b"secret", info=b"use", length=255 * 32 + 1)
