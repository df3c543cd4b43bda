"""Somebody else acted first: whoever comes second reads what stands, and has what she typed.

Two members send the same form, each with words of their own. The second is refused; her words must
be on the page that says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from safehold.crypto import age_files
from safehold.domain.access import Role
from safehold.records.conflicts import operations as conflicts
from safehold.records.conflicts.models import LinkedParty
from safehold.records.contacts.models import Override
from safehold.records.deadlines.models import Deadline, DeadlineRule
from safehold.records.deadlines.queries import digest_now
from safehold.records.retention import operations as retention
from safehold.records.retention.models import LegalHold, Run
from safehold.records.triage.models import IdentityOpening, NameRequest
from tests.bad_input.held import rolled_back
from tests.bad_input.test_staff_forms import World
from tests.desk import AT, REASON, member, sign_in
from tests.due import UNKNOWN, deadline
from tests.whole_reports import set_aside_and_ended

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.staff"),
    pytest.mark.usefixtures("keys"),
]

TYPED = "TYPED"  # where her own words go
FIRST, SECOND = "Somebody quicker wrote this down", 'The <b>slower</b> one wrote & meant "this"'
HOLD = {"ground": "court", "hold_reason": "Order 12 of the court of appeal"}
GRANTED = {"granted_at": "2026-11-22T09:00", "views_words": "She is abroad"}


@dataclass(frozen=True)
class Form:
    """One form of the staff site, with who sends it and what stands on it when they begin."""

    at: str
    body: dict[str, str]
    role: Role = Role.SUPERVISOR
    says: str = ""
    before: str = ""
    happens_first: bool = False  # what refuses it is there already


def words(label: str = "why", **more: str) -> dict[str, str]:
    return {label: TYPED, **more}


FORMS = {
    "a release is corrected that no longer stands": Form(
        "publication/correct/",
        words("correction_reason", quarter="2026-Q3", cells="8a194ad30a7ffff"),
        happens_first=True,
    ),
    "an answer is taken from the public": Form(
        "publication/answers/{nobody}/withdraw/",
        words("reason"),
        says="Somebody has taken this answer from the public already.",
        happens_first=True,
    ),
    "reports are proposed": Form(
        "retention/propose/",
        words("propose_reason", report="{over}"),
        before="over",
        says="is on a list already",
    ),
    "a hold is lifted": Form(
        "retention/{over}/hold/{hold}/",
        words("{hold}-lift_reason"),
        before="hold",
        says="or it was lifted",
    ),
    "a list is called off": Form(
        "retention/lists/{run}/call-off/",
        words("call_off_reason"),
        before="run",
        says="This list was carried out or called off already.",
    ),
    "a share is agreed to": Form(
        "shares/{shares}/agree/",
        words(agreed="yes"),
        says="Nobody has to agree to this any more.",
        happens_first=True,
    ),
    "a share is looked at": Form(
        "shares/{shares}/review/",
        words(right="yes"),
        says="This does not wait to be looked at.",
    ),
    "a key is confirmed": Form(
        "agencies/keys/{keys}/confirm/",
        words("whom", read_out="abcd efgh ijkl mnop", how="call"),
        says="This key does not wait to be confirmed any more.",
        happens_first=True,
    ),
    "a key is ended": Form(
        "agencies/keys/{keys}/end/", words("{keys}-why"), says="This key is not in use any more."
    ),
    "an agency is ended": Form(
        "agencies/{agencies}/end/", words(), says="Nobody works with this agency any more."
    ),
    "an agency that was ended sends a key": Form(
        "agencies/{agencies}/key/",
        words("came", public="{public}"),
        before="ended",
        says="Nobody works with this agency any more.",
        happens_first=True,
    ),
    "an agency that was ended is changed": Form(
        "agencies/{agencies}/",
        words("contact", name="Lantern", kind="idva", seen="1"),
        before="ended",
        says="Nobody works with this agency any more.",
        happens_first=True,
    ),
    "a report is shared with an agency that was ended": Form(
        "reports/{reports}/share/",
        words("purpose", agency_id="{agencies}", basis="vital", step="make"),
        before="ended",
        happens_first=True,
    ),
    "an entry is taken off the must-not-receive list": Form(
        "must-not-receive/{must-not-receive}/end/", words("{must-not-receive}-why")
    ),
    "a hidden name is looked at": Form(
        "hidden-names/{opening}/",
        words("{opening}-review", **{"{opening}-right": "yes"}),
        Role.AUDITOR,
        before="opening",
        says="Somebody else has looked at this already.",
    ),
    "a hidden name is refused": Form(
        "name-requests/{name-requests}/refuse/",
        words("why_not"),
        Role.IDENTITY_KEEPER,
        says="This request was answered meanwhile, or taken back.",
    ),
    "a hidden name is asked for": Form(
        "reports/{asked}/ask-for-name/", words("reason", soon="now"), happens_first=True
    ),
    "another way is looked at": Form(
        "overrides/{overrides}/",
        words("{overrides}-review", **{"{overrides}-right": "yes"}),
        Role.AUDITOR,
        says="Somebody else has looked at this already.",
    ),
    "somebody was reached": Form(
        "contacts/{contacts}/due/{due}/",
        words("{due}-how"),
        says="Somebody has recorded this already.",
    ),
    "a case is closed": Form(
        "cases/{cases}/close/",
        words(why_open="Somebody else goes on with it"),
        says="Open it again first.",
        before="case",
    ),
    "somebody ends their work on a case": Form(
        "cases/{cases}/member/{member}/end/", words(), says="ended this since", before="case"
    ),
    "a case is opened again": Form(
        "cases/{cases}/reopen/", words(), before="case", happens_first=True, says="is open"
    ),
    "a deadline is stopped": Form(
        "deadlines/{deadlines}/stop/",
        words("how", proof="call", done_at="2026-11-22T09:12"),
        says="Somebody has stopped this already.",
    ),
    "bail is extended": Form(
        "deadlines/{deadlines}/extend/",
        words(shown_rung="0", name="A. Vale", rank="inspector", asked="no", **GRANTED),
        says="Somebody has extended it meanwhile.",
    ),
    "a rule changes while a deadline runs": Form(
        "deadlines/{deadlines}/rule/",
        words(keep="yes", shown="{digest}"),
        before="rule",
        says="somebody has decided about it already.",
    ),
    "an order was over before it was served": Form(
        "deadlines/{unserved}/start/",
        words("how", starts_at="2026-11-22T09:00"),
        before="unserved",
        happens_first=True,
        says="Nothing starts: stop it, and write what happened.",
    ),
    "a service is taken off": Form("services/{services}/withdraw/", words("reason", seen="1")),
    "somebody is taken off the register": Form(
        "linked/{linked}/end/", words(), Role.PROFESSIONAL_STANDARDS, before="linked"
    ),
    "what it was about is gone": Form(
        "retention/{nobody}/keep/",
        words("keep_reason", until="2030-01-01"),
        happens_first=True,
        says="There is nothing at this address",
    ),
}


def client_of(role: Role, name: str) -> Client:
    client = Client()
    sign_in(client, member(role, name=name))
    return client


@pytest.fixture
def world() -> Iterator[World]:
    with time_machine.travel(AT, tick=False):
        yield World()


def of_deadlines(world: World, before: str) -> dict[str, str]:
    """Have a rule another time than it had, or an order over before it was served."""
    if before == "rule":
        row = Deadline.objects.select_related("rule").get()
        terms = row.rule.terms | {"number": 4}
        old = DeadlineRule.objects.create(key="bail", version="0", digest="0", terms=terms)
        Deadline.objects.update(rule=old)
        return {"digest": digest_now("bail")}
    by, over = world.members[Role.TRIAGE_OFFICER], AT - timedelta(hours=2)
    row = deadline(world.case, "spo_notify", UNKNOWN, by=by, lapses_at=over)
    return {"unserved": str(row.pk)}


def ids_of(world: World, before: str) -> dict[str, str]:
    """Make what the form is about; give everything that its address may name."""
    ids = {key: str(value) for key, value in world.ids.items()} | {"nobody": str(uuid4())}
    ids["public"] = age_files.new_pair()[1]
    ids["asked"] = str(NameRequest.objects.get().slip_id)
    if before in {"over", "hold", "run"}:
        ids["over"] = str(set_aside_and_ended(at=AT - timedelta(days=800)))
        retention.note_what_is_due(at=AT)
    supervisor = world.clients[Role.SUPERVISOR]
    if before == "hold":
        supervisor.post(f"/staff/retention/{ids['over']}/hold/", HOLD)
        ids["hold"] = str(LegalHold.objects.get().pk)
    if before == "run":
        given = {"report": ids["over"], "propose_reason": REASON}
        supervisor.post("/staff/retention/propose/", given)
        ids["run"] = str(Run.objects.get().pk)
    if before == "ended":
        supervisor.post(f"/staff/agencies/{ids['agencies']}/end/", {"why": REASON})
    if before == "opening":
        keeper = world.clients[Role.IDENTITY_KEEPER]
        keeper.post(f"/staff/reports/{ids['asked']}/name/", {"reason": REASON})
        ids["opening"] = str(IdentityOpening.objects.get().pk)
    if before in {"rule", "unserved"}:
        ids |= of_deadlines(world, before)
    if before == "linked":
        standards = world.members[Role.PROFESSIONAL_STANDARDS]
        conflicts.add_linked(
            name="Thessaly Marchbanks",
            relation="partner",
            colleague=world.members[Role.SUPERVISOR],
            colleague_name="",
            by=standards,
            at=AT,
        )
        ids["linked"] = str(LinkedParty.objects.get().pk)
    return ids


def look_first(client: Client, ids: dict[str, str], before: str) -> Client:
    if before == "case":
        client.post(f"/staff/cases/{ids['cases']}/", {"look_reason": REASON})
    return client


def sent(client: Client, form: Form, ids: dict[str, str], typed: str) -> HttpResponse:
    body = {name.format(**ids): value.format(**ids) for name, value in form.body.items()}
    body = {name: typed if value == TYPED else value for name, value in body.items()}
    response: Any = client.post("/staff/" + form.at.format(**ids), body)
    return response


def lost_of(form: Form, world: World) -> str:
    """Say what is wrong with the answer to whoever comes second; nothing where all is well."""
    ids = ids_of(world, form.before)
    if not form.happens_first:
        quicker = look_first(client_of(form.role, "Ines Quarr"), ids, form.before)
        first = sent(quicker, form, ids, FIRST)
        if first.status_code != 302:
            return f"the first was answered {first.status_code}"
    slower = look_first(client_of(form.role, "Pell Lisle"), ids, form.before)
    answer = sent(slower, form, ids, SECOND)
    page = unescape(answer.content.decode())
    if answer.status_code == 302:
        return "it led on, as if it were done"
    if form.says not in page:
        return f"the page does not say why: {form.says}"
    return "" if SECOND in page else "what was typed is lost"


def test_whoever_comes_second_has_what_she_typed(world: World) -> None:
    wrong = {}
    for name, form in FORMS.items():
        with rolled_back():
            if found := lost_of(form, world):
                wrong[name] = found
    assert not wrong
    assert Override.objects.get().reviewed_at is None, "the forms were not rolled back"
