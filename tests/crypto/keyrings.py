"""Keys for tests, made once: a folder as `create_keys` makes it, and its halves."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from safehold.crypto.key_files import create_keys
from safehold.crypto.opening import OpeningKeys, load_opening_keys
from safehold.crypto.recipients import SEALING, PublicKey, Recipients, load_recipients

AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Keyring:
    """A folder of keys with what is in it."""

    folder: Path
    made: list[PublicKey]
    recipients: Recipients
    opening: OpeningKeys


def new_keyring(folder: Path) -> Keyring:
    made = create_keys(folder, at=AT)
    return Keyring(
        folder=folder,
        made=made,
        recipients=load_recipients(folder),
        opening=load_opening_keys(folder, purposes=SEALING),
    )
