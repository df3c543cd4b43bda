"""The envelopes of a report: as they arrived, or as sealed again when it was passed on."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from safehold.crypto.envelopes import Kind, seal
from safehold.crypto.errors import CryptoError, WrongKey
from safehold.crypto.opening import OpeningKeys, open_envelope
from safehold.crypto.recipients import load_recipients
from safehold.domain.triage_slip import FOR_STANDARDS, MOVED
from safehold.records.intake import queries as intake
from safehold.records.intake import returns
from safehold.records.opening_keys import keys_here, keys_to_open
from safehold.records.triage.models import SealedAgain

OTHER_KEYS = (
    "This was passed on, and is still sealed to the keys of whoever had it before: they are not on "
    "this machine."
)


class NoEnvelope(LookupError):
    """The report came without an envelope of this kind."""


def keys_of(kind: Kind, *, party: str) -> OpeningKeys:
    """Load the keys that open a report's envelopes of a kind, by what its row says of a party.

    Raises KeyFileRefused.
    """
    if party in MOVED:
        return keys_here(kind)
    return keys_to_open(kind, for_standards=party in FOR_STANDARDS)


def payload(report_id: UUID, kind: Kind, *, party: str) -> bytes:
    """Open an account or a hidden name in memory.

    Raises CryptoError, NoEnvelope, or `intake.NoSuchReport`.
    """
    keys = keys_of(kind, party=party)
    envelope = newest(report_id, kind) or _arrived(report_id, kind)
    return opened(envelope, kind, report_id, keys, party=party)


def opened(envelope: bytes, kind: Kind, report_id: UUID, keys: OpeningKeys, *, party: str) -> bytes:
    """Open one envelope of a report. Raises CryptoError, which says where it was passed on."""
    try:
        return open_envelope(envelope, kind=kind, subject=str(report_id), keys=keys)
    except WrongKey as error:
        raise WrongKey(OTHER_KEYS if party in MOVED else str(error)) from error


def newest(report_id: UUID, kind: Kind, *, number: int = 0) -> bytes:
    """Return what was sealed again last, empty where nothing was."""
    rows = SealedAgain.objects.filter(report_id=report_id, kind=kind.name, number=number)
    found = rows.order_by("-turn").values_list("content", flat=True).first()
    return b"" if found is None else bytes(found)


def seal_again(report_id: UUID, *, party: str, to_standards: bool, turn: int) -> list[str]:
    """Seal every envelope that opens here to the others' keys; return the kinds that did not.

    `party` is what the row said until now. Inside the caller's transaction; raises KeyFileRefused
    or NoRecipient where there is nobody to seal to.
    """
    left = []
    for kind, number, envelope in _all_of(report_id):
        try:
            keys = keys_of(kind, party=party)
            content = opened(envelope, kind, report_id, keys, party=party)
        except CryptoError:
            left.append(kind.name.lower())
            continue
        purpose = kind.purpose_where(for_standards=to_standards)
        sealed = seal(
            content,
            kind=kind,
            subject=str(report_id),
            recipients=load_recipients(settings.KEYS_FOLDER).for_purpose(purpose),
        )
        SealedAgain.objects.create(
            report_id=report_id, kind=kind.name, number=number, turn=turn, content=sealed
        )
    return sorted(set(left))


def _all_of(report_id: UUID) -> list[tuple[Kind, int, bytes]]:
    found = []
    for kind in (Kind.ACCOUNT, Kind.IDENTITY):
        try:
            found.append((kind, 0, newest(report_id, kind) or _arrived(report_id, kind)))
        except NoEnvelope:
            continue
    for entry in returns.entries(report_id):
        again = newest(report_id, Kind.MESSAGE, number=entry.number)
        found.append((Kind.MESSAGE, entry.number, again or bytes(entry.for_us)))
    return found


def _arrived(report_id: UUID, kind: Kind) -> bytes:
    report = intake.sealed_report(report_id)
    envelope = report.account if kind is Kind.ACCOUNT else report.identity
    if envelope is None:
        raise NoEnvelope("This report came without a hidden name.")
    return envelope
