"""Members come and go; every way in is recorded."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from safehold.domain.access import Role
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, System
from safehold.records.conflicts import register
from safehold.records.staff.models import StaffMember

SIGN_IN = System("sign-in")
_CMS_GROUPS = {Role.EDITOR: ("Editors", "Moderators")}


class UnknownRole(ValueError):
    """The access table has no such role."""


class WrongAgency(ValueError):
    """The role is of the force and an agency is named, or the other way round."""


class WhyNeeded(ValueError):
    """Nobody said why."""


class NameTaken(ValueError):
    """Somebody signs in under this name already."""


class NoSuchMember(LookupError):
    """Nobody signs in under this name."""


class PasswordTooWeak(ValueError):
    """The password does not meet the rules; the message says which."""


@transaction.atomic
def create_member(
    *,
    username: str,
    name: str,
    role: str,
    team: str,
    password: str,
    agency: str = "",
    by: StaffMember | System,
    at: datetime,
) -> StaffMember:
    """Take in a member, of the force where no agency is named.

    Raises UnknownRole, WrongAgency, PasswordTooWeak, or NameTaken.
    """
    _refuse_role(role, agency)
    member = StaffMember(
        username=username, first_name=name, role=role, team=team, agency=agency, date_joined=at
    )
    try:
        validate_password(password, member)
    except ValidationError as error:
        raise PasswordTooWeak(" ".join(error.messages)) from None
    member.set_password(password)
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError:
        raise NameTaken(f"{username} is taken.") from None
    member.groups.set(Group.objects.filter(name__in=_CMS_GROUPS.get(Role(role), ())))
    register.enter(member=member, at=at)
    audit.append(
        action=Action.MEMBER_CREATED,
        by=by,
        subject=about(member),
        at=at,
        detail=_place_of(member),
    )
    return member


@transaction.atomic
def move_member(
    *,
    username: str,
    role: str,
    team: str,
    agency: str = "",
    why: str,
    by: StaffMember | System,
    at: datetime,
) -> StaffMember:
    """Give a member another role, team or agency; open sign-ins end, their words stay theirs.

    What they worked on and may no longer see counts as nobody's, for a supervisor to hand on.
    Raises NoSuchMember, UnknownRole, WrongAgency, or WhyNeeded.
    """
    _refuse_role(role, agency)
    stated = _stated(why)
    member = _here(username)
    before = _place_of(member)
    member.role, member.team, member.agency = role, team, agency
    member.save(update_fields=["role", "team", "agency"])
    member.groups.set(Group.objects.filter(name__in=_CMS_GROUPS.get(Role(role), ())))
    _end_sessions(member, at=at)
    audit.append(
        action=Action.MEMBER_MOVED,
        by=by,
        subject=about(member),
        at=at,
        reason=stated,
        detail={"before": before, "after": _place_of(member)},
    )
    return member


@transaction.atomic
def end_member(*, username: str, why: str, by: StaffMember | System, at: datetime) -> StaffMember:
    """Let a member sign in no more, at once. Their row and their words stay.

    Raises NoSuchMember, or WhyNeeded.
    """
    stated = _stated(why)
    member = _here(username)
    member.is_active = False
    member.save(update_fields=["is_active"])
    _end_sessions(member, at=at)
    audit.append(action=Action.MEMBER_LEFT, by=by, subject=about(member), at=at, reason=stated)
    return member


def _here(username: str) -> StaffMember:
    rows = StaffMember.objects.select_for_update(no_key=True)
    member = rows.filter(username=username, is_active=True).first()
    if member is None:
        raise NoSuchMember(f"Nobody signs in as {username}.")
    return member


def _stated(why: str) -> str:
    if not why.strip():
        raise WhyNeeded("Say why: the audit keeps it.")
    return why.strip()


def _refuse_role(role: str, agency: str) -> None:
    if role not in set(Role):
        raise UnknownRole(f"There is no role called {role}.")
    if (role == Role.ADVOCATE) is not bool(agency):
        raise WrongAgency("An advocate is of a named partner agency, and nobody else is.")


def _place_of(member: StaffMember) -> dict[str, str]:
    place = {"role": member.role, "team": member.team, "agency": member.agency}
    return {key: word for key, word in place.items() if word}


@transaction.atomic
def enrol_totp(
    *, member: StaffMember, secret: str, by: StaffMember | System, at: datetime
) -> Authenticator:
    """Give a member an authenticator whose base32 secret is known, in place of any before."""
    Authenticator.objects.filter(user_id=member.pk, type=Authenticator.Type.TOTP).delete()
    authenticator = Authenticator.objects.create(
        user=member,
        type=Authenticator.Type.TOTP,
        data={"secret": encrypt(secret)},
        created_at=at,
    )
    audit.append(
        action=Action.FACTOR_ENROLLED,
        by=by,
        subject=about(member),
        at=at,
        detail={"kind": "totp"},
    )
    return authenticator


@transaction.atomic
def remove_second_factor(*, username: str, by: StaffMember | System, at: datetime) -> StaffMember:
    """Take a member's authenticator and recovery codes away, and end their sign-ins.

    The next sign-in reaches nothing but the page that sets up another. Raises NoSuchMember.
    """
    member = StaffMember.objects.filter(username=username).first()
    if member is None:
        raise NoSuchMember(f"Nobody signs in as {username}.")
    Authenticator.objects.filter(user_id=member.pk).delete()
    _end_sessions(member, at=at)
    audit.append(action=Action.FACTOR_REMOVED, by=by, subject=about(member), at=at)
    return member


def _end_sessions(member: StaffMember, *, at: datetime) -> None:
    # A session that gave the code keeps that fact inside it, so it has to go as a whole.
    for session in Session.objects.filter(expire_date__gt=at):
        if session.get_decoded().get(SESSION_KEY) == str(member.pk):
            session.delete()


@transaction.atomic
def record_sign_in(*, by: StaffMember, at: datetime) -> None:
    """Record that a member signed in."""
    audit.append(action=Action.SIGNED_IN, by=by, subject=about(by), at=at)


@transaction.atomic
def record_sign_out(*, by: StaffMember, why: str, at: datetime) -> None:
    """Record that a session ended, and why."""
    audit.append(action=Action.SIGNED_OUT, by=by, subject=about(by), at=at, reason=why)


@transaction.atomic
def record_failed_sign_in(*, typed_name: str, at: datetime) -> None:
    """Record a failed sign-in. What was typed is kept only where it is a member's name.

    People type their password into the wrong box, so nothing else is kept.
    """
    member = StaffMember.objects.filter(username=typed_name).first()
    subject = about(member) if member else About("member", "")
    audit.append(action=Action.SIGN_IN_FAILED, by=SIGN_IN, subject=subject, at=at)


@transaction.atomic
def record_failed_code(*, member: StaffMember, at: datetime) -> None:
    """Record that a right password was followed by a wrong code."""
    audit.append(action=Action.FACTOR_FAILED, by=SIGN_IN, subject=about(member), at=at)


@transaction.atomic
def record_second_factor(*, by: StaffMember, kind: str, at: datetime) -> None:
    """Record that a member set up a second factor of a kind."""
    audit.append(
        action=Action.FACTOR_SET_UP, by=by, subject=about(by), at=at, detail={"kind": kind}
    )


@transaction.atomic
def record_refusal(*, by: StaffMember, route: str, at: datetime) -> None:
    """Record that a member asked for a page that the access table does not give them."""
    audit.append(action=Action.ACCESS_REFUSED, by=by, subject=About("page", route), at=at)


def about(member: StaffMember) -> About:
    """Name a member as the audit does: by a key that says nothing."""
    return About("member", str(member.pk))
