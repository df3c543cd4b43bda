"""The shares and the must-not-receive list of a report that was passed on go with it."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from safehold.crypto.envelopes import Kind, seal
from safehold.crypto.errors import CryptoError
from safehold.crypto.opening import open_envelope
from safehold.crypto.recipients import load_recipients
from safehold.records.opening_keys import keys_to_open
from safehold.records.shares.models import ListEntry, Share


def pass_on(report_id: UUID, *, for_standards: bool) -> None:
    """Say whose the shares of a report are now, inside the act that passes it on.

    Entries of the list are sealed again; one that does not open here stays as it is, and whoever
    has the report now is told so where they open it. Raises KeyFileRefused or NoRecipient.
    """
    Share.objects.filter(report_id=report_id).update(police_party=for_standards)
    purpose = Kind.LISTED.purpose_where(for_standards=for_standards)
    for entry in ListEntry.objects.select_for_update(no_key=True).filter(matter=report_id):
        try:
            keys = keys_to_open(Kind.LISTED, for_standards=not for_standards)
            content = open_envelope(
                bytes(entry.sealed), kind=Kind.LISTED, subject=str(entry.pk), keys=keys
            )
        except CryptoError:
            continue
        entry.sealed = seal(
            content,
            kind=Kind.LISTED,
            subject=str(entry.pk),
            recipients=load_recipients(settings.KEYS_FOLDER).for_purpose(purpose),
        )
        entry.save(update_fields=["sealed"])
