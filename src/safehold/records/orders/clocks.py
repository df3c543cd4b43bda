"""The deadlines that an order starts and stops by itself, in every open case that it is in.

What should run is worked out from the order as it stands, and held against what does: whoever
records something thinks of no clock. One that somebody stopped by hand stays stopped until what it
counts from changes. It is the software's own act: a case that whoever acts may not see is not left
without its deadline.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Max

from safehold.domain import deadline_rules, order_states, orders
from safehold.domain.deadlines import LONDON, Unknown
from safehold.domain.order_states import State
from safehold.records import row_security
from safehold.records.cases.models import Case
from safehold.records.deadlines import operations as deadlines
from safehold.records.deadlines.models import About, Deadline
from safehold.records.deadlines.operations import Starting
from safehold.records.orders.keeping import standing_services, was_heard
from safehold.records.orders.models import Order
from safehold.records.orders.models_of_history import Came, Service, Sort, Timed
from safehold.records.orders.queries import served_of, terms_of
from safehold.records.staff.models import StaffMember

_SERVED = Unknown("when the order was served")
_MADE = Unknown("on which day the order was made")
_AGAIN = Unknown("from which day he has to tell the police himself again")
_EARLIEST = 2001  # deadlines are not reckoned from before
_ARREST = Unknown("when he was arrested for it, if he was")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A clock that should run: from when, for how long, and until when it can still start."""

    rule: str
    starts: datetime | Unknown
    number: int | None = None
    lapses_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Follows:
    """The act that the clocks follow: whose, when, why, and what proves what was done."""

    by: StaffMember
    at: datetime
    why: str
    proof: str = "none"
    done_at: datetime | None = None


def follow(order: Order, act: Follows, *, again: bool = False) -> None:
    """Start, change and stop the clocks of an order, inside the act that changed it.

    With `again` also those run that were stopped as they are.
    """
    sort = orders.ORDERS[order.kind]
    own = [key for key in (sort.hearing, sort.notify, sort.ends, "order_ends") if key]
    wanted = {each.rule: each for each in _wanted(order, sort, at=act.at)}
    with row_security.as_system():
        for case in Case.objects.filter(orders__order=order, closed_at=None).order_by("pk"):
            rows = Deadline.objects.filter(
                case=case, about=About.ORDER, about_id=order.pk, superseded_by=None
            )
            rows = rows.select_related("rule").order_by("made_at", "pk")
            for key in dict.fromkeys(own):
                found = [row for row in rows if row.rule.key == key]
                _bring(order, case, [] if again else found, wanted.get(key), act)


def change_not_told(order: Order, changed_on: date | None, act: Follows) -> None:
    """Start the clock of a change that he has to tell the police of."""
    rule = orders.ORDERS[order.kind].change
    starts = _day(changed_on) if changed_on else Unknown("on which day it changed")
    _begin_in_each(order, rule, starts, act, about=About.ORDER, about_id=order.pk)


def change_told(order: Order, act: Follows) -> None:
    """Stop the clocks of changes: he told the police."""
    _halt_all(orders.ORDERS[order.kind].change, About.ORDER, order.pk, act)


def breach_opened(order: Order, incident_id: UUID, act: Follows) -> None:
    """Start the clock by which he is before the court, where a breach is for it."""
    rule = court_clock(order)
    _begin_in_each(order, rule, _ARREST, act, about=About.INCIDENT, about_id=incident_id)


def breach_decided(order: Order, incident_id: UUID, act: Follows) -> None:
    """Stop the clock of the court: somebody decided what becomes of the breach."""
    _halt_all(orders.ORDERS[order.kind].court, About.INCIDENT, incident_id, act)


def court_clock(order: Order) -> str:
    """Return the clock by which he is before the court after a breach, empty for none."""
    sort = orders.ORDERS[order.kind]
    if sort.arrest_may_attach and order.power_of_arrest is not True:
        return ""
    return sort.court


def _wanted(order: Order, sort: orders.Order, *, at: datetime) -> list[Wanted]:
    if order_states.state(terms_of(order), at=at) is State.ENDED:
        return []
    services = standing_services(order)
    found = []
    if sort.hearing and not was_heard(order):
        found.append(Wanted(sort.hearing, _first(services, to_the_minute=True)))
    if sort.notify and not _told_or_exempt(order):
        found.append(_notify(order, sort, services))
    if sort.ends and order.expires is not None:
        found += _ends(order, sort, order.expires, at=at)
    return found


def _notify(order: Order, sort: orders.Order, services: list[Service]) -> Wanted:
    over = _day(order.expires + timedelta(days=1)) if order.expires else None
    if order.exemptions.exclude(ended_at=None).exists():
        return Wanted(sort.notify, _AGAIN)
    if sort.notify_from == "made":
        return Wanted(sort.notify, _day(order.made_on) if order.made_on else _MADE)
    if not order_states.knew(terms_of(order), served_of(services)):
        services = []  # served after it was over starts nothing
    return Wanted(sort.notify, _first(services, to_the_minute=False), lapses_at=over)


def _told_or_exempt(order: Order) -> bool:
    if order.exemptions.filter(ended_at=None).exists():
        return True
    told = order.notified.filter(sort=Sort.FIRST)
    ended = order.exemptions.aggregate(last=Max("ended_at"))["last"]
    return (told.filter(recorded_at__gt=ended) if ended else told).exists()


def _ends(order: Order, sort: orders.Order, expires: date, *, at: datetime) -> list[Wanted]:
    today = at.astimezone(LONDON).date()
    known = [day for day in (order.made_on, order.begins) if day is not None and day <= today]
    begins = min(known, default=order.recorded_at.astimezone(LONDON).date())
    number = (expires - begins).days + 1
    rules = deadline_rules.every()
    for key in dict.fromkeys((sort.ends, "order_ends")):
        least = rules[key].least or 1
        if least <= number <= rules[key].number:
            return [Wanted(key, _day(begins), number)]
    return []


def _first(services: list[Service], *, to_the_minute: bool) -> datetime | Unknown:
    served = [each for each in services if each.came == Came.SERVED and each.at is not None]
    if to_the_minute:
        served = [each for each in served if each.precision == Timed.MOMENT]
    times = [each.at for each in served if each.at is not None]
    if times:
        return min(times)
    day_alone = to_the_minute and any(each.precision == Timed.DAY for each in services)
    return Unknown("at what minute it was served") if day_alone else _SERVED


def _bring(
    order: Order, case: Case, rows: list[Deadline], wanted: Wanted | None, act: Follows
) -> None:
    running = [row for row in rows if row.runs]
    if wanted is None:
        for row in running:
            _halt(row, act)
        return
    same = [row for row in running if _is(row, wanted)]
    if same or (not running and rows and _is(rows[-1], wanted)):
        return  # it runs, or somebody stopped this very one
    for row in running:
        starts = _learnt(row, wanted)
        if starts is not None:
            deadlines.learn(row, starts, how=act.why, by=act.by, at=act.at)
            return
        _halt(row, act)
    starting = Starting(
        wanted.rule,
        wanted.starts,
        about=About.ORDER,
        about_id=order.pk,
        number=wanted.number,
        lapses_at=wanted.lapses_at,
    )
    _begin(case, starting, act)


def _begin_in_each(
    order: Order,
    rule: str,
    starts: datetime | Unknown,
    act: Follows,
    *,
    about: About,
    about_id: UUID,
) -> None:
    if not rule:
        return
    with row_security.as_system():
        for case in Case.objects.filter(orders__order=order, closed_at=None).order_by("pk"):
            there = Deadline.objects.filter(
                case=case, about=about, about_id=about_id, rule__key=rule, stopped_at=None
            )
            if not there.filter(superseded_by=None).exists():
                _begin(case, Starting(rule, starts, about=about, about_id=about_id), act)


def _begin(case: Case, starting: Starting, act: Follows) -> None:
    if isinstance(starting.starts, datetime) and starting.starts.year < _EARLIEST:
        starting = replace(starting, starts=Unknown("a start that can be reckoned from"))
    if not deadlines.refusal(deadline_rules.every()[starting.rule]):
        deadlines.begin(case, starting, by=act.by, at=act.at)


def _halt_all(rule: str, about: About, about_id: UUID, act: Follows) -> None:
    with row_security.as_system():
        rows = Deadline.objects.filter(about=about, about_id=about_id, rule__key=rule)
        running = rows.filter(stopped_at=None, superseded_by=None).select_related("rule")
        for row in running.order_by("pk"):
            _halt(row, act)


def _halt(row: Deadline, act: Follows) -> None:
    done = act.done_at or act.at
    if row.starts_at is not None:
        done = max(done, row.starts_at)
    deadlines.halt(
        row, how=act.why, proof=act.proof, done_at=min(done, act.at), by=act.by, at=act.at
    )


def _is(row: Deadline, wanted: Wanted) -> bool:
    starts = wanted.starts
    same = row.missing == starts.missing if isinstance(starts, Unknown) else row.starts_at == starts
    return same and (wanted.number is None or row.number == wanted.number)


def _learnt(row: Deadline, wanted: Wanted) -> datetime | None:
    """Return the start that one without any gets, None where another has to begin in its place."""
    starts = wanted.starts
    if row.starts_at is not None or isinstance(starts, Unknown) or row.number != wanted.number:
        return None
    return starts if row.lapses_at is None or starts <= row.lapses_at else None


def _day(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=LONDON)
