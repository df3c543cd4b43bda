"""Orders in words: what each says, whether it holds, what breaking it is, and what he knows of it.

Lists, other rooms' pages and the card show no address of anybody whom an order protects, whoever
reads them; the page of the order shows one to whoever may read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from safehold.design.words import counted, day, moment
from safehold.domain import order_zones, orders
from safehold.domain.access import Permission
from safehold.domain.order_states import HOLDING, OVER, State
from safehold.records.orders import listing, queries, serving
from safehold.records.orders.queries import Came, Standing, Timed

_NOT_SHOWN = "Nothing shows that he knows of it"


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order. `tag` says how it stands, `level` how urgent that is: soon, late or neither."""

    path: str
    card: str
    title: str
    reference: str
    whom: str
    tag: str
    level: str
    notes: tuple[str, ...]
    breach: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What whoever stands before him needs: no address of whoever it protects."""

    title: str
    tag: str
    level: str
    against: str
    protects: str
    forbidden: tuple[tuple[str, str], ...]
    breach: tuple[str, ...]
    crime: bool
    arrest: str
    knows: str
    knew: bool
    until: str
    paper: str


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on the page of its order, and where it is ended."""

    key: UUID
    label: str
    words: str
    zone: str
    by: str
    end: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The order of which an incident may be a breach, on the page of the incident."""

    path: str
    title: str
    tag: str
    crime: bool
    lines: tuple[str, ...]
    becomes: str
    decide: str


@dataclass(frozen=True, slots=True)
class Note:
    """What the first page says of orders, and the list that it leads to."""

    says: str
    which: str


def order_rows(standing: Iterable[Standing], *, at: datetime) -> list[OrderRow]:
    """Say orders as other pages show them: with nobody's address."""
    return [row_of(each, at=at) for each in standing]


def row_of(each: Standing, *, at: datetime) -> OrderRow:
    """Say one order with nobody's address."""
    tag, level = state_words(each, at=at)
    return OrderRow(
        path=reverse("protection:order", args=[each.order.pk]),
        card=reverse("protection:order_card", args=[each.order.pk]),
        title=each.sort.label,
        reference=order_zones.shown(each.order.reference, each.secret),
        whom=each.order.respondent.reference,
        tag=tag,
        level=level,
        notes=tuple(notes(each, at=at)),
        breach=each.sort.says,
        lines=facts(each),
    )


def facts(each: Standing) -> tuple[tuple[str, str], ...]:
    """Say what is known of an order, with whoever is in it and its conditions."""
    lines = [
        ("Against", each.respondent[1]),
        ("Protects", "; ".join(name for _, name in each.protects)),
        *own_facts(each, secret=each.secret),
        ("Served", order_zones.shown(served_words(each), each.secret)),
        *((orders.CONDITIONS[one.sort], _on_lists(one, each.secret)) for one in each.conditions),
    ]
    return tuple((label, says) for label, says in lines if says)


def own_facts(each: Standing, *, secret: frozenset[str]) -> list[tuple[str, str]]:
    """Say what stands on its paper; what `secret` gives away is masked."""
    lines = [
        ("Reference", each.order.reference),
        ("Made", _made(each)),
        ("Holds", _holds(each)),
        ("Power of arrest", arrest_words(each)),
    ]
    return [(label, order_zones.shown(says, secret)) for label, says in lines if says]


def conditions(each: Standing, *, secret: frozenset[str]) -> list[Condition]:
    """Say the conditions that hold, for the page of the order."""
    return [
        Condition(
            key=one.pk,
            label=orders.CONDITIONS[one.sort],
            words=order_zones.shown(one.words, secret),
            zone=order_zones.shown(one.zone, each.secret),
            by=f"{one.recorded_by.name}, {moment(one.recorded_at)}",
            end=reverse("protection:order_end_row", args=[each.order.pk, "condition", one.pk]),
        )
        for one in each.conditions
    ]


def card(each: Standing, *, at: datetime) -> Card:
    """Say an order for whoever stands before him."""
    tag, level = state_words(each, at=at)
    secret = each.secret
    return Card(
        title=each.sort.label,
        tag=tag,
        level=level,
        against=each.respondent[1] or "Name not recorded",
        protects="; ".join(name or "Name not recorded" for _, name in each.protects),
        forbidden=tuple(
            (orders.CONDITIONS[one.sort], _on_lists(one, secret)) for one in each.conditions
        ),
        breach=tuple(breach_words(each, at=at)),
        crime=each.sort.breach_is_a_crime,
        arrest=arrest_words(each),
        knows=order_zones.shown(served_words(each), secret),
        knew=each.knew,
        until="" if each.state(at) in OVER else _until(each),
        paper=order_zones.shown(
            ", ".join(filter(None, (each.order.reference, each.order.authority))), secret
        ),
    )


def breach_words(each: Standing, *, at: datetime) -> Iterator[str]:
    """Say what breaking an order is, and what has to be known before anybody acts on it."""
    state = each.state(at)
    yield each.sort.card
    if state in OVER:
        yield "It does not hold now. What he does now breaks nothing of it."
    elif state is State.NOT_YET:
        yield "It does not hold yet. What he does now breaks nothing of it."
    elif state is State.MAY_HAVE_LAPSED:
        yield "Nobody can tell whether it still holds: find out when it was served."
    if each.sort.needs_knowledge and not each.knew:
        yield "Nothing here shows that he knew of it. Without that there is no breach: find out."
    elif not each.knew:
        yield "Nothing here shows that he knew of it: find out."


def notes(each: Standing, *, at: datetime) -> Iterator[str]:
    """Say what somebody should look at again."""
    order, state = each.order, each.state(at)
    if odd := _odd_length(each):
        yield f"Look at the paper again: {odd}"
    if state in OVER and not each.knew:
        yield "It was over before anything shows that he knew of it."
    elif not each.knew:
        yield "Not shown to be served."
    if listing.ends_soon(each, at=at):
        last = order.lapses_at
        yield f"Lapses {moment(last)}." if last else f"Ends on {_day(order.expires)}."


def state_words(each: Standing, *, at: datetime) -> tuple[str, str]:
    """Say how an order stands, and the class of how urgent that is."""
    order, state = each.order, each.state(at)
    if state is State.ENDED:
        why = f": {order_zones.shown(order.ended_why, each.secret)}" if order.ended_why else ""
        return f"Ended {_day(order.ended_on)}{why}", ""
    if state is State.EXPIRED:
        return f"Over since {_day(order.expires)}", ""
    if state is State.LAPSED:
        return f"Lapsed {_moment(order.lapses_at)}: no court heard it in time", ""
    if state is State.NOT_YET:
        return f"Does not hold before {_day(order.begins)}", "soon"
    if state is State.MAY_HAVE_LAPSED:
        return f"May have lapsed since {_moment(order.lapses_from)}", "late"
    return "Holds", "soon" if listing.ends_soon(each, at=at) else ""


def holds(each: Standing, *, at: datetime) -> bool:
    """Tell whether an order holds, or may."""
    return each.state(at) in HOLDING


def served_words(each: Standing) -> str:
    """Say how it was served, and how often that failed."""
    served = [_in_time(each, one) for one in each.services if one.came == Came.SERVED]
    failed = [one for one in each.services if one.came == Came.FAILED]
    said = "; ".join(served) or _NOT_SHOWN
    if failed:
        said += f". Tried in vain: {len(failed)}"
    return said


def _in_time(each: Standing, one: Any) -> str:
    late = serving.came_too_late(each.order, one)
    return f"{service_words(one)}: it was over by then" if late else service_words(one)


def service_words(one: Any) -> str:
    """Say one service, or one attempt."""
    when = "When is not known"
    if one.at is not None:
        when = moment(one.at) if one.precision == Timed.MOMENT else day(one.at)
    how = orders.METHODS.get(one.how, "")
    return ", ".join(filter(None, (when, how, one.by_whom, one.proof)))


def arrest_words(each: Standing) -> str:
    """Say whether a power of arrest stands in the order."""
    said = {True: "Yes", False: "No", None: "Not known"}[each.order.power_of_arrest]
    if each.order.power_of_arrest is None and not each.sort.arrest_may_attach:
        return "None stands in an order of this kind"
    return said


def _on_lists(one: Any, secret: frozenset[str]) -> str:
    return order_zones.shown(one.zone or one.words, secret)


def _odd_length(each: Standing) -> str:
    begins, expires = each.order.begins or each.order.made_on, each.order.expires
    if begins is None or expires is None:
        return ""
    return each.sort.odd_length((expires - begins).days + 1)


def _day(value: date | None) -> str:
    return day(value) if value else "a day that is not known"


def _moment(value: datetime | None) -> str:
    return moment(value) if value else "a time that is not known"


def _made(each: Standing) -> str:
    order = each.order
    made = day(order.made_on) if order.made_on else "When is not known"
    return f"{made}, {order.authority}" if order.authority else made


def _holds(each: Standing) -> str:
    order = each.order
    begins = f"From {day(order.begins)}" if order.begins else "From when is not known"
    return f"{begins} {_until(each)}"


def _until(each: Standing) -> str:
    order = each.order
    if order.expires:
        return f"until {day(order.expires)}"
    if each.sort.is_a_notice:
        lapses = order.lapses_at
        return (
            f"until a court hears it, at most {moment(lapses)}"
            if lapses
            else ("until a court hears it")
        )
    return "until further order"


def broken(incident_id: UUID, *, by: Any, at: datetime) -> Broken | None:
    """Say of which order an incident may be a breach, and what is to be decided of that."""
    found = queries.breach_of(incident_id, by=by)
    if found is None:
        return None
    breach, each = found
    then = breach.incident.starts_at or breach.recorded_at
    court = not each.sort.breach_is_a_crime
    open_yet = court and not breach.decided and by.may(Permission.KEEP_ORDERS)
    becomes = f"For the court: {breach.get_decided_display().lower()}." if court else ""
    if breach.decided_by is not None:
        becomes += f" {breach.decided_by.name}: “{breach.decided_why}”."
    return Broken(
        path=reverse("protection:order", args=[each.order.pk]),
        title=each.sort.label,
        tag=state_words(each, at=at)[0],
        crime=not court,
        lines=tuple(breach_words(each, at=then)),
        becomes=becomes,
        decide=reverse("protection:order_breach_decide", args=[breach.pk]) if open_yet else "",
    )


def soon(member: Any, *, at: datetime) -> list[Note]:
    """Say how many orders of a member's cases end soon or wait to be served, and of all."""
    found = listing.soon(by=member, at=at)
    said = []
    if found.own:
        ends = "ends" if found.own == 1 else "end"
        said.append(Note(f"{counted(found.own, 'order')} of your cases {ends} soon.", "soon"))
    if found.all_of_them > found.own:
        others = found.all_of_them - found.own
        ends = "ends" if others == 1 else "end"
        said.append(Note(f"{counted(others, 'order')} of others {ends} soon.", "soon"))
    if found.own_unserved:
        are = "is" if found.own_unserved == 1 else "are"
        says = f"{counted(found.own_unserved, 'order')} of your cases {are} not shown to be served."
        said.append(Note(says, "unserved"))
    return said
