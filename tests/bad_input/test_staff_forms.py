"""Whatever a member's browser sends to any form of the staff site, as whoever may use it."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db.models import F
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.access import Role
from safehold.domain.flooding import LIMITS
from safehold.records.agencies.models import Agency, AgencyKey
from safehold.records.cases.models import CaseMember, Relation
from safehold.records.contacts.models import Due, Override, Profile
from safehold.records.dvds.models import Application
from safehold.records.exports import operations as exports
from safehold.records.incidents import operations as incidents
from safehold.records.incidents import recording
from safehold.records.incidents.models import (
    Acquainted,
    Classification,
    Incident,
    Part,
    Setting,
)
from safehold.records.incidents.recording import Recorded, record_by_officer
from safehold.records.people import facts
from safehold.records.people import operations as people
from safehold.records.people.models import Home
from safehold.records.places.models import Place
from safehold.records.risk import operations as assessing
from safehold.records.shares.models import ListEntry
from safehold.records.triage.models import Flood, NameRequest, TriageSlip
from tests import some_cases
from tests.bad_input.drawn import MARK, Body, Others, Page, bodies
from tests.bad_input.held import (
    DEEP,
    Lines,
    examples,
    holds_of,
    nothing_secret,
    rolled_back,
    typed_is_there,
)
from tests.desk import AT, REASON, arrive, member, send_ask, send_feedback, send_harm, sign_in
from tests.due import deadline
from tests.flooded import flood
from tests.merged import merge, person
from tests.partners import Partner, partner, plan, share, told
from tests.protection.test_pages import DECIDED
from tests.risky import Pair, begin, graded
from tests.safeguarded import mark, refer, safeguarded, start, write
from tests.some_services import add
from tests.test_access_matrix import EVERYONE, SOME_ID, STAFF

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.staff"),
    pytest.mark.usefixtures("keys"),
]

# Who asks, where several may: whoever works with it most.
ROLES = [
    Role.SUPERVISOR,
    Role.TRIAGE_OFFICER,
    Role.PROFESSIONAL_STANDARDS,
    Role.IDENTITY_KEEPER,
    Role.AUDITOR,
    Role.CRIME_REGISTRAR,
    Role.ANALYST,
    Role.EDITOR,
]
HIDDEN: dict[str, Any] = {
    "what": {"text": "He waited"},
    "identity": {"how": "hidden"},
    "name": {"name": "Ada"},
    "contact": {"method": "email", "to": "ada@example.org"},
}
NAMED = {**HIDDEN, "identity": {"how": "named"}}
FORMS = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
ACTION = re.compile(r'^<form\b[^>]*\baction="([^"]*)"')


class World:
    """One of each thing that a form is about, and a browser for each role."""

    def __init__(self) -> None:
        self.clients = {role: Client() for role in ROLES}
        self.members = {role: member(role, name=f"{role} Quill") for role in ROLES}
        for role, client in self.clients.items():
            sign_in(client, self.members[role])
        self.pages: dict[str, str] = {}
        supervisor = self.clients[Role.SUPERVISOR]
        self.report, self.other = str(told(by=self.members[Role.SUPERVISOR])), str(send_harm())
        accepted, feedback = arrive(), send_feedback()
        supervisor.post(f"/staff/reports/{accepted}/account/", {"reason": REASON})
        supervisor.post(f"/staff/reports/{accepted}/accept/", DECIDED)
        asked = send_ask()
        supervisor.post(f"/staff/reports/{asked}/account/", {"reason": REASON})
        supervisor.post(f"/staff/reports/{asked}/clares-law/")
        supervisor.post(f"/staff/feedback/{feedback}/open/", {"reason": REASON})
        hidden = send_harm(**HIDDEN)
        supervisor.post(f"/staff/reports/{hidden}/account/", {"reason": REASON})
        supervisor.post(f"/staff/reports/{hidden}/ask-for-name/", {"reason": REASON, "soon": "now"})
        profile = Profile.objects.filter(report_id=self.report).get()
        due = {"why": "release", "due_at": "2026-11-22T15:00"}
        supervisor.post(f"/staff/contacts/{profile.pk}/due/", due)
        supervisor.post(f"/staff/contacts/{profile.pk}/", {"reason": REASON})
        way = {"ground": "release", "means": "plain_call", "reason": "He is out at four"}
        way["why_not_less"] = "The school is shut"
        supervisor.post(f"/staff/contacts/{profile.pk}/another-way/", way)
        to = partner()
        entry = {"what": "person", "name": "Someone", "why": "He would be told at once"}
        supervisor.post(f"/staff/reports/{self.report}/must-not-receive/add/", entry)
        shared = share(
            told(by=self.members[Role.SUPERVISOR]), plan(to), by=self.members[Role.SUPERVISOR]
        )
        boss = self.members[Role.SUPERVISOR]
        case = safeguarded(boss)
        write(case, boss)
        marked, action = mark(case, boss), start(case, boss)
        referred = refer(case, boss, to=to.agency.pk)
        self.two, self.case = Pair(case.case, case.she, case.he), case.case
        for role in (Role.SUPERVISOR, Role.TRIAGE_OFFICER, Role.PROFESSIONAL_STANDARDS):
            self.clients[role].post(f"/staff/cases/{case.pk}/", {"look_reason": REASON})
        incident, identity, home = self._somebody()
        self.ids = {
            "cases": case.pk,
            "member": CaseMember.objects.get().pk,
            "plan": case.she,
            "copy": case.she,
            "print": case.she,
            "children": case.child,
            "actions": action.pk,
            "referrals": referred.pk,
            "markers": marked.pk,
            "reports": self.report,
            "incidents": incident.pk,
            "parts": incident.roles.all()[0].pk,
            "people": identity,
            "addresses": home.address_id,
            "places": Place.objects.get().pk,
            "contacts": profile.pk,
            "due": Due.objects.get().pk,
            "clares-law": Application.objects.get().pk,
            "feedback": feedback,
            "services": add(AT),
            "agencies": Agency.objects.first().pk,
            "overrides": Override.objects.get().pk,
            "keys": AgencyKey.objects.first().pk,
            "shares": shared.pk,
            "name-requests": NameRequest.objects.get().pk,
            "must-not-receive": ListEntry.objects.get().pk,
            "retention": self.report,
            "floods": self._pile(),
            "beside": self.other,
            **self._people(to),
            **self._assessed(),
            "deadlines": deadline(case, "bail", by=self.members[Role.SUPERVISOR]).pk,
        }

    def _assessed(self) -> dict[str, object]:
        """Have an assessment to fill in, and a lower grade that waits."""
        by, boss, two = self.members[Role.TRIAGE_OFFICER], self.members[Role.SUPERVISOR], self.two
        some_cases.names(two.case, by, by=boss, relation=Relation.TEAM)
        graded(two, "high", by=by, at=AT - timedelta(days=2))
        lower = graded(two, "standard", by=by, at=AT - timedelta(days=1))
        made = begin(two, by=boss)
        assessing.look_at(assessment_id=made.pk, reason=REASON, by=boss, at=AT)
        return {
            "assessments": made.pk,
            "downgrades": lower.pk,
        }

    def _people(self, to: Partner) -> dict[str, object]:
        """Have people who may be one, two who were put together, and a case that may leave."""
        boss = self.members[Role.SUPERVISOR]
        one, other, third = (person(boss, f"Ilka Brandreth {number}") for number in range(3))
        said = Recorded(Classification.DOMESTIC, Setting.PRIVATE, Acquainted.KNOWN)
        case = some_cases.case(record_by_officer(said=said, by=boss, at=AT), by=boss, owner=boss)
        asked = exports.ask(
            case_id=case.pk,
            agency_id=to.agency.pk,
            purpose=REASON,
            protected_why="",
            list_answer="",
            once=uuid4(),
            by=boss,
            at=AT,
        )
        return {
            "people": one,
            "merge": other,
            "apart": other,
            "merges": merge(boss, one, third).pk,
            "exports": asked.pk,
        }

    def _somebody(self) -> tuple[Incident, UUID, Home]:
        """Record an incident as an officer does, decided to be a crime, and who lives where."""
        by = self.members[Role.SUPERVISOR]
        incident = recording.record_by_officer(
            said=recording.Recorded(
                Classification.DOMESTIC, Setting.PRIVATE, Acquainted.KNOWN, parts=(Part.VICTIM,)
            ),
            by=by,
            at=AT,
        )
        decided = {"decision": "crime", "reason": REASON, "by": by, "at": AT}
        incidents.decide_crime(incident_id=incident.pk, **decided)
        origin = people.Origin("seen")
        made = people.record_person(name="Ilka Brandreth", origin=origin, by=by, at=AT)
        home = facts.add_home(
            identity=made.identity, line="14 Alder Row", protected=True, origin=origin, by=by, at=AT
        )
        return incident, made.identity, home

    def _pile(self) -> object:
        """Have a flood set aside: the acts of an open pile are refused, and say so."""
        rows = flood(LIMITS.shape_more_than + 1)
        # Before every real arrival: what comes later must not seem to be opened already.
        made = TriageSlip.objects.filter(pk__in=[row.pk for row in rows])
        made.update(arrival=-F("arrival"))
        by = self.members[Role.SUPERVISOR]
        aside = {"state": "set_aside", "closed_by": by, "closed_at": AT}
        TriageSlip.objects.filter(piled=True).update(**aside, set_aside_reason=REASON)
        Flood.objects.update(state="set_aside", decided_by=by, decided_at=AT, reason=REASON)
        return Flood.objects.get().pk

    def address(self, at: str) -> str:
        """Give the address of a row of the access table, with what there is in its place."""
        parts = f"/staff/{at}".split("/")
        for place, part in enumerate(parts):
            if part == str(SOME_ID):
                parts[place] = str(self.ids.get(parts[place - 1], SOME_ID))
        return "/".join(parts)

    def reads(self, client: Client, address: str) -> None:
        """Open a page, and with a reason where it asks for one, and keep every form on it."""
        for answer in (client.get(address), client.post(address, {"reason": REASON})):
            if "html" in answer.get("Content-Type", "") and answer.status_code == 200:
                for form in FORMS.findall(answer.content.decode()):
                    action = ACTION.match(form)
                    to = action[1] if action and action[1] else address
                    self.pages[to] = self.pages.get(to, "") + form


def check(client: Client, address: str, body: Body, of: Page) -> None:
    """Post one body and follow where it leads."""
    response = client.generic("POST", address, body.content, body.content_type)
    page, at = holds_of(response, at=address, keeps=True), address
    for _ in range(4):
        to = response.get("Location", "")
        if not to.startswith("/"):
            break
        response, at = client.get(to), to
        page = holds_of(response, at=at, keeps=True)
    if at.startswith("/staff/account/"):
        nothing_secret(page, at=at)
    typed_is_there(page, body, of=of, at=at)


def hold(client: Client, address: str, page: Page, others: Others, count: int) -> None:
    """Hold one form to what must always hold."""

    @examples(count)
    @given(st.data())
    def holds(data: st.DataObject) -> None:
        with rolled_back():
            check(client, address, data.draw(bodies(page, others=others)), page)

    holds()


def vocabulary(pages: list[Page]) -> Others:
    """Give every field of every form, to be replayed on every other."""
    found: dict[str, dict[str, None]] = {}
    for page in pages:
        for box in page.boxes:
            offered = dict.fromkeys([box.value or MARK, *box.values])
            found.setdefault(box.name, {}).update(offered)
    return Others({name: list(offered) for name, offered in found.items()})


@pytest.fixture
def lines() -> Iterator[list[str]]:
    handler = Lines()
    logging.getLogger().addHandler(handler)
    yield handler.lines
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    "count", [2, pytest.param(DEEP, marks=[pytest.mark.slow, pytest.mark.timeout(3600)])]
)
def test_no_form_breaks_tells_or_loses_what_was_typed(count: int, lines: list[str]) -> None:
    with time_machine.travel(AT, tick=False):
        world = World()
        rows = [
            (world.clients[next(role for role in ROLES if role in may)], world.address(at))
            for at, may in STAFF.values()
            if may != EVERYONE
        ]
        for client, address in rows:
            with rolled_back():
                world.reads(client, address)
        pages = {at: Page(html) for at, html in world.pages.items()}
        others = vocabulary(list(pages.values()))
        for client, address in rows:
            hold(client, address, pages.get(address, Page("")), others, count)
        for at, may in STAFF.values():
            if may == EVERYONE and "log" in at:
                hold(Client(), f"/staff/{at}", Page(""), others, count)
    assert len(pages) > 40, "the forms were not found"
    assert not [line for line in lines if MARK.lower() in line.lower()]
