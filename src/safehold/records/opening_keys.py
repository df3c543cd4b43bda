"""The keys that open what was sealed, loaded for one act and never kept."""

from __future__ import annotations

from django.conf import settings

from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import KeyFileRefused
from safehold.crypto.key_files import PrivateKey
from safehold.crypto.opening import OpeningKeys, load_opening_keys
from safehold.crypto.recipients import Purpose

NOT_HERE = "Only professional standards’ own key opens this, and it is not on this machine."


def keys_for(purpose: Purpose) -> OpeningKeys:
    """Load the keys of one purpose. Raises KeyFileRefused where they are not here."""
    return load_opening_keys(settings.KEYS_FOLDER, purposes=[purpose])


def keys_to_open(kind: Kind, *, for_standards: bool, released: bool = False) -> OpeningKeys:
    """Load the keys that open a kind of envelope. Raises KeyFileRefused where they are not here."""
    try:
        return keys_for(kind.purpose_where(for_standards=for_standards, released=released))
    except KeyFileRefused:
        if for_standards:
            raise KeyFileRefused(NOT_HERE) from None
        raise


def keys_here(kind: Kind) -> OpeningKeys:
    """Load every key on this machine that may open a kind of envelope: of what was passed on.

    What the other could open may not have been sealed again to whoever has it now. Raises
    KeyFileRefused where there is none at all.
    """
    found: dict[bytes, PrivateKey] = {}
    for for_standards in (False, True):
        try:
            found.update(keys_to_open(kind, for_standards=for_standards).by_id)
        except KeyFileRefused:
            continue
    if not found:
        raise KeyFileRefused(NOT_HERE)
    return OpeningKeys(found)
