"""Orders as an officer meets them: the list, one order, each act on it, and the card for patrol."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from safehold.domain.access import Role
from safehold.domain.order_zones import MASKED
from safehold.protection.order_acts import ACTS
from safehold.records.audit.models import AuditEvent
from safehold.records.deadlines.models import Deadline
from safehold.records.incidents.models import Incident
from safehold.records.orders.models import Breach, Notified, Order, OrderAct, Service
from safehold.records.orders.recording import Said
from safehold.records.people import facts
from safehold.records.people.models import Person
from tests.desk import AT, REASON, member, sign_in
from tests.ordered import DAY, TODAY, order, served
from tests.safeguarded import HE, SAID, SHE, Safeguarded, safeguarded

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.urls("safehold.config.urls.staff"),
]
HOUR = timedelta(hours=1)
LOOK = {"look_reason": REASON}


@pytest.fixture(autouse=True)
def now():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def officer() -> Any:
    return member()


@pytest.fixture
def of(officer) -> Safeguarded:
    return safeguarded(officer, at=AT - 20 * DAY)


def desk_of(who: Any) -> Client:
    client = Client()
    sign_in(client, who)
    return client


@pytest.fixture
def desk(officer) -> Client:
    return desk_of(officer)


def words(answer: Any) -> str:
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()))


def path(made: Order, rest: str = "") -> str:
    return f"/staff/orders/{made.pk}/{rest}"


def opened(desk: Client, made: Order, rest: str = "") -> str:
    desk.post(path(made), LOOK)
    return words(desk.get(path(made, rest)))


def test_the_list_has_no_name_and_no_condition(desk, officer, of) -> None:
    order(of, officer)
    page = words(desk.get("/staff/orders/"))
    he = Person.objects.get(pk=of.he).reference
    assert "Non-molestation order" in page
    assert he in page
    assert "Not shown to be served" in page
    for hidden in (HE, SHE, "contact her"):
        assert hidden not in page


@pytest.mark.parametrize(
    ("which", "nothing"),
    [
        ("holding", "No order holds"),
        ("soon", "No order that holds ends soon"),
        ("unserved", "Every order that holds is shown to be served"),
        ("over", "No order is over"),
        ("x", "No order holds"),
    ],
)
def test_an_empty_list_says_so(desk, which, nothing) -> None:
    later = words(desk.get(f"/staff/orders/?which={which}&after={uuid4()}"))
    assert "No more orders. From the start" in later
    assert nothing in words(desk.get(f"/staff/orders/?which={which}"))


def test_an_order_of_somebody_hidden_is_not_there(desk, officer, of) -> None:
    made = order(of, officer)
    Person.objects.filter(pk=of.she).update(sealed_to=Role.PROFESSIONAL_STANDARDS)
    assert "No order holds" in words(desk.get("/staff/orders/"))
    for rest in ("", "card/", "breach/", *(f"do/{what}/" for what in ACTS)):
        assert desk.get(path(made, rest)).status_code == 404, rest
        assert desk.post(path(made, rest), {"why": REASON}).status_code == 404, rest


def test_a_reason_comes_first_and_is_kept_for_the_shift(desk, officer, of) -> None:
    made = order(of, officer)
    for rest in ("", "card/"):
        page = words(desk.get(path(made, rest)))
        assert "Why do you need to see this?" in page
        assert HE not in page
    assert "Give a reason." in words(desk.post(path(made), {"look_reason": ""}))
    assert not AuditEvent.objects.filter(action="looked").exists()
    assert HE in words(desk.post(path(made), LOOK))
    assert HE in words(desk.get(path(made, "card/")))
    rows = AuditEvent.objects.filter(action="looked", subject_kind="order")
    assert {row.reason for row in rows} == {REASON}
    with time_machine.travel(AT + timedelta(hours=11), tick=False):
        again = desk_of(officer)
        assert HE not in words(again.get(path(made)))


def test_whoever_opened_somebody_in_it_said_why(desk, officer, of) -> None:
    made = order(of, officer)
    page = words(desk.post(f"/staff/people/{of.she}/", LOOK))
    assert "Non-molestation order" in page
    assert "Record an order" in page
    assert HE in words(desk.get(path(made)))


def test_the_title_and_the_address_name_nobody(desk, officer, of) -> None:
    made = order(of, officer)
    desk.post(path(made), LOOK)
    for rest in ("", "card/"):
        body = desk.get(path(made, rest)).content.decode()
        title = re.search(r"<title>(.*?)</title>", body, re.S)
        assert title
        assert HE not in title[1]
        assert SHE not in title[1]


@pytest.mark.parametrize("protected", [True, False])
def test_no_card_and_no_list_shows_where_she_lives(officer, of, protected) -> None:
    facts.add_home(
        identity=of.she,
        line="14 Alder Row",
        postcode="SB1 2AB",
        protected=protected,
        origin=SAID,
        by=officer,
        at=AT,
    )
    made = order(
        of,
        officer,
        authority="Heard at ALDER ROW court",
        conditions=(
            Said("place", "Not to come within 100 m of 14, Alder Row, Eastmere"),
            Said("place", "Not to enter anywhere in sb12ab", "The north of the harbour"),
            Said("home", "To leave the house", "Behind Alder Row"),
            Said("contact", "Not to write to 14 alder row"),
        ),
    )
    served(made, officer, AT - HOUR, proof="Handed over at 14 Alder Row", by_whom="PC 1")
    other = desk_of(member(name="Ro Tarn"))
    other.post(path(made), LOOK)
    pages = {
        "card": other.get(path(made, "card/")),
        "person": other.post(f"/staff/people/{of.he}/", LOOK),
        "case": other.post(f"/staff/cases/{of.pk}/", LOOK),
    }
    if protected:  # of one that is not, whoever opens the order reads the words of the court
        pages["order"] = other.get(path(made))
    for name, answer in pages.items():
        said = words(answer).casefold()
        assert "alder row" not in said, name
        assert "sb12ab" not in said, name
        assert MASKED in words(answer), name
    assert "The north of the harbour" in words(pages["card"])
    own = desk_of(officer)
    own.post(path(made), LOOK)
    assert "Not to write to 14 alder row" in words(own.get(path(made))), "named for the address"
    assert "alder row" not in words(own.get(path(made, "card/"))).casefold()


@pytest.mark.parametrize(
    ("kind", "is_served", "says"),
    [
        ("dvpo", True, "If he breaks it: no crime, but for the court."),
        ("nmo", True, "If he breaks it: a crime. Only if he knew of the order."),
        ("nmo", False, "Nothing here shows that he knew of it. Without that there is no breach"),
        ("spo", False, "Nothing here shows that he knew of it: find out."),
        ("dvpo", True, "Power of arrest: none stands in an order of this kind."),
        ("occupation", True, "Power of arrest: not known."),
    ],
)
def test_the_card_says_what_a_breach_is(desk, officer, of, kind, is_served, says) -> None:
    made = order(of, officer, kind=kind, expires=TODAY + 20 * DAY)
    if is_served:
        served(made, officer, AT - HOUR)
    card = opened(desk, made, "card/")
    assert says in card
    assert "Not to contact her by any means" in card
    assert "until 12 December 2026" in card


def test_the_card_of_one_that_is_over_says_so(desk, officer, of) -> None:
    made = order(of, officer, expires=TODAY - DAY)
    card = opened(desk, made, "card/")
    assert "Over since 21 November 2026" in card
    assert "It does not hold now" in card
    assert "It was over before anything shows that he knew of it" in opened(desk, made)


def test_served_after_it_was_over_is_kept_and_said_to_prove_nothing(desk, officer, of) -> None:
    made = order(of, officer, expires=TODAY - DAY, made_on=TODAY - 9 * DAY)
    served(made, officer, AT - HOUR)
    page = opened(desk, made)
    assert "It was over already: this proves nothing." in page
    assert "That was when it was over already" in page
    assert "it was over by then" in opened(desk, made, "card/")


def _new(of: Safeguarded, **changes: Any) -> dict[str, Any]:
    given = {
        "kind": "nmo",
        "respondent": str(of.he),
        "protects": [str(of.she)],
        "case": str(of.pk),
        "once": str(uuid4()),
        "made_on": "20/11/2026",
        "condition_0_sort": "place",
        "condition_0_words": "Not to enter Quay Bridge",
        "condition_0_zone": "The bridge",
    }
    return {**given, **changes}


def test_an_order_is_recorded_from_a_case(desk, of) -> None:
    at = f"/staff/cases/{of.pk}/orders/new/"
    assert HE not in words(desk.get(at)), "the case asks why first"
    desk.post(f"/staff/cases/{of.pk}/", LOOK)
    page = words(desk.get(at))
    assert "Domestic abuse protection order" in page
    assert f"{HE}: said to have done it" in page
    answer = desk.post(at, _new(of))
    made = Order.objects.get()
    assert answer.headers["Location"] == path(made)
    assert made.conditions.get().zone == "The bridge"
    page = words(desk.get(path(made)))
    assert "On the card: The bridge" in page
    assert of.case.reference in page


def test_an_order_is_recorded_from_a_person_with_others_by_reference(desk, of) -> None:
    at = f"/staff/people/{of.she}/orders/new/"
    assert desk.get(at).headers["Location"] == f"/staff/people/{of.she}/"
    desk.post(f"/staff/people/{of.she}/", LOOK)
    assert "In which case" in words(desk.get(at))
    he = Person.objects.get(pk=of.he).reference
    typed = _new(of, respondent="", respondent_reference=f" {he.lower()} ", case="")
    desk.post(at, typed)
    made = Order.objects.get()
    assert made.respondent_id == of.he
    assert "It is in no open case that you can see" in words(desk.get(path(made)))


def test_kinds_that_are_not_live_here_are_not_offered(desk, of, settings) -> None:
    from dataclasses import replace

    settings.FORCE = replace(settings.FORCE, orders_live_here=())
    desk.post(f"/staff/cases/{of.pk}/", LOOK)
    at = f"/staff/cases/{of.pk}/orders/new/"
    assert "Domestic abuse protection" not in words(desk.get(at))
    assert "Choose one of the list." in words(desk.post(at, _new(of, kind="dapo")))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"kind": ""}, "Choose one."),
        ({"respondent": ""}, "Say whom it binds."),
        ({"respondent_reference": "P-0000-0000"}, "Choose from the list, or write a reference."),
        ({"respondent": "", "respondent_reference": "P-0"}, "No person that you may know of"),
        ({"protects_references": "P-0 P-1"}, "No person that you may know of"),
        ({"made_on": "tomorrow"}, "Write the day like 27/3/2026."),
        ({"made_on": "23/11/2026"}, "a day that is still to come"),
        ({"expires": "1/11/2026"}, "It cannot end before it was made."),
        ({"condition_0_sort": ""}, "Choose what sort of condition it is."),
        ({"condition_0_words": ""}, "Write the condition."),
        ({"condition_0_sort": "contact"}, "Only a place has words for the card."),
    ],
)
def test_an_error_stands_in_its_place_and_nothing_typed_is_lost(desk, of, changes, says) -> None:
    desk.post(f"/staff/cases/{of.pk}/", LOOK)
    answer = desk.post(
        f"/staff/cases/{of.pk}/orders/new/", _new(of, authority="Mere Court", **changes)
    )
    page = words(answer)
    assert answer.status_code == 200
    assert says in page
    assert 'value="Mere Court"' in answer.content.decode()
    assert not Order.objects.exists()


def test_a_length_that_the_rule_does_not_allow_is_recorded_with_a_warning(desk, of) -> None:
    desk.post(f"/staff/cases/{of.pk}/", LOOK)
    at = f"/staff/cases/{of.pk}/orders/new/"
    answer = desk.post(at, _new(of, kind="dvpo", expires="20/2/2027"))
    page = words(desk.get(answer.headers["Location"]))
    assert "93 days are more than the 28" in page, page


# What each act is sent, what it leaves, and what is wrong with it where one box is empty.
SENT: dict[str, tuple[dict[str, Any], str]] = {
    "serve": (
        {"came": "served", "on": "22/11/2026", "clock": "08:30", "how": "in_person"},
        "22 November 2026, 08:30, Handed over in person",
    ),
    "amend": ({"power_of_arrest": "yes", "why": REASON}, "Power of arrest: nothing, now Yes"),
    "condition": (
        {"sort": "online", "words": "Not to post about her", "why": REASON},
        "Not to post about her",
    ),
    "extend": ({"expires": "20/12/2027", "why": REASON}, "now 20 December 2027"),
    "end": ({"on": "22/11/2026", "why": REASON}, f"Ended 22 November 2026: {REASON}"),
    "protect": ({"reference": "", "why": REASON}, "Protects: nothing, now P-"),
    "protect-no-more": ({"person": "", "why": REASON}, "Nobody is named"),
    "told": (
        {"sort": "first", "told_on": "22/11/2026", "names": "As on the order", "no_home": "on"},
        "He told us on 22 November 2026, As on the order, he has no home",
    ),
    "exempt": ({"basis": "soa", "why": REASON}, "Sexual Offences Act 2003"),
    "exempt-no-more": ({"why": REASON}, "It is asked of him again"),
    "heard": ({"came": "made", "on": "22/11/2026", "why": REASON}, "The court made the order"),
    "holds-again": ({"why": REASON}, "Its end taken back"),
    "case": ({"case": ""}, "In C-"),
}


def test_every_act_is_tried_here() -> None:
    assert set(SENT) == set(ACTS)


@pytest.mark.parametrize("what", SENT)
def test_each_act_says_what_is_missing_and_then_is_done(desk, officer, of, what) -> None:
    kind = {"heard": "dvpn"}.get(what, "spo")
    made = order(of, officer, kind=kind, case_id=None if what == "case" else of.pk)
    desk.post(path(made), LOOK)
    first = {"exempt-no-more": "exempt", "holds-again": "end"}.get(what)
    if first:
        desk.post(path(made, f"do/{first}/"), SENT[first][0])
    sent, leaves = dict(SENT[what][0]), SENT[what][1]
    sent |= {"protect": {"reference": Person.objects.get(pk=of.child).reference}}.get(what, {})
    sent |= {"protect-no-more": {"person": str(of.she)}}.get(what, {})
    sent |= {"case": {"case": str(of.pk)}}.get(what, {})
    at = path(made, f"do/{what}/")
    assert ACTS[what].title in words(desk.get(at))
    if what != "serve":
        empty = desk.post(at, dict.fromkeys(sent, ""))
        assert empty.status_code == 200
        assert f"Error: {ACTS[what].title}" in words(empty)
    answer = desk.post(at, sent)
    assert answer.status_code == 302, words(answer)
    assert leaves in words(desk.get(path(made)))


def test_a_form_is_never_turned_away_for_a_reason_and_a_page_asks_first(desk, officer, of) -> None:
    made = order(of, officer)
    assert desk.get(path(made, "do/end/")).headers["Location"] == path(made)
    assert desk.post(path(made, "do/end/"), SENT["end"][0]).status_code == 302
    assert Order.objects.get().ended_on == TODAY
    assert AuditEvent.objects.filter(action="looked", reason__contains="To change").exists()


def test_what_there_is_not_to_do_is_not_there(desk, officer, of) -> None:
    made = order(of, officer)
    for rest in ("do/shred/", f"end/shred/{uuid4()}/"):
        assert desk.get(path(made, rest)).status_code == 404
    assert desk.get(f"/staff/breaches/{uuid4()}/").status_code == 404


@pytest.mark.parametrize("what", ["service", "condition"])
def test_a_row_that_is_wrong_is_ended_with_a_reason_and_somebody_may_be_first(
    desk, officer, of, what
) -> None:
    made = order(of, officer)
    row = served(made, officer, AT - HOUR) if what == "service" else made.conditions.get()
    desk.post(path(made), LOOK)
    at = path(made, f"end/{what}/{row.pk}/")
    assert "Give a reason." in words(desk.post(at, {"why": ""}))
    assert desk.post(at, {"why": REASON}).status_code == 302
    assert REASON in words(desk.get(path(made)))
    again = words(desk.post(at, {"why": "Another reason of mine"}))
    assert officer.name in again
    assert "Another reason of mine" in again


def test_service_with_a_time_and_no_day_is_asked_again(desk, officer, of) -> None:
    made = order(of, officer)
    desk.post(path(made), LOOK)
    at = path(made, "do/serve/")
    for sent, says in (
        ({"came": "served", "clock": "08:30"}, "Write the day as well."),
        ({"came": "served", "on": "29/3/2026", "clock": "01:30"}, "the clocks went forward"),
        ({"came": "served", "on": "23/11/2026"}, "That is still to come."),
        ({"on": "22/11/2026"}, "Choose one."),
    ):
        assert says in words(desk.post(at, sent))
    assert not Service.objects.exists()
    desk.post(at, {"came": "served"})
    assert Service.objects.get().precision == "not_known"
    assert "When is not known" in words(desk.get(path(made)))


def test_one_press_opens_an_incident_that_says_what_a_breach_is(desk, officer, of) -> None:
    made = order(of, officer)
    served(made, officer, AT - HOUR)
    once = str(uuid4())
    first = desk.post(path(made, "breach/"), {"once": once})
    incident = Incident.objects.get()
    assert first.headers["Location"] == f"/staff/incidents/{incident.pk}/"
    assert desk.post(path(made, "breach/"), {"once": once}).status_code == 302
    assert Incident.objects.count() == Breach.objects.count() == 1
    page = words(desk.get(f"/staff/incidents/{incident.pk}/"))
    assert "May be a breach of an order" in page
    assert "A breach of it is a crime. Only if he knew of the order." in page
    assert "Crime or not: not yet decided" in page
    assert HE in page
    assert "May be a breach: Non-molestation order" in words(
        desk.post(f"/staff/people/{of.he}/", LOOK)
    )
    desk.post(f"/staff/people/{of.she}/", LOOK)
    assert "May be a breach" in words(desk.post(f"/staff/people/{of.he}/with/{of.she}/", LOOK))


def test_what_is_known_of_a_breach_may_be_written_with_it(desk, officer, of) -> None:
    made = order(of, officer)
    at = path(made, "breach/")
    desk.post(path(made), LOOK)
    assert "Open an incident" in words(desk.get(at))
    later = desk.post(at, {"on": "23/11/2026", "words": "He stood outside"})
    assert "He stood outside" in words(later)
    assert not Incident.objects.exists()
    desk.post(at, {"on": "22/11/2026", "clock": "08:00", "words": "He stood outside"})
    assert Incident.objects.get().note == "He stood outside"


def test_a_breach_for_the_court_is_decided_by_a_person(desk, officer, of) -> None:
    made = order(of, officer, kind="dvpo", expires=TODAY + 20 * DAY)
    desk.post(path(made, "breach/"), {"once": str(uuid4())})
    breach = Breach.objects.get()
    incident = f"/staff/incidents/{breach.incident_id}/"
    page = words(desk.get(incident))
    assert "For the court: not yet decided." in page
    assert "Decide what becomes of the breach" in page
    assert "A breach that is for the court" in words(desk.get(path(made)))
    at = f"/staff/breaches/{breach.pk}/"
    assert "Choose one." in words(desk.post(at, {"why": REASON}))
    assert desk.post(at, {"becomes": "court", "why": REASON}).status_code == 302
    assert "He is brought before the court" in words(desk.get(path(made)))
    assert f"he is brought before the court. {officer.name}: “{REASON}”" in words(
        desk.get(incident)
    )
    second = words(desk.post(at, {"becomes": "no_breach", "why": "It was another man"}))
    assert "decided already" in second
    assert "It was another man" in second


def test_my_work_says_what_ends_soon_and_what_is_not_served(desk, officer, of) -> None:
    assert "end soon" not in words(desk.get("/staff/"))
    order(of, officer, expires=TODAY + 3 * DAY)
    page = words(desk.get("/staff/"))
    assert "1 order of your cases ends soon." in page
    assert "1 order of your cases is not shown to be served." in page
    boss = desk_of(member(Role.SUPERVISOR))
    assert "1 order of others ends soon." in words(boss.get("/staff/"))


def test_the_case_shows_its_orders_and_their_clocks(desk, officer, of) -> None:
    order(of, officer, kind="dvpn", expires=None)
    page = words(desk.post(f"/staff/cases/{of.pk}/", LOOK))
    assert "Domestic violence protection notice" in page
    assert "The card for patrol" in page
    assert "DVPN: the application for a DVPO is heard" in page
    due = words(desk.get(f"/staff/deadlines/{Deadline.objects.get().pk}/"))
    assert "About An order" in due
    assert (
        path(Order.objects.get())
        in desk.get(f"/staff/deadlines/{Deadline.objects.get().pk}/").content.decode()
    )


def test_an_import_shows_how_it_was_served(desk, of) -> None:
    from tests.extracts import example, target

    boss = member(Role.SUPERVISOR)
    example("people", by=boss)
    example("orders", by=boss)
    made = Order.objects.get(reference="F/26/31")
    assert str(made.respondent.identity) == str(target("people", "N1002"))
    page = opened(desk_of(boss), made)
    assert "14 June 2026, 17:05, Handed over in person" in page
    assert "It came with an import" in page or "Served: recorded by" in page
    assert not OrderAct.objects.exists()
    assert not Notified.objects.exists()
