"""Reports that a member types for a caller: the pass that begins one, and the code it ends with.

The member never sees a code that works for the report: a start code shows nothing, is used once,
and lets whoever was told it take a code of her own.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from safehold.crypto import codes, conversations
from safehold.crypto.codes import Code, Roots
from safehold.crypto.errors import ContentUnreadable
from safehold.crypto.recipients import load_recipients
from safehold.records.intake import returns
from safehold.records.intake.chain import INTAKE
from safehold.records.intake.models import CallPass, ReturnPlace, StartCode
from safehold.records.intake.saved import NothingSaved
from safehold.records.intake.tickets import DraftTicket
from safehold.rules import load

PASS_DIGITS = 10
_TABLES = load("drafts").tables["calls"]
PASS_LASTS = timedelta(minutes=_TABLES["pass_minutes"])
START_LASTS = timedelta(days=_TABLES["start_days"])
_SAID_FOR = timedelta(days=_TABLES["used_said_for_days"])


class NoSuchPass(Exception):
    """No pass of this kind is good: wrong, used, or too old; never said which."""


class StartUsed(Exception):
    """The start code was used before, on `day`."""

    def __init__(self, day: date) -> None:
        super().__init__("This start code was used before.")
        self.day = day


@dataclass(frozen=True, slots=True)
class Call:
    """A report that is typed for a caller: which call, and whether by telephone or counter."""

    call_id: str
    how: str


def give_pass(*, call_id: UUID, how: str, at: datetime) -> str:
    """Return a fresh pass for one call, in two groups of digits; it is kept nowhere."""
    digits = f"{secrets.randbelow(10**PASS_DIGITS):0{PASS_DIGITS}}"
    with transaction.atomic(using=INTAKE):
        CallPass.objects.using(INTAKE).filter(expires_at__lte=at).delete()
        CallPass.objects.using(INTAKE).create(
            find=_of_pass(digits), call_id=call_id, how=how, expires_at=at + PASS_LASTS
        )
    return f"{digits[:5]} {digits[5:]}"


def use_pass(text: str, *, at: datetime) -> Call:
    """Return the call of a pass, which is used up by it. Raises NoSuchPass."""
    digits = "".join(each for each in text if each.isdecimal() and each.isascii())
    with transaction.atomic(using=INTAKE):
        rows = CallPass.objects.using(INTAKE).filter(find=_of_pass(digits), expires_at__gt=at)
        row = rows.first()
        if row is None:
            raise NoSuchPass
        destroyed, _ = rows.delete()
        if not destroyed:  # another browser was first
            raise NoSuchPass
        return Call(str(row.call_id), row.how)


def give_start_code(*, ticket: DraftTicket, at: datetime) -> None:
    """Let a start code lead to the report that a call was sent as; it is shown until it is told.

    Raises DraftGone, and KeyFileRefused.
    """
    code = codes.new_start()
    roots = _roots(code)

    def lead(report_id: UUID, content: dict[str, object]) -> None:
        StartCode.objects.using(INTAKE).create(
            find=_of_start(roots),
            content=codes.lock(json.dumps(content).encode(), key=roots),
            last_day=timezone.localdate(at + START_LASTS),
        )

    returns.give(ticket=ticket, shown=codes.shown(code), lead=lead, at=at)


def start(code: Code, *, own: Code, at: datetime) -> None:
    """Use a start code up, and let a code of the caller's own lead to the report.

    Raises StartUsed, or NothingSaved where it leads nowhere.
    """
    roots, own_roots = _roots(code), _roots(own)
    with transaction.atomic(using=INTAKE):
        row = _row(roots, at, lock=True)
        content = _content(row, roots)
        rows = StartCode.objects.using(INTAKE).filter(pk=row.pk, used_on=None)
        if not rows.update(content=b"", used_on=timezone.localdate(at)):
            raise StartUsed(timezone.localdate(at))
        ReturnPlace.objects.using(INTAKE).create(
            find=returns.place_of(own_roots),
            report_id=UUID(str(content["report"])),
            public_key=conversations.holder_of(own_roots).public,
            content=codes.lock(json.dumps(content).encode(), key=own_roots),
        )


def can_start(code: Code, *, at: datetime) -> None:
    """Tell by its silence that a start code may be used. Raises StartUsed, or NothingSaved."""
    roots = _roots(code)
    _content(_row(roots, at), roots)


def forget_over(at: datetime) -> None:
    """Destroy passes and start codes whose time is over, and in the end that one was used."""
    CallPass.objects.using(INTAKE).filter(expires_at__lte=at).delete()
    today = timezone.localdate(at)
    StartCode.objects.using(INTAKE).filter(last_day__lt=today, used_on=None).delete()
    StartCode.objects.using(INTAKE).filter(used_on__lt=today - _SAID_FOR).delete()


def _row(roots: Roots, at: datetime, *, lock: bool = False) -> StartCode:
    rows = StartCode.objects.using(INTAKE).filter(find=_of_start(roots))
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise NothingSaved
    if row.used_on is not None:
        raise StartUsed(row.used_on)
    if row.last_day < timezone.localdate(at):
        raise NothingSaved
    return row


def _content(row: StartCode, roots: Roots) -> dict[str, object]:
    try:
        content: dict[str, object] = json.loads(codes.unlock(bytes(row.content), key=roots))
    except ContentUnreadable as error:
        raise NothingSaved from error
    return content


def _of_pass(digits: str) -> str:
    # Eight digits that are good for minutes: the salt alone keeps one installation from another.
    salt = load_recipients(settings.KEYS_FOLDER).code_salt
    return hashlib.blake2b(
        digits.encode(), key=salt, digest_size=32, person=b"call-pass"
    ).hexdigest()


def _of_start(roots: Roots) -> str:
    return hashlib.sha256(b"start " + bytes.fromhex(roots.find)).hexdigest()


def _roots(code: Code) -> Roots:
    return codes.derive(code, load_recipients(settings.KEYS_FOLDER).code_salt)
