"""Questions about members."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpRequest

from safehold.domain.access import Refused
from safehold.records.staff.models import StaffMember

__all__ = ["StaffMember", "has_role", "member_of", "names_of"]


def member_of(request: HttpRequest) -> StaffMember:
    """Return who makes a staff request. Raises Refused where nobody is signed in."""
    user = getattr(request, "user", None)
    if not isinstance(user, StaffMember):
        raise Refused("Sign in first.")
    return user


def has_role(role: str) -> bool:
    """Tell whether anyone who may sign in holds a role."""
    return StaffMember.objects.filter(role=role, is_active=True).exists()


def names_of(member_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of members by key, as text; a member who is gone is left out."""
    keys = {int(member_id) for member_id in member_ids if member_id.isdigit()}
    return {str(member.pk): member.name for member in StaffMember.objects.filter(pk__in=keys)}
