"""A service in the words of the page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext, gettext_noop

from safehold.domain.opening_hours import (
    DAY,
    Hours,
    OnBankHolidays,
    OpenNow,
    Run,
    closes,
    runs,
)
from safehold.domain.services import Answer, Match, SafeContact, Service, words

DAY_NAMES: Final = (
    gettext_noop("Monday"),
    gettext_noop("Tuesday"),
    gettext_noop("Wednesday"),
    gettext_noop("Thursday"),
    gettext_noop("Friday"),
    gettext_noop("Saturday"),
    gettext_noop("Sunday"),
)
_NOON: Final = 12 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One service as the list says it; an empty text is left out."""

    number: int
    name: str
    about: str
    now: str
    serves: str
    ages: str
    phone: str
    text: str
    email: str
    web: str
    hours: str
    where: str
    ways: str
    languages: str
    safe: tuple[str, ...]
    unmet: tuple[str, ...]
    checked: date


def lines(found: Sequence[Match], *, first: int, at: datetime) -> list[Line]:
    """Say services in words, numbered from `first`; `at` is local time."""
    return [_line(match, number, at) for number, match in enumerate(found, first)]


def hours_in_words(hours: Hours) -> str:
    """Say a week: Monday to Friday, 9am to 5pm. Closed on bank holidays."""
    if hours.always:
        return gettext("At any hour, every day")
    if not hours.known:
        return gettext("They have not said when they answer")
    week = "; ".join(_run(run) for run in runs(hours))
    holidays = {
        OnBankHolidays.CLOSED: gettext("Closed on bank holidays."),
        OnBankHolidays.OPEN: gettext("Open on bank holidays too."),
        OnBankHolidays.UNKNOWN: gettext("Bank holidays may differ."),
    }
    return f"{week}. {holidays[hours.on_bank_holidays]}"


def now_in_words(state: OpenNow, hours: Hours, at: datetime) -> str:
    """Say whether somebody answers now; nothing where it is not known."""
    if state is OpenNow.UNKNOWN:
        return ""
    if state is OpenNow.CLOSED:
        return gettext("Closed now")
    until = closes(hours, at)
    if until is None or until > DAY:
        return gettext("Open now")
    return gettext("Open now, until %(time)s") % {"time": _clock(until)}


def safe_in_words(safe: SafeContact) -> tuple[str, ...]:
    """Say what she has to know before she calls; what is not known is never said as safe."""
    said = [
        gettext("Calls are free.") if safe.free is Answer.YES else "",
        gettext("They say that calls are not named on bills.")
        if safe.hidden_on_bill is Answer.YES
        else gettext("A call may be named on your phone bill."),
        {
            Answer.YES: gettext("If they call you back, their number is hidden."),
            Answer.NO: gettext("If they call you back, their number shows."),
            Answer.UNKNOWN: gettext("If they call you back, their number may show."),
        }[safe.hides_number],
        gettext("They leave no message unless you agree.")
        if safe.leaves_no_message is Answer.YES
        else gettext("Tell them whether they may leave a message."),
        {
            Answer.YES: gettext("You need not give your name."),
            Answer.NO: gettext("They ask for your name."),
            Answer.UNKNOWN: "",
        }[safe.without_name],
    ]
    return tuple(one for one in said if one)


def _line(match: Match, number: int, at: datetime) -> Line:
    service = match.listed.service
    return Line(
        number=number,
        name=service.name,
        about=service.about,
        now=now_in_words(match.open_now, service.hours, at),
        serves=gettext(words("serves")[service.serves]),
        ages=service.ages,
        phone=service.phone,
        text=service.text,
        email=service.email,
        web=service.web,
        hours=hours_in_words(service.hours),
        where=_where(service),
        ways=_listed(words("needs_served"), service.needs),
        languages=_languages(service),
        safe=safe_in_words(service.safe),
        unmet=_unmet(match),
        checked=match.listed.verified_on,
    )


def _where(service: Service) -> str:
    where = ", ".join(sorted(service.districts)) or gettext("Everywhere here")
    if service.is_refuge:
        return gettext("Its address is kept secret. They tell you how to come.")
    if service.meets_in:
        return gettext("%(where)s. They meet people in %(town)s; ask them where.") % {
            "where": where,
            "town": service.meets_in,
        }
    return where


def _languages(service: Service) -> str:
    spoken = _listed(words("languages"), service.languages)
    if service.interpreter:
        bring = gettext("They bring an interpreter for other languages.")
        return f"{spoken}. {bring}" if spoken else bring
    return spoken


def _unmet(match: Match) -> tuple[str, ...]:
    said = []
    if match.closed:
        said.append(
            gettext("They are closed now.")
            if match.open_now is OpenNow.CLOSED
            else gettext("We do not know whether they answer now.")
        )
    if match.unmet_language:
        said.append(gettext("They have not said that they speak the language you chose."))
    if match.unmet_needs:
        named = _listed(words("needs_served"), match.unmet_needs)
        said.append(
            gettext("They have not said that they have ways of their own for: %(people)s.")
            % {"people": named}
        )
    return tuple(said)


def _listed(table: object, keys: Iterable[str]) -> str:
    wanted = set(keys)
    labels = dict(table)  # type: ignore[call-overload]  # a table of the rules
    return ", ".join(gettext(label) for key, label in labels.items() if key in wanted)


def _run(run: Run) -> str:
    first, last = gettext(DAY_NAMES[run.first]), gettext(DAY_NAMES[run.last])
    days = (
        first
        if run.first == run.last
        else gettext("%(first)s to %(last)s") % {"first": first, "last": last}
    )
    spans = gettext(" and ").join(
        gettext("%(from)s to %(until)s") % {"from": _clock(start), "until": _clock(end)}
        for start, end in run.spans
    )
    return gettext("%(days)s, %(times)s") % {"days": days, "times": spans}


def _clock(minute: int) -> str:
    """Write a time as people say it: 9am, 5:30pm, noon, midnight."""
    minute %= DAY
    if minute == 0:
        return gettext("midnight")
    if minute == _NOON:
        return gettext("noon")
    hour, rest = divmod(minute % _NOON, 60)
    figures = f"{hour or 12}:{rest:02}" if rest else f"{hour or 12}"
    if minute < _NOON:
        return gettext("%(time)sam") % {"time": figures}
    return gettext("%(time)spm") % {"time": figures}
