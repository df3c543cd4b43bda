"""Files for partners: one key opens them, and nothing but a public key is taken for one."""

from __future__ import annotations

import pyrage
import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.crypto import age_files
from safehold.crypto.age_files import NotAnAgeKey


@given(st.binary(max_size=2_000))
def test_the_agency_opens_what_was_sealed_to_its_key_and_nobody_else_does(payload):
    secret, public = age_files.new_pair()
    file = age_files.encrypt(payload, key=public)
    assert file.startswith(b"age-encryption.org/v1")
    assert pyrage.decrypt(file, [pyrage.x25519.Identity.from_str(secret)]) == payload
    other, _ = age_files.new_pair()
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(file, [pyrage.x25519.Identity.from_str(other)])


def test_a_key_is_read_however_it_was_pasted():
    _, public = age_files.new_pair()
    assert len(public) == 62
    pasted = f"  {' '.join(age_files.in_groups(public))}\n"
    assert age_files.public_key(pasted) == public
    assert age_files.public_key(public.upper()) == public


def test_a_secret_key_is_refused_with_its_own_sentence():
    secret, _ = age_files.new_pair()
    with pytest.raises(NotAnAgeKey, match="secret key"):
        age_files.public_key(secret)
    with pytest.raises(NotAnAgeKey, match="secret key"):
        age_files.public_key(secret.lower())


@given(st.text(max_size=80))
def test_no_other_text_is_a_key(text):
    with pytest.raises(NotAnAgeKey):
        age_files.public_key(text)


def test_one_wrong_character_is_no_key():
    _, public = age_files.new_pair()
    last = "q" if public[-1] != "q" else "p"
    with pytest.raises(NotAnAgeKey):
        age_files.public_key(public[:-1] + last)


def test_what_is_read_out_has_to_be_the_last_sixteen_characters():
    _, public = age_files.new_pair()
    end = public[-16:]
    assert age_files.ends_with(public, end)
    assert age_files.ends_with(public, f"{end[:4].upper()} {end[4:8]} {end[8:12]}-{end[12:]}.")
    for wrong in ("", end[1:], public, f"{'q' if end[0] != 'q' else 'p'}{end[1:]}"):
        assert not age_files.ends_with(public, wrong)
