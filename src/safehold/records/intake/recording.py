"""Sealing what arrived and writing it down once: the same for a report and for feedback."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from safehold.crypto.drafts import DraftKey
from safehold.crypto.envelopes import Kind, seal
from safehold.crypto.errors import NoRecipient
from safehold.crypto.recipients import PublicKey, Recipients, load_recipients
from safehold.domain import triage_slip
from safehold.records.intake import chain, references
from safehold.records.intake.chain import INTAKE, IntakeAction
from safehold.records.intake.models import SealedReport

log = logging.getLogger(__name__)

_PUBLIC_SITE = "public site"
_ATTEMPTS = 5


class RecordedBefore(Exception):
    """What was sent is in the store already, although whoever sends does not know it."""


@dataclass(frozen=True, slots=True)
class Envelopes:
    """What is stored of a report: ciphertexts that this process cannot open.

    `release` stands beside a hidden name, and holds it or nothing; from outside nobody can tell.
    """

    slip: bytes
    account: bytes
    identity: bytes | None
    release: bytes | None = None


def coarse(at: datetime) -> datetime:
    """Return a moment cut to the hour: enough for the unit's clocks, which then start early."""
    return at.replace(minute=0, second=0, microsecond=0)


def sealed(
    report_id: UUID,
    *,
    slip: Mapping[str, Any],
    account: Mapping[str, Any],
    identity: Mapping[str, Any] | None,
) -> Envelopes:
    """Seal what was sent to the force's keys, or to professional standards' where the slip says so.

    A hidden name is sealed once more, for the unit, where the slip holds a prompt of danger or of a
    child: it follows from the slip here, and nobody can ask for it or add it later.

    Raises BadSlip, PayloadTooLarge, and KeyFileRefused or NoRecipient where there is nobody.
    """
    recipients = load_recipients(settings.KEYS_FOLDER)
    checked = triage_slip.from_mapping(slip)

    def to(content: Mapping[str, Any], kind: Kind) -> bytes:
        purpose = kind.purpose_where(for_standards=checked.for_standards)
        return _seal(content, kind, report_id, recipients.for_purpose(purpose))

    return Envelopes(
        slip=to(checked.as_mapping(), Kind.SLIP),
        account=to(account, Kind.ACCOUNT),
        identity=None if identity is None else to(identity, Kind.IDENTITY),
        release=(
            None
            if identity is None or checked.for_standards
            else _release(identity, report_id, recipients, released=bool(checked.releases_name))
        ),
    )


def record(
    report_id: UUID,
    envelopes: Envelopes,
    *,
    key: DraftKey,
    submission: str,
    received_at: datetime,
) -> str:
    """Write a report inside the caller's transaction and return its reference.

    `submission` is the mark under which it is recorded once. Raises RecordedBefore.
    """
    report = SealedReport(
        id=report_id,
        received_at=received_at,
        slip=envelopes.slip,
        account=envelopes.account,
        identity=envelopes.identity,
        release=envelopes.release,
        submission=submission,
    )
    for attempt in range(_ATTEMPTS):
        report.reference = references.reference(key, attempt=attempt)
        try:
            with transaction.atomic(using=INTAKE):
                report.save(using=INTAKE)
            return report.reference
        except IntegrityError as error:
            # Both databases name the column; only the reference can be tried again.
            if "reference" not in str(error):
                raise RecordedBefore from error
    raise RuntimeError(f"{_ATTEMPTS} references in a row were taken.")


def note_arrival(report_id: UUID, envelopes: Envelopes, *, at: datetime) -> None:
    """Append the event of an arrival, last in the caller's transaction; `at` is cut to the hour."""
    chain.append(
        action=IntakeAction.REPORT_RECEIVED,
        actor=_PUBLIC_SITE,
        report_id=report_id,
        at=at,
        detail=chain.digests(
            slip=envelopes.slip,
            account=envelopes.account,
            identity=envelopes.identity,
            release=envelopes.release,
        ),
    )


def _release(
    identity: Mapping[str, Any], report_id: UUID, recipients: Recipients, *, released: bool
) -> bytes | None:
    # Every hidden name has this second envelope, of the same length: which of them holds the name
    # would tell whoever takes the store in which reports there is danger or a child.
    try:
        keys = recipients.for_purpose(Kind.RELEASE.purpose)
    except NoRecipient:
        # The start was refused for it; a report is not.
        log.error("There is no key to release hidden names to: this one is for its keepers alone.")
        return None
    payload = _plain(identity)
    return seal(
        payload if released else _plain({}).ljust(len(payload)),
        kind=Kind.RELEASE,
        subject=str(report_id),
        recipients=keys,
    )


def _plain(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


def _seal(
    content: Mapping[str, Any], kind: Kind, report_id: UUID, recipients: Sequence[PublicKey]
) -> bytes:
    return seal(
        _plain(content),
        kind=kind,
        subject=str(report_id),
        recipients=recipients,
    )
