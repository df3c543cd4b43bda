"""An assessment: history before answers, nothing overwritten, checks before it is submitted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet

from safehold.domain import instruments as definitions
from safehold.domain.access import Refused, Role
from safehold.domain.risk import Answer
from safehold.records.append_only import WrittenOnce
from safehold.records.audit.models import AuditEvent
from safehold.records.cases import operations as cases
from safehold.records.cases.queries import CaseNotFound
from safehold.records.incidents.models import Part
from safehold.records.people import facts
from safehold.records.people.models import Person
from safehold.records.risk import evaluation, instruments, operations, queries, wordings
from safehold.records.risk.models import Assessment, InstrumentKept, ItemAnswer, Started
from safehold.records.risk.operations import NotReady, Said, Submitted
from tests.desk import AT, REASON, member
from tests.domain.test_instruments import licensed
from tests.risky import (
    SAID,
    a_case,
    begin,
    check_all,
    of_the_team,
    open_history,
    pair,
    person,
    say,
    submitted,
    tied_incident,
)

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]
LATER = AT + timedelta(minutes=5)


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def two(officer):
    return pair(by=officer)


@pytest.fixture
def other(officer, two):
    return of_the_team(two, by=officer, name="Pell Lisle")


def evaluated(made: Assessment, by) -> evaluation.Evaluation:
    return evaluation.evaluate(made, by=by, at=LATER)


def test_an_assessment_is_of_a_case_that_one_may_know_of_and_of_its_parties(officer, two) -> None:
    stranger = person("Ro Tarn", by=officer)
    with pytest.raises(operations.NotAParty):
        begin(two, by=officer, victim=stranger.identity)
    with pytest.raises(operations.NotAParty):
        begin(two, by=officer, accused=two.victim)
    with pytest.raises(instruments.NoSuchInstrument):
        begin(two, by=officer, instrument="tarot")
    with pytest.raises(Refused):
        begin(two, by=member(Role.ANALYST))
    boss = member(Role.SUPERVISOR)
    hidden = a_case((stranger, Part.VICTIM), by=boss, restricted=True)
    with pytest.raises(CaseNotFound):
        begin(two, by=officer, case_id=hidden.pk)
    cases.close(case_id=two.case.pk, why=REASON, by=officer, at=AT)
    with pytest.raises(cases.Closed):
        begin(two, by=officer)


def test_whoever_may_not_know_of_the_case_knows_of_no_assessment(officer, other) -> None:
    ilka = person("Ilka Brandreth", by=officer)
    made_in = a_case((ilka, Part.VICTIM), by=officer, restricted=True)
    made = operations.start(
        case_id=made_in.pk,
        instrument="dash",
        victim=ilka.identity,
        accused=None,
        by=officer,
        at=AT,
    )
    assert queries.get(assessment_id=made.pk, by=officer) == made
    with pytest.raises(queries.AssessmentNotFound):
        queries.get(assessment_id=made.pk, by=other)
    assert queries.references_of([str(made.pk)], by=other) == {}
    assert str(made.pk) in queries.about_colleagues()


def test_a_second_press_goes_on_with_what_was_begun(officer, other, two) -> None:
    assert begin(two, by=officer) == begin(two, by=other, at=LATER)
    assert begin(two, by=officer, accused=None) != begin(two, by=officer)
    assert begin(two, by=officer, at=AT + timedelta(days=2)) != begin(two, by=officer)


def test_nothing_is_answered_before_the_history_was_opened_in_this_shift(officer, other, two):
    made = begin(two, by=officer)
    with pytest.raises(NotReady, match="Open the history first"):
        say(made, by=other, kill="yes")
    with pytest.raises(NotReady, match="Open the history first"):
        say(made, by=officer, at=AT + timedelta(hours=11), kill="yes")
    say(made, by=officer, kill="yes")
    assert ItemAnswer.objects.count() == 1


def test_an_answer_is_a_row_and_a_later_one_stands_in_its_place(officer, two) -> None:
    made = begin(two, by=officer)
    say(made, by=officer, kill="no", strangle="declined")
    say(made, by=officer, at=LATER, kill=Answer("yes", (), "On the phone"), strangle="declined")
    (standing,) = queries.standing(made)["kill"]
    assert (standing.given, standing.words, standing.by) == ("yes", "On the phone", officer)
    assert [row.given for row in queries.written(made, "kill")] == ["yes", "no"]
    assert ItemAnswer.objects.count() == 3  # the other said nothing new
    standing.given = "no"
    with pytest.raises(WrittenOnce):
        standing.save()
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        QuerySet(ItemAnswer).update(given="no")
    assert not AuditEvent.objects.filter(detail__icontains="phone").exists()


def test_two_who_did_not_see_each_others_answer_are_both_kept_and_shown(officer, other, two):
    made = begin(two, by=officer)
    open_history(two, by=other)
    say(made, by=officer, kill="no", strangle="yes")
    say(made, by=other, kill="yes", strangle="yes")
    standing = queries.standing(made)
    assert {(row.by, row.given) for row in standing["kill"]} == {(officer, "no"), (other, "yes")}
    assert len(standing["strangle"]) == 1  # both said the same
    found = evaluated(made, officer)
    assert found.differ == ["kill"]
    assert "kill" in found.tally.yes
    seen = tuple(row.pk for row in standing["kill"])
    operations.save_answers(
        assessment_id=made.pk, said=[Said("kill", Answer(""), seen)], by=other, at=LATER
    )
    assert len(queries.standing(made)["kill"]) == 2  # nothing was chosen
    operations.save_answers(
        assessment_id=made.pk, said=[Said("kill", Answer("no"), seen)], by=other, at=LATER
    )
    (left,) = queries.standing(made)["kill"]
    assert (left.given, left.by) == ("no", other)
    assert len(queries.written(made, "kill")) == 3


def test_one_who_saw_an_answer_and_leaves_it_as_it_was_writes_nothing(officer, other, two) -> None:
    made = begin(two, by=officer)
    open_history(two, by=other)
    say(made, by=officer, kill="no")
    (seen,) = queries.standing(made)["kill"]
    say(made, by=officer, at=LATER, kill="yes")
    old = Said("kill", Answer("no"), (seen.pk,))
    assert not operations.save_answers(assessment_id=made.pk, said=[old], by=other, at=LATER)
    (standing,) = queries.standing(made)["kill"]
    assert standing.given == "yes"


def test_one_goes_back_to_what_they_said_first(officer, two) -> None:
    made = begin(two, by=officer)
    say(made, by=officer, kill="no")
    (seen,) = queries.standing(made)["kill"]
    say(made, by=officer, at=LATER, kill="yes")
    # As a page does that was not told what the answer before became.
    back = Said("kill", Answer("no"), (seen.pk,))
    operations.save_answers(
        assessment_id=made.pk, said=[back], by=officer, at=LATER + timedelta(minutes=1)
    )
    (standing,) = queries.standing(made)["kill"]
    assert standing.given == "no"


def test_it_is_submitted_once_every_source_was_searched_or_it_was_said_why_not(
    officer, two
) -> None:
    made = begin(two, by=officer)
    with pytest.raises(NotReady, match=r"Not said yet: .*PNC; PND"):
        operations.submit(assessment_id=made.pk, by=officer, at=LATER)
    check_all(two, by=officer, at=LATER, pnd=("not_done", "The link is down"))
    with pytest.raises(NotReady, match="Open the history first"):
        operations.submit(assessment_id=made.pk, by=of_the_team(two, by=officer), at=LATER)
    operations.submit(assessment_id=made.pk, by=officer, at=LATER)
    with pytest.raises(Submitted):
        operations.submit(assessment_id=made.pk, by=officer, at=LATER)
    with pytest.raises(Submitted):
        say(made, by=officer, at=LATER, kill="yes")


def test_a_search_of_last_year_is_no_check(officer, two) -> None:
    check_all(two, by=officer, at=AT - timedelta(days=365))
    made = begin(two, by=officer)
    assert not any(each.outcome for each in queries.checks(made))
    check_all(two, by=officer, at=AT - timedelta(hours=3))
    assert all(each.outcome for each in queries.checks(made))


def test_a_sign_of_suicide_starts_its_pathway_at_once_and_once(officer, two) -> None:
    made = begin(two, by=officer)
    say(made, by=officer, low="not_known")
    assert not Started.objects.exists()
    say(made, by=officer, at=LATER, low="yes")
    say(made, by=officer, at=LATER, low=Answer("yes", (), "She said it again"))
    follower = begin(two, by=officer, at=LATER, instrument="suicide", follows=made.pk)
    say(follower, by=officer, at=LATER, thoughts="yes")
    (row,) = Started.objects.all()
    assert (row.kind, row.due_at, row.owner, row.grade) == ("suicide_pathway", LATER, officer, None)


def test_the_flag_of_suicide_starts_the_pathway_when_an_assessment_begins(officer, two) -> None:
    facts.add_flag(identity=two.victim, kind="suicide", words="", origin=SAID, by=officer, at=AT)
    made = begin(two, by=officer)
    assert Started.objects.get().assessment == made
    assert "suicide_victim" in {each.key for each in evaluated(made, officer).prompts}


def test_what_an_answer_calls_for_follows_and_its_signs_count_with_the_first(officer, two) -> None:
    made = begin(two, by=officer)
    say(made, by=officer, stalked="yes", separated="yes", controls="yes")
    assert evaluated(made, officer).called_for == ["stalking"]
    follower = begin(two, by=officer, instrument="stalking", follows=made.pk)
    say(follower, by=officer, violent="yes")
    found = evaluated(made, officer)
    assert not found.called_for
    assert {"cluster", "stalking"} <= {each.key for each in found.prompts}


def test_three_incidents_of_the_two_are_escalation_whatever_was_answered(officer, two) -> None:
    for day in (300, 40, 2):
        when = AT - timedelta(days=day)
        tied_incident(victim=two.victim, accused=two.accused, by=officer, at=when)
    tied_incident(victim=two.victim, accused=two.accused, by=officer, at=AT - timedelta(days=400))
    made = begin(two, by=officer)
    found = evaluated(made, officer)
    assert "escalation" in {each.key for each in found.prompts}
    routes = {route.key: route for route in found.routes}
    assert routes["escalation"].met == "yes"
    assert "3 incidents" in routes["escalation"].why


@pytest.mark.parametrize(
    ("found", "met"),
    [
        (("found", "Referred in May"), "yes"),
        (("nothing", ""), "no"),
        (("not_done", "Nobody answers"), "cannot_tell"),
    ],
)
def test_whether_it_is_a_repeat_rests_on_what_was_searched(officer, two, found, met) -> None:
    made = begin(two, by=officer)
    check_all(two, by=officer, marac=found)
    routes = {route.key: route.met for route in evaluated(made, officer).routes}
    assert routes["repeat"] == met


def test_an_instrument_stays_as_it_was_when_it_was_filled_in(
    officer, two, tmp_path, monkeypatch
) -> None:
    made = begin(two, by=officer)
    folder = tmp_path / wordings.FOLDER
    folder.mkdir()
    words = licensed()
    items = "\n".join(f'{key} = "{said}"' for key, said in words["items"].items())
    head = 'instrument = "dash"\nversion = "1"\nlicence = "In writing"\n'
    (folder / "dash.toml").write_text(f"{head}[items]\n{items}\n")
    monkeypatch.setattr(settings, "SAFEHOLD_DATA", tmp_path)
    newer = begin(two, by=officer, at=AT + timedelta(days=1))
    assert queries.instrument_of(newer).wording == definitions.LICENSED
    again = queries.get(assessment_id=made.pk, by=officer)
    assert queries.instrument_of(again).wording == definitions.PARAPHRASE
    assert InstrumentKept.objects.count() == 2


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("tarot.toml", "", "it is none of dash.toml"),
        ("dash.txt", "", "it is none of dash.toml"),
        ("dash.toml", "items = [", "it cannot be read"),
        ("dash.toml", 'instrument = "dash"\nversion = "0"', "it is for version '0', not '1'"),
    ],
)
def test_a_wording_that_does_not_fit_is_a_line_at_the_start(tmp_path, name, text, says) -> None:
    assert list(wordings.problems(tmp_path)) == []
    (tmp_path / wordings.FOLDER).mkdir()
    (tmp_path / wordings.FOLDER / name).write_text(text)
    (line,) = wordings.problems(tmp_path)
    assert says in line


def test_a_merge_of_a_victim_keeps_her_assessments_together(officer, two) -> None:
    submitted(two, by=officer)
    again = person("Ilka Voss", by=officer)
    Person.objects.filter(pk=two.victim).update(identity=again.pk)
    cases.add_party(case_id=two.case.pk, identity=again.pk, part=Part.VICTIM, by=officer, at=AT)
    newer = operations.start(
        case_id=two.case.pk,
        instrument="dash",
        victim=again.pk,
        accused=two.accused,
        by=officer,
        at=AT + timedelta(days=1),
    )
    assert len(queries.earlier(newer, by=officer)) == 1


def test_an_answer_and_the_row_about_it_are_one_act(officer, two, monkeypatch) -> None:
    made = begin(two, by=officer)

    def refuses(**_):
        raise RuntimeError("no room")

    monkeypatch.setattr("safehold.records.audit.operations.append", refuses)
    with pytest.raises(RuntimeError), transaction.atomic():
        say(made, by=officer, low="yes")
    assert not ItemAnswer.objects.exists()
    assert not Started.objects.exists()
