"""Whatever can send anything out is known here, so that a new sender asks safe contact first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import safehold
from safehold.domain.contact_profile import Details, Terms
from safehold.domain.safe_contact import week_of
from safehold.domain.sending import NOT_KNOWN, Allowed, Refused, Way
from safehold.records.contacts import of_people
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


# Whatever a member can take away as a file or on paper, or seals to somebody else: what it is, and
# what in the module that makes it holds it against safe contact or who must receive nothing.
LEAVES = re.compile(
    r"Content-Disposition|FileResponse|as_attachment|age_files\.encrypt|_paper\.html"
)
TAKEN = {
    "public/media/views.py": ("a film of the public site", ""),
    "public/returning/reading.py": ("a reply, fetched with a code by whoever holds it", ""),
    "patrol/views.py": ("counts of published crimes, about nobody", ""),
    "protection/dvds_figures.py": ("counts of a quarter, none that tells of one", "HELD_BACK"),
    "protection/exhibits.py": ("a file that was sent to us, for a member alone", ""),
    "protection/safety.py": ("a plan on paper, for whoever it protects", "printed"),
    "partnership/shares.py": ("a share, sealed to an agency", "following.fetch"),
    "partnership/exports.py": ("an export or a print of a case", "must_not_receive"),
    "records/shares/sharing.py": ("what an agency gets", "must_be_allowed"),
    "records/exports/operations.py": ("what an agency gets of a case", "barred_from_case"),
}
# Every act by which something reaches a person whom we protect, and where it asks first.
ASKS = {
    "records/safety/plans.py": "sending.may_send",
    "records/nudges/operations.py": "may_nudge",
    "records/nudges/allowed.py": "sending.may_send",
    "records/shares/following.py": "must_be_allowed",
    "records/shares/choosing.py": "must_be_allowed",
    "records/safety/referrals.py": "must_not_be_barred",
    "records/safety/actions.py": "must_not_be_barred",
}


def test_whatever_can_be_taken_away_is_listed_with_what_it_is_held_against() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if LEAVES.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(TAKEN)
    for path, (_, asks) in TAKEN.items():
        assert asks in (ROOT / path).read_text(encoding="utf-8"), path


@pytest.mark.parametrize("path", sorted(ASKS))
def test_each_act_that_reaches_somebody_asks_first(path: str) -> None:
    assert ASKS[path] in (ROOT / path).read_text(encoding="utf-8")


def test_nothing_is_handed_over_but_nudges_and_alarms_of_members() -> None:
    callers = {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        if re.search(r"\bway\.send\(", path.read_text(encoding="utf-8"))
    }
    assert callers == {"records/nudges/operations.py", "records/duty/operations.py"}


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


@pytest.mark.database
@pytest.mark.django_db(databases=["default", "intake"])
def test_what_an_officer_wrote_down_of_her_counts_too(told) -> None:
    report, person = told
    about = {"identity": person.identity, "why": REASON, "by": person.recorded_by, "at": AT}
    own = Terms("email", week_of(["sun"], ["morning"]), seen="no")
    of_people.record_for_person(terms=own, details=Details(to="a@b.example"), **about)

    def ask(way: Way):
        return sending.may_send(identity=person.identity, way=way, at=AT)

    assert ask(Way.EMAIL) == Allowed()
    assert isinstance(ask(Way.TEXT), Refused)
    tie(report, person, Part.VICTIM)  # her report allows a text alone: what one forbids holds
    assert isinstance(ask(Way.EMAIL), Refused)
    assert isinstance(ask(Way.TEXT), Refused)
