"""How long a sign-in lasts: one shift at most, and not while nobody is there."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.http import HttpRequest

from safehold.domain import access
from safehold.records.staff.queries import member_of

WHY = "why_signed_out"
_BEGAN = "began"
_SEEN = "seen"
_NOTED_EVERY = timedelta(minutes=1)
_TOLD_BEFORE = timedelta(minutes=30)


def begin(request: HttpRequest, *, at: datetime) -> None:
    """Note that a sign-in begins."""
    request.session[_BEGAN] = request.session[_SEEN] = at.isoformat()


def ended(request: HttpRequest, *, at: datetime) -> str:
    """Say why the sign-in is over; empty while it lasts.

    A session that does not say when it began is over: nothing of ours made it.
    """
    limits = access.table()
    began, seen = _moment(request, _BEGAN), _moment(request, _SEEN)
    if began is None or seen is None:
        return "Sign in again."
    if at - began > limits.shift:
        return f"A sign-in lasts {_hours(limits.shift)}. Sign in again."
    if at - seen > limits.idle:
        return f"Nothing was done here for {_minutes(limits.idle)}. Sign in again."
    return ""


def ends_soon(request: HttpRequest, *, at: datetime) -> datetime | None:
    """Return when the shift's sign-in ends if that is near, whatever is done; None otherwise."""
    began = _moment(request, _BEGAN)
    if began is None or at < began + access.table().shift - _TOLD_BEFORE:
        return None
    return began + access.table().shift


def end(request: HttpRequest, *, why: str) -> None:
    """Sign out; the audit keeps why."""
    setattr(request, WHY, why)
    logout(request)


def note_seen(request: HttpRequest, *, at: datetime) -> None:
    """Note that someone is there, at most once a minute so that reading writes little."""
    seen = _moment(request, _SEEN)
    if seen is None or at - seen > _NOTED_EVERY:
        request.session[_SEEN] = at.isoformat()


def has_second_factor(request: HttpRequest) -> bool:
    """Tell whether this very session gave a second factor, not only whether the member has one."""
    records = get_authentication_records(request, member_of(request))
    return any(record.get("method") == "mfa" for record in records)


def note_second_factor(request: HttpRequest, authenticator: Authenticator) -> None:
    """Note that the code which set up a second factor also proved it in this session."""
    record_authentication(
        request, member_of(request), "mfa", id=authenticator.pk, type=authenticator.type
    )


def _moment(request: HttpRequest, name: str) -> datetime | None:
    try:
        return datetime.fromisoformat(request.session.get(name, ""))
    except (TypeError, ValueError):
        return None


def _hours(length: timedelta) -> str:
    return f"{length // timedelta(hours=1)} hours"


def _minutes(length: timedelta) -> str:
    return f"{length // timedelta(minutes=1)} minutes"
