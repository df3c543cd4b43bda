"""Checking the proof that a report was made, which its holder can show to somebody."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from safehold.crypto.conversations import is_proof
from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import CryptoError
from safehold.domain.access import Permission
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.intake import queries as intake
from safehold.records.staff.models import StaffMember
from safehold.records.triage import envelopes, queries
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.openings import about
from safehold.records.triage.reasons import meaningful

_LINE = re.compile(r"^(Reference|Day|Mark): *(.+)$", re.MULTILINE)
_MARK = re.compile(r"[0-9a-f]{40}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class NotAProof(ValueError):
    """What was shown proves nothing; the message says why."""


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proof shows: that a report was made, and on which day."""

    reference: str
    day: str


def check_proof(text: str, *, reason: str, by: StaffMember, at: datetime) -> Proven:
    """Check what somebody shows against the sealed report that it names; the look is on record.

    Raises ReasonTooThin, Refused, and NotAProof where it is none of ours, fits no report, or the
    report cannot be opened here.
    """
    stated = meaningful(reason)
    shown = dict(_LINE.findall(text))
    mark = "".join(shown.get("Mark", "").split()).lower()
    reference, day = shown.get("Reference", "").strip(), shown.get("Day", "").strip()
    if not _MARK.fullmatch(mark) or not _DAY.fullmatch(day) or not reference:
        raise NotAProof("This file has no reference, day and mark of ours.")
    slip = TriageSlip.objects.filter(reference=reference).first()
    if slip is None:
        raise NotAProof("No report here has this reference.")
    by.must(Permission.OPEN_ACCOUNT, queries.subject_of(slip))
    audit.record_look(by=by, reason=f"A proof: {stated}", subject=about(slip.pk), at=at)
    is_true = is_proof(mark, key=_key_of(slip), reference=reference, day=day)
    with transaction.atomic():
        audit.append(
            action=Action.PROOF_CHECKED,
            by=by,
            subject=about(slip.pk),
            at=at,
            reason=stated,
            detail={"true": is_true},
        )
    if not is_true:
        raise NotAProof("False: this mark does not fit the report that it names.")
    return Proven(reference, day)


def _key_of(slip: TriageSlip) -> str:
    try:
        payload = envelopes.payload(slip.pk, Kind.ACCOUNT, party=slip.party_is_police)
        return str(json.loads(payload)["proof"]["key"])
    except (CryptoError, intake.NoSuchReport, KeyError, TypeError, ValueError) as error:
        raise NotAProof("The report that it names cannot be opened here.") from error
