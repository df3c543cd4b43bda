"""The safe contact of a report that was passed on goes with it, sealed again where it can be."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from safehold.records.contacts.models import Profile, Version
from safehold.records.contacts.sealing import ContactSealed, opened, sealed
from safehold.records.staff.models import StaffMember

WHY = "The report was passed on; nothing of it was changed"


def pass_on(report_id: UUID, *, for_standards: bool, by: StaffMember, at: datetime) -> None:
    """Say whose a profile is now, inside the act and audit row that passes its report on.

    Its newest version is sealed again, as a version of its own. That of a hidden name opens for its
    keepers alone and stays as it is. Raises KeyFileRefused or NoRecipient.
    """
    profile = Profile.objects.select_for_update(no_key=True).filter(report_id=report_id).first()
    if profile is None or profile.police_party == for_standards:
        return
    if not profile.hidden:
        _seal_again(profile, for_standards=for_standards, by=by, at=at)
    profile.police_party, profile.released_at = for_standards, None
    profile.save(update_fields=["police_party", "released_at"])


def _seal_again(profile: Profile, *, for_standards: bool, by: StaffMember, at: datetime) -> None:
    newest: Version = profile.versions.order_by("-number")[0]
    try:
        details = opened(
            bytes(newest.sealed),
            profile_id=profile.pk,
            for_standards=profile.police_party,
            released=profile.released,
        )
    except ContactSealed:
        return  # whoever has it now is told so where they open it
    kept = {
        field.attname: getattr(newest, field.attname)
        for field in Version._meta.concrete_fields
        if field.attname not in {"id", "number", "sealed", "why", "written_by_id", "written_at"}
    }
    Version.objects.create(
        **kept,
        number=newest.number + 1,
        sealed=sealed(details, profile_id=profile.pk, for_standards=for_standards),
        why=WHY,
        written_by=by,
        written_at=at,
    )
