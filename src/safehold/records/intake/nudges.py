"""Asking to be told of news, and asking no more: what a holder of a return code may do.

The public site seals where and when, and cannot open it again. Nothing here is recorded by person,
as nothing of a draft is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from safehold.crypto.envelopes import Kind, seal
from safehold.crypto.recipients import load_recipients
from safehold.domain import nudging
from safehold.domain.journey.sentences import Sentence
from safehold.domain.nudging import Channel, NotForNudges
from safehold.domain.safe_contact import Week, week_of
from safehold.records.intake.chain import INTAKE
from safehold.records.intake.models import Nudge

__all__ = ["NotForNudges", "ask_for_nudges", "has_nudges", "offered", "stop_nudges", "with_nudges"]

NOT_OFFERED = Sentence("Choose one of the ways on this page.")
BAD_EMAIL = Sentence("Give an e-mail address such as name@example.com.")
NO_SAFE_TIME = Sentence("Choose when it is safe: at any other time we send nothing.")


class NothingAsked(LookupError):
    """Nobody asked for nudges about this report, or they were stopped."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is sealed: by what, where, in which words of hers, and in which week of safe times."""

    channel: Channel
    address: str = field(repr=False)
    own_text: str = field(repr=False)
    week: Week = field(repr=False)

    def as_plain(self) -> dict[str, Any]:
        """Return it as JSON holds it."""
        return {
            "channel": str(self.channel),
            "address": self.address,
            "own_text": self.own_text,
            "week": asdict(self.week)["days"],
        }


def offered() -> frozenset[str]:
    """Name the channels that nudges can go by here; empty where nothing is set up."""
    return frozenset(settings.NUDGE_CHANNELS)


def ask_for_nudges(
    *,
    report_id: UUID,
    channel: str,
    address: str,
    own_text: str,
    days: Sequence[str],
    parts: Sequence[str],
    at: datetime,
) -> None:
    """Seal where and when to send nudges about a report, in the place of what was asked before.

    Raises NotForNudges with one sentence for her and the field that it is about: `channel`,
    `address`, `own_text` or `times`. KeyFileRefused or NoRecipient where nobody could open it.
    """
    if channel not in offered():
        raise NotForNudges("channel", NOT_OFFERED)
    by = Channel(channel)
    week = week_of(days, parts)
    if not week.known:
        raise NotForNudges("times", NO_SAFE_TIME)
    to = _email(address) if by is Channel.EMAIL else nudging.phone(address)
    _keep(report_id, Asked(by, to, nudging.own_text(own_text), week), at)


def stop_nudges(report_id: UUID) -> None:
    """Destroy what was asked for a report, if anything was; there is no nudge any more."""
    with transaction.atomic(using=INTAKE):
        # Overwritten first, as drafts are; `empty_write_ahead_log` does the rest within a minute.
        _rows(report_id).update(sealed=b"")
        _rows(report_id).delete()


def has_nudges(report_id: UUID) -> bool:
    """Tell whether somebody asked for nudges about a report; nothing else can be told here."""
    return _rows(report_id).exists()


def with_nudges(report_ids: Iterable[UUID]) -> list[UUID]:
    """Return those reports for which somebody asked for nudges."""
    wanted, found = list(report_ids), []
    for start in range(0, len(wanted), 500):
        rows = _rows_of(wanted[start : start + 500])
        found += list(rows.values_list("report_id", flat=True))
    return found


def sealed_nudge(report_id: UUID) -> bytes:
    """Return what was asked, sealed: for the staff side. Raises NothingAsked."""
    found = _rows(report_id).values_list("sealed", flat=True).first()
    if found is None:
        raise NothingAsked("Nobody asks for nudges about this report.")
    return bytes(found)


def _email(text: str) -> str:
    local, _, domain = text.strip().rpartition("@")
    try:
        plain = f"{local}@{domain.encode('idna').decode()}"
        validate_email(plain)
    except (ValidationError, UnicodeError):
        raise NotForNudges("address", BAD_EMAIL) from None
    return plain


def _keep(report_id: UUID, asked: Asked, at: datetime) -> None:
    sealed = seal(
        json.dumps(asked.as_plain(), ensure_ascii=False).encode(),
        kind=Kind.NUDGE,
        subject=str(report_id),
        recipients=load_recipients(settings.KEYS_FOLDER).for_purpose(Kind.NUDGE.purpose),
    )
    kept = {"sealed": sealed, "kept_since": timezone.localdate(at)}
    # Not one statement with ON CONFLICT: that would need the right to read what is sealed.
    with transaction.atomic(using=INTAKE):
        if _rows(report_id).update(**kept):
            return
        try:
            with transaction.atomic(using=INTAKE):
                Nudge(report_id=report_id, **kept).save(using=INTAKE, force_insert=True)
        except IntegrityError:
            _rows(report_id).update(**kept)  # asked from two devices at once


def _rows_of(report_ids: Sequence[UUID]) -> QuerySet[Nudge]:
    return Nudge.objects.using(INTAKE).filter(report_id__in=report_ids)


def _rows(report_id: UUID) -> QuerySet[Nudge]:
    return Nudge.objects.using(INTAKE).filter(report_id=report_id)
