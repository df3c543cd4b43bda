"""Keep the register of support services: add, change, ask again, withdraw, put back.

Every act makes a version, and is audited in the same transaction. Two clerks cannot overwrite each
other: whoever saves names the version that was on the page.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.timezone import localtime

from safehold.domain.access import Permission
from safehold.domain.place_names import search_key
from safehold.domain.services import Service, trouble_with
from safehold.records.audit import operations as audit
from safehold.records.audit.actions import Action
from safehold.records.audit.actors import About, System
from safehold.records.gazetteer import queries as gazetteer
from safehold.records.services.content import of_row, put, to_plain
from safehold.records.services.models import Act, ServiceVersion, SupportService
from safehold.records.staff.models import StaffMember

STORE = "intake"
_ACTIONS = {
    Act.ADDED: Action.SERVICE_ADDED,
    Act.CHANGED: Action.SERVICE_CHANGED,
    Act.CORRECTED: Action.SERVICE_CHANGED,
    Act.VERIFIED: Action.SERVICE_VERIFIED,
    Act.WITHDRAWN: Action.SERVICE_WITHDRAWN,
    Act.RESTORED: Action.SERVICE_RESTORED,
}


class NotSound(ValueError):
    """What was typed cannot stand in the register; `problems` has one sentence a field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(next(iter(problems.values())))
        self.problems = problems


class EditConflict(Exception):
    """Somebody saved meanwhile, so nothing was changed. `differs` names the fields they changed."""

    def __init__(self, row: SupportService, by: str, act: str, differs: tuple[str, ...]) -> None:
        super().__init__(
            f"{by} was here while you had this service open: {act}. Nothing of yours was saved."
        )
        self.version, self.now, self.differs = row.version, of_row(row), differs


class ServiceNotFound(LookupError):
    """There is no such service."""


class ReasonNeeded(ValueError):
    """A withdrawal without its reason."""


def add(*, service: Service, by: StaffMember | System, at: datetime) -> UUID:
    """Add a service that somebody has just asked; return its id. Raises Refused or NotSound."""
    _must(by)
    _sound(service)
    _only_one(service)
    row = SupportService(verified_on=localtime(at).date(), changed_at=at)
    put(service, row)
    with transaction.atomic(), transaction.atomic(using=STORE):
        row.save(using=STORE, force_insert=True)
        _note(row, Act.ADDED, by=by, at=at)
    return row.pk


def change(
    *,
    service_id: UUID,
    service: Service,
    seen: int,
    asked_again: bool,
    by: StaffMember,
    at: datetime,
) -> bool:
    """Change a service, with or without having asked it again; return whether anything changed.

    `seen` is the version that was on the page. Raises Refused, NotSound, ServiceNotFound, or
    EditConflict.
    """
    _must(by)
    _sound(service)
    with transaction.atomic(), transaction.atomic(using=STORE):
        row = _row(service_id, seen=seen)
        _only_one(service, but=row)
        changed = _differing(of_row(row), service)
        today = localtime(at).date()
        if not changed and not (asked_again and row.verified_on != today):
            return False
        put(service, row)
        act = Act.CHANGED
        if asked_again:
            row.verified_on = today
            act = Act.CORRECTED if changed else Act.VERIFIED
        _next(row, act, by=by, at=at, changed=changed)
    return True


def verify(*, service_id: UUID, seen: int, by: StaffMember, at: datetime) -> None:
    """Note that a service was asked and that all of it is right; a withdrawn one is put back.

    Raises Refused, ServiceNotFound, or EditConflict.
    """
    _must(by)
    with transaction.atomic(), transaction.atomic(using=STORE):
        row = _row(service_id, seen=seen)
        act = Act.RESTORED if row.withdrawn_on else Act.VERIFIED
        row.verified_on, row.withdrawn_on = localtime(at).date(), None
        _next(row, act, by=by, at=at)


def withdraw(
    *, service_id: UUID, seen: int, reason: str, by: StaffMember | System, at: datetime
) -> None:
    """Take a service off the public page, with a reason that colleagues read.

    Raises Refused, ReasonNeeded, ServiceNotFound, or EditConflict.
    """
    _must(by)
    if not reason.strip():
        raise ReasonNeeded("Say why it is taken off the page.")
    with transaction.atomic(), transaction.atomic(using=STORE):
        row = _row(service_id, seen=seen)
        if row.withdrawn_on:
            return
        row.withdrawn_on = localtime(at).date()
        _next(row, Act.WITHDRAWN, by=by, at=at, reason=reason.strip())


def _must(by: StaffMember | System) -> None:
    if isinstance(by, StaffMember):
        by.must(Permission.EDIT_SERVICES)


def _sound(service: Service) -> None:
    if problems := trouble_with(service):
        raise NotSound(problems)
    for name in ("name", "about") if service.is_refuge else ():
        if _names_a_place(getattr(service, name)):
            raise NotSound({name: "A refuge is never placed: leave out towns and districts."})


def _names_a_place(text: str) -> bool:
    key = f" {search_key(text)} "
    known = {town.name for town in gazetteer.towns()} | {one.name for one in gazetteer.districts()}
    return any(f" {search_key(name)} " in key for name in known)


def _only_one(service: Service, *, but: SupportService | None = None) -> None:
    """Refuse a second service of one name: a form that was sent twice, or a colleague's."""
    others = SupportService.objects.using(STORE).filter(
        name__iexact=service.name, withdrawn_on=None
    )
    if (others.exclude(pk=but.pk) if but else others).exists():
        raise NotSound({"name": "A service of this name is listed already: change that one."})


def _row(service_id: UUID, *, seen: int) -> SupportService:
    try:
        row = SupportService.objects.using(STORE).select_for_update().get(pk=service_id)
    except SupportService.DoesNotExist:
        raise ServiceNotFound("There is no such service.") from None
    if row.version != seen:
        raise _conflict(row, seen)
    return row


def _conflict(row: SupportService, seen: int) -> EditConflict:
    versions = ServiceVersion.objects.using(STORE).filter(service=row)
    last = versions.order_by("-number").first()
    before = versions.filter(number=seen).first()
    now = to_plain(of_row(row))
    was = before.content if before else {}
    differs = tuple(name for name in now if now[name] != was.get(name))
    who, act = (last.made_by, Act(last.act).label) if last else ("Somebody", "not known")
    return EditConflict(row, who, act.lower(), differs)


def _differing(one: Service, other: Service) -> list[str]:
    first, second = to_plain(one), to_plain(other)
    return [name for name in first if first[name] != second[name]]


def _next(
    row: SupportService,
    act: Act,
    *,
    by: StaffMember | System,
    at: datetime,
    reason: str = "",
    changed: list[str] | None = None,
) -> None:
    row.version += 1
    row.changed_at = at
    row.save(using=STORE)
    _note(row, act, by=by, at=at, reason=reason, changed=changed)


def _note(
    row: SupportService,
    act: Act,
    *,
    by: StaffMember | System,
    at: datetime,
    reason: str = "",
    changed: list[str] | None = None,
) -> None:
    ServiceVersion(
        service=row,
        number=row.version,
        act=act,
        content=to_plain(of_row(row)),
        reason=reason,
        made_at=at,
        made_by=by.username if isinstance(by, StaffMember) else by.name,
    ).save(using=STORE)
    audit.append(
        action=_ACTIONS[act],
        by=by,
        subject=About("service", str(row.pk)),
        at=at,
        reason=reason,
        detail={"version": row.version} | ({"changed": changed} if changed else {}),
    )
