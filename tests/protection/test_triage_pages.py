"""Teams, clocks, the watch and decisions on crime, as people meet them on the desk."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from safehold.config import scheduler
from safehold.domain.access import Role
from safehold.records.duty.models import Watch
from safehold.records.dvds.models import Application
from safehold.records.incidents.models import Incident
from safehold.records.jobs import operations as jobs
from safehold.records.shares import must_not
from safehold.records.staff.models import StaffMember
from safehold.records.triage import operations, watching
from safehold.records.triage.models import TriageSlip
from safehold.records.triage.operations import Decisions
from tests import under_clares_law as law
from tests.desk import REASON, arrive, member, send_ask, send_harm, sign_in
from tests.flooded import flood
from tests.partners import partner

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
DANGER = {"danger": [{"prompt": "weapon", "reason": "Speaks of a weapon"}]}
PLACE = {
    "place": "new",
    "name": "Elm Row path",
    "kind": "path",
    "classification": "behaviour",
    "note": "",
}


@pytest.fixture
def signed_in(client):
    def enter(role, name="Pell Lisle"):
        who = member(role, name=name)
        sign_in(client, who)
        return who

    return enter


def words(response):
    assert response.status_code == 200, response
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def today(hours_ago=1, **changes):
    return arrive(at=timezone.now() - timedelta(hours=hours_ago), **changes)


def test_a_supervisor_sees_first_what_nobody_owns_and_what_is_late(client, signed_in):
    signed_in(Role.SUPERVISOR)
    today(hours_ago=30)
    said = words(client.get("/staff/"))
    assert "Without an owner: 1 report" in said
    assert "Late: 1 report, not yours" in said
    assert "What waits with each team" in said
    assert "Public places and the night" in said
    assert "Nobody holds the watch of the unit." in said


def test_danger_stands_at_the_top_for_everybody_who_answers(client, signed_in):
    signed_in(Role.TRIAGE_OFFICER)
    report = today(slip=DANGER)
    page = client.get("/staff/").content.decode()
    assert "has a danger prompt, and nobody has taken it" in page
    client.post(f"/staff/reports/{report}/take/", {"owner": ""})
    after = client.get("/staff/").content.decode()
    assert "has a danger prompt, and nobody has taken it" not in after


def test_each_alarm_says_why_danger_now_first_and_ages_agree(client, signed_in):
    signed_in(Role.TRIAGE_OFFICER)
    older = TriageSlip.objects.get(pk=today(hours_ago=5, slip=DANGER)).reference
    newer = TriageSlip.objects.get(pk=today(hours_ago=1, now={"danger": "yes"})).reference
    for address in ("/staff/", "/staff/watch/"):
        said = words(client.get(address))
        first = f"Now {newer} Asked if anyone is in danger right now: yes. Place that feels unsafe."
        assert first in said
        assert said.index(newer) < said.index(older)
        assert "Speaks of a weapon. Place that feels unsafe. Came about 5 hours ago" in said
        assert "Owner: nobody yet." in said
    first_page = words(client.get("/staff/"))
    assert "2 new reports; the oldest has waited about 5 hours." in first_page
    assert first_page.count("about 5 hours") == 3  # the heading, the alarm and the table


def test_many_reasons_of_an_alarm_are_cut_and_counted(client, signed_in):
    signed_in(Role.TRIAGE_OFFICER)
    reasons = [{"prompt": f"p{n}", "reason": f"Reason {n}."} for n in range(1, 5)]
    today(slip={"danger": reasons})
    assert "Reason 1; Reason 2; and 2 more." in words(client.get("/staff/watch/"))


def test_late_lists_begin_with_danger_then_people_and_places_come_last(client, signed_in):
    signed_in(Role.SUPERVISOR)
    place = today(hours_ago=60)
    person = send_harm(at=timezone.now() - timedelta(hours=40))
    danger = today(hours_ago=30, slip=DANGER)
    order = [TriageSlip.objects.get(pk=each).reference for each in (danger, person, place)]
    said = client.get("/staff/reports/?state=late").content.decode()
    assert sorted(order, key=said.index) == order


def test_the_duty_page_shows_alarms_about_what_is_late_and_about_piles_too(client, signed_in):
    signed_in(Role.SUPERVISOR)
    alone = TriageSlip.objects.get(pk=today(hours_ago=90)).reference
    old = timezone.now() - timedelta(hours=72)
    flood(21, kind="home", at=old)
    watching.escalate(at=timezone.now())
    said = words(client.get("/staff/watch/"))
    assert "7 alarms about what is late." in said
    assert f"{alone} Long over: Somebody takes it; Somebody reads it; and 2 more." in said
    assert said.index("Pile of 16") < said.index(alone), "a place comes last"
    assert "Pile of 16 Long over: a clock of reports in it. Partner, former" in said


def test_an_officer_sees_what_of_theirs_is_late_and_no_others(client, signed_in):
    who = signed_in(Role.TRIAGE_OFFICER)
    report = today(hours_ago=30)
    said = words(client.get("/staff/"))
    assert "Late:" not in said
    assert "Of the unit’s other reports, 1 is late." in said
    operations.take_report(report_id=report, by=who, at=timezone.now())
    said = words(client.get("/staff/"))
    assert "Late: 1 report of yours" in said
    assert "other reports" not in said


def test_the_list_can_be_of_one_team(client, signed_in):
    signed_in(Role.SUPERVISOR)
    report = today()
    reference = TriageSlip.objects.get(pk=report).reference
    assert reference in words(client.get("/staff/reports/?team=night"))
    assert reference not in words(client.get("/staff/reports/?team=sexual"))
    assert reference in words(client.get("/staff/reports/?team=no-such-team"))


def test_a_report_is_handed_on_with_a_reason_and_nothing_typed_is_lost(client, signed_in):
    signed_in(Role.TRIAGE_OFFICER)
    report = today()
    address = f"/staff/reports/{report}/hand-on/"
    refused = client.post(address, {"team": "sexual", "member": "", "hand_on_reason": ""})
    assert "Give a reason." in words(refused)
    assert '<option value="sexual" selected' in refused.content.decode()
    done = client.post(address, {"team": "sexual", "member": "", "hand_on_reason": REASON})
    assert done["Location"] == f"/staff/reports/{report}/"
    assert "Rape and sexual offences" in words(client.get(f"/staff/reports/{report}/"))


def test_an_accepted_report_is_handed_on_and_whoever_gets_it_sees_it_first(client, signed_in):
    ayo = member(name="Ayo Brand")
    who, report = signed_in(Role.TRIAGE_OFFICER, name="Dena Okafor"), today()
    operations.open_account(report_id=report, reason=REASON, by=who, at=timezone.now())
    client.post(f"/staff/reports/{report}/accept/", PLACE)
    address = f"/staff/reports/{report}/hand-on/"
    assert address in client.get(f"/staff/reports/{report}/").content.decode()
    assert "the messages go with it" in words(client.get(address))
    typed = {"team": "night", "member": str(ayo.pk), "hand_on_reason": "x"}
    refused = client.post(address, typed)
    assert f'<option value="{ayo.pk}" selected' in refused.content.decode()
    client.post(address, typed | {"hand_on_reason": "Away from tomorrow for two weeks"})
    assert address not in client.get(f"/staff/reports/{report}/").content.decode()
    assert client.post(address, typed | {"hand_on_reason": REASON}).status_code == 403
    client.logout()
    sign_in(client, ayo)
    said = words(client.get("/staff/"))
    assert "Handed to you: 1 accepted report" in said
    assert "by Dena Okafor: “Away from tomorrow for two weeks”." in said
    assert "Away from tomorrow" in words(client.get(f"/staff/reports/{report}/"))
    StaffMember.objects.filter(pk=ayo.pk).update(is_active=False)
    client.logout()
    signed_in(Role.SUPERVISOR)
    assert "Ayo Brand, who has left" in words(client.get("/staff/"))
    said = client.get(f"/staff/reports/{report}/").content.decode()
    assert address in said
    assert "Take over from Ayo Brand" in said


def test_whoever_decides_on_crime_or_ends_the_work_is_led_to_the_account_first(client, signed_in):
    officer, report = member(name="Ayo Brand"), today()
    operations.open_account(report_id=report, reason=REASON, by=officer, at=timezone.now())
    incident = operations.accept_report(
        report_id=report,
        decisions=Decisions(None, "Elm Row path", "path", "behaviour"),
        by=officer,
        at=timezone.now(),
    )
    signed_in(Role.SUPERVISOR)
    page, opens = f"/staff/incidents/{incident.pk}/", f"/staff/reports/{report}/#open"
    shown = client.get(page).content.decode()
    assert f'<a href="{opens}">open report' in shown
    assert "Record the decision" not in shown
    typed = {"decision": "not_crime", "crime_reason": "Nobody did anything, as it is told"}
    refused = client.post(f"{page}crime/", typed)
    assert "You have not opened the account." in words(refused)
    assert "Nobody did anything, as it is told" in refused.content.decode()
    end = f"/staff/reports/{report}/end/"
    assert opens in client.get(end).content.decode()
    refused = client.post(end, {"end_reason": "The lamp there is mended"})
    assert "You have not opened the account." in words(refused)
    opened = client.post(f"/staff/reports/{report}/account/", {"reason": REASON})
    assert f'<a href="{page}">Decide whether it is a crime</a>' in opened.content.decode()
    assert "Record the decision" in words(client.get(page))
    assert client.post(f"{page}crime/", typed).status_code == 302
    assert opens not in client.get(end).content.decode()
    assert client.post(end, {"end_reason": "The lamp there is mended"}).status_code == 302


def test_the_registrar_is_told_what_their_decision_rests_on(client, signed_in):
    officer, report = member(name="Ayo Brand"), today()
    operations.open_account(report_id=report, reason=REASON, by=officer, at=timezone.now())
    operations.set_aside_report(report_id=report, reason=REASON, by=officer, at=timezone.now())
    signed_in(Role.CRIME_REGISTRAR)
    said = words(client.get(f"/staff/incidents/{Incident.objects.get().pk}/"))
    assert "You decide by what is recorded here" in said


def test_a_team_that_is_not_on_the_list_is_said_in_place(client, signed_in):
    signed_in(Role.TRIAGE_OFFICER)
    address = f"/staff/reports/{today()}/hand-on/"
    said = words(client.post(address, {"team": "standards", "hand_on_reason": REASON}))
    assert "Choose a team of the list." in said


def test_the_watch_is_taken_and_a_reach_kept(client, signed_in):
    who = signed_in(Role.SUPERVISOR)
    assert "Nobody holds the watch." in words(client.get("/staff/watch/"))
    client.post("/staff/watch/take/")
    assert Watch.objects.get().member == who
    refused = words(client.post("/staff/watch/reach/", {"mobile": "12", "email": "a@b.example"}))
    assert "Give a mobile number" in refused
    client.post("/staff/watch/reach/", {"mobile": "07700 900111", "email": ""})
    said = client.get("/staff/watch/").content.decode()
    assert "+447700900111" in said
    assert "This installation has no way for messages." in said


def test_the_watch_is_told_that_urgent_work_stands_still_and_of_no_other(client, signed_in):
    signed_in(Role.SUPERVISOR)
    minute = timedelta(minutes=1)
    for job in (scheduler.ordinary_jobs()[0], scheduler.urgent_jobs()[1]):
        register = [replace(job, every=minute, lease=minute)]
        jobs.register(jobs=register, at=timezone.now() - 4 * minute)
        said = words(client.get("/staff/watch/"))
        assert ("alarms may not go out" in said) == job.urgent
        assert (f"Scheduled work has stopped: {job.name}" in said) == job.urgent
        assert f"Scheduled work has stopped: {job.name}" in words(client.get("/staff/"))


def test_the_registrar_sees_every_report_and_decides_last(client, signed_in):
    signed_in(Role.CRIME_REGISTRAR, name="Tace Holm")
    report = today(hours_ago=30)
    late = words(client.get("/staff/crime-decisions/"))
    assert "Not accepted or set aside yet" in late
    assert "late" in late
    assert "1 report waits for a decision whether it is a crime, 1 of them late" in words(
        client.get("/staff/")
    )
    boss = member(Role.SUPERVISOR)
    operations.open_account(report_id=report, reason=REASON, by=boss, at=timezone.now())
    operations.set_aside_report(
        report_id=report, reason="Sent twice by her", by=boss, at=timezone.now()
    )
    incident = Incident.objects.get()
    address = f"/staff/incidents/{incident.pk}/"
    asked = client.post(address, {"look_reason": REASON})
    assert "Set aside: Sent twice by her" in words(asked)
    client.post(f"{address}crime/", {"decision": "not_crime", "crime_reason": REASON})
    decided = words(client.get("/staff/crime-decisions/?state=decided"))
    assert "Not a crime – settled" in decided
    assert "0 of 1 first decision" in decided


def test_a_decision_that_is_settled_is_not_changed_by_the_unit(client, signed_in):
    boss = signed_in(Role.SUPERVISOR)
    report = today()
    client.post(f"/staff/reports/{report}/account/", {"reason": REASON})
    accepted = client.post(f"/staff/reports/{report}/accept/", PLACE)["Location"]
    Incident.objects.update(
        crime_decision="crime",
        crime_reason=REASON,
        crime_decided_at=timezone.now(),
        crime_decided_by=boss,
        crime_settled=True,
    )
    assert "Record a new decision" not in words(client.get(accepted))
    tried = client.post(f"{accepted}crime/", {"decision": "not_crime", "crime_reason": REASON})
    assert "The crime registrar has decided this." in words(tried)


def test_work_is_ended_once_it_is_decided_and_begun_again(client, signed_in):
    signed_in(Role.SUPERVISOR)
    report = today()
    address = f"/staff/reports/{report}/"
    client.post(f"{address}account/", {"reason": REASON})
    accepted = client.post(f"{address}accept/", PLACE)["Location"]
    early = words(client.post(f"{address}end/", {"end_reason": REASON}))
    assert "It cannot be ended yet. Nobody has decided whether it is a crime." in early
    client.post(f"{accepted}crime/", {"decision": "not_crime", "crime_reason": REASON})
    client.post(f"{address}end/", {"end_reason": REASON})
    assert "The work on it is over" in words(client.get(address))
    client.post(f"{address}begin-again/", {"again_reason": REASON})
    assert "End the work on it" in words(client.get(address))


@pytest.mark.parametrize("what", ["hand-on", "end", "begin-again"])
def test_a_report_that_is_not_there_is_not_found(client, signed_in, what):
    signed_in(Role.SUPERVISOR)
    nowhere = "/staff/reports/6f2c1f0e-5a1b-4c57-9b06-0d7f9b6f9c11"
    assert client.get(f"{nowhere}/{what}/").status_code == 404


def test_an_application_ends_once_it_is_dealt_with(client, signed_in):
    who = signed_in(Role.SUPERVISOR)
    report = send_ask(at=timezone.now())
    operations.open_account(report_id=report, reason=REASON, by=who, at=timezone.now())
    opened = client.post(f"/staff/reports/{report}/clares-law/")["Location"]
    assert "7. The end" not in words(client.get(opened))
    row = Application.objects.get()
    law.ready(row, by=who, at=timezone.now())
    law.decided(row, "not_tell", "", by=who, at=timezone.now())
    law.tell(row, "nobody", by=who, at=timezone.now())
    assert "7. The end" in words(client.get(opened))
    client.post(f"{opened}end/", {"reason": REASON})
    assert "The work on it is over." in words(client.get(opened))
    assert TriageSlip.objects.get().ended_by == who


def test_the_registrars_list_is_of_what_is_undecided_late_set_aside_or_decided(client, signed_in):
    signed_in(Role.CRIME_REGISTRAR, name="Tace Holm")
    boss, now = member(Role.SUPERVISOR), timezone.now()
    late, new, aside = today(hours_ago=30), today(), today()
    operations.open_account(report_id=aside, reason=REASON, by=boss, at=now)
    operations.set_aside_report(report_id=aside, reason="Sent twice by her", by=boss, at=now)
    named = {each: TriageSlip.objects.get(pk=each).reference for each in (late, new, aside)}
    listed = {"": {late, new, aside}, "late": {late}, "aside": {aside}, "decided": set()}
    for state, these in listed.items():
        said = words(client.get("/staff/crime-decisions/", {"state": state}))
        assert {each for each, name in named.items() if name in said} == these, state
    TriageSlip.objects.filter(pk=late).update(party_is_police="yes")
    assert "No decision about a report is late." in words(
        client.get("/staff/crime-decisions/?state=late")
    )


def test_a_report_is_offered_to_no_member_who_may_not_take_it_on(client, signed_in):
    signed_in(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
    member(Role.SUPERVISOR, name="Ro Tarn")
    ours = client.get(f"/staff/reports/{today()}/hand-on/").content.decode()
    assert "Ro Tarn, " in ours
    assert "Oriel Quayle, Eastmere" not in ours
    theirs = today(slip={"party_is_police": "yes"})
    page = client.get(f"/staff/reports/{theirs}/hand-on/").content.decode()
    assert "Oriel Quayle, Eastmere" in page
    assert "Ro Tarn, " not in page


def test_an_opened_account_leads_to_professional_standards_and_says_how_long_a_reason_is(
    client, signed_in
):
    signed_in(Role.TRIAGE_OFFICER)
    report = today(slip=DANGER)
    before = words(client.get(f"/staff/reports/{report}/"))
    assert "Danger: Speaks of a weapon." in before
    assert "At least 2 words and 10 letters." in before
    opened = client.post(f"/staff/reports/{report}/account/", {"reason": REASON}).content.decode()
    assert f"/staff/reports/{report}/pass-on/" in opened


def test_danger_stands_above_who_must_receive_nothing(client, signed_in):
    who = signed_in(Role.TRIAGE_OFFICER)
    report = today(slip=DANGER)
    must_not.put_agency(
        report_id=report, agency_id=partner().agency.pk, why=REASON, by=who, at=timezone.now()
    )
    said = words(client.get(f"/staff/reports/{report}/"))
    assert said.index("Danger: Speaks of") < said.index("Must receive nothing of this:")


def test_a_keeper_sees_first_who_waits_for_a_name(client, signed_in):
    signed_in(Role.IDENTITY_KEEPER)
    report = today()
    said = words(client.get("/staff/"))
    assert "Nobody waits for a hidden name." in said
    assert TriageSlip.objects.get(pk=report).reference not in said
    assert "1 new report" in said


def test_professional_standards_see_first_what_is_theirs_alone(client, signed_in):
    signed_in(Role.PROFESSIONAL_STANDARDS, name="Oriel Quayle")
    assert "None waits." in words(client.get("/staff/"))
    ours, theirs = today(hours_ago=9), today(slip={"party_is_police": "yes"})
    first, second = (TriageSlip.objects.get(pk=each).reference for each in (theirs, ours))
    said = words(client.get("/staff/"))
    assert said.index("Yours alone") < said.index(first) < said.index("Below is everybody")
    assert said.index("Below is everybody") < said.index(second)


def test_the_account_page_leads_to_no_codes_that_are_not_there(client, signed_in):
    signed_in(Role.SUPERVISOR)
    page = client.get("/staff/account/").content.decode()
    assert "Make recovery codes" in page
    assert client.get("/staff/account/recovery-codes/").status_code == 404


def test_what_was_done_to_somebody_stands_before_places_that_came_earlier(client, signed_in):
    signed_in(Role.SUPERVISOR)
    place = TriageSlip.objects.get(pk=today(hours_ago=5)).reference
    rape = TriageSlip.objects.get(
        pk=send_harm(at=timezone.now(), kind={"kind": "sexual"})
    ).reference
    danger = TriageSlip.objects.get(pk=today(hours_ago=1, slip=DANGER)).reference
    listed = words(client.get("/staff/reports/"))
    assert listed.index(danger) < listed.index(rape) < listed.index(place)
    unowned = words(client.get("/staff/")).split("Without an owner")[1]
    assert unowned.index(danger) < unowned.index(rape) < unowned.index(place)


def test_no_team_is_offered_whose_reports_the_member_may_not_see(client, signed_in):
    signed_in(Role.TRIAGE_OFFICER)
    assert "team=standards" not in client.get("/staff/reports/").content.decode()
    today()
    asked = words(client.get("/staff/reports/?team=standards"))
    assert "Nothing new." not in asked
    client.logout()
    signed_in(Role.PROFESSIONAL_STANDARDS)
    assert "team=standards" in client.get("/staff/reports/").content.decode()
