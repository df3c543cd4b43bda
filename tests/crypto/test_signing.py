import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.crypto.errors import BadSignature, KeyFileRefused
from safehold.crypto.key_files import add_key
from safehold.crypto.recipients import Purpose, load_recipients
from safehold.crypto.signing import Signature, load_signer, sign, verify
from tests.crypto.keyrings import AT, Keyring, new_keyring


@given(st.binary(max_size=500))
def test_a_signature_fits_its_statement(keyring: Keyring, statement: bytes) -> None:
    signature = sign(statement, signer=load_signer(keyring.folder))
    verify(statement, signature=signature, trusted=keyring.recipients.keys)


@given(
    statement=st.binary(min_size=1, max_size=80), place=st.integers(0, 79), flip=st.integers(1, 255)
)
def test_a_changed_statement_or_signature_is_refused(
    keyring: Keyring, statement: bytes, place: int, flip: int
) -> None:
    signature = sign(statement, signer=load_signer(keyring.folder))
    changed = bytearray(statement)
    changed[place % len(changed)] ^= flip
    broken = bytearray(signature.value)
    broken[place % len(broken)] ^= flip
    with pytest.raises(BadSignature):
        verify(bytes(changed), signature=signature, trusted=keyring.recipients.keys)
    with pytest.raises(BadSignature):
        verify(
            statement,
            signature=Signature(signature.key_id, bytes(broken)),
            trusted=keyring.recipients.keys,
        )


def test_an_unlisted_key_convinces_nobody(keyring: Keyring, strangers: Keyring) -> None:
    signature = sign(b"head", signer=load_signer(strangers.folder))
    with pytest.raises(BadSignature, match="No listed key"):
        verify(b"head", signature=signature, trusted=keyring.recipients.keys)


def test_a_signature_under_somebody_elses_id_is_refused(
    keyring: Keyring, strangers: Keyring
) -> None:
    forged = sign(b"head", signer=load_signer(strangers.folder))
    claimed = Signature(keyring.recipients.for_purpose(Purpose.AUDIT)[0].key_id, forged.value)
    with pytest.raises(BadSignature, match="does not fit"):
        verify(b"head", signature=claimed, trusted=keyring.recipients.keys)


def test_the_newest_key_signs_and_the_older_is_still_believed(tmp_path) -> None:
    folder = new_keyring(tmp_path / "keys").folder
    older = sign(b"head", signer=load_signer(folder))
    added = add_key(folder, purpose=Purpose.AUDIT, at=AT.replace(year=2027))
    assert load_signer(folder).key_id == added.key_id
    verify(b"head", signature=older, trusted=load_recipients(folder).keys)


def test_a_folder_without_a_signing_key_is_said(tmp_path) -> None:
    folder = new_keyring(tmp_path / "keys").folder
    next(folder.glob("audit-*.key")).unlink()
    with pytest.raises(KeyFileRefused, match="audit"):
        load_signer(folder)
