"""Questions about keys, for whoever watches over the unit."""

from __future__ import annotations

from safehold.records.audit.actions import Action
from safehold.records.audit.queries import events_about
from safehold.records.keys.operations import CHECK


def trouble() -> str:
    """Say in one sentence what the last check of keys found wrong, "" where all was well."""
    last = events_about(CHECK).first()
    if last is None or last.action != Action.KEYS_WANTING:
        return ""
    lost = int(last.detail["lost"])
    if lost:
        what = "1 sealed part of a report" if lost == 1 else f"{lost:,} sealed parts of reports"
        says = f"{what} cannot be opened by any key that we know of"
    else:
        says = "The keys that open reports are not in order"
    return f"{says}: whoever looks after the machine runs “safehold keys check”."
