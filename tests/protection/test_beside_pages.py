"""Two reports side by side, and piles, as an officer walks them."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from safehold.domain.access import Role
from safehold.domain.flooding import FEWEST_SAMPLES, LIMITS
from safehold.records.audit.models import AuditEvent
from safehold.records.beside.models import Comparison
from safehold.records.incidents.models import Incident
from safehold.records.staff.models import StaffMember
from safehold.records.triage.models import Flood, Opening, TriageSlip
from tests.desk import AT, REASON, arrive, member, send_harm, sign_in
from tests.flooded import flood

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.usefixtures("keys"),
]
WHY = "Both tell of a man at the same gate"


@pytest.fixture
def officer(client: Client) -> StaffMember:
    who = member()
    sign_in(client, who)
    return who


@pytest.fixture
def supervisor(client: Client) -> StaffMember:
    who = member(Role.SUPERVISOR, name="Pell Lisle")
    sign_in(client, who)
    return who


def words(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return said(response)


def said(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def pair(one: UUID, other: UUID, then: str = "") -> str:
    return f"/staff/reports/{one}/beside/{other}/{then}"


def test_a_report_says_how_many_may_be_the_same_and_each_says_why(client, officer):
    one = arrive()
    assert "Nothing that we found may be the same" in words(client, f"/staff/reports/{one}/")
    arrive()
    assert "1 other may be the same" in words(client, f"/staff/reports/{one}/")
    opened = client.post(f"/staff/reports/{one}/account/", {"reason": REASON})
    assert "1 other may be the same" in said(opened)
    listed = words(client, f"/staff/reports/{one}/beside/")
    assert "Same square of about 350 m" in listed
    assert "Not yet" in listed


def test_where_nothing_is_alike_it_says_where_it_looked(client, officer):
    one = send_harm(about={"about": ["home"]})
    listed = words(client, f"/staff/reports/{one}/beside/")
    assert "Nothing that you may see looks like this report" in listed
    assert "so not by place" in listed


def test_both_are_shown_once_with_what_differs_in_words(client, officer):
    one = send_harm(what={"text": "A red van by the gate"}, who={"who": "stranger"})
    other = send_harm(what={"text": "A blue van by the gate"}, who={"who": "stranger"})
    asked = words(client, pair(one, other))
    assert "van" not in asked
    shown = said(client.post(pair(one, other), {"reason": WHY}))
    for each in ("A red van", "A blue van", "Different", "The same", "Neither answered"):
        assert each in shown
    looked = AuditEvent.objects.filter(action="account opened", subject_id__in=[one, other])
    assert looked.count() == 2
    again = words(client, pair(one, other))
    assert "van" not in again
    assert "Record the decision" in again


def test_what_only_one_of_them_says_is_said(client, officer):
    one, other = send_harm(what={"text": "A red van"}), send_harm(hurt={"hurt": "no"})
    shown = said(client.post(pair(one, other), {"reason": WHY}))
    assert "Only this report says" in shown
    assert "Only the other report says" in shown


def test_a_thin_reason_opens_nothing_and_stays_in_the_box(client, officer):
    one, other = arrive(), arrive()
    response = client.post(pair(one, other), {"reason": "thin"})
    assert "Say in a few words why" in said(response)
    assert ">thin</textarea>" in response.content.decode().replace("\n", "")
    assert not Opening.objects.exists()


def test_a_decision_is_shown_on_both_and_an_incomplete_one_loses_nothing(client, officer):
    one, other = arrive(), arrive()
    early = client.post(pair(one, other, "decide/"), {"verdict": "same", "verdict_reason": WHY})
    assert "not opened this account" in said(early)
    client.post(pair(one, other), {"reason": WHY})
    half = client.post(pair(one, other, "decide/"), {"verdict_reason": WHY})
    assert "Choose one" in said(half)
    assert WHY in half.content.decode()
    client.post(pair(one, other, "decide/"), {"verdict": "same", "verdict_reason": WHY})
    assert Comparison.objects.get().verdict == "same"
    for first, second in ((one, other), (other, one)):
        assert "The same happening" in words(client, f"/staff/reports/{first}/beside/")
        assert f"“{WHY}”" in words(client, pair(first, second))


def test_that_both_are_about_one_person_is_not_on_offer_where_one_did_not_choose_it(
    client, officer
):
    one, other = send_harm(), send_harm()
    client.post(pair(one, other), {"reason": WHY})
    page = words(client, pair(one, other))
    assert "about the same person, as told" not in page
    assert "That both are about one person cannot be said" in page
    forged = client.post(pair(one, other, "decide/"), {"verdict": "person", "verdict_reason": WHY})
    assert "Choose one of these" in said(forged)
    assert not Comparison.objects.exists()


def test_the_same_happening_is_taken_into_the_incident_of_the_other(client, officer):
    one, other = send_harm(), send_harm()
    client.post(pair(one, other), {"reason": WHY})
    accepted = {"classification": "stalking", "note": ""}
    client.post(f"/staff/reports/{one}/accept/", accepted)
    assert "Take it into the incident" not in words(client, pair(one, other))
    client.post(pair(one, other, "decide/"), {"verdict": "same", "verdict_reason": WHY})
    for shown in (pair(one, other), pair(other, one)):
        assert f"{other}/beside/{one}/join/" in client.get(shown).content.decode()
    note = {"join_note": "Told by a neighbour"}
    response = client.post(pair(other, one, "join/"), note, follow=True)
    incident = Incident.objects.get()
    assert response.redirect_chain[-1][0] == f"/staff/incidents/{incident.pk}/"
    assert "told in 1 more report" in said(response)
    assert "Told by a neighbour" in said(response)
    assert "Must never be tied to a person" in said(response)
    assert incident.reference in words(client, f"/staff/reports/{other}/")
    assert "Both are in one incident" in words(client, pair(one, other))


def test_a_pair_across_the_border_answers_as_one_that_is_not_there(client, officer):
    one, theirs = arrive(), arrive(slip={"party_is_police": "yes"})
    nowhere = client.get(pair(one, uuid4()))
    sent = {"reason": WHY, "verdict": "same", "verdict_reason": WHY}
    for then in ("", "decide/", "join/"):
        assert client.post(pair(one, theirs, then), sent).status_code == 404
        assert client.post(pair(one, theirs, then), {}).status_code == 404
    assert client.get(pair(one, theirs)).status_code == nowhere.status_code == 404
    assert "may be the same: look" not in words(client, f"/staff/reports/{one}/")


def test_a_pile_is_one_line_and_its_page_says_what_to_do(client, supervisor):
    rows = flood(LIMITS.shape_more_than + 30)
    count = LIMITS.shape_more_than + 30 - LIMITS.shape_stay
    listed = words(client, "/staff/reports/")
    assert f"Pile of {count}" in listed
    assert f"Pile of {count}" in words(client, "/staff/floods/")
    (pile,) = Flood.objects.all()
    page = words(client, f"/staff/floods/{pile.pk}/")
    assert f"open {FEWEST_SAMPLES} more" in page
    assert "1 to 25 of" in page
    one = rows[-1]
    assert "in a pile , not in the list" in words(client, f"/staff/reports/{one.pk}/")


def test_a_supervisor_sets_a_pile_aside_after_opening_some_and_another_confirms(client, supervisor):
    prompts = [{"prompt": "weapon", "reason": "A weapon"}]
    rows = flood(LIMITS.shape_more_than + 1, prompts=prompts)
    (pile,) = Flood.objects.all()
    at = f"/staff/floods/{pile.pk}/"
    assert "1 pile of reports with a danger prompt waits" in words(client, "/staff/")
    sent = {"until": rows[-1].arrival, "aside_reason": "Sent by a machine, all alike"}
    early = client.post(f"{at}aside/", sent)
    assert f"Open {FEWEST_SAMPLES} more" in said(early)
    assert sent["aside_reason"] in early.content.decode()
    other = member(Role.SUPERVISOR, name="Ana Reed")
    for who in (supervisor, other):
        for row in rows[-FEWEST_SAMPLES:]:
            Opening.objects.create(slip=row, member=who, at=AT, reason=REASON)
    client.post(f"{at}aside/", sent)
    assert "Set aside together" in words(client, at)
    assert TriageSlip.objects.filter(state="set_aside").count() == len(rows) - LIMITS.shape_stay
    assert "nobody else has confirmed it" in words(client, "/staff/")
    assert "Confirm it" not in words(client, at)
    sign_in(client, other)
    second = Client()
    sign_in(second, other)
    assert "Confirm it" in words(second, at)
    second.post(f"{at}confirm/", {"confirm_reason": "I read five of them as well"})
    assert "Confirmed" in words(second, at)
    second.post(f"{at}back/", {"back_reason": "One of them is real after all"})
    assert not TriageSlip.objects.filter(state="set_aside").exists()


def test_a_triage_officer_sees_a_pile_and_does_not_decide(client, officer):
    flood(LIMITS.shape_more_than + 1)
    (pile,) = Flood.objects.all()
    page = words(client, f"/staff/floods/{pile.pk}/")
    assert "A supervisor decides about a pile" in page
    assert "Set all of it aside" not in page


def test_a_pile_about_colleagues_is_not_there_for_the_unit(client, supervisor):
    flood(LIMITS.shape_more_than + 1, party_is_police="yes")
    (pile,) = Flood.objects.all()
    for then in ("back/", "aside/", "confirm/", "end/"):
        sent = {
            "until": 10**9,
            "aside_reason": WHY,
            "back_reason": WHY,
            "confirm_reason": WHY,
            "end_reason": WHY,
        }
        assert client.post(f"/staff/floods/{pile.pk}/{then}", sent).status_code == 404
    assert client.get(f"/staff/floods/{pile.pk}/").status_code == 404
    assert "No pile waits" in words(client, "/staff/floods/")


def test_who_decided_about_a_pile_is_in_the_audit(client, supervisor):
    flood(LIMITS.shape_more_than + 1)
    (pile,) = Flood.objects.all()
    client.post(f"/staff/floods/{pile.pk}/back/", {"back_reason": "They are real, all of them"})
    looks = words(client, f"/staff/looks/?about=pile&id={pile.pk}")
    assert "back into the list" in looks


def test_a_supervisor_ends_the_work_on_a_pile_but_for_what_is_left_out(client, supervisor, officer):
    rows = flood(LIMITS.shape_more_than + 35)
    (pile,) = Flood.objects.all()
    at = f"/staff/floods/{pile.pk}/"
    early = words(client, f"{at}end/")
    assert "only a pile that was set aside can be ended" in early
    assert '<form method="post" novalidate>' not in early
    assert (
        "this pile was not set aside" in said(client.post(f"{at}end/", {"end_reason": WHY})).lower()
    )
    assert "End the work on all" not in words(client, at)
    for row in rows[-FEWEST_SAMPLES:]:
        Opening.objects.create(slip=row, member=supervisor, at=AT, reason=REASON)
    client.post(f"{at}aside/", {"until": rows[-1].arrival, "aside_reason": WHY})
    assert "End the work on all of this pile" in words(client, at)
    assert "The work on it has not ended." in words(client, "/staff/floods/")
    left = rows[-30:-3]  # more than a page of them
    TriageSlip.objects.filter(pk__in=[row.pk for row in left]).update(child_present="yes")
    page = words(client, f"{at}end/")
    assert "End it on 23 reports" in page
    assert "Nothing is destroyed now" in page
    assert "each is kept for 1 year" in page
    assert "Left out: 27 reports" in page
    assert left[0].reference in page
    assert left[-1].reference not in page
    assert left[-1].reference in words(client, f"{at}end/?page=2")
    assert "Give a reason" in said(client.post(f"{at}end/", {"end_reason": ""}))
    assert client.post(f"{at}end/", {"end_reason": WHY})["Location"] == f"{at}end/"
    after = words(client, f"{at}end/")
    assert "The work on 23 of them has ended" in after
    assert "Nothing to end together" in after
    shown = words(client, at)
    assert "It has ended on 23 of 50 reports" in shown
    assert "What has ended stays" in shown
    assert "nothing in this pile that can be ended" in said(
        client.post(f"{at}end/", {"end_reason": WHY})
    )
    assert "ended the work on reports of pile" in words(
        client, f"/staff/looks/?about=pile&id={pile.pk}"
    )
    TriageSlip.objects.filter(ended_at=None).update(child_present="no")
    client.post(f"{at}end/", {"end_reason": WHY})
    assert "has not ended" not in words(client, "/staff/floods/")
    other = Client()
    sign_in(other, officer)
    assert "End the work" not in words(other, at)
    assert other.get(f"{at}end/").status_code == 403
