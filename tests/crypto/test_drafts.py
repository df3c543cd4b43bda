"""A draft is readable with both halves and with nothing less."""

import os
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.crypto.drafts import (
    DraftKey,
    fingerprint,
    join_halves,
    lock,
    new_device_half,
    new_server_half,
    unlock,
)
from safehold.crypto.errors import DraftUnreadable
from safehold.crypto.padding import SMALLEST


def _key(draft_id: UUID | None = None) -> DraftKey:
    return join_halves(
        draft_id=draft_id or uuid4(), server_half=new_server_half(), device_half=new_device_half()
    )


@given(
    payload=st.binary(max_size=9_000), draft_id=st.uuids(), half=st.binary(min_size=32, max_size=32)
)
def test_both_halves_read_the_draft(payload: bytes, draft_id: UUID, half: bytes) -> None:
    device_half = new_device_half()
    first = join_halves(draft_id=draft_id, server_half=half, device_half=device_half)
    again = join_halves(draft_id=draft_id, server_half=half, device_half=device_half)
    assert unlock(lock(payload, key=first), key=again) == payload


def test_one_half_reads_nothing() -> None:
    draft_id, server_half, device_half = uuid4(), new_server_half(), new_device_half()
    key = join_halves(draft_id=draft_id, server_half=server_half, device_half=device_half)
    locked = lock(b"said", key=key)
    lost = [
        join_halves(draft_id=draft_id, server_half=new_server_half(), device_half=device_half),
        join_halves(draft_id=draft_id, server_half=server_half, device_half=new_device_half()),
        join_halves(draft_id=uuid4(), server_half=server_half, device_half=device_half),
        join_halves(draft_id=draft_id, server_half=bytes(32), device_half=device_half),
    ]
    for wrong in lost:
        with pytest.raises(DraftUnreadable):
            unlock(locked, key=wrong)


@given(place=st.integers(0, 1 + 24 + SMALLEST + 15), flip=st.integers(1, 255))
def test_any_changed_byte_is_refused(place: int, flip: int) -> None:
    key = _key()
    locked = bytearray(lock(b"said", key=key))
    locked[place] ^= flip
    with pytest.raises(DraftUnreadable):
        unlock(bytes(locked), key=key)


@given(st.binary(max_size=100))
def test_noise_is_no_draft(noise: bytes) -> None:
    with pytest.raises(DraftUnreadable):
        unlock(noise, key=_key())


@given(st.text(max_size=60))
def test_a_device_half_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(DraftUnreadable):
        join_halves(draft_id=uuid4(), server_half=new_server_half(), device_half=text)


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_server_half_of_the_wrong_length_is_refused(length: int) -> None:
    with pytest.raises(DraftUnreadable):
        join_halves(draft_id=uuid4(), server_half=os.urandom(length), device_half=new_device_half())


def test_a_device_half_fits_in_a_cookie() -> None:
    halves = {new_device_half() for _ in range(200)}
    assert len(halves) == 200
    assert {len(half) for half in halves} == {43}
    assert all(half.replace("-", "").replace("_", "").isalnum() for half in halves)


def test_short_and_long_answers_look_the_same() -> None:
    assert len(lock(b"", key=_key())) == len(lock(b"x" * (SMALLEST - 4), key=_key()))


def test_a_fingerprint_follows_from_the_whole_key_and_its_purpose() -> None:
    draft_id, server_half, device_half = uuid4(), new_server_half(), new_device_half()
    key = join_halves(draft_id=draft_id, server_half=server_half, device_half=device_half)
    same = join_halves(draft_id=draft_id, server_half=server_half, device_half=device_half)
    mark = fingerprint(key, purpose=b"submission", length=32)
    assert mark == fingerprint(same, purpose=b"submission", length=32)
    assert mark != fingerprint(key, purpose=b"reference", length=32)
    assert mark != fingerprint(_key(draft_id), purpose=b"submission", length=32)
    assert key.secret not in (mark, server_half)


def test_a_key_does_not_show_itself() -> None:
    key = _key()
    assert repr(key.secret) not in repr(key)
