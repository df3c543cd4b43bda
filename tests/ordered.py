"""Orders for tests: of a case with whoever it protects and whoever is said to have done it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from safehold.records.orders import recording, serving
from safehold.records.orders.models import Order, Service
from safehold.records.orders.recording import Draft, Said
from safehold.records.orders.serving import Told
from safehold.records.staff.models import StaffMember
from tests.desk import AT
from tests.safeguarded import Safeguarded

DAY = timedelta(days=1)
TODAY = AT.date()
CONTACT = Said("contact", "Not to contact her by any means")


def order(of: Safeguarded, by: StaffMember, *, at: datetime = AT, **changes: Any) -> Order:
    """Record an order against him that protects her, in their case."""
    given: dict[str, Any] = {
        "kind": "nmo",
        "respondent": of.he,
        "protects": (of.she,),
        "made_on": TODAY - 3 * DAY,
        "expires": TODAY + 300 * DAY,
        "authority": "Mere Family Court",
        "reference": "F/26/99",
        "conditions": (CONTACT,),
        "case_id": of.pk,
    }
    return recording.record_order(draft=Draft(**(given | changes)), by=by, at=at)


def served(
    of: Order, by: StaffMember, when: datetime | date | None = AT, *, at: datetime = AT, **more: Any
) -> Service:
    """Record that an order was served at a moment, on a day, or nobody knows when."""
    told: dict[str, Any] = {"came": "served", "how": "in_person", **more}
    if isinstance(when, datetime):
        told |= {"at": when, "precision": "moment"}
    elif when is not None:
        told |= {"at": datetime.combine(when, datetime.min.time(), AT.tzinfo), "precision": "day"}
    return serving.record_service(order_id=of.pk, told=Told(**told), by=by, at=at)
