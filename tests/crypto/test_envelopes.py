"""Envelopes: they open for their recipients, as what they are, unchanged, and for nobody else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.crypto import envelopes
from safehold.crypto.envelopes import Kind, seal
from safehold.crypto.errors import (
    EnvelopeRefused,
    NoRecipient,
    PayloadTooLarge,
    Tampered,
    WrongKey,
    WrongPurpose,
)
from safehold.crypto.opening import OpeningKeys, load_opening_keys, open_envelope
from safehold.crypto.padding import LARGEST, SMALLEST
from safehold.crypto.recipients import Purpose
from tests.crypto.keyrings import Keyring

REPORT = "6f2c1f0e-5a1b-4c57-9b06-0d7f9b6f9c11"
kinds = st.sampled_from(list(Kind))


def _seal(keyring: Keyring, payload: bytes, kind: Kind = Kind.ACCOUNT, subject: str = REPORT):
    recipients = keyring.recipients.for_purpose(kind.purpose)
    return seal(payload, kind=kind, subject=subject, recipients=recipients)


@given(payload=st.binary(max_size=9_000), kind=kinds, subject=st.text(max_size=60))
def test_a_recipient_reads_what_was_sealed(
    keyring: Keyring, payload: bytes, kind: Kind, subject: str
) -> None:
    envelope = _seal(keyring, payload, kind, subject)
    assert open_envelope(envelope, kind=kind, subject=subject, keys=keyring.opening) == payload


def test_each_of_several_recipients_opens_the_same_envelope(
    keyring: Keyring, strangers: Keyring
) -> None:
    recipients = [
        *keyring.recipients.for_purpose(Purpose.ACCOUNT),
        *strangers.recipients.for_purpose(Purpose.ACCOUNT),
    ]
    envelope = seal(b"said", kind=Kind.ACCOUNT, subject=REPORT, recipients=recipients)
    for keys in (keyring.opening, strangers.opening):
        assert open_envelope(envelope, kind=Kind.ACCOUNT, subject=REPORT, keys=keys) == b"said"


@given(st.data())
def test_any_changed_byte_is_refused(
    keyring: Keyring, strangers: Keyring, data: st.DataObject
) -> None:
    recipients = [
        *strangers.recipients.for_purpose(Purpose.ACCOUNT),
        *keyring.recipients.for_purpose(Purpose.ACCOUNT),
    ]
    envelope = seal(b"said", kind=Kind.ACCOUNT, subject=REPORT, recipients=recipients)
    head = len(envelope) - SMALLEST - 16
    place = data.draw(
        st.integers(0, head) | st.integers(head, len(envelope) - 1), label="changed byte"
    )
    flip = data.draw(st.integers(1, 255), label="flipped bits")
    changed = envelope[:place] + bytes((envelope[place] ^ flip,)) + envelope[place + 1 :]
    with pytest.raises(EnvelopeRefused):
        open_envelope(changed, kind=Kind.ACCOUNT, subject=REPORT, keys=keyring.opening)


def test_every_byte_before_the_body_is_bound(keyring: Keyring, strangers: Keyring) -> None:
    recipients = [
        *strangers.recipients.for_purpose(Purpose.ACCOUNT),
        *keyring.recipients.for_purpose(Purpose.ACCOUNT),
    ]
    envelope = seal(b"said", kind=Kind.ACCOUNT, subject=REPORT, recipients=recipients)
    for place in range(len(envelope) - SMALLEST - 16):
        changed = bytearray(envelope)
        changed[place] ^= 1
        with pytest.raises(EnvelopeRefused):
            open_envelope(bytes(changed), kind=Kind.ACCOUNT, subject=REPORT, keys=keyring.opening)


@given(cut=st.integers(min_value=0, max_value=4500))
def test_a_cut_or_lengthened_envelope_is_refused(keyring: Keyring, cut: int) -> None:
    envelope = _seal(keyring, b"said")
    for changed in (envelope[:cut], envelope + b"\0" * (cut + 1)):
        if changed != envelope:
            with pytest.raises(Tampered):
                open_envelope(changed, kind=Kind.ACCOUNT, subject=REPORT, keys=keyring.opening)


def test_somebody_elses_keys_do_not_open_it(keyring: Keyring, strangers: Keyring) -> None:
    with pytest.raises(WrongKey):
        open_envelope(
            _seal(keyring, b"said"), kind=Kind.ACCOUNT, subject=REPORT, keys=strangers.opening
        )


def test_the_triage_key_does_not_open_an_account(keyring: Keyring) -> None:
    triage = load_opening_keys(keyring.folder, purposes=[Purpose.TRIAGE])
    with pytest.raises(WrongKey):
        open_envelope(_seal(keyring, b"said"), kind=Kind.ACCOUNT, subject=REPORT, keys=triage)


@given(sealed_as=kinds, opened_as=kinds)
def test_an_envelope_opens_only_as_its_own_kind(
    keyring: Keyring, sealed_as: Kind, opened_as: Kind
) -> None:
    envelope = _seal(keyring, b"said", sealed_as)
    if sealed_as is not opened_as:
        with pytest.raises(Tampered, match="not a"):
            open_envelope(envelope, kind=opened_as, subject=REPORT, keys=keyring.opening)


@given(sealed_for=st.text(max_size=40), opened_for=st.text(max_size=40))
def test_an_envelope_opens_only_for_its_own_report(
    keyring: Keyring, sealed_for: str, opened_for: str
) -> None:
    envelope = _seal(keyring, b"said", subject=sealed_for)
    if sealed_for != opened_for:
        with pytest.raises(Tampered, match="another report"):
            open_envelope(envelope, kind=Kind.ACCOUNT, subject=opened_for, keys=keyring.opening)


def test_a_kind_byte_rewritten_by_hand_is_refused(keyring: Keyring) -> None:
    envelope = bytearray(_seal(keyring, b"said"))
    envelope[4] = Kind.IDENTITY.value
    both = load_opening_keys(keyring.folder, purposes=[Purpose.ACCOUNT, Purpose.IDENTITY])
    with pytest.raises(Tampered):
        open_envelope(bytes(envelope), kind=Kind.IDENTITY, subject=REPORT, keys=both)


@given(first=st.binary(max_size=SMALLEST - 4), second=st.binary(max_size=SMALLEST - 4))
def test_lengths_inside_a_bucket_look_the_same(
    keyring: Keyring, first: bytes, second: bytes
) -> None:
    assert len(_seal(keyring, first)) == len(_seal(keyring, second))


def test_the_same_words_never_look_the_same(keyring: Keyring) -> None:
    assert len({_seal(keyring, b"said") for _ in range(50)}) == 50
    assert b"said" not in _seal(keyring, b"said")


def test_a_key_of_another_purpose_is_not_a_recipient(keyring: Keyring) -> None:
    triage = keyring.recipients.for_purpose(Purpose.TRIAGE)
    with pytest.raises(WrongPurpose, match="Keys for triage do not seal this kind: account"):
        seal(b"said", kind=Kind.ACCOUNT, subject=REPORT, recipients=triage)


def only(keyring: Keyring, purpose: Purpose) -> OpeningKeys:
    return load_opening_keys(keyring.folder, purposes=[purpose])


@pytest.mark.parametrize("kind", [Kind.ACCOUNT, Kind.IDENTITY])
def test_what_is_for_professional_standards_opens_with_no_other_key(
    keyring: Keyring, kind: Kind
) -> None:
    standards = keyring.recipients.for_purpose(Purpose.STANDARDS)
    sealed = seal(b"said", kind=kind, subject=REPORT, recipients=standards)
    with pytest.raises(WrongKey):
        open_envelope(sealed, kind=kind, subject=REPORT, keys=only(keyring, kind.purpose))
    held = only(keyring, Purpose.STANDARDS)
    assert open_envelope(sealed, kind=kind, subject=REPORT, keys=held) == b"said"


def test_keys_of_two_purposes_are_never_mixed(keyring: Keyring) -> None:
    mixed = [
        *keyring.recipients.for_purpose(Purpose.ACCOUNT),
        *keyring.recipients.for_purpose(Purpose.STANDARDS),
    ]
    with pytest.raises(WrongPurpose, match="account and standards"):
        seal(b"said", kind=Kind.ACCOUNT, subject=REPORT, recipients=mixed)


def test_safe_contact_of_a_hidden_name_is_for_its_keepers_and_never_for_the_unit_too(
    keyring: Keyring,
) -> None:
    assert Kind.CONTACT.purpose_where(for_standards=False, hidden=True) is Purpose.IDENTITY
    assert Kind.CONTACT.purpose_where(for_standards=True, hidden=True) is Purpose.STANDARDS
    assert Kind.CONTACT.purpose_where(for_standards=False) is Purpose.ACCOUNT
    assert Kind.ACCOUNT.purpose_where(for_standards=False, hidden=True) is Purpose.ACCOUNT
    mixed = [
        *keyring.recipients.for_purpose(Purpose.ACCOUNT),
        *keyring.recipients.for_purpose(Purpose.IDENTITY),
    ]
    with pytest.raises(WrongPurpose, match="account and identity"):
        seal(b"said", kind=Kind.CONTACT, subject=REPORT, recipients=mixed)


def test_a_slip_is_never_for_professional_standards(keyring: Keyring) -> None:
    standards = keyring.recipients.for_purpose(Purpose.STANDARDS)
    with pytest.raises(WrongPurpose):
        seal(b"slip", kind=Kind.SLIP, subject=REPORT, recipients=standards)
    assert Kind.SLIP.purpose_where(for_standards=True) is Purpose.TRIAGE


def test_sealing_to_nobody_is_refused(keyring: Keyring) -> None:
    with pytest.raises(NoRecipient):
        seal(b"said", kind=Kind.ACCOUNT, subject=REPORT, recipients=[])


def test_a_payload_above_the_limit_is_refused(keyring: Keyring) -> None:
    with pytest.raises(PayloadTooLarge):
        _seal(keyring, b"x" * LARGEST)


@given(st.binary(max_size=200))
def test_noise_is_no_envelope(noise: bytes) -> None:
    with pytest.raises(Tampered):
        envelopes.parts(noise)
    with pytest.raises(Tampered):
        envelopes.parts(b"env\x01" + noise)
