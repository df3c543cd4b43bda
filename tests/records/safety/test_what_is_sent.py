"""Whatever can send anything out is known here, so that a new sender asks safe contact first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import safehold
from safehold.domain.sending import NOT_KNOWN, Allowed, Refused, Way
from safehold.records.contacts.models import Profile, Version
from safehold.records.incidents import ties
from safehold.records.incidents.models import IncidentReport, Part
from safehold.records.incidents.models import Role as Taken
from safehold.records.people import operations as people
from safehold.records.safety import sending
from safehold.records.triage import operations as triage
from safehold.records.triage.operations import Decisions
from tests.desk import AT, REASON, member, send_harm
from tests.safeguarded import SAID

SENDS = re.compile(
    r"^\s*(?:import|from) (?:smtplib|urllib\.request|http\.client|httpx|requests|email\.message"
    r"|django\.core\.mail)\b",
    re.M,
)
ROOT = Path(safehold.__file__).parent
# What can reach out, and why nothing of it is a message to her that safe contact does not allow.
KNOWN = {
    "records/nudges/mail.py": "a nudge: to the address and in the hours that she chose for it",
    "records/nudges/text_messages.py": "a nudge, as above",
    "records/audit/heads.py": "the signed head of a chain: to a witness",
}


def test_nothing_can_send_but_what_is_known() -> None:
    senders = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if SENDS.search(path.read_text(encoding="utf-8"))
    }
    assert senders == set(KNOWN)


@pytest.fixture
def told(keys):
    """A report of hers that is accepted, and the person that she is."""
    officer = member()
    report = send_harm(
        identity={"how": "named"},
        name={"name": "Ilka Brandreth"},
        contact={"method": "text", "to": "0161 496 0001"},
        contact_when={"days": ["sun"], "parts": ["morning"]},
        contact_seen={"answer": "no"},
    )
    triage.open_account(report_id=report, reason=REASON, by=officer, at=AT)
    triage.accept_report(
        report_id=report,
        decisions=Decisions(None, "", "", "not_classified", ""),
        by=officer,
        at=AT,
    )
    return report, people.record_person(name="Ilka", origin=SAID, by=officer, at=AT)


def tie(report, person, part: Part) -> None:
    """Tie a person to a part, as far as sending asks for it."""
    into = IncidentReport.objects.get(pk=report).incident
    row = Taken.objects.filter(incident=into, part=part).first()
    row = row or Taken.objects.create(incident=into, part=part)
    ties.tie(
        incident_id=into.pk,
        role_id=row.pk,
        identity=person.identity,
        category="victim",
        by=person.recorded_by,
        at=AT,
    )


@pytest.mark.database
@pytest.mark.django_db(databases=["default", "intake"])
def test_what_she_told_in_her_report_counts_and_nothing_else_does(told) -> None:
    report, person = told

    def ask(way: Way = Way.TEXT):
        return sending.may_send(identity=person.identity, way=way, at=AT)

    assert ask() == NOT_KNOWN
    tie(report, person, Part.VICTIM)
    assert ask() == Allowed()
    assert isinstance(ask(Way.EMAIL), Refused)
    # Somebody else told us: how they are reached says nothing of her.
    Taken.objects.create(
        incident=IncidentReport.objects.get(pk=report).incident, part=Part.REPORTER
    )
    assert ask() == NOT_KNOWN


@pytest.mark.database
@pytest.mark.django_db(databases=["default", "intake"])
def test_what_somebody_else_told_of_her_only_ever_refuses(told) -> None:
    report, person = told
    tie(report, person, Part.VICTIM)
    Taken.objects.create(
        incident=IncidentReport.objects.get(pk=report).incident, part=Part.REPORTER
    )
    profile = Profile.objects.get(report_id=report)
    Version.objects.create(
        profile=profile,
        number=2,
        method="text",
        may_contact="no",
        sealed=b"x",
        why=REASON,
        written_by=person.recorded_by,
        written_at=AT,
    )
    found = sending.terms_of(person.identity)
    assert [terms.may_contact for terms in found] == ["no"]
    answer = sending.may_send(identity=person.identity, way=Way.TEXT, at=AT)
    assert isinstance(answer, Refused)
    assert "not known to be safe" in answer.sentence
