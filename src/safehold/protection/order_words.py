"""Orders in words: what each says, whether it holds, and what breaking it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from safehold.design.words import day, moment
from safehold.domain import orders
from safehold.records.orders.queries import Standing


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order. `over` says why it does not hold, or that it does not yet; empty where it does."""

    title: str
    over: str
    breach: str
    lines: tuple[tuple[str, str], ...]


def order_rows(standing: Iterable[Standing], *, on: date) -> list[OrderRow]:
    """Say the orders of a person."""
    return [_row(each, on) for each in standing]


def _row(each: Standing, on: date) -> OrderRow:
    order = each.order
    lines = [
        ("Against", each.respondent[1]),
        ("Protects", "; ".join(name for _, name in each.protects)),
        ("Reference", order.reference),
        ("Made", _made(each)),
        ("Holds", _holds(each)),
        ("Served", _served(each)),
        ("Power of arrest", {True: "Yes", False: "No", None: "Not known"}[order.power_of_arrest]),
        *((orders.CONDITIONS[one.sort], one.words) for one in each.conditions),
    ]
    return OrderRow(
        title=each.sort.label,
        over=_over(each, on),
        breach=each.sort.says,
        lines=tuple((label, says) for label, says in lines if says),
    )


def _made(each: Standing) -> str:
    order = each.order
    made = day(order.made_on) if order.made_on else "When is not known"
    return f"{made}, {order.authority}" if order.authority else made


def _holds(each: Standing) -> str:
    order = each.order
    begins = f"From {day(order.begins)}" if order.begins else "From when is not known"
    until = f"until {day(order.expires)}" if order.expires else "until further order"
    return f"{begins} {until}"


def _served(each: Standing) -> str:
    order = each.order
    if order.served_at is None:
        return "Not known: whether he knows of it has to be shown"
    precise = order.served_precision == "moment"
    said = moment(order.served_at) if precise else day(order.served_at)
    how = orders.METHODS.get(order.served_how, "")
    return ", ".join(filter(None, (said, how, order.served_by, order.proof)))


def _over(each: Standing, on: date) -> str:
    order = each.order
    if order.ended_on:
        return f"Ended {day(order.ended_on)}" + (f": {order.ended_why}" if order.ended_why else "")
    if order.expires and order.expires < on:
        return f"Over since {day(order.expires)}"
    if order.begins and order.begins > on:
        return f"Does not hold before {day(order.begins)}"
    return ""
