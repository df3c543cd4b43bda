"""The keys that open what was sealed, loaded for one act and never kept."""

from __future__ import annotations

from django.conf import settings

from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import KeyFileRefused
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
