"""What a start asks of the keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from safehold.crypto.errors import CryptoError, NoRecipient
from safehold.crypto.key_files import read_private_keys
from safehold.crypto.recipients import (
    FILE_NAME,
    UNATTENDED,
    Purpose,
    Recipients,
    load_recipients,
    read_list,
)


def key_problems(*, site: str, keys: Path) -> Iterator[str]:
    """Say what is wrong with the keys of a site, each with what to do about it."""
    try:
        recipients = load_recipients(keys)  # whoever we seal to, for every purpose
    except CryptoError as error:
        yield f"Keys: {error} Reports could not be sealed; {_instead(site, keys)}."
    else:
        yield from _release(site, recipients)
    if site != "public":
        yield from _opening_keys(keys)


def _instead(site: str, keys: Path) -> str:
    if site == "public":
        return f"copy {FILE_NAME} from the staff host"
    if not (keys / FILE_NAME).exists():
        return "run `safehold setup`"
    try:
        read_list(keys)
    except CryptoError:
        return "put it right, or bring back a copy"
    return "run `safehold keys mend`"


def _release(site: str, recipients: Recipients) -> Iterator[str]:
    try:
        recipients.for_purpose(Purpose.RELEASE)
    except NoRecipient as error:
        there = " where keys are made and bring the list here" if site == "public" else ""
        yield (
            f"Keys: {error} Nobody of the unit could see a hidden name in danger; run "
            f"`safehold keys create --add release`{there}."
        )


def _opening_keys(keys: Path) -> Iterator[str]:
    for purpose in UNATTENDED:
        try:
            if not read_private_keys(keys, purpose=purpose):
                yield f"Keys: {keys} holds no private key for {purpose}."
        except CryptoError as error:
            yield f"Keys: {error}"
