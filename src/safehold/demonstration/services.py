"""Invented support services, in every state that a register knows; nobody answers these numbers.

The numbers are of the ranges kept for drama (https://www.ofcom.org.uk, numbers for drama), the web
addresses of a domain that nobody can have (RFC 2606).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from safehold.domain.opening_hours import DAY, DAYS, Hours, OnBankHolidays, Span
from safehold.domain.services import Answer, SafeContact, Service

_ALWAYS = Hours(always=True, on_bank_holidays=OnBankHolidays.OPEN)
_YES, _NO = Answer.YES, Answer.NO
_CAREFUL = SafeContact(
    free=_YES, hidden_on_bill=_YES, hides_number=_YES, leaves_no_message=_YES, without_name=_YES
)
_USUAL = SafeContact(free=_NO, hides_number=_NO, leaves_no_message=_YES, without_name=_NO)
EVERYTHING = frozenset({"at_home", "control", "sexual", "followed", "family", "online", "spiked"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """A service, how long ago it was asked, in which districts, and why it was withdrawn."""

    service: Service
    asked: timedelta
    districts: tuple[int, ...] = ()
    withdrawn: str = ""


def _week(*spans: Span, days: Sequence[int] = range(5)) -> Hours:
    week = tuple(spans if day in days else () for day in range(DAYS))
    return Hours(week=week, on_bank_holidays=OnBankHolidays.CLOSED)


def _hours(start: float, end: float) -> Span:
    return round(start * 60), round(end * 60)


_OFFICE = _week(_hours(9, 17))


def services(districts: Sequence[str]) -> list[tuple[Service, timedelta, str]]:
    """Give every service with its districts named, how long ago it was asked, and why withdrawn.

    `districts` are the force's, in order; a number beyond them wraps round.
    """
    return [
        (
            replace(
                one.service,
                districts=frozenset(districts[number % len(districts)] for number in one.districts),
            ),
            one.asked,
            one.withdrawn,
        )
        for one in SERVICES
    ]


def _one(
    days: int,
    name: str,
    about: str,
    harms: str,
    *,
    serves: str = "everyone",
    needs: str = "",
    districts: tuple[int, ...] = (),
    hours: Hours = _OFFICE,
    languages: str = "",
    interpreter: bool = False,
    safe: SafeContact = _USUAL,
    withdrawn: str = "",
    ages: str = "",
    meets_in: str = "",
    is_refuge: bool = False,
    phone: str = "",
    text: str = "",
    email: str = "",
    web: str = "",
) -> Invented:
    service = Service(
        name=name,
        about=about,
        serves=serves,
        ages=ages,
        harms=frozenset(harms.split()),
        needs=frozenset(needs.split()),
        meets_in=meets_in,
        is_refuge=is_refuge,
        phone=phone,
        text=text,
        email=email,
        web=web,
        hours=hours,
        languages=frozenset(languages.split()),
        interpreter=interpreter,
        safe=safe,
    )
    return Invented(
        service=service, asked=timedelta(days=days), districts=districts, withdrawn=withdrawn
    )


SERVICES: tuple[Invented, ...] = (
    _one(
        9,
        "Harbour Light line",
        "Talks with you about harm at home and what could keep you safer tonight. Finds a refuge.",
        "at_home control family child",
        serves="women",
        hours=_ALWAYS,
        languages="pl ur ro",
        interpreter=True,
        safe=_CAREFUL,
        phone="0808 157 0101",
        web="www.harbour-light.example",
    ),
    _one(
        20,
        "Harbour Light refuge",
        "A place to live for women who must leave, and for their children.",
        "at_home control family",
        serves="women",
        is_refuge=True,
        hours=_ALWAYS,
        interpreter=True,
        safe=_CAREFUL,
        phone="0808 157 0102",
    ),
    _one(
        31,
        "Saltings Centre after an assault",
        "Medical care and an examination after a rape or assault. You need not tell the police.",
        "sexual spiked",
        hours=_ALWAYS,
        needs="men lgbt",
        interpreter=True,
        safe=_CAREFUL,
        meets_in="Merehaven",
        phone="0808 157 0103",
        web="www.saltings-centre.example",
    ),
    _one(
        45,
        "Northgate Counselling",
        "Counselling after something sexual, however long ago it was.",
        "sexual child",
        ages="13 and over",
        hours=_week(_hours(9.5, 13), _hours(14, 20), days=(0, 1, 2, 3)),
        meets_in="Merehaven",
        districts=(0, 1),
        phone="01632 960111",
        email="hello@northgate-counselling.example",
    ),
    _one(
        60,
        "Someone Behind You",
        "Helps you plan and keep a record when someone follows or contacts you again and again.",
        "followed online",
        hours=_week(_hours(9.5, 16)),
        safe=replace(_USUAL, free=_YES),
        phone="0808 157 0104",
        web="www.someone-behind-you.example",
    ),
    _one(
        12,
        "Open Door for men",
        "For men and boys who are hurt or controlled by a partner or family.",
        "at_home control sexual",
        serves="men",
        needs="men",
        hours=_week(_hours(10, 16), days=(0, 2, 4)),
        safe=replace(_CAREFUL, hides_number=_NO),
        phone="01632 960112",
    ),
    _one(
        77,
        "Rainbow Tide",
        "LGBT+ people who support LGBT+ people after harm at home, hate or assault.",
        " ".join(sorted(EVERYTHING - {"family"})),
        needs="lgbt",
        hours=_week(_hours(12, 20), days=(1, 2, 3, 4)),
        phone="01632 960113",
        text="07700 900113",
        email="talk@rainbow-tide.example",
    ),
    _one(
        15,
        "Sister Bridge",
        "By and for Black and minoritised women: harm at home, forced marriage, cutting.",
        "at_home control family sexual",
        serves="women",
        needs="minoritised faith no_recourse",
        languages="ar bn gu hi pa so ur",
        hours=_week(_hours(9, 17), days=(0, 1, 2, 3, 4)),
        safe=_CAREFUL,
        phone="0808 157 0105",
    ),
    _one(
        28,
        "No Recourse Desk",
        "Advice on money, a roof and your visa if you may not claim benefits.",
        "at_home control family",
        needs="no_recourse minoritised",
        languages="ar pt es",
        interpreter=True,
        hours=_week(_hours(10, 15), days=(1, 3)),
        phone="01632 960114",
    ),
    _one(
        150,
        "Hands That Speak",
        "Deaf advocates who use sign language. You can write, text or meet by video.",
        "at_home control sexual followed",
        needs="deaf disabled",
        languages="bsl",
        hours=_week(_hours(9, 16.5)),
        text="07700 900114",
        email="sign@hands-that-speak.example",
        safe=SafeContact(leaves_no_message=_YES),
    ),
    _one(
        34,
        "Able and Heard",
        "For disabled people whose partner, family or carer hurts or controls them.",
        "at_home control sexual",
        needs="disabled deaf older",
        hours=_week(_hours(9, 17)),
        phone="01632 960115",
    ),
    _one(
        52,
        "Later Life Safe",
        "For people of 60 and over who are harmed by a partner, a child or a carer.",
        "at_home control",
        needs="older disabled",
        ages="60 and over",
        hours=_week(_hours(9, 13)),
        districts=(0, 2),
        phone="01632 960116",
    ),
    _one(
        6,
        "Tideway Young People",
        "Talks with young people about whatever happens at home, online or with a boyfriend.",
        "at_home control sexual online child followed",
        serves="young",
        needs="young lgbt",
        ages="11 to 25",
        hours=_week(_hours(15, 21), days=range(7)),
        safe=_CAREFUL,
        text="07700 900115",
        phone="0808 157 0106",
        web="www.tideway.example",
    ),
    _one(
        91,
        "Little Anchor",
        "Play and talk for children who saw or heard harm at home.",
        "child at_home",
        serves="young",
        needs="young",
        ages="4 to 12, with a parent who is safe",
        hours=_week(_hours(9, 17), days=(0, 1, 2)),
        districts=(1,),
        phone="01632 960117",
    ),
    _one(
        18,
        "Take It Down Together",
        "Helps to have pictures removed, and with threats to show them.",
        "online followed",
        hours=_week(_hours(8, 22), days=range(7)),
        safe=replace(_CAREFUL, hidden_on_bill=Answer.UNKNOWN),
        phone="0808 157 0107",
        web="www.take-it-down.example",
    ),
    _one(
        39,
        "Clear Head",
        "Tests and advice if you think that your drink was tampered with, or you felt a needle.",
        "spiked",
        hours=_week(_hours(18, 27), days=(3, 4, 5)),
        districts=(0,),
        meets_in="Merehaven",
        phone="01632 960118",
    ),
    _one(
        64,
        "After a Death",
        "Stays with families after a killing or a suicide that followed harm at home.",
        "died",
        hours=_week(_hours(9, 17)),
        interpreter=True,
        phone="01632 960119",
        email="family@after-a-death.example",
    ),
    _one(
        25,
        "Turning",
        "For people who hurt or frighten a partner or family, and want to stop.",
        "changing",
        hours=_week(_hours(9, 17), _hours(18, 20), days=(0, 1, 2, 3)),
        phone="01632 960120",
    ),
    _one(
        47,
        "Faith and Family Support",
        "Women of several faiths who listen, and know what your family and your faith may say.",
        "at_home family control",
        serves="women",
        needs="faith minoritised",
        languages="ur pa ar",
        hours=_week(_hours(10, 14), days=(1, 3)),
        districts=(0, 3),
        phone="01632 960121",
    ),
    _one(
        70,
        "Court Companion",
        "Goes with you to the police or the court, and explains what happens there.",
        " ".join(sorted(EVERYTHING)),
        hours=_week(_hours(8.5, 17)),
        interpreter=True,
        phone="01632 960122",
    ),
    _one(
        160,
        "Locks and Lights",
        "Makes a home safer: locks, lights, an alarm. Free of charge.",
        "at_home followed",
        hours=_week(_hours(8, 16)),
        districts=(0, 1, 2, 3),
        phone="01632 960123",
    ),
    _one(
        21,
        "Victims’ Hand",
        "Listens, and helps with forms, money and what comes next, after any crime.",
        " ".join(sorted(EVERYTHING | {"died", "child"})),
        hours=_week(_hours(8, 20), days=range(6)),
        languages="pl ro uk",
        interpreter=True,
        safe=replace(_CAREFUL, without_name=_NO),
        phone="0808 157 0108",
        web="www.victims-hand.example",
    ),
    _one(
        201,
        "Quiet Room",
        "A drop-in with tea and someone to talk to.",
        "at_home sexual",
        serves="women",
        hours=_week((11 * 60, DAY // 2 + 3 * 60), days=(2,)),
        districts=(2,),
        phone="01632 960124",
    ),
    _one(
        110,
        "Riverside Women",
        "Advice and a group for women who left.",
        "at_home",
        serves="women",
        phone="01632 960125",
        withdrawn="They wrote that they have closed.",
    ),
)
