"""Incidents of people as officers meet them: recording, tying, deciding, what came of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from safehold.domain.access import Role
from safehold.records.audit.models import AuditEvent
from safehold.records.incidents import operations as incidents
from safehold.records.incidents import queries, recording
from safehold.records.incidents.models import (
    Acquainted,
    Classification,
    Incident,
    IncidentOutcome,
    Part,
    Setting,
)
from safehold.records.incidents.models import Role as InIncident
from safehold.records.people import facts, operations
from tests.desk import AT, REASON, member, send_harm, sign_in

pytestmark = [pytest.mark.django_db(databases=["default", "intake"])]
NEW = "/staff/incidents/new/"
FEWEST = {
    "setting": "private",
    "acquainted": "known",
    "classification": "domestic",
    "colleague": "no",
}
SAID = operations.Origin("seen")


@pytest.fixture(autouse=True)
def _at_nine():
    with time_machine.travel(AT, tick=False):
        yield


@pytest.fixture
def officer():
    return member()


@pytest.fixture
def supervisor():
    return member(Role.SUPERVISOR, name="Pell Lisle")


def desk_of(who) -> Client:
    client = Client()
    sign_in(client, who)
    return client


@pytest.fixture
def desk(officer) -> Client:
    return desk_of(officer)


def text(answer) -> str:
    return answer.content.decode()


def recorded(by, *parts: Part) -> Incident:
    said = recording.Recorded(
        Classification.DOMESTIC, Setting.PRIVATE, Acquainted.KNOWN, parts=parts
    )
    return recording.record_by_officer(said=said, by=by, at=AT)


def crime(by, *parts: Part) -> Incident:
    made = recorded(by, *parts)
    incidents.decide_crime(incident_id=made.pk, decision="crime", reason=REASON, by=by, at=AT)
    return made


class TestRecording:
    def test_three_answers_are_enough(self, desk) -> None:
        answer = desk.post(NEW, FEWEST)
        made = Incident.objects.get()
        assert answer["Location"] == f"/staff/incidents/{made.pk}/"
        assert (made.online, made.time_precision, made.offence) == ("not_asked", "not said", "")
        page = text(desk.get(answer["Location"]))
        assert "In private" in page
        assert "Not asked" in page
        assert "To be decided by 09:12, 23 November 2026." in page
        assert "sealed account" not in page

    def test_the_two_asked_first_stand_first_and_are_asked_for(self, desk) -> None:
        page = text(desk.get(NEW))
        assert 0 < page.index('name="setting"') < page.index('name="acquainted"')
        assert page.index('name="acquainted"') < page.index('name="classification"')
        refused = text(desk.post(NEW, {"note": "He stood at the gate", "first": "March 2026"}))
        assert refused.count("not known and not asked are answers too") == 4  # in place, and above
        assert "He stood at the gate" in refused
        assert 'value="March 2026"' in refused
        assert not Incident.objects.exists()

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"first": "March 2026"}, "Some time between 1 March 2026 and 31 March 2026"),
            ({"first": "20/3/2026", "last": "27/3/2026"}, "Some time between 20 March 2026"),
            ({"first": "27/3/2026"}, "27 March 2026, hour not known"),
            ({"last": "27/3/2026"}, "On 27 March 2026, or before"),
            (
                {"first": "27/3/2026", "first_time": "22:30", "last_time": "2315"},
                "27 March 2026, 22:30 to 23:15",
            ),
            (
                {
                    "first": "27/3/2026",
                    "first_time": "22:30",
                    "last": "28/3/2026",
                    "last_time": "1.05",
                },
                "27 March 2026, 22:30 to 28 March 2026, 01:05",
            ),
            ({"first": "27/3/2026", "first_time": "22:30"}, "until when is not known"),
            ({"first": "March 2026", "often": "on"}, "Often or always, from 1 March 2026"),
        ],
    )
    def test_when_it_was_is_said_as_far_as_it_is_known(self, desk, typed, says) -> None:
        assert says in text(desk.post(NEW, FEWEST | typed, follow=True))

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"first": "some time"}, "Write a day like 27/3/2026"),
            ({"first": "23/11/2026"}, "An incident cannot begin in the future."),
            ({"first_time": "22:30"}, "Write the day of this time too."),
            ({"first": "27/3/2026", "last": "1/3/2026"}, "The end lies before the start."),
            ({"offence_code": "harassment"}, "Write the code as the counting rules have it"),
            ({"offence": "8Q", "offence_code": "8L"}, "not both"),
            ({"town": "Eastmere"}, "Write the first line of the address too."),
        ],
    )
    def test_what_cannot_be_is_said_in_one_sentence(self, desk, typed, says) -> None:
        page = text(desk.post(NEW, FEWEST | typed))
        assert says in page
        assert all(f'value="{value}"' in page for value in typed.values())
        assert not Incident.objects.exists()

    def test_all_that_is_known_is_shown(self, desk) -> None:
        more = {
            "online": "yes",
            "alcohol_or_drugs": "no",
            "night_time": "not_known",
            "offence": "8Q",
            "line": "14 Alder Row",
            "postcode": "zz1 1aa",
            "note": "She rang from the shop",
            "parts": ["victim", "child"],
        }
        page = text(desk.post(NEW, FEWEST | more, follow=True))
        for words in ("8Q Stalking", "14 Alder Row, ZZ1 1AA", "She rang from the shop", "A child"):
            assert words in page


class TestParts:
    def tie(self, incident: Incident) -> str:
        return f"/staff/incidents/{incident.pk}/parts/{incident.roles.get().pk}/tie/"

    def test_a_part_is_tied_to_somebody_who_was_searched_for_with_a_reason(
        self, desk, officer
    ) -> None:
        made = recorded(officer, Part.SUSPECT)
        who = operations.record_person(name="Oswin Tarrant", origin=SAID, by=officer, at=AT)
        search = {"name": "oswyn tarrant", "look_reason": REASON}
        page = text(desk.post(self.tie(made), search))
        assert "Oswin Tarrant" in page
        assert "Suspected" in page
        assert "Witness, or" not in page  # what does not fit the part
        chosen = {"identity": who.identity, "category": "suspect", "relationship": "ex_partner"}
        answer = desk.post(self.tie(made), {**search, **chosen, "do": "tie"})
        assert answer["Location"] == f"/staff/incidents/{made.pk}/"
        page = text(desk.get(answer["Location"]))
        assert f'href="/staff/people/{who.identity}/"' in page
        assert "former partner" in page
        actions = AuditEvent.objects.order_by("sequence").values_list("action", flat=True)
        assert [each for each in actions if "people" in each] == [
            "people sought",
            "people found",
        ] * 2

    def test_half_a_tie_says_what_is_missing_and_loses_nothing(self, desk, officer) -> None:
        made = recorded(officer, Part.SUSPECT)
        operations.record_person(name="Oswin Tarrant", origin=SAID, by=officer, at=AT)
        page = text(
            desk.post(self.tie(made), {"name": "Oswin", "look_reason": REASON, "do": "tie"})
        )
        assert "Choose a person, or search again." in page
        assert page.count(REASON) >= 2  # in the search, and carried on
        assert InIncident.objects.get().person is None

    def test_nobody_is_offered_who_was_not_found(self, desk, officer) -> None:
        made = recorded(officer, Part.SUSPECT)
        operations.record_person(name="Oswin Tarrant", origin=SAID, by=officer, at=AT)
        other = operations.record_person(name="Ilka Brandreth", origin=SAID, by=officer, at=AT)
        chosen = {"identity": other.identity, "category": "suspect", "do": "tie"}
        page = text(desk.post(self.tie(made), {"name": "Oswin", "look_reason": REASON, **chosen}))
        assert "Choose one of these, or search again." in page
        assert InIncident.objects.get().person is None

    def test_somebody_was_first(self, desk, officer) -> None:
        made = recorded(officer, Part.SUSPECT)
        who = operations.record_person(name="Oswin Tarrant", origin=SAID, by=officer, at=AT)
        sent = {
            "name": "Oswin",
            "look_reason": REASON,
            "identity": who.identity,
            "category": "suspect",
            "do": "tie",
        }
        desk.post(self.tie(made), sent)
        assert "This part is tied to a person." in text(desk.post(self.tie(made), sent))

    def test_a_tie_is_taken_back_with_a_reason(self, desk, officer) -> None:
        made = recorded(officer, Part.SUSPECT)
        who = operations.record_person(name="Oswin Tarrant", origin=SAID, by=officer, at=AT)
        sent = {"name": "Oswin", "look_reason": REASON, "identity": who.identity}
        desk.post(self.tie(made), {**sent, "category": "suspect", "do": "tie"})
        untie = self.tie(made).replace("/tie/", "/untie/")
        assert "Give a reason." in text(desk.post(untie, {"why": ""}))
        answer = desk.post(untie, {"why": "It was his brother who was there"})
        assert "Oswin" not in text(desk.get(answer["Location"]))
        assert "nobody any more" in text(desk.post(untie, {"why": "It was his brother there"}))

    def test_a_further_witness_is_added(self, desk, officer) -> None:
        made = recorded(officer)
        path = f"/staff/incidents/{made.pk}/parts/add/"
        assert "Choose a part." in text(desk.post(path))
        assert desk.post(path, {"part": "witness"}).status_code == 302
        assert "Saw or heard it" in text(desk.get(f"/staff/incidents/{made.pk}/"))

    @pytest.mark.usefixtures("keys")
    def test_what_its_reporter_did_not_free_says_so_and_offers_nothing(self, desk, officer) -> None:
        report_id = send_harm(identity={"how": "hidden"}, name={"name": "Ada"})
        desk.post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
        desk.post(f"/staff/reports/{report_id}/accept/", {"classification": "domestic"})
        made = Incident.objects.get(report_id=report_id)
        page = text(desk.get(f"/staff/incidents/{made.pk}/"))
        assert "Must never be tied to a person." in page
        assert "/parts/" not in page
        assert f'href="/staff/reports/{report_id}/"' in page
        role = made.roles.all()[0]
        path = f"/staff/incidents/{made.pk}/parts/{role.pk}/tie/"
        page = text(desk.post(path, {"name": "Oswin", "look_reason": REASON, "do": "tie"}))
        assert "Must never be tied to a person." in page
        assert 'name="look_reason"' not in page
        assert not AuditEvent.objects.filter(action="people sought").exists()

    def test_the_registrar_is_told_that_a_part_is_tied_and_not_to_whom(self, desk, officer) -> None:
        made = recorded(officer, Part.SUSPECT)
        who = operations.record_person(name="Oswin Tarrant", origin=SAID, by=officer, at=AT)
        sent = {"name": "Oswin", "look_reason": REASON, "identity": who.identity}
        desk.post(self.tie(made), {**sent, "category": "suspect", "do": "tie"})
        page = text(desk_of(member(Role.CRIME_REGISTRAR)).get(f"/staff/incidents/{made.pk}/"))
        assert "Tied to a person, suspected" in page
        assert "Oswin" not in page
        assert "/untie/" not in page


class TestDeciding:
    def test_it_waits_on_the_pages_of_the_supervisor_and_the_registrar(
        self, officer, supervisor
    ) -> None:
        made = recorded(officer)
        for who in (supervisor, member(Role.CRIME_REGISTRAR)):
            client = desk_of(who)
            assert "1 incident that officers recorded waits" in text(client.get("/staff/"))
            for state in ("waiting", "recorded"):
                page = text(client.get(f"/staff/crime-decisions/?state={state}"))
                assert made.reference in page
                assert "by 09:12, 23 November 2026" in page
            assert made.reference not in text(client.get("/staff/crime-decisions/?state=late"))

    def test_a_late_one_is_said_to_be(self, officer, supervisor) -> None:
        made = recorded(officer)
        with time_machine.travel(AT + timedelta(hours=25), tick=False):
            client = desk_of(supervisor)
            assert "they are crimes, 1 of them late" in text(client.get("/staff/")).replace(
                "it is a crime", "they are crimes"
            )
            assert made.reference in text(client.get("/staff/crime-decisions/?state=late"))
            page = text(client.get(f"/staff/incidents/{made.pk}/"))
            assert "To be decided by 09:12, 23 November 2026: late." in page

    def test_a_decision_takes_it_off_and_says_that_it_was_in_time(
        self, officer, supervisor
    ) -> None:
        made, client = recorded(officer), desk_of(supervisor)
        sent = {"decision": "not_crime", "crime_reason": REASON, "earlier": ""}
        client.post(f"/staff/incidents/{made.pk}/crime/", sent)
        page = text(client.get("/staff/crime-decisions/?state=recorded"))
        assert "Every incident that officers recorded is decided." in page
        page = text(client.get("/staff/crime-decisions/?state=decided"))
        assert made.reference in page
        assert "1 of 1 first decision" in page
        assert "To be decided" not in text(client.get(f"/staff/incidents/{made.pk}/"))


class TestOutcomes:
    GIVEN = {"outcome": "16", "given_on": "22/11/2026", "source": "police", "why": REASON}

    def test_one_is_given_with_why_and_a_later_one_stands_in_its_place(self, supervisor) -> None:
        made, client = crime(supervisor), desk_of(supervisor)
        path = f"/staff/incidents/{made.pk}/outcome/"
        assert "none yet" in text(client.get(f"/staff/incidents/{made.pk}/"))
        asked = {"no_support_why": ["fear", "time"], "would_have_helped": ["one"], "shown": ""}
        page = text(client.post(path, self.GIVEN | asked, follow=True))
        assert "Suspect identified; victim does not support further action" in page
        assert "Afraid of what would follow; It takes too long" in page
        assert "One person who stays the same" in page
        shown = IncidentOutcome.objects.get().pk
        later = {"outcome": "1", "source": "cps", "shown": shown}
        page = text(client.post(path, self.GIVEN | later, follow=True))
        assert "Outcome 1: Charged or summonsed" in page
        assert "A later one stands in its place." in page

    def test_somebody_was_first(self, supervisor) -> None:
        made, client = crime(supervisor), desk_of(supervisor)
        path = f"/staff/incidents/{made.pk}/outcome/"
        client.post(path, self.GIVEN | {"shown": ""})
        page = text(client.post(path, self.GIVEN | {"shown": "", "outcome": "1"}))
        assert "Somebody else gave an outcome since you opened the page" in page
        assert REASON in page
        assert IncidentOutcome.objects.count() == 1

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ({"outcome": ""}, "Choose an outcome."),
            ({"outcome": "0"}, "It has no outcome as it is."),
            ({"given_on": "23/11/2026"}, "An outcome cannot be given in the future."),
            ({"given_on": "yesterday"}, "Write the day like 27/3/2026."),
            ({"source": ""}, "Choose who decided it."),
            ({"why": "x"}, "At least"),
        ],
    )
    def test_half_an_outcome_says_what_is_missing(self, supervisor, typed, says) -> None:
        made, client = crime(supervisor), desk_of(supervisor)
        page = text(client.post(f"/staff/incidents/{made.pk}/outcome/", self.GIVEN | typed))
        assert says in page
        assert not IncidentOutcome.objects.exists()

    def test_what_is_no_crime_has_none(self, officer, supervisor) -> None:
        made, client = recorded(officer), desk_of(supervisor)
        path = f"/staff/incidents/{made.pk}/outcome/"
        assert "Only a crime has an outcome." in text(client.get(path))
        page = text(client.post(path, self.GIVEN))
        assert "decide first that it is one" in page
        assert REASON in page  # to be copied
        assert "Give an outcome" not in text(client.get(f"/staff/incidents/{made.pk}/"))


def test_an_address_that_is_protected_is_masked_on_the_incident(desk, officer, supervisor) -> None:
    who = operations.record_person(name="Ilka Brandreth", origin=SAID, by=officer, at=AT)
    facts.add_home(
        identity=who.identity,
        line="14 Alder Row",
        protected=True,
        origin=SAID,
        by=officer,
        at=AT,
    )
    answer = desk.post(NEW, FEWEST | {"line": "14 Alder Row"})
    assert "14 Alder Row" in text(desk.get(answer["Location"]))
    page = text(desk_of(supervisor).get(answer["Location"]))
    assert "Alder" not in page
    assert "A protected address." in page


@pytest.mark.parametrize("said", ["yes", "not_sure"])
def test_with_a_colleague_in_it_professional_standards_have_it_at_once(said: str) -> None:
    officer = member()
    desk = Client()
    sign_in(desk, officer)
    answer = desk.post(NEW, FEWEST | {"colleague": said})
    made = Incident.objects.get()
    assert (made.police_party, made.crime_rests_with) == (True, "professional_standards")
    assert answer.url == "/staff/people/passed-on/"
    assert "It is recorded." in desk.get(answer.url).content.decode()
    assert desk.get(f"/staff/incidents/{made.pk}/").status_code == 404
    assert queries.seen_by(member(Role.PROFESSIONAL_STANDARDS)).get() == made


def test_whether_anybody_in_it_is_a_colleague_is_asked() -> None:
    desk = Client()
    sign_in(desk, member())
    sent = {name: said for name, said in FEWEST.items() if name != "colleague"}
    page = desk.post(NEW, sent).content.decode()
    assert "Choose one: not sure is an answer too." in page
    assert not Incident.objects.exists()
