"""Questions about partner agencies and their keys."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from safehold.crypto import age_files
from safehold.domain.access import Permission
from safehold.records.agencies.models import Agency, AgencyKey
from safehold.records.agencies.operations import AgencyNotFound
from safehold.records.staff.models import StaffMember

__all__ = ["Agency", "AgencyNotFound"]


def everything(*, by: StaffMember) -> list[Agency]:
    """Return every agency, those in use first. Raises Refused."""
    by.must(Permission.KEEP_AGENCIES)
    return sorted(
        Agency.objects.prefetch_related("keys"),
        key=lambda one: (one.ended_at is not None, one.name.casefold()),
    )


def one(agency_id: UUID, *, by: StaffMember) -> Agency:
    """Return one agency. Raises Refused, or AgencyNotFound."""
    by.must(Permission.KEEP_AGENCIES)
    found = Agency.objects.filter(pk=agency_id).first()
    if found is None:
        raise AgencyNotFound("There is no such agency.")
    return found


def in_use() -> list[Agency]:
    """Return the agencies that we work with, by name."""
    return sorted(Agency.objects.filter(ended_at=None), key=lambda one: one.name.casefold())


def with_a_key() -> list[Agency]:
    """Return the agencies to which something can be sealed, by name."""
    ready = AgencyKey.objects.filter(ended_at=None).exclude(confirmed_at=None)
    return [one for one in in_use() if one.pk in set(ready.values_list("agency_id", flat=True))]


def to_confirm() -> int:
    """Count the keys that wait for a second person."""
    return AgencyKey.objects.filter(ended_at=None, confirmed_at=None).count()


def keys_of(agency: Agency) -> list[AgencyKey]:
    """Return every key that an agency has and had, the newest first."""
    people = ("entered_by", "confirmed_by", "ended_by")
    return list(agency.keys.select_related(*people).order_by("-entered_at", "-pk"))


def key_of(agency_id: UUID) -> AgencyKey | None:
    """Return the key to which files for an agency are sealed, None without one."""
    ready = AgencyKey.objects.filter(agency_id=agency_id, agency__ended_at=None, ended_at=None)
    return ready.exclude(confirmed_at=None).select_related("agency").first()


def in_groups(key: AgencyKey) -> str:
    """Write a key as it is read out; of one that waits to be confirmed without its end."""
    if key.confirmed_at is None and key.ended_at is None:
        shown = key.public[: -age_files.READ_OUT]
        return f"{' '.join(age_files.in_groups(shown))} …"
    return " ".join(age_files.in_groups(key.public))


def history(agency: Agency) -> list[object]:
    """Return what was written of an agency, the newest first."""
    return list(agency.versions.select_related("written_by").order_by("-number"))


def names_of(agency_ids: Iterable[str]) -> dict[str, str]:
    """Return the names of agencies by key, as text."""
    found = Agency.objects.filter(pk__in=list(agency_ids))
    return {str(one.pk): one.name for one in found}


def agency_of_key(key_id: UUID, *, by: StaffMember) -> UUID:
    """Return whose key it is. Raises Refused, or AgencyNotFound."""
    by.must(Permission.KEEP_AGENCIES)
    found = AgencyKey.objects.filter(pk=key_id).first()
    if found is None:
        raise AgencyNotFound("There is no such key.")
    return found.agency_id
