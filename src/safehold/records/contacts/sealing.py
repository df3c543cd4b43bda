"""The sealed part of a profile: written to the force's keys, opened for one request."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.conf import settings

from safehold.crypto.envelopes import Kind, seal
from safehold.crypto.errors import CryptoError
from safehold.crypto.opening import open_envelope
from safehold.crypto.recipients import Purpose, load_recipients
from safehold.domain.contact_profile import Details, Terms, details_from
from safehold.records.opening_keys import keys_to_open


class ContactSealed(Exception):
    """The details could not be opened; the message says why, for the officer."""


def sealed(
    details: Details, *, profile_id: UUID, for_standards: bool, released: bool = False
) -> bytes:
    """Seal details to whoever may open the account, or a released name.

    Raises KeyFileRefused or NoRecipient.
    """
    purpose = Kind.CONTACT.purpose_where(for_standards=for_standards, released=released)
    return _sealed_to(purpose, details.as_mapping(), profile_id)


def sealed_hidden(
    terms: Terms, details: Details, *, profile_id: UUID, for_standards: bool
) -> bytes:
    """Seal terms and details to whoever may open the hidden name. Raises as `sealed` does."""
    purpose = Kind.CONTACT.purpose_where(for_standards=for_standards, hidden=True)
    return _sealed_to(purpose, {**details.as_mapping(), "terms": asdict(terms)}, profile_id)


def _sealed_to(purpose: Purpose, content: dict[str, Any], profile_id: UUID) -> bytes:
    return seal(
        json.dumps(content, ensure_ascii=False).encode(),
        kind=Kind.CONTACT,
        subject=str(profile_id),
        recipients=load_recipients(settings.KEYS_FOLDER).for_purpose(purpose),
    )


def opened(
    envelope: bytes, *, profile_id: UUID, for_standards: bool, released: bool = False
) -> Details:
    """Open details in memory for a look that is on record. Raises ContactSealed."""
    try:
        keys = keys_to_open(Kind.CONTACT, for_standards=for_standards, released=released)
        payload = open_envelope(envelope, kind=Kind.CONTACT, subject=str(profile_id), keys=keys)
        content = json.loads(payload)
    except (CryptoError, ValueError) as error:
        raise ContactSealed(str(error)) from error
    return details_from(content if isinstance(content, dict) else {})
