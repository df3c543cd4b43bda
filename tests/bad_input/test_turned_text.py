"""What a reporter wrote never turns the words around it: each page that shows it isolates it."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.test import Client

from safehold.domain import sharing
from safehold.domain.access import Role
from safehold.records.contacts.models import Profile
from safehold.records.intake import operations as intake
from safehold.records.intake import returns
from safehold.records.intake.tickets import DraftTicket
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.operations import open_new_slips
from tests.bad_input.drawn import RLO
from tests.desk import AT, REASON, arrive, member, send_ask, send_feedback, send_harm, sign_in
from tests.desk_codes import send_with_code
from tests.partners import HOW_KNOWN, WHY, partner
from tests.public.report.conftest import county
from tests.public.report.visitor import Visitor

__all__ = ["county"]

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]

ISOLATES = {"bdi", "textarea"}
VOID = {"br", "input", "img", "meta", "link", "hr"}


def turned(words: str) -> str:
    """Give words that would turn everything after them."""
    return f"{words} {RLO}desrever {words}"


class _Turned(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.met = 0
        self._around: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._around.append(tag in ISOLATES or ("dir", "auto") in attrs)
        self.met += sum(RLO in (value or "") for _, value in attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and self._around:
            self._around.pop()

    def handle_data(self, data: str) -> None:
        if RLO in data:
            self.met += 1
            if not any(self._around):
                self.found.append(data.strip())


def isolated(answer: Any) -> None:
    """Check that a page shows what was written, and that nothing around it is turned."""
    page = _Turned()
    page.feed(answer.content.decode())
    assert answer.status_code == 200
    assert page.met, "the page shows nothing of what was written"
    assert page.found == []


WORDS: dict[str, Any] = {
    "what": {"text": turned("He waited")},
    "victim": {"text": turned("My sister")},
    "name": {"name": turned("Ada")},
    "contact": {"method": "person", "to": turned("The school")},
    "contact_when": {"more": turned("Not at night")},
    "contact_seen": {"answer": "yes", "more": turned("His mother")},
    "code": {"word": turned("marmalade")},
    "language": {"language": turned("Farsi")},
    "if_urgent": {"other": turned("The office"), "never": turned("Ring the bell")},
    "for_others": {"know": turned("She is watched")},
}
NAMED = {**WORDS, "identity": {"how": "named"}}
HIDDEN = {**WORDS, "identity": {"how": "hidden"}, "risk": {"risk": ["weapon"]}}


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(AT, tick=False):
        yield


def desk(role: Role = Role.TRIAGE_OFFICER, name: str = "Dena Okafor") -> Client:
    client = Client()
    sign_in(client, member(role, name=name))
    return client


def opened(client: Client, path: str) -> Any:
    return client.post(f"/staff/{path}", {"reason": REASON}, follow=True)


def test_the_account_of_what_was_done() -> None:
    isolated(opened(desk(), f"reports/{send_harm(**NAMED)}/account/"))


def test_the_account_of_a_place_with_its_place_and_what_is_not_known() -> None:
    found = arrive(
        words={"text": turned("Behind the shop")},
        where={"find": "x", "how": "words", "label": turned("Elm Row")},
    )
    isolated(opened(desk(), f"reports/{found}/account/"))
    ticket = intake.start_draft(journey="place", at=AT)
    account = {turned("colour"): turned("red"), "answers": [], "kind": "place"}
    intake.submit(ticket=ticket, slip={"kind": "place"}, account=account, identity=None, at=AT)
    before = {str(found)}
    open_new_slips(at=AT)
    (new,) = {str(each) for each in TriageSlip.objects.values_list("pk", flat=True)} - before
    isolated(opened(desk(), f"reports/{new}/account/"))


def test_the_account_under_clares_law() -> None:
    asked = send_ask(subject={"name": turned("Quill")}, name={"name": turned("Orla")})
    isolated(opened(desk(), f"reports/{asked}/account/"))


def test_feedback_that_was_opened() -> None:
    found = send_feedback(turned("The text is too small"))
    isolated(opened(desk(), f"feedback/{found}/open/"))


def test_a_hidden_name_for_its_keeper_and_released() -> None:
    report_id = send_harm(**HIDDEN)
    isolated(opened(desk(Role.IDENTITY_KEEPER), f"reports/{report_id}/name/"))
    isolated(opened(desk(), f"reports/{report_id}/released-name/"))


def test_safe_contact_and_who_must_not_know() -> None:
    officer, report_id = desk(), send_harm(**NAMED)
    opened(officer, f"reports/{report_id}/account/")
    isolated(opened(officer, f"contacts/{Profile.objects.get().pk}/"))
    isolated(opened(officer, f"reports/{report_id}/must-not-receive/"))
    put = {"what": "person", "name": turned("His mother"), "why": turned("She tells him all")}
    officer.post(f"/staff/reports/{report_id}/must-not-receive/add/", put)
    isolated(opened(officer, f"reports/{report_id}/must-not-receive/"))


def test_two_reports_side_by_side() -> None:
    officer = desk()
    one, other = send_harm(**NAMED), send_harm(**NAMED)
    isolated(opened(officer, f"reports/{one}/beside/{other}/"))


def test_a_message_of_whoever_holds_the_code() -> None:
    report_id, place = send_with_code()
    returns.write(place, text=turned("Monday is good"), at=AT)
    isolated(opened(desk(), f"reports/{report_id}/messages/"))


def test_what_goes_to_a_partner() -> None:
    officer, report_id, to = desk(), send_harm(**NAMED), partner()
    opened(officer, f"reports/{report_id}/account/")
    here = f"/staff/reports/{report_id}/share/"
    begun = {"agency_id": str(to.agency.pk), "basis": "vital"}
    choosing = officer.post(here, {**begun, "step": "choose"})
    isolated(choosing)
    planned = {
        **begun,
        "step": "preview",
        "purpose": "To find a safe room tonight",
        "told": "That we ask them for a room",
        "parts": ["what"],
        "answer-suspect": HOW_KNOWN,
        **{f"state_{one.key}": WHY for one in sharing.bases()["vital"].states},
    }
    isolated(officer.post(here, planned))


@pytest.mark.urls("safehold.config.urls.public")
def test_the_page_that_reads_her_answers_back(county: None) -> None:
    """Where they were told before marks that turn text were taken out, or come from a search."""
    visitor = Visitor(Client(), "/report/tell/", "harm").walks()
    held = visitor.client.cookies
    ticket = DraftTicket(UUID(hex=held["d"].value), held["k"].value)

    def put(now: Any) -> Any:
        return {**now, "entries": {**now["entries"], "what": {"text": turned("He waited")}}}

    intake.change_answers(ticket=ticket, change=put, at=AT)
    isolated(visitor.client.get(visitor.at))
    isolated(visitor.client.get(visitor.address("what")))
    visitor.sends("send")
    visitor.sends(at="what", text=turned("He came again"))
    isolated(visitor.response)
