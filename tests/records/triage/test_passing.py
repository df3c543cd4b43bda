"""A report goes to whoever it is for, and from that moment nobody else opens any of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from safehold.config import scheduler
from safehold.crypto.envelopes import Kind, parts
from safehold.crypto.recipients import Purpose, load_recipients
from safehold.domain.access import Refused, Role, table
from safehold.domain.conversation import Kind as Said_
from safehold.domain.triage_slip import Said
from safehold.records.append_only import WrittenOnce
from safehold.records.audit.actions import Action
from safehold.records.audit.models import AuditEvent
from safehold.records.conflicts import operations as conflicts
from safehold.records.conflicts.models import Recusal
from safehold.records.contacts import operations as contacts
from safehold.records.contacts import queries as contact_queries
from safehold.records.contacts.models import Profile
from safehold.records.conversations import operations as conversations
from safehold.records.dvds import operations as dvds
from safehold.records.feedback import operations as feedback
from safehold.records.feedback.queries import FeedbackNotFound
from safehold.records.incidents import queries as incidents
from safehold.records.intake import passed as passed_on
from safehold.records.intake import queries as intake
from safehold.records.intake import returns
from safehold.records.triage import identities, operations, passing, queries
from safehold.records.triage.models import Passing, SealedAgain, TriageSlip
from safehold.records.triage.operations import Decisions
from safehold.records.triage.passing import NotPassed
from tests.desk import AT, REASON, arrive, member, send_ask, send_feedback, send_harm
from tests.desk_codes import send_with_code

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
WHY = "Her account says later that he is in the response team"
BACK = "He left the force four years ago, this is yours"
TOLD = "He works nights at the station zanzibar"
NAMED = {
    "identity": {"how": "named"},
    "name": {"name": "Orla Winterbourne"},
    "contact": {"method": "call", "to": "07700 900123"},
}
NOT_FOR_YOU = "not for you to open"


@pytest.fixture
def officer():
    return member(name="Dena Okafor")


@pytest.fixture
def standards():
    return member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")


def opened(report_id, by):
    return operations.open_account(report_id=report_id, reason=REASON, by=by, at=AT)


def passed(officer, **answers):
    report_id = send_harm(what={"text": TOLD}, **answers)
    opened(report_id, officer)
    passing.pass_to_standards(report_id=report_id, reason=WHY, by=officer, at=AT)
    return report_id


def take_away(keys: Path, purpose: Purpose) -> None:
    for path in keys.glob(f"{purpose}-*.key"):
        path.rename(path.with_suffix(".away"))


def give_back(keys: Path) -> None:
    for path in keys.glob("*.away"):
        path.rename(path.with_suffix(".key"))


def link(standards, colleague, name="Thessaly Marchbanks"):
    return conflicts.add_linked(
        name=name,
        relation="former",
        colleague=colleague,
        colleague_name="",
        by=standards,
        at=AT,
    )


# By hand.


def test_what_is_passed_to_standards_opens_with_their_own_key(officer, standards, keys):
    report_id = passed(officer)
    take_away(keys, Purpose.ACCOUNT)
    assert TOLD in str(opened(report_id, standards).groups)


def test_from_then_on_the_unit_is_refused_everything(officer, standards):
    report_id, place = send_with_code(what={"text": TOLD}, **NAMED)
    returns.write(place, text="A word", at=AT)
    opened(report_id, officer)
    incident = operations.accept_report(
        report_id=report_id,
        decisions=Decisions(None, "", "", "not_classified"),
        by=officer,
        at=AT,
    )
    profile = Profile.objects.get(report_id=report_id)
    passing.pass_to_standards(report_id=report_id, reason=WHY, by=officer, at=AT)
    supervisor = member(Role.SUPERVISOR, name="Pell Lisle")
    for who in (officer, supervisor):
        assert queries.seen_among([report_id], by=who) == []
        for act in (
            lambda who=who: opened(report_id, who),
            lambda who=who: queries.slip(report_id=report_id, by=who),
            lambda who=who: operations.take_report(report_id=report_id, by=who, at=AT),
            lambda who=who: incidents.get(incident_id=incident.pk, by=who),
            lambda who=who: contact_queries.one(profile_id=profile.pk, by=who),
            lambda who=who: conversations.open_conversation(
                report_id=report_id, reason=REASON, by=who, at=AT
            ),
            lambda who=who: passing.pass_to_standards(
                report_id=report_id, reason=WHY, by=who, at=AT
            ),
            lambda who=who: passing.how_it_came(report_id=report_id, by=who),
        ):
            with pytest.raises(Refused, match=NOT_FOR_YOU):
                act()
    assert incidents.get(incident_id=incident.pk, by=standards).police_party


def test_messages_and_safe_contact_go_with_it_and_later_ones_too(officer, standards, keys):
    report_id, place = send_with_code(what={"text": TOLD}, **NAMED)
    returns.write(place, text="Before it was passed", at=AT)
    opened(report_id, officer)
    passing.pass_to_standards(report_id=report_id, reason=WHY, by=officer, at=AT)
    returns.write(place, text="After it was passed", at=AT)
    take_away(keys, Purpose.ACCOUNT)
    lines = conversations.open_conversation(report_id=report_id, reason=REASON, by=standards, at=AT)
    said = [line.entry.text for line in lines if line.entry and line.entry.kind is Said_.WORDS]
    assert said == ["Before it was passed", "After it was passed"]
    conversations.write(report_id=report_id, text="We have read it", by=standards, at=AT)
    profile = Profile.objects.get(report_id=report_id)
    details = contacts.open_details(profile_id=profile.pk, reason=REASON, by=standards, at=AT)
    assert "07700 900123" in str(details.as_mapping())


def test_passed_to_the_unit_it_opens_with_the_units_key(officer, standards, keys):
    report_id, place = send_with_code(works={"party": "yes"}, what={"text": TOLD}, **NAMED)
    returns.write(place, text="Before it was passed", at=AT)
    opened(report_id, standards)
    passing.pass_to_unit(report_id=report_id, reason=BACK, by=standards, at=AT)
    returns.write(place, text="After it was passed", at=AT)
    take_away(keys, Purpose.STANDARDS)
    assert TOLD in str(opened(report_id, officer).groups)
    lines = conversations.open_conversation(report_id=report_id, reason=REASON, by=officer, at=AT)
    assert [line.entry.text for line in lines if line.entry] == [
        "Before it was passed",
        "After it was passed",
    ]
    profile = Profile.objects.get(report_id=report_id)
    details = contacts.open_details(profile_id=profile.pk, reason=REASON, by=officer, at=AT)
    assert "07700 900123" in str(details.as_mapping())


def test_nothing_is_told_to_the_other_store_before_it_is_certain(officer):
    report_id = send_harm(what={"text": TOLD})
    opened(report_id, officer)

    @transaction.atomic
    def not_committed():
        passing.pass_to_standards(report_id=report_id, reason=WHY, by=officer, at=AT)
        broken(report_id)

    with pytest.raises(ConnectionError):
        not_committed()
    assert passed_on.known() == {}
    assert passing.catch_up() == 0


def test_what_a_crash_left_out_is_caught_up_with(officer, standards, monkeypatch):
    with monkeypatch.context() as crash:
        crash.setattr(passing, "_tell_intake", broken)
        report_id = passed(officer)
        assert passed_on.known() == {}
    stayed = send_harm(what={"text": TOLD})
    passed_on.pass_on(stayed, for_standards=True)  # by an older version, which then crashed
    scheduler._catch_up_with_passing(AT)
    assert passed_on.known() == {report_id: True}

    opened(report_id, standards)
    with monkeypatch.context() as crash:
        crash.setattr(passing, "_tell_intake", broken)
        passing.pass_to_unit(report_id=report_id, reason=BACK, by=standards, at=AT)
    assert passed_on.known() == {report_id: True}
    assert (passing.catch_up(), passing.catch_up()) == (1, 0)
    assert passed_on.known() == {report_id: False}


def broken(report_id):
    raise ConnectionError(report_id)


def test_there_and_back_and_there_again(officer, standards):
    report_id = passed(officer)
    opened(report_id, standards)
    passing.pass_to_unit(report_id=report_id, reason=BACK, by=standards, at=AT)
    assert TOLD in str(opened(report_id, officer).groups)
    passing.pass_to_standards(report_id=report_id, reason=WHY, by=officer, at=AT)
    assert TOLD in str(opened(report_id, standards).groups)
    assert [each.to for each in passing.how_it_came(report_id=report_id, by=standards)] == [
        Said.PASSED,
        Said.NOT_OURS,
        Said.PASSED,
    ]


def test_what_arrived_stays_as_the_chain_has_it(officer, standards):
    report_id = passed(officer)
    assert list(intake.envelopes_not_as_received()) == []
    for row in (SealedAgain.objects.get(report_id=report_id), Passing.objects.get()):
        with pytest.raises(WrittenOnce):
            row.save()


def test_a_hidden_name_goes_to_standards_where_its_key_is_here(officer, standards, keys, settings):
    hidden = {"identity": {"how": "hidden"}, "name": {"name": "Quill Orpington"}}
    report_id = passed(officer, **hidden)
    take_away(keys, Purpose.IDENTITY)
    found = identities.open_identity(report_id=report_id, reason=REASON, by=standards, at=AT)
    assert "Orpington" in str(found)


def test_a_hidden_name_whose_key_is_elsewhere_says_so(officer, standards, keys):
    take_away(keys, Purpose.IDENTITY)
    report_id = passed(officer, identity={"how": "hidden"}, name={"name": "Quill Orpington"})
    event = AuditEvent.objects.get(action=Action.REPORT_PASSED)
    assert event.detail["still sealed to others"] == ["identity"]
    with pytest.raises(identities.IdentitySealed, match="whoever had it before"):
        identities.open_identity(report_id=report_id, reason=REASON, by=standards, at=AT)
    give_back(keys)
    found = identities.open_identity(report_id=report_id, reason=REASON, by=standards, at=AT)
    assert "Orpington" in str(found)


def test_it_waits_with_nobodys_name_on_it(officer, standards):
    report_id = send_harm(what={"text": TOLD})
    operations.take_report(report_id=report_id, by=officer, at=AT)
    opened(report_id, officer)
    passing.pass_to_standards(report_id=report_id, reason=WHY, by=officer, at=AT)
    assert TriageSlip.objects.get(pk=report_id).owner is None
    assert queries.owned(by=officer) == []


def test_only_whoever_read_it_passes_it_on_and_only_where_it_goes(officer, standards):
    report_id = send_harm(what={"text": TOLD})
    act = {"report_id": report_id, "reason": WHY, "at": AT}
    with pytest.raises(NotPassed, match="Open it with a reason first"):
        passing.pass_to_standards(by=officer, **act)
    opened(report_id, officer)
    with pytest.raises(NotPassed, match="The unit has"):
        passing.pass_to_unit(by=officer, **act)
    passing.pass_to_standards(by=officer, **act)
    opened(report_id, standards)
    with pytest.raises(NotPassed, match="have this report already"):
        passing.pass_to_standards(by=standards, **act)


def test_what_cannot_be_opened_here_is_not_passed_on(officer, keys):
    report_id, place = send_with_code(what={"text": TOLD})
    opened(report_id, officer)
    take_away(keys, Purpose.ACCOUNT)
    with pytest.raises(NotPassed, match="cannot be opened here"):
        passing.pass_to_standards(report_id=report_id, reason=WHY, by=officer, at=AT)
    assert not Passing.objects.exists()
    assert not SealedAgain.objects.exists()
    assert not TriageSlip.objects.get(pk=report_id).police_party
    assert place.report_id == report_id


def test_nothing_is_passed_on_without_its_row_in_the_audit(officer, monkeypatch):
    report_id = send_harm(what={"text": TOLD})
    opened(report_id, officer)

    def broken(**_: object) -> None:
        raise RuntimeError("no audit")

    monkeypatch.setattr(passing.audit, "append", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        passing.pass_to_standards(report_id=report_id, reason=WHY, by=officer, at=AT)
    assert not Passing.objects.exists()
    assert not TriageSlip.objects.get(pk=report_id).police_party


def test_an_application_and_what_was_made_of_feedback_go_with_it(officer, standards):
    report_id = send_ask()
    opened(report_id, officer)
    made = dvds.open_from_report(report_id=report_id, by=officer, at=AT)
    passing.pass_to_standards(report_id=report_id, reason=WHY, by=officer, at=AT)
    with pytest.raises(Refused, match=NOT_FOR_YOU):
        dvds.look_at(application_id=made.pk, by=officer, at=AT)
    assert dvds.look_at(application_id=made.pk, by=standards, at=AT) == made

    feedback_id = send_feedback("My report is about the sergeant")
    feedback.open_feedback(report_id=feedback_id, reason=REASON, by=officer, at=AT)
    feedback.make_a_report(report_id=feedback_id, reason=REASON, by=officer, at=AT)
    opened(feedback_id, officer)
    passing.pass_to_standards(report_id=feedback_id, reason=WHY, by=officer, at=AT)
    with pytest.raises((Refused, FeedbackNotFound)):
        feedback.open_feedback(report_id=feedback_id, reason=REASON, by=officer, at=AT)


# By a name that is met when it is opened.


def test_a_name_that_is_met_at_opening_shows_nothing_and_passes_it_on(officer, standards, keys):
    report_id = send_harm(what={"text": "thessaly marchbanks is followed by her ex"})
    link(standards, officer)
    with pytest.raises(Refused) as refused:
        opened(report_id, officer)
    assert str(refused.value) == table().police_party_sentence
    assert TriageSlip.objects.get(pk=report_id).party_is_police == Said.NAME_LATER
    take_away(keys, Purpose.ACCOUNT)
    assert "marchbanks" in str(opened(report_id, standards).groups)
    came = passing.how_it_came(report_id=report_id, by=standards)
    assert [(each.to, each.by, each.reason) for each in came] == [(Said.NAME_LATER, officer, "")]


def test_it_is_the_same_sentence_as_any_other_refusal(officer, standards):
    said_so, by_hand = send_harm(works={"party": "yes"}), passed(officer)
    met = send_harm(what={"text": "It was Dena Okafor"})
    sentences = set()
    for report_id in (said_so, by_hand, met, met):
        with pytest.raises(Refused) as refused:
            opened(report_id, officer)
        sentences.add(str(refused.value))
    assert sentences == {table().police_party_sentence}
    assert not any(word in table().police_party_sentence.lower() for word in ("name", "police"))


def test_ones_own_name_is_met_with_a_wrong_letter_too(officer):
    report_id = send_harm(what={"text": "it was denna okafour"})
    with pytest.raises(Refused, match=NOT_FOR_YOU):
        opened(report_id, officer)


def test_a_name_is_met_before_a_report_is_accepted_and_in_messages(officer, standards):
    report_id, place = send_with_code(what={"text": "her ex waits by thessaly marchbanks’ car"})
    opened(report_id, officer)
    returns.write(place, text="His name is Wystan Pellew", at=AT)
    link(standards, officer)
    with pytest.raises(Refused, match=NOT_FOR_YOU):
        operations.accept_report(
            report_id=report_id,
            decisions=Decisions(None, "", "", "not_classified"),
            by=officer,
            at=AT,
        )
    other, place = send_with_code(what={"text": "nothing at all"})
    returns.write(place, text="It is about Thessaly Marchbanks", at=AT)
    with pytest.raises(Refused, match=NOT_FOR_YOU):
        conversations.open_conversation(report_id=other, reason=REASON, by=officer, at=AT)
    assert TriageSlip.objects.get(pk=other).police_party


def test_a_hidden_name_is_met_by_its_keeper(standards):
    keeper = member(Role.IDENTITY_KEEPER, name="Sorrel Vane")
    report_id = send_harm(identity={"how": "hidden"}, name={"name": "Sorrel Vane"})
    with pytest.raises(Refused, match=NOT_FOR_YOU):
        identities.open_identity(report_id=report_id, reason=REASON, by=keeper, at=AT)
    assert TriageSlip.objects.get(pk=report_id).police_party


def test_a_name_is_met_in_feedback(officer, standards):
    report_id = send_feedback("I wrote about thessaly marchbanks")
    link(standards, officer)
    with pytest.raises(Refused, match=NOT_FOR_YOU):
        feedback.open_feedback(report_id=report_id, reason=REASON, by=officer, at=AT)
    account = feedback.open_feedback(report_id=report_id, reason=REASON, by=standards, at=AT)
    assert "marchbanks" in str(account.groups)


def test_one_of_standards_whom_it_names_is_kept_from_it_and_another_is_not(standards):
    report_id = send_harm(works={"party": "yes"}, what={"text": "oriel quayle is his sister"})
    for _ in range(2):
        with pytest.raises(Refused, match=NOT_FOR_YOU):
            opened(report_id, standards)
    assert queries.seen_among([report_id], by=standards) == []
    other = member(Role.PROFESSIONAL_STANDARDS, name="Second Reader")
    assert "quayle" in str(opened(report_id, other).groups)


def test_what_standards_passed_back_is_kept_from_whom_it_names_alone(officer, standards):
    report_id = send_harm(what={"text": "thessaly marchbanks is my neighbour"})
    link(standards, officer)
    with pytest.raises(Refused):
        opened(report_id, officer)
    opened(report_id, standards)
    passing.pass_to_unit(report_id=report_id, reason=BACK, by=standards, at=AT)
    with pytest.raises(Refused, match=NOT_FOR_YOU):
        opened(report_id, officer)
    assert Recusal.objects.get().member == officer
    assert queries.seen_among([report_id], by=officer) == []
    colleague = member(name="Ibb Tarrant")
    assert "marchbanks" in str(opened(report_id, colleague).groups)
    assert [each.to for each in passing.how_it_came(report_id=report_id, by=colleague)] == [
        Said.NOT_OURS
    ]


def test_what_is_kept_is_sealed_to_standards_and_to_nobody_else(officer, standards, settings):
    report_id = passed(officer)
    known = {each.key_id: each.purpose for each in load_recipients(settings.KEYS_FOLDER).keys}
    row = SealedAgain.objects.get(report_id=report_id, kind=Kind.ACCOUNT.name)
    assert {known[key] for key, _ in parts(bytes(row.content)).stanzas} == {Purpose.STANDARDS}


def test_nobody_can_tell_from_the_waiting_which_was_passed(officer, standards):
    passed(officer)
    assert queries.oldest_for_professional_standards(at=AT + timedelta(hours=1)) is None
    later = AT + queries.SAID_OF_STANDARDS_AFTER
    assert queries.oldest_for_professional_standards(at=later) == AT
    send_harm(works={"party": "yes"}, at=AT)
    assert queries.oldest_for_professional_standards(at=AT + timedelta(hours=1)) is not None


def test_no_slip_that_arrives_says_that_it_was_passed_on(officer):
    from safehold.domain.triage_slip import BadSlip, from_mapping

    for said in (Said.NAME_LATER, Said.PASSED, Said.NOT_OURS):
        with pytest.raises(BadSlip):
            from_mapping({"kind": "home", "party_is_police": str(said)})
    with pytest.raises(BadSlip):
        from_mapping({"kind": "home", "child_present": str(Said.NAME)})
    assert arrive()
