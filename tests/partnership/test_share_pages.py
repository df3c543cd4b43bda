"""Sharing on the desk: from a key on the telephone to a file that the agency opens."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from django.test import Client

from safehold.crypto import age_files
from safehold.domain import sharing
from safehold.domain.access import Role
from safehold.records.agencies.models import Agency, AgencyKey
from safehold.records.shares.models import ListEntry, Share
from tests.desk import AT, member, send_harm, sign_in
from tests.partners import HOW_KNOWN, TOLD, WHY, WORDS, Partner, partner, told

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.staff"),
    pytest.mark.usefixtures("keys"),
]


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def signed_in(role: Role, *, name: str = "Dena Okafor") -> tuple[Client, Any]:
    client, who = Client(), member(role, name=name)
    sign_in(client, who)
    return client, who


def begun(to: Partner, basis: str) -> dict[str, Any]:
    return {"agency_id": str(to.agency.pk), "basis": basis}


def filled(to: Partner, basis: str, *parts: str) -> dict[str, Any]:
    return {
        **begun(to, basis),
        "purpose": "To find a safe room tonight",
        "told": "That we ask them for a room",
        "parts": [part for part in parts if part not in sharing.ABOUT_THEM],
        "them": [part for part in parts if part in sharing.ABOUT_THEM],
        "answer-suspect": HOW_KNOWN,
        **{f"state_{one.key}": WHY for one in sharing.bases()[basis].states},
    }


def carried(page: str) -> dict[str, Any]:
    """Read the hidden boxes of the first form that sends things on, as a browser does."""
    form = page.split("<form")[-2]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    return found


def test_from_a_key_on_the_telephone_to_a_file_that_the_agency_opens() -> None:
    with time_machine.travel(AT, tick=False):
        # given two supervisors who keep the agencies
        first, _ = signed_in(Role.SUPERVISOR)
        second, _ = signed_in(Role.SUPERVISOR, name="Pell Lisle")
        assert "No agency is kept yet" in words(first.get("/staff/agencies/"))
        first.post("/staff/agencies/new/", {"name": "Lantern", "kind": "idva"})
        here = f"/staff/agencies/{Agency.objects.get().pk}/"
        secret, public = age_files.new_pair()
        # when one pastes the wrong half, it is refused and not shown again
        refused = words(first.post(f"{here}key/", {"public": secret, "came": "By email"}))
        refused = words(first.post(f"{here}key/", {"public": secret, "came": "By email to us"}))
        assert "This is a secret key" in refused
        assert secret not in refused
        # then enters the right one, and the other confirms what the agency reads out
        first.post(f"{here}key/", {"public": public, "came": "By email to us"})
        key = AgencyKey.objects.get()
        waits = words(second.get(here))
        assert public[-16:] not in waits.replace(" ", "")
        assert "You entered it: another person has to check it" in words(first.get(here))
        confirm = f"/staff/agencies/keys/{key.pk}/confirm/"
        said = {"read_out": "qqqq" * 4, "how": "call", "whom": "Their duty worker"}
        assert "This is not how the key ends" in words(second.post(confirm, said))
        said["read_out"] = " ".join(age_files.in_groups(public)[-4:])
        wrong = " ".join(public[-16:][at : at + 4] for at in range(0, 16, 4))
        assert second.post(confirm, {**said, "read_out": wrong}).status_code == 302
        assert "Ready" in words(second.get("/staff/agencies/"))
        # when an officer shares what a report told, one page after another
        officer, who = signed_in(Role.TRIAGE_OFFICER)
        report_id = told(by=who)
        to = Partner(Agency.objects.get(), secret)
        share = f"/staff/reports/{report_id}/share/"
        assert share in words(officer.get(f"/staff/reports/{report_id}/"))
        assert "With which agency?" in words(officer.get(share))
        choose = words(officer.post(share, {**begun(to, "vital"), "step": "begin"}))
        assert "They told us what must never be done:</strong> <bdi>Come to the door" in choose
        assert "wardrobe" in choose
        assert "marmalade" not in choose
        assert " checked" not in choose
        nothing = filled(to, "vital") | {"step": "preview"}
        assert "Tick what goes. Nothing is ticked yet." in words(officer.post(share, nothing))
        ticked = filled(to, "vital", "what", sharing.CONTACT)
        preview = officer.post(share, ticked | {"step": "preview"}).content.decode()
        assert "wardrobe" in preview
        assert "turquoise" not in preview
        assert "900123" in preview
        again = words(officer.post(share, carried(preview) | {"step": "again"}))
        assert "To find a safe room tonight" in again
        answer = officer.post(share, carried(preview) | {"step": "make"})
        made = Share.objects.get()
        assert answer.headers["Location"] == f"/staff/shares/{made.pk}/"
        # then the file has a neutral name, and the agency opens it
        file = officer.post(f"/staff/shares/{made.pk}/file/")
        name = f'attachment; filename="{made.reference}.age"'
        assert file.headers["Content-Disposition"] == name
        text = to.opens(file.content)
        assert "wardrobe" in text
        assert "turquoise" not in text
        # and its pages say what was passed to whom, and nothing of what it said
        note = {"act": "received", "words": "The duty worker rang to say so"}
        officer.post(f"/staff/shares/{made.pk}/note/", note)
        assert "Shared with Lantern" in words(officer.get(f"/staff/reports/{report_id}/"))
        auditor, _ = signed_in(Role.AUDITOR)
        for page in ("/staff/shares/", f"/staff/shares/{made.pk}/"):
            shown = words(auditor.get(page))
            assert made.reference in shown
            assert [word for word in WORDS.values() if word in shown] == []
        assert "They said that they have it" in words(auditor.get(f"/staff/shares/{made.pk}/"))
        assert "Was it right to share this?" not in words(auditor.get(f"/staff/shares/{made.pk}/"))
        looks = words(auditor.get(f"/staff/looks/?about=share&id={made.pk}"))
        assert made.reference in looks
        # and a supervisor looks at what could not wait
        assert "1 share could not wait" in words(second.get("/staff/"))
        second.post(f"/staff/shares/{made.pk}/review/", {"right": "yes", "why": WHY})
        assert "could not wait" not in words(second.get("/staff/"))


def test_without_agreement_a_supervisor_decides_first() -> None:
    with time_machine.travel(AT, tick=False):
        officer, who = signed_in(Role.TRIAGE_OFFICER)
        supervisor, _ = signed_in(Role.SUPERVISOR, name="Pell Lisle")
        report_id, to = told(by=who), partner("housing")
        share = f"/staff/reports/{report_id}/share/"
        ticked = filled(to, "safeguarding", "what") | {"step": "preview"}
        preview = officer.post(share, ticked).content.decode()
        assert "Ask a supervisor" in preview
        officer.post(share, carried(preview) | {"step": "make"})
        made = Share.objects.get()
        here = f"/staff/shares/{made.pk}/"
        assert made.file is None
        assert "waits for a supervisor" in words(officer.get(f"/staff/reports/{report_id}/"))
        assert "May it be shared?" not in words(officer.get(here))
        assert "1 share without agreement waits" in words(supervisor.get("/staff/"))
        decide = words(supervisor.get(here))
        assert "What happened?" in decide
        assert "wardrobe" not in decide
        supervisor.post(f"{here}agree/", {"agreed": "yes", "why": WHY})
        assert "1 share of yours was agreed" in words(officer.get("/staff/"))
        read = officer.post(f"{here}make/").content.decode()
        assert "wardrobe" in read
        seen = re.search(r'name="seen" value="([0-9a-f]+)"', read)
        assert seen
        stale = officer.post(f"{here}make/", {"seen": "0" * 64})
        assert "What would go has changed" in words(stale)
        officer.post(f"{here}make/", {"seen": seen[1]})
        assert "wardrobe" in to.opens(officer.post(f"{here}file/").content)


def test_an_agency_on_the_list_is_refused_with_one_sentence_and_a_person_is_asked_about() -> None:
    with time_machine.travel(AT, tick=False):
        officer, who = signed_in(Role.TRIAGE_OFFICER)
        other, _ = signed_in(Role.SUPERVISOR, name="Pell Lisle")
        report_id, to = told(by=who), partner()
        here = f"/staff/reports/{report_id}/must-not-receive/"
        assert "The person who is said to have done it." in words(officer.get(here))
        # what they told is carried over
        opened = words(officer.post(here, {"reason": "To put them on the list"}))
        assert "They told us: His mother Ottoline</textarea>" in opened
        assert "Ottoline" not in words(officer.get(here))
        officer.post(f"{here}add/", {"what": "person", "name": "Ottoline Moth", "why": WHY})
        officer.post(f"{here}add/", {"what": "agency", "agency_id": to.agency.pk, "why": WHY})
        page = words(officer.get(here))
        assert to.agency.name in page
        assert "Ottoline" not in page
        report = words(officer.get(f"/staff/reports/{report_id}/"))
        assert f"Must receive nothing of this:</strong> {to.agency.name}." in report
        assert "1 person whom the list names" in report
        share = f"/staff/reports/{report_id}/share/"
        refused = words(officer.post(share, {**begun(to, "vital"), "step": "begin"}))
        assert "This agency is on the must-not-receive list of this report." in refused
        # another person takes the agency off, and the person still has to be answered for
        entry = ListEntry.objects.exclude(agency=None).get()
        end = f"/staff/must-not-receive/{entry.pk}/end/"
        typed = {f"{entry.pk}-why": "It was another agency"}
        assert "another person takes it off" in words(officer.post(end, typed))
        assert other.post(end, typed).status_code == 302
        choose = words(officer.post(share, {**begun(to, "vital"), "step": "begin"}))
        assert "Ottoline Moth must get nothing of this." in choose
        ticked = filled(to, "vital", "what") | {"step": "preview"}
        assert "Answer this: Ottoline Moth" in words(officer.post(share, ticked))


def test_after_a_no_consent_is_no_basis() -> None:
    with time_machine.travel(AT, tick=False):
        officer, who = signed_in(Role.TRIAGE_OFFICER)
        report_id, to = told(by=who, share={"answer": "no"}), partner()
        share = f"/staff/reports/{report_id}/share/"
        assert "They said no" in words(officer.post(share, begun(to, "consent")))
        choose = words(officer.post(share, begun(to, "vital")))
        assert "support service?”</strong> No." in choose


def test_a_name_that_is_hidden_or_was_not_given_cannot_be_ticked() -> None:
    with time_machine.travel(AT, tick=False):
        officer, who = signed_in(Role.TRIAGE_OFFICER)
        to = partner()
        for how, says in (("hidden", "The name is hidden."), ("anonymous", "Nothing that names")):
            report_id = told(by=who, identity={"how": how})
            share = f"/staff/reports/{report_id}/share/"
            choose = words(officer.post(share, begun(to, "vital")))
            assert says in choose
            assert 'name="them"' not in choose
            forged = filled(to, "vital", sharing.NAME) | {"step": "preview"}
            assert "Tick from the list." in words(officer.post(share, forged))


def test_whoever_has_not_read_it_is_led_to_reading_it() -> None:
    with time_machine.travel(AT, tick=False):
        officer, _ = signed_in(Role.TRIAGE_OFFICER)
        report_id = send_harm(**TOLD)
        share = f"/staff/reports/{report_id}/share/"
        assert "Whoever shares something has read it." in words(officer.get(share))
        assert officer.post(share, {"step": "begin"}).status_code == 409


def test_without_a_key_nothing_can_be_shared_and_the_page_says_so() -> None:
    with time_machine.travel(AT, tick=False):
        officer, who = signed_in(Role.TRIAGE_OFFICER)
        page = words(officer.get(f"/staff/reports/{told(by=who)}/share/"))
        assert "No agency has a key that two of us have checked" in page


def test_no_name_stands_in_an_address_a_title_or_a_file_name() -> None:
    with time_machine.travel(AT, tick=False):
        officer, who = signed_in(Role.TRIAGE_OFFICER)
        report_id, to = told(by=who), partner(name="Zebulon House")
        share = f"/staff/reports/{report_id}/share/"
        ticked = filled(to, "vital", "what", sharing.NAME)
        for page in (
            officer.post(share, begun(to, "vital")),
            officer.post(share, ticked | {"step": "preview"}),
        ):
            title = page.content.decode().split("<title>")[1].split("</title>")[0]
            assert "Zebulon" not in title
            assert "Zanzibar" not in title
            assert page.headers["Cache-Control"].find("no-store") >= 0


def test_two_clerks_do_not_overwrite_each_other() -> None:
    with time_machine.travel(AT, tick=False):
        first, _ = signed_in(Role.SUPERVISOR)
        agency = partner(name="Lantern").agency
        here = f"/staff/agencies/{agency.pk}/"
        typed = {"name": "Lantern House", "kind": "refuge", "contact": "", "seen": "1"}
        assert first.post(here, typed).status_code == 302
        late = first.post(here, {**typed, "name": "Lamp House"})
        assert late.status_code == 409
        assert "Lamp House" in words(late)
        assert 'name="seen" value="2"' in words(late)
        assert first.post(here, {**typed, "name": "Lamp House", "seen": "2"}).status_code == 302
        first.post(f"{here}end/", {"why": "The service has closed"})
        assert "Ended" in words(first.get("/staff/agencies/"))


def test_who_looked_says_what_became_of_the_list_and_of_an_agency() -> None:
    with time_machine.travel(AT, tick=False):
        supervisor, who = signed_in(Role.SUPERVISOR)
        report_id, to = told(by=who), partner(name="Lantern")
        here = f"/staff/reports/{report_id}/must-not-receive/"
        supervisor.post(f"{here}add/", {"what": "person", "name": "Ottoline", "why": WHY})
        looks = words(supervisor.get(f"/staff/looks/?about=report&id={report_id}"))
        assert "put somebody on the must-not-receive list of" in looks
        assert "Ottoline" not in looks
        agency = words(supervisor.get(f"/staff/looks/?about=agency&id={to.agency.pk}"))
        assert "confirmed a key of" in agency
        assert "Lantern" in agency


def test_no_two_boxes_of_a_page_have_one_id() -> None:
    with time_machine.travel(AT, tick=False):
        officer, who = signed_in(Role.SUPERVISOR)
        report_id, to = told(by=who), partner()
        listed = f"/staff/reports/{report_id}/must-not-receive/"
        for _ in range(2):
            officer.post(f"{listed}add/", {"what": "person", "name": "T Moth", "why": WHY})
        for at in (listed, f"/staff/agencies/{to.agency.pk}/"):
            ids = re.findall(r' id="([^"]+)"', officer.get(at).content.decode())
            assert len(ids) == len(set(ids)), at
        thin = words(officer.post(f"{listed}add/", {"what": "person", "name": "", "why": "x"}))
        assert 'href="#id_person_name"' in thin
