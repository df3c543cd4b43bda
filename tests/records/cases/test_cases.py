"""Who knows of a case, who owns it, and that of two at once the second reads what stands."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from safehold.domain.access import Refused, Role
from safehold.records.append_only import WrittenOnce
from safehold.records.audit.models import AuditEvent
from safehold.records.cases import listing, members, operations, queries, timeline
from safehold.records.cases.listing import State
from safehold.records.cases.models import CaseAct, CaseMember, Relation
from safehold.records.cases.operations import ActedMeanwhile, Closed, NotADay, NotForThem
from safehold.records.cases.queries import CaseNotFound
from safehold.records.cases.timeline import Moment
from safehold.records.incidents import operations as incidents
from safehold.records.incidents.models import Incident, IncidentReport, Part
from safehold.records.people.models import Person
from tests import some_cases
from tests.desk import AT, REASON, member

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
LATER = AT + timedelta(hours=2)
WHY = "She asked for somebody whom she knows"


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def supervisor():
    return member(Role.SUPERVISOR, name="Pell Lisle")


@pytest.fixture
def ilka(officer):
    return some_cases.person("Ilka Brandreth", by=officer)


@pytest.fixture
def found(officer, ilka):
    return some_cases.incident(by=officer, people_in={Part.VICTIM: ilka})


@pytest.fixture
def case(officer, found):
    return some_cases.case(found, by=officer, owner=officer)


def sees(who, case) -> bool:
    return queries.seen_by(who).filter(pk=case.pk).exists()


def name(case, who, relation=Relation.OWNER, *, by, shown=None):
    members.name_member(
        case_id=case.pk,
        member=who,
        relation=relation,
        why=WHY,
        shown_owner=shown,
        by=by,
        at=LATER,
    )


def owners(case) -> list[str]:
    rows = CaseMember.objects.filter(case=case, relation=Relation.OWNER, until=None)
    return [row.member.name for row in rows.select_related("member")]


class TestOpening:
    def test_a_case_is_about_whoever_is_tied_to_its_incidents(self, case, officer, ilka):
        (party,) = queries.parties_of(case, by=officer)
        assert (party.identity, party.name) == (ilka.identity, "Ilka Brandreth")
        assert owners(case) == [officer.name]

    def test_an_incident_and_a_part_are_there_once(self, case, found, officer, ilka):
        act = {"case_id": case.pk, "by": officer, "at": LATER}
        assert operations.add_incident(incident_id=found.pk, **act) is False
        assert operations.add_party(identity=ilka.identity, part=Part.VICTIM, **act) is False
        assert operations.add_party(identity=ilka.identity, part=Part.WITNESS, **act) is True
        changed = AuditEvent.objects.filter(action="case changed")
        assert [row.detail["part"] for row in changed] == ["witness"]

    def test_a_restricted_case_needs_an_owner(self, officer):
        with pytest.raises(NotForThem, match="needs an owner"):
            some_cases.case(by=officer, restricted=True)

    def test_one_on_an_incident_of_a_colleague_is_sealed(self, found, supervisor):
        standards = member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
        Incident.objects.filter(pk=found.pk).update(police_party=True)
        case = some_cases.case(found, by=standards, owner=standards)
        assert sees(standards, case)
        assert not sees(supervisor, case)
        with pytest.raises(NotForThem, match="cannot work on this case"):
            name(case, supervisor, by=standards)


class TestWhoKnows:
    def test_a_restricted_case_is_there_for_whoever_works_on_it(self, case, officer, supervisor):
        assert sees(supervisor, case)
        operations.restrict(case_id=case.pk, restricted=True, why=WHY, by=officer, at=LATER)
        assert not sees(supervisor, case)
        with pytest.raises(CaseNotFound):
            operations.look_at_case(case_id=case.pk, reason=REASON, by=supervisor, at=LATER)
        assert not AuditEvent.objects.filter(action="looked", actor_id=str(supervisor.pk)).exists()
        assert queries.hidden_from(supervisor) == [str(case.pk)]
        name(case, supervisor, Relation.SUPERVISOR, by=officer)
        assert sees(supervisor, case)
        assert queries.hidden_from(supervisor) == []

    def test_a_restricted_case_that_nobody_can_see_is_there_for_whoever_hands_on(
        self, case, officer, supervisor
    ):
        operations.restrict(case_id=case.pk, restricted=True, why=WHY, by=officer, at=LATER)
        other = member(name="Ro Tarn")
        some_cases.leave(officer)
        assert sees(supervisor, case)
        assert not sees(other, case)
        assert list(queries.without_owner(by=supervisor)) == [case]

    def test_whoever_does_not_work_on_it_does_not_restrict_it(self, case, supervisor):
        with pytest.raises(NotForThem, match="would not see it"):
            operations.restrict(case_id=case.pk, restricted=True, why=WHY, by=supervisor, at=LATER)

    def test_whoever_is_kept_from_a_report_in_it_knows_nothing_of_it(
        self, case, found, officer, supervisor
    ):
        report_id = some_cases.with_report(found, by=officer)
        name(case, supervisor, Relation.SUPERVISOR, by=officer)
        some_cases.keep_from(supervisor, report_id)
        assert not sees(supervisor, case)
        assert queries.hidden_from(supervisor) == [str(case.pk)]
        assert supervisor not in queries.who_may_work_on(case)
        with pytest.raises(NotForThem, match="This member cannot work on this case"):
            name(case, supervisor, by=officer)
        # Once the report is destroyed, what was told in it is the incident's still.
        IncidentReport.objects.filter(pk=report_id).delete()
        assert not sees(supervisor, case)

    def test_an_incident_that_is_passed_on_takes_its_case_along(self, case, found, officer):
        report_id = some_cases.with_report(found, by=officer)
        with transaction.atomic():
            incidents.pass_on(report_id, for_standards=True)
        standards = member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
        assert not sees(officer, case)
        assert sees(standards, case)
        assert list(queries.without_owner(by=standards)) == [case]

    def test_a_restricted_case_that_is_passed_on_is_seen_by_standards(self, case, found, officer):
        operations.restrict(case_id=case.pk, restricted=True, why=WHY, by=officer, at=LATER)
        Incident.objects.filter(pk=found.pk).update(police_party=True)
        standards = member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
        assert sees(standards, case)
        assert not sees(officer, case)

    def test_somebody_sealed_to_a_role_is_not_among_the_parties(self, case, officer):
        standards = member(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
        sealed = some_cases.person("Oswin Tarrant", by=standards)
        operations.add_party(
            case_id=case.pk, identity=sealed.identity, part=Part.WITNESS, by=officer, at=LATER
        )
        Person.objects.filter(pk=sealed.pk).update(sealed_to=Role.PROFESSIONAL_STANDARDS)
        assert [each.name for each in queries.parties_of(case, by=officer)] == ["Ilka Brandreth"]
        assert len(queries.parties_of(case, by=standards)) == 2


class TestOwners:
    def test_a_new_owner_takes_the_place_and_the_row_before_stays(self, case, officer):
        other = member(name="Ro Tarn")
        name(case, other, by=officer, shown=str(officer.pk))
        assert owners(case) == ["Ro Tarn"]
        assert CaseMember.objects.get(case=case, member=officer).ended_why == WHY

    def test_only_the_owner_or_whoever_hands_on_for_others_gives_it_away(
        self, case, officer, supervisor
    ):
        other = member(name="Ro Tarn")
        with pytest.raises(Refused, match="not for you"):
            name(case, other, by=other)
        some_cases.names(case, other, by=officer)
        with pytest.raises(NotForThem, match="they hand it on"):
            name(case, other, by=other)
        row = CaseMember.objects.get(case=case, member=officer)
        with pytest.raises(Refused, match="not for you"):
            members.end_membership(
                case_id=case.pk, membership_id=row.pk, why=WHY, by=member(), at=LATER
            )
        name(case, other, by=supervisor)
        assert owners(case) == ["Ro Tarn"]

    def test_whoever_saw_another_owner_reads_whose_it_is_now(self, case, officer, supervisor):
        other = member(name="Ro Tarn")
        name(case, other, by=supervisor, shown=str(officer.pk))
        with pytest.raises(ActedMeanwhile, match="It is Ro Tarn’s now"):
            name(case, officer, by=supervisor, shown=str(officer.pk))

    def test_an_end_that_somebody_recorded_first_says_who_and_why(self, case, officer, supervisor):
        row = CaseMember.objects.get(case=case)
        act = {"case_id": case.pk, "membership_id": row.pk, "why": WHY, "at": LATER}
        members.end_membership(by=supervisor, **act)
        with pytest.raises(ActedMeanwhile, match=f"Pell Lisle ended this .*: “{WHY}”"):
            members.end_membership(by=officer, **act)

    def test_a_restricted_case_keeps_an_owner(self, case, officer):
        operations.restrict(case_id=case.pk, restricted=True, why=WHY, by=officer, at=LATER)
        row = CaseMember.objects.get(case=case)
        with pytest.raises(NotForThem, match="Name another owner first"):
            members.end_membership(
                case_id=case.pk, membership_id=row.pk, why=WHY, by=officer, at=LATER
            )

    @pytest.mark.parametrize("how", [some_cases.leave, some_cases.move])
    def test_whoever_left_or_moved_owns_nothing_and_their_words_stay(
        self, how, case, officer, supervisor
    ):
        assert queries.to_hand_on(by=supervisor).count() == 0
        how(officer)
        assert queries.to_hand_on(by=supervisor).count() == 1
        assert queries.owners_of([case]) == {}
        other = member(name="Ro Tarn")
        done = members.hand_on(case_ids=[case.pk], member=other, why=WHY, by=supervisor, at=LATER)
        assert (done.cases, done.stay, owners(case)) == (1, 0, ["Ro Tarn"])
        said = [each.by for each in timeline.of_case(case, by=supervisor)]
        assert officer.name in said

    def test_a_case_whose_owner_is_kept_from_it_has_none(self, case, found, officer, supervisor):
        report_id = some_cases.with_report(found, by=officer)
        some_cases.keep_from(officer, report_id)
        assert queries.to_hand_on(by=supervisor).count() == 1
        other = member(name="Ro Tarn")
        name(case, other, by=supervisor, shown=str(officer.pk))
        assert queries.to_hand_on(by=supervisor).count() == 0

    def test_many_go_to_one_member_and_those_that_others_took_stay(self, officer, supervisor):
        left = member(name="Ada Venn")
        cases = [some_cases.case(by=officer, owner=left) for _ in range(3)]
        some_cases.leave(left)
        other = member(name="Ro Tarn")
        name(cases[1], officer, by=supervisor, shown=str(left.pk))
        done = members.hand_on(
            case_ids=[each.pk for each in cases], member=other, why=WHY, by=supervisor, at=LATER
        )
        assert (done.cases, done.stay) == (2, 1)
        assert [owners(each) for each in cases] == [["Ro Tarn"], [officer.name], ["Ro Tarn"]]
        kept = AuditEvent.objects.filter(action="case changed", detail__many=True)
        assert [row.reason for row in kept] == [WHY, WHY]
        with pytest.raises(Refused):
            members.hand_on(case_ids=[cases[0].pk], member=other, why=WHY, by=officer, at=LATER)

    def test_one_that_the_member_is_kept_from_stays_with_the_same_words(
        self, case, found, officer, supervisor
    ):
        other = member(name="Ro Tarn")
        some_cases.keep_from(other, some_cases.with_report(found, by=officer))
        some_cases.leave(officer)
        done = members.hand_on(case_ids=[case.pk], member=other, why=WHY, by=supervisor, at=LATER)
        assert (done.cases, done.stay) == (0, 1)

    def test_own_open_cases_are_counted_with_the_oldest(self, case, officer):
        some_cases.case(by=officer, owner=officer, at=LATER)
        assert (queries.own(by=officer).count, queries.own(by=officer).since) == (2, AT)
        operations.close(case_id=case.pk, why=WHY, by=officer, at=LATER)
        assert (queries.own(by=officer).count, queries.own(by=officer).since) == (1, LATER)


class TestClosing:
    def test_a_closed_case_says_who_closed_it_and_why_to_whoever_comes_second(
        self, case, officer, supervisor
    ):
        operations.close(case_id=case.pk, why=WHY, by=supervisor, at=LATER)
        with pytest.raises(Closed, match=f"by Pell Lisle: “{WHY}”. Open it again first."):
            operations.close(case_id=case.pk, why=REASON, by=officer, at=LATER)
        with pytest.raises(Closed):
            name(case, officer, by=supervisor)

    def test_it_opens_again_with_a_reason_and_every_turn_stays(self, case, officer):
        for act in (operations.close, operations.reopen, operations.close):
            act(case_id=case.pk, why=WHY, by=officer, at=LATER)
        operations.reopen(case_id=case.pk, why="He was seen at her door", by=officer, at=LATER)
        with pytest.raises(ActedMeanwhile, match="is open"):
            operations.reopen(case_id=case.pk, why=WHY, by=officer, at=LATER)
        acts = list(CaseAct.objects.values_list("act", flat=True))
        assert sorted(acts) == ["closed", "closed", "reopened", "reopened"]
        kept = AuditEvent.objects.filter(action="case opened again")
        assert {row.reason for row in kept} == {WHY, "He was seen at her door"}
        assert owners(case) == [officer.name]

    def test_what_was_done_with_a_case_is_written_once(self, case, officer):
        operations.close(case_id=case.pk, why=WHY, by=officer, at=LATER)
        with pytest.raises(WrittenOnce):
            CaseAct.objects.update(why="x")
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseAct.objects.create(case=case, act="lost", at=AT, by=officer, why=WHY)

    def test_a_restriction_that_stands_already_is_told(self, case, officer):
        act = {"case_id": case.pk, "restricted": True, "why": WHY, "by": officer, "at": LATER}
        operations.restrict(**act)
        with pytest.raises(ActedMeanwhile, match="restricted this case since"):
            operations.restrict(**act)

    def test_its_time_is_counted_from_the_end_and_may_be_kept_longer(
        self, case, officer, supervisor
    ):
        operations.close(case_id=case.pk, why=WHY, by=officer, at=AT)
        day = date(2036, 11, 22)
        assert not listing.over(by=supervisor, today=day - timedelta(days=1)).exists()
        assert list(listing.over(by=supervisor, today=day)) == [case]
        act = {"case_id": case.pk, "why": WHY, "by": supervisor, "at": AT.replace(year=2036)}
        for until in (date(2036, 11, 22), date(2047, 1, 1)):
            with pytest.raises(NotADay):
                operations.keep_longer(until=until, **act)
        operations.keep_longer(until=date(2040, 1, 1), **act)
        assert not listing.over(by=supervisor, today=day).exists()
        with pytest.raises(Refused):
            operations.keep_longer(until=date(2041, 1, 1), **{**act, "by": officer})


class TestLists:
    def test_pages_follow_each_other_and_a_key_that_is_hidden_begins_anew(
        self, officer, supervisor
    ):
        made = [
            some_cases.case(by=officer, owner=officer, at=AT + timedelta(minutes=each // 2))
            for each in range(7)
        ]
        seen, after = [], None
        for _ in range(4):
            page = listing.page(state=State.MINE, after=after, by=officer, today=AT.date(), limit=2)
            seen += [case.pk for case, _ in page.rows]
            after = page.after
        assert after is None
        assert len(seen) == len(set(seen)) == 7
        assert set(seen) == {each.pk for each in made}
        hidden = some_cases.case(by=supervisor, owner=supervisor, restricted=True)
        pages = [
            listing.page(state=State.OPEN, after=key, by=officer, today=AT.date(), limit=2)
            for key in (None, hidden.pk, UUID(int=1))
        ]
        assert pages[0] == pages[1] == pages[2]

    def test_each_list_has_what_it_says(self, case, officer, supervisor):
        other = member(name="Ro Tarn")
        apart = some_cases.case(by=officer, team="Westmere")
        closed = some_cases.case(by=officer, owner=other)
        operations.close(case_id=closed.pk, why=WHY, by=other, at=LATER)
        found = {
            state: {
                each.pk
                for each, _ in listing.page(
                    state=state, after=None, by=officer, today=AT.date()
                ).rows
            }
            for state in State
        }
        assert found[State.MINE] == found[State.TEAM] == {case.pk}
        assert found[State.OPEN] == {case.pk, apart.pk}
        assert found[State.UNOWNED] == {apart.pk}
        assert found[State.CLOSED] == {closed.pk}
        assert State.OVER not in listing.states_of(officer)
        assert State.OVER in listing.states_of(supervisor)


def test_another_room_tells_what_it_did_in_the_one_timeline(case, officer, monkeypatch):
    monkeypatch.setattr(timeline, "_SOURCES", dict(timeline._SOURCES))
    timeline.add_source(
        "tests", lambda case, by: [Moment(LATER, "An action was done", by.name, more="Locks")]
    )
    said = [each.what for each in timeline.of_case(case, by=officer)]
    assert said[0] == "An action was done"
    assert "Case opened" in said
