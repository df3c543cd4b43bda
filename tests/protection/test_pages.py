"""The unit's pages, walked as an officer walks them."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from safehold.domain.access import Role
from safehold.records.audit import operations as audit
from safehold.records.audit.models import AuditEvent
from safehold.records.incidents.models import Incident
from safehold.records.places.models import Place
from safehold.records.triage import arrivals, operations
from safehold.records.triage.models import TriageSlip
from tests.desk import REASON, arrive, member, sign_in

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]

DECIDED = {
    "place": "new",
    "name": "Elm Row path",
    "kind": "path",
    "classification": "behaviour",
    "note": "",
}


@pytest.fixture
def officer(client):
    who = member()
    sign_in(client, who)
    return who


@pytest.fixture
def supervisor(client):
    who = member(Role.SUPERVISOR, name="Pell Lisle")
    sign_in(client, who)
    return who


def page(client, path, **options):
    response = client.get(path, **options)
    assert response.status_code == 200, path
    return response.content.decode()


def words_of(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def read(client, report_id):
    return client.post(f"/staff/reports/{report_id}/account/", {"reason": REASON})


def accept(client, report_id, **changes):
    read(client, report_id)
    return client.post(f"/staff/reports/{report_id}/accept/", {**DECIDED, **changes})


def test_an_empty_desk_says_so(client, officer):
    assert "Nothing new" in page(client, "/staff/")
    assert "Nothing new" in page(client, "/staff/reports/")
    assert "No report is in this state" in page(client, "/staff/reports/?state=accepted")
    assert "No report has been accepted" in page(client, "/staff/places/")


def test_the_first_page_shows_danger_before_all_else(client, officer):
    arrive(at=timezone.now() - timedelta(days=2))
    danger = arrive(at=timezone.now(), now={"danger": "yes"})
    html = page(client, "/staff/")
    assert "has a danger prompt, and nobody has taken it" in words_of(html)
    assert "Asked if anyone is in danger right now: yes" in html
    links = re.findall(r"/staff/reports/([0-9a-f-]{36})/", html)
    assert links[0] == str(danger)
    assert "2 days" in html
    client.post(f"/staff/reports/{danger}/take/")
    assert "has no owner" not in page(client, "/staff/")


def test_a_thousand_reports_are_paged(client, officer):
    now = timezone.now()
    TriageSlip.objects.bulk_create(
        TriageSlip(
            report_id=uuid4(),
            arrival=number,
            reference=f"R{number}",
            kind="place",
            received_at=now - timedelta(hours=number),
            opened_at=now,
            tried_at=now,
        )
        for number in range(1, 1_001)
    )
    html = page(client, "/staff/reports/")
    assert "1 to 25 of 1,000 reports" in words_of(html)
    assert "R1000<" in html
    assert "976 to 1000 of 1,000 reports" in words_of(page(client, "/staff/reports/?page=40"))
    for odd in ("41", "0", "-1", "x", "9" * 30, "²"):
        page(client, f"/staff/reports/?page={odd}")


def test_an_account_is_opened_with_a_reason_for_one_answer(client, officer):
    report_id = arrive()
    path = f"/staff/reports/{report_id}/account/"
    refused = client.post(path, {"reason": "because"}).content.decode()
    assert "Say in a few words why" in refused
    assert "red van" not in refused
    response = client.post(path, {"reason": REASON})
    html = response.content.decode()
    assert "A man in a red van" in html
    assert REASON in html
    assert "no-store" in response["Cache-Control"]
    again = client.get(path)
    assert again["Location"] == f"/staff/reports/{report_id}/"
    assert "red van" not in page(client, again["Location"])


def test_no_name_and_no_place_stands_in_an_address_or_a_title(client, officer):
    report_id = arrive()
    opened = client.post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
    incident = accept(client, report_id)["Location"]
    place = f"/staff/places/{Place.objects.get().pk}/"
    pages = [opened.content.decode(), *(page(client, path) for path in (incident, place))]
    for html in pages:
        title = re.search(r"<title>(.*?)</title>", html)[1]
        assert title in {"Account – Safehold", "Incident – Safehold", "Place – Safehold"}
        for address in re.findall(r'(?:href|action)="([^"]*)"', html):
            assert "elm" not in address.lower()


def test_a_missing_key_is_said_in_a_sentence(client, officer, keys):
    report_id = arrive()
    for path in keys.glob("account-*.key"):
        path.unlink()
    response = client.post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
    assert response.status_code == 409
    assert "Not opened:" in response.content.decode()


def test_accepting_leads_to_one_incident(client, officer):
    report_id = arrive()
    first, second = accept(client, report_id), accept(client, report_id)
    assert first["Location"] == second["Location"]
    html = page(client, first["Location"])
    words = words_of(html)
    assert "Crime or not: not yet decided" in words
    assert "rests with a supervisor" in words
    assert "It is badly lit" in words
    assert "Record the decision" not in words
    assert "red van" not in html
    assert "Accepted as incident" in words_of(page(client, f"/staff/reports/{report_id}/"))


@pytest.mark.parametrize("decision", ["accept", "set-aside"])
def test_whoever_has_not_read_a_report_is_asked_to_open_it_first(client, officer, decision):
    report_id = arrive(now={"danger": "yes"})
    path = f"/staff/reports/{report_id}/{decision}/"
    given = {**DECIDED, "set_aside_reason": "Nothing in it for us to do"}
    refused = client.post(path, given)
    assert refused.status_code == 409
    for html in (refused.content.decode(), page(client, path)):
        assert "Open the account first" in html
        assert "Why do you need to open this?" in html
    assert f"/{decision}/" not in page(client, f"/staff/reports/{report_id}/")
    assert (Incident.objects.count(), TriageSlip.objects.get().state) == (0, "new")
    read(client, report_id)
    assert f"/{decision}/" in page(client, f"/staff/reports/{report_id}/")
    assert client.post(path, given).status_code == 302


def test_a_form_with_something_missing_says_what(client, officer):
    report_id = arrive()
    html = accept(client, report_id, name="", classification="").content.decode()
    assert "Give the new place a name." in html
    assert "Choose what was reported." in html
    assert "<title>Error:" in html
    html = accept(client, report_id, place="not-an-id").content.decode()
    assert "Choose one of the places" in html
    assert Incident.objects.count() == 0


def test_a_place_nearby_is_suggested_and_never_chosen(client, officer):
    accept(client, arrive())
    second = arrive()
    html = client.post(f"/staff/reports/{second}/account/", {"reason": REASON}).content.decode()
    assert "Elm Row path, 0 m away" in html
    assert not re.search(r'name="place"[^>]*checked', html)
    place = Place.objects.get()
    accept(client, second, place=str(place.pk), name="")
    assert Place.objects.count() == 1
    assert "2</td>" in page(client, "/staff/places/")


def test_places_are_a_list_first_and_a_map_after(client, officer):
    accept(client, arrive())
    html = page(client, "/staff/places/?order=name")
    assert html.index("<table") < html.index("<svg")
    assert 'aria-sort="ascending"' in html
    html = page(client, f"/staff/places/{Place.objects.get().pk}/")
    assert "<svg" in html


def test_a_place_in_words_is_named_by_the_officer(client, officer):
    report_id = arrive(where={"how": "words", "find": ""})
    html = read(client, report_id).content.decode()
    assert "The path behind the shop" in html
    assert not re.search(r'<input[^>]*name="name"[^>]*value="[^"]', html)


def test_a_place_in_words_has_no_map_and_says_so(client, officer):
    accept(client, arrive(where={"how": "words", "find": ""}))
    place = Place.objects.get()
    assert (place.longitude, place.precision) == (None, "words")
    assert "Known in words only" in page(client, f"/staff/places/{place.pk}/")


def test_setting_aside_keeps_the_report(client, officer):
    report_id = arrive()
    path = f"/staff/reports/{report_id}/set-aside/"
    read(client, report_id)
    assert "Say in a few words why" in client.post(path, {"set_aside_reason": "x"}).content.decode()
    client.post(path, {"set_aside_reason": "The same as the report before it"})
    html = page(client, f"/staff/reports/{report_id}/")
    assert "The same as the report before it" in html
    assert str(report_id) in page(client, "/staff/reports/?state=set_aside")


def test_a_supervisor_decides_what_is_a_crime(client, supervisor):
    incident = accept(client, arrive())["Location"]
    assert "Crime or not: 1 incident not yet decided" in words_of(page(client, "/staff/"))
    html = client.post(f"{incident}crime/", {"decision": "crime"}).content.decode()
    assert "Give a reason." in html
    client.post(
        f"{incident}crime/",
        {"decision": "not_crime", "crime_reason": "Nobody did anything to anybody"},
    )
    words = words_of(page(client, incident))
    assert "Not a crime, decided" in words
    assert "Nobody did anything to anybody" in words
    event = AuditEvent.objects.get(action="crime decided")
    assert event.detail == {
        "decision": "not_crime",
        "earlier": "not_yet",
        "settled": False,
        "rests on": "account",
    }


def test_an_auditor_sees_who_looked_and_never_what(client, officer):
    report_id = arrive()
    client.post(f"/staff/reports/{report_id}/account/", {"reason": REASON})
    client.post("/staff/account/leave/")
    auditor = member(Role.AUDITOR)
    sign_in(client, auditor)
    html = page(client, f"/staff/looks/?about=report&id={report_id}")
    slip = TriageSlip.objects.get()
    words = words_of(html)
    assert f"Dena Okafor opened the account of report {slip.reference}" in words
    assert (
        f"The {arrivals.SCHEDULER.name} opened the triage slip of report {slip.reference}" in words
    )
    assert "in the hour from" in words
    assert str(report_id) not in words
    assert officer.username not in html
    assert REASON in html
    assert "red van" not in html
    assert AuditEvent.objects.filter(action="looked", actor_id=str(auditor.pk)).count() == 1
    html = page(client, "/staff/looks/")
    assert "Dena Okafor signed in as Dena Okafor" in words_of(html)
    assert f"looked at who looked at report {slip.reference}" in words_of(html)
    assert f"/staff/looks/?about=member&amp;id={officer.pk}" in html
    theirs = words_of(page(client, f"/staff/looks/?about=member&id={officer.pk}"))
    assert f"Dena Okafor opened the account of report {slip.reference}" in theirs
    for odd in ("about=report&id=x", "about=member&id=²", "about=member&id=1 OR 1", "about=x&id=1"):
        page(client, f"/staff/looks/?{odd}")
    assert client.get(f"/staff/reports/{report_id}/").status_code == 403


def test_a_slip_that_cannot_be_opened_is_a_supervisors_trouble(client, supervisor, monkeypatch):
    def fail(*args, **rest):
        return b"not a slip"

    monkeypatch.setattr(arrivals, "open_envelope", fail)
    report_id = arrive()
    monkeypatch.undo()
    assert "1 report cannot be opened" in words_of(page(client, "/staff/"))
    assert "Try again" in page(client, "/staff/trouble/")
    client.post(f"/staff/trouble/{report_id}/again/")
    assert "Try again" not in page(client, "/staff/trouble/")
    assert str(report_id) in page(client, "/staff/reports/")


def test_a_report_about_a_colleague_shows_nowhere_but_that_it_waits(client, supervisor):
    report_id = arrive(at=timezone.now(), slip={"party_is_police": "yes"})
    assert str(report_id) not in page(client, "/staff/reports/")
    html = page(client, "/staff/")
    assert str(report_id) not in html
    assert "for professional standards" not in html
    assert "Nobody here has the role of professional standards: give it now." in html
    TriageSlip.objects.update(received_at=timezone.now() - timedelta(days=3))
    late = "A report has waited longer than two days for professional standards."
    assert late in page(client, "/staff/")
    assert client.get(f"/staff/reports/{report_id}/").status_code == 404
    standards = member(Role.PROFESSIONAL_STANDARDS)
    client.post("/staff/account/leave/")
    sign_in(client, standards)
    assert "Someone in it works, or may work, for the police" in page(
        client, f"/staff/reports/{report_id}/"
    )


@pytest.mark.parametrize(
    "path", ["reports/{}/", "reports/{}/accept/", "incidents/{}/", "places/{}/"]
)
def test_what_is_not_there_is_a_staff_page(client, officer, path):
    response = client.get(f"/staff/{path.format(uuid4())}")
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()


def test_a_look_at_a_slip_an_incident_and_a_place_is_recorded_first(client, officer, monkeypatch):
    report_id = arrive()
    incident = accept(client, report_id)["Location"]
    before = AuditEvent.objects.filter(action="looked").count()
    for path in (
        f"/staff/reports/{report_id}/",
        incident,
        f"/staff/places/{Place.objects.get().pk}/",
    ):
        page(client, path)
    looks = AuditEvent.objects.filter(action="looked").order_by("-sequence")
    assert looks.count() == before + 3
    assert {look.subject_kind for look in looks[:3]} == {"report", "incident", "place"}
    assert all(look.reason for look in looks)

    def fail(**look):
        raise RuntimeError("the audit is full")

    monkeypatch.setattr(audit, "record_look", fail)
    with pytest.raises(RuntimeError):
        client.get(incident)


def test_what_she_wrote_is_escaped(client, officer):
    report_id = arrive(people={"reasons": [], "more": "<script>alert(1)</script>"})
    html = client.post(f"/staff/reports/{report_id}/account/", {"reason": REASON}).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_danger_set_aside_stays_on_the_supervisors_page_until_confirmed(client, officer):
    report_id = arrive(now={"danger": "yes"})
    path = f"/staff/reports/{report_id}"
    read(client, report_id)
    client.post(f"{path}/set-aside/", {"set_aside_reason": "Nothing in it for us to do"})
    assert "Set aside with a danger prompt" not in page(client, "/staff/")
    assert client.get(f"{path}/confirm/").status_code == 403
    client.post("/staff/account/leave/")
    sign_in(client, member(Role.SUPERVISOR, name="Pell Lisle"))
    html = page(client, "/staff/")
    assert "Set aside with a danger prompt: look" in html
    assert str(report_id) in html
    assert f"{path}/confirm/" in page(client, f"{path}/")
    assert "Open the account first" in page(client, f"{path}/confirm/")
    read(client, report_id)
    assert "Nothing in it for us to do" in page(client, f"{path}/confirm/")
    thin = client.post(f"{path}/confirm/", {"confirm_reason": "x"}).content.decode()
    assert "Say in a few words why" in thin
    client.post(f"{path}/confirm/", {"confirm_reason": "A duplicate of one we work on"})
    assert "Set aside with a danger prompt: look" not in page(client, "/staff/")
    words = words_of(page(client, f"{path}/"))
    assert "by Pell Lisle: “A duplicate of one we work on”" in words
    again = client.post(f"{path}/confirm/", {"confirm_reason": "Said once more, for nothing"})
    assert again.status_code == 302
    assert AuditEvent.objects.filter(action="setting aside confirmed").count() == 1


def test_whoever_does_not_work_on_an_incident_says_why_they_look(client, officer):
    incident = accept(client, arrive())["Location"]
    assert "Accepted it as an incident, and works on it" in page(client, incident)
    client.post("/staff/account/leave/")
    sign_in(client, other := member(name="Ro Tarn"))
    looks = AuditEvent.objects.filter(action="looked", actor_id=str(other.pk))
    html = page(client, incident)
    assert "Why do you need to see this incident?" in html
    assert "It is badly lit" not in html
    assert "Elm Row" not in html
    thin = client.post(incident, {"look_reason": "because"}).content.decode()
    assert "Say in a few words why" in thin
    assert looks.count() == 0
    html = client.post(incident, {"look_reason": "Covering the desk for Dena"}).content.decode()
    assert "It is badly lit" in html
    assert "Covering the desk for Dena" in html
    assert [look.reason for look in looks] == ["Covering the desk for Dena"]


def test_a_report_that_another_took_meanwhile_is_taken_over_knowingly(client, officer):
    report_id = arrive()
    path = f"/staff/reports/{report_id}"
    before = page(client, f"{path}/")
    assert 'name="owner" value=""' in before
    other = member(name="Ro Tarn")
    operations.take_report(report_id=report_id, by=other, at=timezone.now())
    asked = client.post(f"{path}/take/", {"owner": ""})
    assert asked.status_code == 409
    words = words_of(asked.content.decode())
    assert "Ro Tarn took this at" in words
    assert "Take it over?" in words
    assert TriageSlip.objects.get().owner == other
    assert f'name="owner" value="{other.pk}"' in asked.content.decode()
    client.post(f"{path}/take/", {"owner": str(other.pk)})
    assert TriageSlip.objects.get().owner == officer


def test_a_second_acceptance_says_who_was_first_and_keeps_what_was_typed(client, officer):
    report_id = arrive()
    accept(client, report_id)
    client.post("/staff/account/leave/")
    sign_in(client, member(name="Ro Tarn"))
    html = accept(client, report_id, note="The lamp has been out since May").content.decode()
    assert "Already accepted by Dena Okafor on" in html
    assert "your note was not added" in html
    assert "The lamp has been out since May</textarea>" in html
    assert Incident.objects.get().note == ""


def test_the_audit_names_no_place_to_an_auditor_and_no_colleagues_report_to_a_supervisor(
    client, officer
):
    place = accept(client, arrive())["Location"] and Place.objects.get()
    page(client, f"/staff/places/{place.pk}/")
    hidden = arrive(slip={"party_is_police": "yes"})
    reference = TriageSlip.objects.get(pk=hidden).reference
    client.post("/staff/account/leave/")
    sign_in(client, member(Role.AUDITOR, name="Ada Heath"))
    words = words_of(page(client, "/staff/looks/"))
    assert f"looked at place {str(place.pk)[:8]}" in words
    assert "Elm Row" not in words
    assert reference in words
    client.post("/staff/account/leave/")
    sign_in(client, member(Role.SUPERVISOR, name="Pell Lisle"))
    words = words_of(page(client, "/staff/looks/"))
    assert "looked at place Elm Row path" in words
    assert reference not in words
    assert str(hidden)[:8] not in words, "not even that there is one"
    about = words_of(page(client, f"/staff/looks/?about=report&id={hidden}"))
    assert "slip of report" not in about


@pytest.mark.parametrize("path", ["/staff/nothing-here/", "/staff/reports/not-an-id/"])
def test_an_address_under_staff_that_leads_nowhere_is_a_staff_page(client, officer, path):
    response = client.get(path)
    assert response.status_code == 404
    assert "There is nothing at this address" in response.content.decode()
    elsewhere = client.get("/nothing-here/")
    assert elsewhere.status_code == 404
    assert "There is nothing at this address" not in elsewhere.content.decode()


def test_a_report_is_found_by_its_reference_by_whoever_may_see_it(client, officer):
    reference = TriageSlip.objects.get(pk=(report_id := arrive())).reference
    for typed in (reference, f" {reference.lower()} "):
        found = client.get("/staff/reports/", {"reference": typed})
        assert found["Location"] == f"/staff/reports/{report_id}/"
    colleague = TriageSlip.objects.get(pk=arrive(slip={"party_is_police": "yes"})).reference
    for typed in (colleague, "XXXX-XXXX", reference[:-1]):
        html = page(client, "/staff/reports/", data={"reference": typed})
        assert "No report that you may see has this reference." in html
    assert "type the reference" in page(client, "/staff/reports/?reference=")


def test_a_new_place_is_chosen_where_there_is_no_other(client, officer):
    report_id = arrive()
    read(client, report_id)
    html = page(client, f"/staff/reports/{report_id}/accept/")
    assert re.search(r'name="place"[^>]*value="new"[^>]*checked', html)


def test_titles_tell_pages_of_a_report_apart_and_say_nothing_of_it(client, supervisor):
    new, accepted, aside = arrive(), arrive(), arrive()
    accept(client, accepted)
    read(client, aside)
    client.post(f"/staff/reports/{aside}/set-aside/", {"set_aside_reason": "Sent twice, by her"})
    asked = {
        f"reports/{new}/": "New report",
        f"reports/{accepted}/": "Accepted report",
        f"reports/{aside}/": "Report set aside",
        f"reports/{new}/hand-on/": "Hand this report on",
        f"reports/{new}/pass-on/": "Pass this report on",
    }
    for path, title in asked.items():
        html = page(client, f"/staff/{path}")
        assert f"<title>{title} – Safehold</title>" in html, path
