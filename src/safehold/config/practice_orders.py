"""Orders for practice, one in each state, of the one case that is worked on; all of it invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:  # these rooms need Django's apps, and this module is read before they are ready
    from safehold.records.cases.models import Case
    from safehold.records.orders.models import Order
    from safehold.records.staff.models import StaffMember

WHY = "Practice: invented, to show how an order is kept"
COURT = "Practice: the invented court of Mereshire"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def fill(case: Case, victim: UUID, accused: UUID, *, by: StaffMember, at: datetime) -> int:
    """Record the orders, each with what happened to it; return how many there are."""
    from safehold.records.orders import breaking, changing, notifying, recording, serving
    from safehold.records.orders.breaking import Happened
    from safehold.records.orders.notifying import Telling
    from safehold.records.orders.recording import Draft, Said
    from safehold.records.orders.serving import Told

    today = at.date()
    contact = Said("contact", "Practice: not to contact the person whom it protects")
    place = Said(
        "place", "Practice: not to come to Invented Row", "Practice: the streets by the old mill"
    )

    def kept(kind: str, *, made: int, until: int | None, number: int, power: bool | None) -> Order:
        draft = Draft(
            kind=kind,
            respondent=accused,
            protects=(victim,),
            made_on=today - made * DAY,
            begins=today - made * DAY,
            expires=None if until is None else today + until * DAY,
            authority=COURT,
            power_of_arrest=power,
            reference=f"PRACTICE/{number}",
            conditions=(contact, place),
            case_id=case.pk,
        )
        return recording.record_order(draft=draft, by=by, at=at)

    def served(order: Order, when: datetime) -> None:
        told = Told("served", when, "moment", "in_person", "Practice: PC 0000", "Practice: a form")
        serving.record_service(order_id=order.pk, told=told, by=by, at=at)

    holds = kept("nmo", made=20, until=340, number=1, power=None)
    served(holds, at - 19 * DAY)
    breaking.open_breach(order_id=holds.pk, said=Happened(), by=by, at=at)
    tried = kept("restraining", made=5, until=9, number=2, power=None)
    for days in (3, 1):
        told = Told("failed", at - days * DAY, "day")
        serving.record_service(order_id=tried.pk, told=told, by=by, at=at)
    over = kept("spo", made=800, until=-3, number=3, power=None)
    served(over, at - HOUR)
    notice = kept("dvpn", made=1, until=None, number=4, power=None)
    served(notice, at - 5 * HOUR)
    for_court = kept("dvpo", made=3, until=22, number=5, power=None)
    served(for_court, at - 2 * DAY)
    breaking.open_breach(order_id=for_court.pk, said=Happened(), by=by, at=at)
    duty = kept("dapo", made=2, until=None, number=6, power=None)
    served(duty, at - DAY)
    telling = Telling("first", told_on=today, names="Practice: as on the order", no_home=True)
    notifying.record_notified(order_id=duty.pk, told=telling, by=by, at=at)
    ended = kept("occupation", made=60, until=100, number=7, power=True)
    served(ended, at - 59 * DAY)
    changing.end(order_id=ended.pk, on=today, why=WHY, by=by, at=at)
    return 7
