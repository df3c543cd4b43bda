"""Do the private keys that are here do what they should? Staff side only: it opens envelopes."""

from dataclasses import dataclass
from pathlib import Path

from safehold.crypto import signing
from safehold.crypto.envelopes import Kind, seal
from safehold.crypto.errors import CryptoError
from safehold.crypto.key_files import PrivateKey, private_key_paths, public_half, read_secret
from safehold.crypto.key_lives import is_here
from safehold.crypto.opening import OpeningKeys, open_envelope
from safehold.crypto.recipients import Listed, PublicKey, Purpose, key_id, read_list

_TEST = b"a test of keys"


@dataclass(frozen=True, slots=True)
class Held:
    """The ids of the private keys that are here and fit, and a sentence for each that does not."""

    fit: frozenset[bytes]
    faults: tuple[str, ...]


def check_held(folder: Path) -> Held:
    """Try every private key of a folder on its public half. Raises KeyFileRefused without a list.

    A key in use opens an envelope that is sealed to every key in use of its purpose, as what
    arrives is; a retired one opens what is sealed to it alone; a key that signs, signs.
    """
    listed = read_list(folder)
    fit, faults = set(), []
    for path in private_key_paths(folder):
        try:
            fit.add(_tried(path, listed))
        except CryptoError as error:
            faults.append(str(error))
        except ValueError:
            faults.append(f"{path} has a name that no key file has.")
    faults += [
        f"{key.purpose} {key.key_id.hex()} was destroyed, and its file is still here."
        for key in listed.keys
        if key.destroyed and is_here(folder, key)
    ]
    return Held(frozenset(fit), tuple(faults))


def _tried(path: Path, listed: Listed) -> bytes:
    word, _, named = path.stem.partition("-")
    purpose = Purpose(word)
    private = PrivateKey(purpose, read_secret(path, purpose))
    identifier = key_id(purpose, public_half(purpose, private.secret))
    if identifier.hex() != named:
        raise CryptoError(f"{path} holds another key than the one that it names.")
    key = next((each for each in listed.keys if each.key_id == identifier), None)
    if key is not None:
        _try_on_list(key, private, listed)
    return identifier


def _try_on_list(key: PublicKey, private: PrivateKey, listed: Listed) -> None:
    if key.purpose is Purpose.AUDIT:
        signature = signing.sign(_TEST, signer=signing.signer_of(private))
        signing.verify(_TEST, signature=signature, trusted=listed.keys)
        return
    kind = next(kind for kind in Kind if key.purpose in kind.purposes)
    recipients = listed.in_use(key.purpose) if key.in_use else (key,)
    envelope = seal(_TEST, kind=kind, subject="test", recipients=recipients)
    alone = OpeningKeys({key.key_id: private})
    if open_envelope(envelope, kind=kind, subject="test", keys=alone) != _TEST:
        raise CryptoError(f"{key.purpose} {key.key_id.hex()} does not open what is sealed to it.")
