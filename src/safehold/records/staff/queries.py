"""Questions about members."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.http import HttpRequest

from safehold.domain.access import Refused
from safehold.records.staff.models import StaffMember

__all__ = ["Listed", "StaffMember", "active", "has_role", "member_of", "names_of", "roster"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A member as whoever looks after the machine sees them."""

    username: str
    name: str
    role: str
    team: str
    second_factor: bool
    may_sign_in: bool


def member_of(request: HttpRequest) -> StaffMember:
    """Return who makes a staff request. Raises Refused where nobody is signed in."""
    user = getattr(request, "user", None)
    if not isinstance(user, StaffMember):
        raise Refused("Sign in first.")
    return user


def by_username(username: str) -> StaffMember | None:
    """Return the member who signs in with a name, None where nobody may."""
    return StaffMember.objects.filter(username=username, is_active=True).first()


def active() -> list[StaffMember]:
    """Return every member who may sign in, by name."""
    members = StaffMember.objects.filter(is_active=True)
    return sorted(members, key=lambda member: (member.name.casefold(), member.pk))


def has_role(role: str) -> bool:
    """Tell whether anyone who may sign in holds a role."""
    return StaffMember.objects.filter(role=role, is_active=True).exists()


def keys_with_role(role: str) -> list[str]:
    """Return the keys of those who hold a role, as text, also of those who have left."""
    return [str(key) for key in StaffMember.objects.filter(role=role).values_list("pk", flat=True)]


def names_of(member_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of members by key, as text; a member who is gone is left out."""
    keys = {int(member_id) for member_id in member_ids if member_id.isdigit()}
    return {str(member.pk): member.name for member in StaffMember.objects.filter(pk__in=keys)}


def names_of_all() -> list[str]:
    """Return the name of every member, also of those who have left."""
    return [member.name for member in StaffMember.objects.order_by("pk")]


def who_may_sign_in() -> list[tuple[int, str]]:
    """Return the key and the name of every member who may sign in, by name."""
    members = StaffMember.objects.filter(is_active=True)
    return sorted(((each.pk, each.name) for each in members), key=lambda each: each[1])


def by_key(member_id: int) -> StaffMember | None:
    """Return a member who may sign in, None where there is none of this key."""
    return StaffMember.objects.filter(pk=member_id, is_active=True).first()


def roster() -> list[Listed]:
    """Return every member, by the name that they sign in with."""
    totp = Authenticator.objects.filter(type=Authenticator.Type.TOTP)
    enrolled = set(totp.values_list("user_id", flat=True))
    return [
        Listed(
            username=member.username,
            name=member.name,
            role=member.role_label,
            team=member.team,
            second_factor=member.pk in enrolled,
            may_sign_in=member.is_active,
        )
        for member in StaffMember.objects.order_by("username")
    ]
