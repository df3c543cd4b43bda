"""The members of a practice installation, made once, with credentials of its own."""

from __future__ import annotations

import base64
import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction

from safehold.domain.access import Role
from safehold.records.audit.actors import System
from safehold.records.staff.models import StaffMember
from safehold.records.staff.operations import create_member, enrol_totp

FILE = "demo-credentials.json"
_DEMONSTRATION = System("demonstration")
_SECRET_BYTES = 20
# Invented people of an invented force.
_MEMBERS = (
    ("officer", "Dena Okafor", Role.TRIAGE_OFFICER, "Eastmere"),
    ("safeguarding", "Maren Tolliver", Role.SAFEGUARDING_OFFICER, "Safeguarding"),
    ("advocate", "Isla Brandreth", Role.ADVOCATE, "Lantern House"),
    ("supervisor", "Pell Lisle", Role.SUPERVISOR, "Eastmere"),
    ("supervisor2", "Hale Marrick", Role.SUPERVISOR, "Westmere"),
    ("keeper", "Sorrel Vane", Role.IDENTITY_KEEPER, "Hidden names"),
    ("analyst", "Ibb Tarrant", Role.ANALYST, "Analysis"),
    ("editor", "Wyn Castellan", Role.EDITOR, "Public pages"),
    ("auditor", "Marl Fenwick", Role.AUDITOR, "Audit"),
    ("registrar", "Tace Holm", Role.CRIME_REGISTRAR, "Crime registrar"),
    ("standards", "Oriel Quayle", Role.PROFESSIONAL_STANDARDS, "Professional standards"),
)


class NotADemonstration(RuntimeError):
    """Members with printed credentials were asked for where real reports may arrive."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """How one practice member signs in. `totp_secret` is base32, as an authenticator takes it."""

    username: str
    name: str
    role: str
    password: str
    totp_secret: str


def ensure_demo_members(*, at: datetime) -> list[Credentials]:
    """Return the practice members' credentials, making members and credentials where absent.

    The file is readable by its owner only. Raises NotADemonstration outside a demonstration.
    """
    if not settings.DEMONSTRATION:
        raise NotADemonstration("Practice members belong to a demonstration only.")
    path = Path(settings.SAFEHOLD_DATA) / FILE
    kept = _read(path)
    given = [
        kept.get(username) or _new(username, name, role) for username, name, role, _ in _MEMBERS
    ]
    _write(path, given)
    for credentials, (_, _, _, team) in zip(given, _MEMBERS, strict=True):
        member = StaffMember.objects.filter(username=credentials.username).first()
        if member is None:
            _make(credentials, team=team, at=at)
        elif credentials.username not in kept:
            _give_again(member, credentials, at=at)
    return given


@transaction.atomic
def _make(credentials: Credentials, *, team: str, at: datetime) -> None:
    member = create_member(
        username=credentials.username,
        name=credentials.name,
        role=credentials.role,
        team=team,
        agency=team if credentials.role == Role.ADVOCATE else "",
        password=credentials.password,
        by=_DEMONSTRATION,
        at=at,
    )
    enrol_totp(member=member, secret=credentials.totp_secret, by=_DEMONSTRATION, at=at)


@transaction.atomic
def _give_again(member: StaffMember, credentials: Credentials, *, at: datetime) -> None:
    # The file was lost: what is printed has to work.
    member.set_password(credentials.password)
    member.save(update_fields=["password"])
    enrol_totp(member=member, secret=credentials.totp_secret, by=_DEMONSTRATION, at=at)


def _new(username: str, name: str, role: Role) -> Credentials:
    secret = base64.b32encode(secrets.token_bytes(_SECRET_BYTES)).decode()
    return Credentials(username, name, str(role), secrets.token_urlsafe(12), secret)


def _read(path: Path) -> dict[str, Credentials]:
    if not path.exists():
        return {}
    return {entry["username"]: Credentials(**entry) for entry in json.loads(path.read_text())}


def _write(path: Path, given: list[Credentials]) -> None:
    # Written beside and renamed, so that a crash never leaves half a file.
    beside = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump([asdict(credentials) for credentials in given], file, indent=1)
    beside.replace(path)
