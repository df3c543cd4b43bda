"""What somebody may not see answers as what is not there: every route that takes an id of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from safehold.domain.access import Permission, Role, can, needed_for
from safehold.records.cases.models import Case, CaseIncident, CaseMember
from safehold.records.conflicts.models import PersonRecusal, Recusal
from safehold.records.contacts.models import Profile
from safehold.records.dvds import operations as dvds
from safehold.records.dvds.models import Application
from safehold.records.exports import operations as exports
from safehold.records.feedback.models import Feedback
from safehold.records.incidents.models import Incident
from safehold.records.orders import breaking
from safehold.records.orders.breaking import Happened
from safehold.records.orders.models import Order
from safehold.records.people import facts
from safehold.records.people.models import Person
from safehold.records.retention.models import LegalHold
from safehold.records.shares import must_not
from safehold.records.shares.models import Share
from safehold.records.triage import name_requests
from safehold.records.triage import operations as triage
from safehold.records.triage.models import Flood, TriageSlip
from safehold.records.triage.operations import Decisions
from tests import some_cases, under_clares_law
from tests.desk import AT, REASON, member, send_ask, send_feedback, send_harm, sign_in
from tests.desk_codes import send_with_code
from tests.due import deadline
from tests.flooded import flood
from tests.merged import SAID, merge, person
from tests.ordered import order, served
from tests.partners import partner, plan, share
from tests.risky import Pair, graded
from tests.safeguarded import mark, refer, safeguarded, start, write
from tests.test_access_matrix import SOME_ID, STAFF

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
# What stands in an address before an id, and is not of a report or of what was made of one.
NOT_OF_REPORTS = {
    "agencies",
    "attempts",
    "certificates",
    "emergencies",
    "imports",
    "kept",
    "linked",
    "lists",
    "looks",
    "overrides",
    "places",
    "publication",
    "services",
}
# What stands in an address before a second id.
# By day whoever may most; each other reads a part of the same pages.
READERS = [
    Role.SUPERVISOR,
    pytest.param(Role.TRIAGE_OFFICER, marks=pytest.mark.slow),
    pytest.param(Role.IDENTITY_KEEPER, marks=pytest.mark.slow),
    pytest.param(Role.CRIME_REGISTRAR, marks=pytest.mark.slow),
]
_AN_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Enough for every form to be sent as if it were right.
REASONS = [
    "add_why",
    "agree_reason",
    "again_reason",
    "confirm_reason",
    "crime_reason",
    "end_reason",
    "hand_on_reason",
    "look_reason",
    "note",
    "pass_reason",
    "reason",
    "refuse_reason",
    "report_reason",
    "set_aside_reason",
    "text",
    "why",
]
TYPED: dict[str, Any] = dict.fromkeys(REASONS, REASON) | {
    "team": "night",
    "decision": "not_crime",
    "classification": "domestic",
    "soon": "today",
}


@pytest.fixture
def made() -> dict[str, UUID]:
    """A report and all that hangs on one, by what stands before its id in an address."""
    officer, boss = member(), member(Role.SUPERVISOR, name="Pell Lisle")
    report_id, _ = send_with_code(
        what={"text": "He shut the wardrobe"},
        identity={"how": "hidden"},
        name={"name": "Orla Winterbourne"},
    )
    named = send_harm(
        identity={"how": "named"},
        name={"name": "Orla Winterbourne"},
        contact={"method": "call", "to": "07700 900123"},
    )
    triage.open_account(report_id=named, reason=REASON, by=officer, at=AT)
    triage.open_account(report_id=report_id, reason=REASON, by=officer, at=AT)
    triage.accept_report(
        report_id=report_id,
        decisions=Decisions(None, "", "", "not_classified", ""),
        by=officer,
        at=AT,
    )
    asked = name_requests.ask(report_id=report_id, reason=REASON, soon="today", by=officer, at=AT)
    to = partner()
    listed = must_not.put_agency(
        report_id=report_id, agency_id=partner().agency.pk, why=REASON, by=officer, at=AT
    )
    shared = share(report_id, plan(to), by=officer)
    application_of = send_ask()
    triage.open_account(report_id=application_of, reason=REASON, by=officer, at=AT)
    application = dvds.open_from_report(report_id=application_of, by=officer, at=AT)
    under_clares_law.ready(application, by=officer)
    proposal = under_clares_law.propose(application, by=officer)
    found = Incident.objects.get(report_id=report_id)
    case = some_cases.case(found, by=officer, owner=officer)
    export = exports.ask(
        case_id=case.pk,
        agency_id=to.agency.pk,
        purpose=REASON,
        protected_why="",
        list_answer=REASON,
        once=uuid4(),
        by=officer,
        at=AT,
    )
    people = [person(boss) for _ in range(3)]
    together = merge(boss, people[0], people[2])
    feedback = send_feedback()
    flood(21)
    home = facts.add_home(
        identity=people[0],
        line="14 Alder Row",
        protected=True,
        origin=SAID,
        by=officer,
        at=AT,
    )
    incident = Incident.objects.get(report_id=report_id)
    hold = LegalHold.objects.create(report_id=report_id, reason=REASON, set_by=boss, set_at=AT)
    return {
        "reports": report_id,
        "retention": report_id,
        "trouble": report_id,
        "incidents": incident.pk,
        "parts": incident.roles.all()[0].pk,
        "contacts": Profile.objects.get(report_id=named).pk,
        "name-requests": asked.pk,
        "must-not-receive": listed.pk,
        "shares": shared.pk,
        "clares-law": application.pk,
        "second": proposal.pk,
        "floods": Flood.objects.get().pk,
        "feedback": feedback,
        "with": people[1],
        "addresses": home.address_id,
        "hold": hold.pk,
        "people": people[0],
        "beside": people[1],
        "merge": people[1],
        "apart": people[1],
        "merges": together.pk,
        "exports": export.pk,
        **_safeguarded(officer, to.agency.pk),
    }


def _safeguarded(officer: Any, agency: UUID) -> dict[str, UUID]:
    """A case with a grade that waits for a second person, a plan, and what hangs on it."""
    kept = safeguarded(officer)
    two = Pair(kept.case, kept.she, kept.he)
    write(kept, officer)
    into = Incident.objects.exclude(report_id=None).get()
    CaseIncident.objects.create(case=two.case, incident=into, added_at=AT, added_by=officer)
    graded(two, "high", by=officer)
    lower = graded(two, "standard", by=officer, at=AT + timedelta(days=1))
    return {
        "cases": two.case.pk,
        "assessments": lower.assessment_id,
        "downgrades": lower.pk,
        **dict.fromkeys(("plan", "copy", "print"), kept.she),
        "children": kept.child,
        "actions": start(kept, officer).pk,
        "referrals": refer(kept, officer, to=agency).pk,
        "markers": mark(kept, officer).pk,
        "deadlines": deadline(two.case, "bail", by=officer).pk,
        **_ordered(kept, officer),
    }


def _ordered(kept: Any, officer: Any) -> dict[str, UUID]:
    """An order with a service, and an incident that may be a breach of it."""
    made = order(kept, officer, kind="dvpo")
    said = Happened()
    broken = breaking.open_breach(order_id=made.pk, said=said, by=officer, at=AT)
    return {"orders": made.pk, "breaches": broken.pk, "service": served(made, officer).pk}


def about_a_colleague(made: dict[str, UUID], reader: Any) -> None:
    """Let all of it be about a colleague."""
    TriageSlip.objects.update(party_is_police="yes")
    Feedback.objects.update(party_is_police="yes")
    for model in (Incident, Profile, Share, Application, Flood):
        model.objects.update(police_party=True)
    for model in (Case, Person):
        model.objects.update(sealed_to=Role.PROFESSIONAL_STANDARDS)


def kept_from(made: dict[str, UUID], reader: Any) -> None:
    """Keep this reader from all of it."""
    keys = {made["reports"], made["feedback"]}
    keys |= {Application.objects.get().report_id}
    keys |= set(Profile.objects.values_list("report_id", flat=True))
    for key in keys:
        Recusal.objects.create(report_id=key, member=reader, at=AT)
    bound = Order.objects.get(pk=made["orders"]).respondent_id
    for key in (made["people"], bound):
        PersonRecusal.objects.create(person_id=key, member=reader, at=AT)


def _first(at: str) -> str:
    """Return what stands before the first id of an address."""
    return at.partition(str(SOME_ID))[0].rstrip("/").rpartition("/")[2]


ROUTES = {
    name: at
    for name, (at, _) in STAFF.items()
    if str(SOME_ID) in at and at.partition("/")[0] not in NOT_OF_REPORTS
    if _first(at) not in NOT_OF_REPORTS
}


def _address(at: str, made: dict[str, UUID], *, absent: bool) -> str:
    """Return an address of what was made, or the like of what is not there."""
    first = str(uuid4() if absent else made[_first(at)])
    between = _first(at.partition(str(SOME_ID))[2])
    second = uuid4() if absent else made.get(between, uuid4())
    if at.startswith("reports/") and "/beside/" in at:
        second = uuid4()
    return "/staff/" + at.replace(str(SOME_ID), first, 1).replace(str(SOME_ID), str(second))


def _seen(response: HttpResponse) -> tuple[int, str, str]:
    """Return what tells one answer from another, without what each has of its own."""
    body = b"" if response.streaming else response.content
    text = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]*"', "", body.decode(errors="replace"))
    where = response.headers.get("Location", "")
    return response.status_code, _AN_ID.sub("", where), _AN_ID.sub("", text)


def _signed_in(role: Role) -> tuple[Client, Any]:
    client, reader = Client(raise_request_exception=False), member(role, name="Ro Tarn")
    sign_in(client, reader)
    return client, reader


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("hide", [about_a_colleague, kept_from])
def test_what_is_hidden_answers_as_what_is_not_there(made, role, hide):
    client, reader = _signed_in(role)
    hide(made, reader)
    told_apart = set()
    for name, at in ROUTES.items():
        if hide is kept_from and at.startswith(("floods/", "addresses/")):
            continue  # a member may be kept from one report of a pile, not from the pile
        here, nowhere = (_address(at, made, absent=absent) for absent in (False, True))
        for ask in (
            lambda path: client.get(path),
            lambda path: client.post(path),
            lambda path: client.post(path, TYPED),
        ):
            one, other = (_seen(ask(at)) for at in (here, nowhere))
            told_apart |= {(name, one[0], other[0])} if one != other else set()
    assert not told_apart


def test_of_two_beside_each_other_the_hidden_one_answers_as_absent():
    client, _ = _signed_in(Role.SUPERVISOR)
    shown, hidden = send_with_code()[0], send_with_code()[0]
    TriageSlip.objects.filter(pk=hidden).update(party_is_police="yes")
    for what in ("", "decide/", "join/"):
        answers = []
        for other in (hidden, uuid4()):
            path = f"/staff/reports/{shown}/beside/{other}/{what}"
            sent = (client.get(path), client.post(path, TYPED))
            answers.append([_seen(each) for each in sent])
        assert answers[0] == answers[1], what


def test_each_route_of_the_table_does_show_what_may_be_seen(made):
    # Otherwise the test above could pass on addresses that lead nowhere for anybody.
    client, reader = _signed_in(Role.SUPERVISOR)
    for case in Case.objects.all():
        named = {"relation": "supervisor", "since": AT, "named_by": reader}
        CaseMember.objects.create(case=case, member=reader, **named)
    nothing = []
    for name, at in ROUTES.items():
        permission = needed_for(name, f"/staff/{at}")
        if not isinstance(permission, Permission) or not can(reader.actor, permission):
            continue
        answer = client.get(_address(at, made, absent=False))
        nothing += [name] if answer.status_code in {403, 404} else []
    assert set(nothing) <= {
        # Of a second thing, which this report does not have.
        "protection:beside_pair",
        "protection:file",
        "protection:contact_override_of",
        "protection:person_add",  # "name" is one thing to add, this is none
        "protection:person_end",
        # Of nobody who is, or may be, a child.
        "protection:childhood",
    }
