"""Questions about phones, what is out on them, and what has come and waits to be taken over."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from safehold.crypto.envelopes import Kind
from safehold.crypto.recipients import PublicKey, load_recipients
from safehold.domain import phones
from safehold.domain.access import Permission
from safehold.domain.phones import Level
from safehold.records.phones.models import Phone, PhoneAnswer, PhoneStart, PhoneTaken
from safehold.records.risk import queries as risk
from safehold.records.risk.models import Assessment
from safehold.records.staff.models import StaffMember

OUT = (
    "Part of it may still be on a phone. Wait until it has arrived, or end that on the page “From "
    "a phone”, with a reason."
)
SEALED = "What came from a phone is still sealed: take it over first, on the page “From a phone”."


class PhoneNotFound(LookupError):
    """There is no such phone, or nothing begun on one, that the member may know of."""


@dataclass(frozen=True, slots=True)
class Out:
    """Something begun on a phone, with how much of it is here and how far it alarms."""

    start: PhoneStart
    sealed: int
    here: int
    level: Level
    known: bool  # the member may open its assessment

    @property
    def arrived(self) -> bool:
        """Tell whether all that the phone wrote is here."""
        return has_arrived(self.start, self.here)


def has_arrived(start: PhoneStart, here: int) -> bool:
    """Tell whether all that a phone wrote is here, by the count of what is."""
    return start.count is not None and here >= start.count


def by_secret(secret: str) -> Phone | None:
    """Return the phone that holds a secret, None of no secret of ours."""
    if not secret:
        return None
    return Phone.objects.select_related("member").filter(digest=digest_of(secret)).first()


def digest_of(secret: str) -> str:
    """Return what is kept of a phone's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def may_send(phone: Phone | None) -> bool:
    """Tell whether a phone is approved and was not ended, and its member still works here."""
    return bool(phone and phone.approved_at and phone.ended_at is None and phone.member.is_active)


def phones_seen_by(member: StaffMember) -> list[Phone]:
    """Return a member's own phones, and all for whoever approves them: what waits first."""
    rows = Phone.objects.select_related("member", "approved_by", "ended_by")
    if not member.may(Permission.KEEP_PHONES):
        rows = rows.filter(member=member)
    return list(rows.order_by("ended_at", "approved_at", "asked_at", "pk")[:200])


def count_to_approve(*, by: StaffMember) -> int:
    """Count the phones that wait for somebody to approve them: others', for whoever may."""
    if not by.may(Permission.KEEP_PHONES):
        return 0
    return Phone.objects.filter(approved_at=None, ended_at=None).exclude(member=by).count()


def of_assessment(assessment: Assessment, *, by: StaffMember, at: datetime) -> list[Out]:
    """Return what was begun on phones for an assessment that was given out, the oldest first."""
    return _outs(PhoneStart.objects.filter(assessment=assessment), by=by, at=at)


def without_a_case(*, by: StaffMember, at: datetime, instrument: str = "") -> list[Out]:
    """Return what a member began without a connection, and has said of no assessment yet."""
    rows = PhoneStart.objects.filter(assessment=None, member=by)
    if instrument:
        rows = rows.filter(instrument=instrument)
    return [one for one in _outs(rows, by=by, at=at) if one.start.ended_at is None or one.sealed]


def open_on(phone: Phone) -> list[PhoneStart]:
    """Return what was begun on a phone and is not finished: of which cases, it does not say."""
    return list(phone.starts.filter(finished_at=None, ended_at=None).order_by("began_at", "pk"))


def alarms(*, by: StaffMember, at: datetime) -> list[Out]:
    """Return what has not arrived and what waits to be taken over, for whom it is to know.

    A member is told of their own from the first minute; supervisors once it alarms, and whoever may
    hold the watch later. Of a case that they may not know of they are told that something is out,
    and by whom, not of what.
    """
    # Ended or not: what came after somebody gave up waiting still has to be read.
    lie_sealed = Exists(PhoneAnswer.objects.filter(start=OuterRef("pk")))
    rows = PhoneStart.objects.filter(lie_sealed | Q(ended_at=None), over_at=None)
    return [one for one in _outs(rows, by=by, at=at) if _is_told(one, by)]


def _is_told(one: Out, by: StaffMember) -> bool:
    if one.start.member_id == by.pk:
        return True
    if by.may(Permission.KEEP_PHONES) and (one.sealed or one.level):
        return True
    if one.arrived or not one.level:
        return False
    return one.level == Level.WATCH and by.may(Permission.HOLD_WATCH)


def what_is_out(assessment_id: UUID) -> str:
    """Say in one sentence what of an assessment is on a phone or sealed, nothing where nothing."""
    found = _counted(PhoneStart.objects.filter(assessment_id=assessment_id))
    if any(start.ended_at is None and not has_arrived(start, here) for start, _, here in found):
        return OUT
    waits = any(sealed and start.ended_at is None for start, sealed, _ in found)
    return SEALED if waits else ""


def keys_to_seal_to() -> list[PublicKey]:
    """Return the public keys that a phone seals to: the unit's, of those in use."""
    return list(load_recipients(settings.KEYS_FOLDER).for_purpose(Kind.PHONE.purpose))


def subject(start: PhoneStart | UUID, answer: UUID) -> str:
    """Name what a sealed answer is bound to: what was begun, and its own key."""
    key = start.pk if isinstance(start, PhoneStart) else start
    return f"phone {key} {answer}"


def _outs(rows: QuerySet[PhoneStart], *, by: StaffMember, at: datetime) -> list[Out]:
    found = _counted(rows.select_related("member", "assessment", "assessment__case", "ended_by"))
    keys = [start.assessment_id for start, _, _ in found if start.assessment_id]
    known = set(risk.seen_by(by).filter(pk__in=keys).values_list("pk", flat=True))
    return [
        Out(start, sealed, here, _level(start, here, at), start.assessment_id in known)
        for start, sealed, here in found
    ]


def _level(start: PhoneStart, here: int, at: datetime) -> Level:
    if start.ended_at or has_arrived(start, here):
        return Level.QUIET
    return phones.level(start.began_at, at=at)


def _counted(rows: QuerySet[PhoneStart]) -> list[tuple[PhoneStart, int, int]]:
    """Return each with how many answers lie sealed, and how many are here in all."""
    found = list(rows.order_by("began_at", "pk"))
    sealed, taken = (
        dict(
            model.objects.filter(start__in=found)
            .values_list("start")
            .annotate(Count("pk"))
            .order_by()
        )
        for model in (PhoneAnswer, PhoneTaken)
    )
    return [
        (start, sealed.get(start.pk, 0), sealed.get(start.pk, 0) + taken.get(start.pk, 0))
        for start in found
    ]


def sealed_of(start: PhoneStart) -> list[PhoneAnswer]:
    """Return what came and nobody has taken over."""
    return list(start.sealed.order_by("pk"))
