"""What arrives is held against names before it is sealed; nothing says which name it was."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.db import DatabaseError, connections

from safehold.crypto.envelopes import Kind, parts
from safehold.crypto.recipients import Purpose, load_recipients
from safehold.domain import names
from safehold.domain.access import Refused, Role
from safehold.domain.triage_slip import Said
from safehold.records.audit.models import AuditEvent
from safehold.records.conflicts import comparing, operations, queries
from safehold.records.conflicts.models import Colleague, LinkedParty
from safehold.records.feedback.models import Feedback
from safehold.records.intake import names as intake
from safehold.records.intake.models import NameMarks, SealedReport
from safehold.records.triage.models import TriageSlip
from tests.desk import AT, TEST, arrive, member, send_ask, send_feedback, send_harm

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
LATER = AT + timedelta(minutes=1)


@pytest.fixture
def officer():
    made = member(name="Dena Okafor")
    comparing.keep_marks(at=AT)
    return made


def link(officer, name="Thessaly Marchbanks", **changes):
    standards = member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
    given = {"relation": "former", "colleague": officer, "colleague_name": "", **changes}
    made = operations.add_linked(name=name, by=standards, at=AT, **given)
    comparing.keep_marks(at=AT)
    return made


def party(report_id):
    return TriageSlip.objects.get(pk=report_id).party_is_police


def sealed_to(report_id, settings) -> set[str]:
    known = {each.key_id: each.purpose for each in load_recipients(settings.KEYS_FOLDER).keys}
    report = SealedReport.objects.using("intake").get(pk=report_id)
    envelopes = [each for each in (report.account, report.identity) if each is not None]
    return {str(known[key]) for each in envelopes for key, _ in parts(bytes(each)).stanzas}


@pytest.mark.parametrize(
    "answers",
    [
        {"what": {"text": "it was dena okafor, at home"}},
        {"what": {"text": "PC Okafor came round again"}},
        {"what": {"text": "D. Okafor"}},
        {"identity": {"how": "hidden"}, "name": {"name": "Dena Okafor"}},
        {"identity": {"how": "named"}, "name": {"name": "Okafor, Dena"}},
    ],
)
def test_a_report_that_names_a_member_is_sealed_to_standards_alone(officer, settings, answers):
    report_id = send_harm(**answers)
    assert party(report_id) == Said.NAME
    assert sealed_to(report_id, settings) == {str(Purpose.STANDARDS)}


def test_a_name_is_met_while_the_marks_are_replaced(officer, monkeypatch, caplog):
    version = intake.version_of_marks
    intake._read.cache_clear()

    def replaced_in_between():
        read = version()
        intake.replace_marks(names.forms_of_name("Dena Okafor"))  # another process commits
        return read

    monkeypatch.setattr(intake, "version_of_marks", replaced_in_between)
    assert party(send_harm(what={"text": "it was dena okafor, at home"})) == Said.NAME
    assert "could not be compared" not in caplog.text


def test_a_linked_person_is_met_in_a_place_report_an_application_and_feedback(officer):
    link(officer)
    text = "thessaly marchbanks"
    assert party(arrive(words={"text": text})) == Said.NAME
    assert party(send_ask(subject={"name": text})) == Said.NAME
    feedback_id = send_feedback(f"I asked about {text}")
    assert Feedback.objects.get(pk=feedback_id).party_is_police == Said.NAME


def test_a_report_about_nobody_here_stays_the_units(officer, settings):
    link(officer)
    report_id = send_harm(what={"text": "a man in a red van, nobody knows him"})
    assert party(report_id) != Said.NAME
    assert sealed_to(report_id, settings) == {str(Purpose.ACCOUNT)}


def test_what_she_said_of_the_police_stays_as_she_said_it(officer):
    assert party(send_harm(works={"party": "yes"}, what={"text": "Dena Okafor"})) == Said.YES
    assert party(send_harm(works={"party": "no"}, what={"text": "Dena Okafor"})) == Said.NAME


def test_an_ended_link_is_met_no_more(officer):
    made = link(officer)
    standards = member(Role.PROFESSIONAL_STANDARDS, name="Sorrel Vane")
    operations.end_linked(linked_id=made.pk, why="They moved away years ago", by=standards, at=AT)
    comparing.keep_marks(at=LATER)
    assert party(send_harm(what={"text": "thessaly marchbanks"})) != Said.NAME
    with pytest.raises(operations.NotLinked):
        operations.end_linked(linked_id=made.pk, why="They moved away again", by=standards, at=AT)


def test_listed_colleagues_are_met_and_a_new_list_takes_the_place_of_the_old(officer):
    operations.replace_colleagues(given=["Wystan Pellew", "Ibb Tarrant"], by=TEST, at=AT)
    comparing.keep_marks(at=LATER)
    assert party(send_harm(what={"text": "Sergeant Pellew"})) == Said.NAME
    operations.replace_colleagues(given=["Ibb Tarrant"], by=TEST, at=AT)
    comparing.keep_marks(at=LATER)
    assert party(send_harm(what={"text": "wystan pellew"})) != Said.NAME
    with pytest.raises(operations.NoName):
        operations.replace_colleagues(given=["Ibb Tarrant", "Pellew"], by=TEST, at=AT)
    assert Colleague.objects.count() == 1


def test_without_marks_a_report_is_taken_and_that_shows(officer):
    NameMarks.objects.using("intake").all().delete()
    assert not queries.are_compared()
    assert party(send_harm(what={"text": "dena okafor"})) != Said.NAME
    comparing.keep_marks(at=LATER)
    assert queries.are_compared()


def test_marks_that_cannot_be_read_stop_no_report(officer, monkeypatch, caplog):
    def fails():
        raise DatabaseError("permission denied")

    monkeypatch.setattr(intake, "version_of_marks", fails)
    with caplog.at_level(logging.ERROR):
        report_id = send_harm(what={"text": "it was dena okafor"})
    assert SealedReport.objects.using("intake").filter(pk=report_id).exists()
    assert "Names could not be compared" in caplog.text
    assert "okafor" not in caplog.text.casefold()


def test_marks_are_made_anew_only_when_a_name_or_a_day_came(officer):
    before = NameMarks.objects.using("intake").get()
    assert not comparing.keep_marks(at=LATER)
    link(officer)
    after = NameMarks.objects.using("intake").get()
    assert (after.version, bytes(after.key)) != (before.version, bytes(before.key))
    assert not set(chunks(before)) & set(chunks(after))
    assert comparing.keep_marks(at=AT + timedelta(days=2))


def test_the_number_of_marks_tells_nothing(officer):
    before = len(chunks(NameMarks.objects.using("intake").get()))
    for name in ("Thessaly Marchbanks", "Wystan Pellew", "Ibb Tarrant"):
        link(officer, name)
    assert before == len(chunks(NameMarks.objects.using("intake").get())) == intake.ROUND_NUMBER


def chunks(row) -> list[bytes]:
    marks = bytes(row.marks)
    return [marks[at : at + intake.MARK_BYTES] for at in range(0, len(marks), intake.MARK_BYTES)]


def test_which_name_was_met_is_written_nowhere(officer):
    link(officer)
    send_harm(what={"text": "thessaly marchbanks"})
    for alias in ("default", "intake"):
        for table in connections[alias].introspection.table_names():
            if table in {"conflict_linked_party", "staff_member"}:
                continue
            with connections[alias].cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{table}"')
                rows = cursor.fetchall()
            assert b"marchbanks" not in str(rows).casefold().encode(), table


@pytest.mark.parametrize("role", [role for role in Role if role != Role.PROFESSIONAL_STANDARDS])
def test_nobody_else_keeps_or_sees_the_register(officer, role):
    made, who = link(officer), member(role, name="Somebody Else")
    for act in (
        lambda: operations.add_linked(
            name="Wystan Pellew",
            relation="family",
            colleague=officer,
            colleague_name="",
            by=who,
            at=AT,
        ),
        lambda: operations.end_linked(linked_id=made.pk, why="No longer so close", by=who, at=AT),
        lambda: operations.look_at_register(by=who, at=AT),
        lambda: queries.listed(by=who),
        lambda: queries.one(linked_id=made.pk, by=who),
    ):
        with pytest.raises(Refused):
            act()


def test_an_entry_needs_whole_names_and_one_colleague(officer):
    with pytest.raises(operations.NoName):
        link(officer, "Thessaly")
    with pytest.raises(operations.NoColleague):
        link(officer, colleague_name="Wystan Pellew")
    with pytest.raises(operations.NoColleague):
        link(None)
    with pytest.raises(operations.NoColleagueName):
        link(None, colleague_name="Pellew")
    assert not LinkedParty.objects.exists()


def test_the_audit_holds_no_name_of_the_register(officer):
    link(officer, "Thessaly Marchbanks")
    rows = AuditEvent.objects.filter(subject_kind="linked").values()
    assert len(rows) == 1
    assert "Marchbanks" not in str(list(rows))


def test_a_long_account_is_compared_in_a_blink(officer, settings):
    import time

    text = " ".join(f"word{number % 997}x" for number in range(5_000)) + " dena okafor"
    started = time.perf_counter()
    compared = intake.compare({"kind": "home"}, account={"answers": [text]}, identity=None)
    slip = compared.slip()
    assert time.perf_counter() - started < 2
    assert slip["party_is_police"] == Said.NAME


def test_names_are_compared_by_the_same_rules_on_both_sides():
    assert Kind.ACCOUNT.purpose_where(for_standards=True) is Purpose.STANDARDS
    assert names.forms_of_name("Dena Okafor") >= {"dena okafor", "d okafor", "rank okafor rank"}
