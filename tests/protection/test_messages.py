"""Messages on the desk: what waits is said, what was said is shown once, forbidden words stay."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from safehold.domain.access import Role
from safehold.records.conversations.waiting import start_clocks
from safehold.records.intake import returns
from safehold.records.triage import operations as triage
from tests.desk import AT, member, sign_in
from tests.desk_codes import send_with_code

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.staff"),
    pytest.mark.usefixtures("keys"),
]
REASON, HERS = "To answer what was written", "Monday is good, not before nine"


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_from_a_new_message_to_an_answer() -> None:
    with time_machine.travel(AT, tick=False):
        officer = Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        report_id, place = send_with_code()
        here = f"/staff/reports/{report_id}/messages/"
        assert "something new" not in words(officer.get("/staff/"))
        returns.write(place, text=HERS, at=AT)
        assert "Whoever holds the code of a report wrote something new" in words(
            officer.get("/staff/")
        )
        assert "Messages: 1 not read" in words(officer.get(f"/staff/reports/{report_id}/"))
        assert HERS not in words(officer.get(here))
        assert HERS in words(officer.post(here, {"reason": REASON}))
        assert HERS not in words(officer.get(here))
        assert "something new" not in words(officer.get("/staff/"))
        refused = words(
            officer.post(f"{here}write/", {"text": "He is on bail until Friday", "shown": "1"})
        )
        assert "Leave “bail” out" in refused
        assert "He is on bail until Friday" in refused
        assert (
            officer.post(f"{here}write/", {"text": "We ring on Monday", "shown": "1"})["Location"]
            == here
        )
        # whoever has them open goes on seeing them while answering, each time on record
        open_still = {"text": "And on Tuesday", "reason": REASON, "shown": "2"}
        assert HERS in words(officer.post(f"{here}write/", open_still))
        assert HERS in words(
            officer.post(f"{here}write/", {"text": "bail", "reason": REASON, "shown": "3"})
        )
        assert officer.post(f"{here}status/", {"key": "working"})["Location"] == here
        texts = [seen.entry.text for seen in returns.conversation(place) if seen.entry]
        assert texts == ["We ring on Monday", "And on Tuesday", "working"]


def test_without_a_code_the_page_says_that_nobody_reads_there() -> None:
    from tests.desk import send_harm

    with time_machine.travel(AT, tick=False):
        officer = Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        here = f"/staff/reports/{send_harm()}/messages/"
        assert "Nobody took a code for this report" in words(officer.get(here))
        said = words(officer.post(f"{here}write/", {"text": "We ring on Monday", "shown": "1"}))
        assert "The code was closed" in said


def test_what_nobody_has_read_stands_above_what_is_late_with_its_age_and_its_owner() -> None:
    with time_machine.travel(AT + timedelta(hours=30), tick=False):
        officer, boss, mine = Client(), Client(), member(Role.TRIAGE_OFFICER, name="Pell Lisle")
        sign_in(officer, mine)
        sign_in(boss, member(Role.SUPERVISOR))
        _, of_nobody = send_with_code()
        taken, of_mine = send_with_code()
        triage.take_report(report_id=taken, owner="", by=mine, at=AT)
        returns.write(of_nobody, text=HERS, at=AT - timedelta(days=3))
        returns.close_code(of_mine, AT)
        said = words(boss.get("/staff/"))
        waits = said.split("Holders of the codes of 2 reports wrote something new")[1]
        assert "4 days ago" in waits.split("Owner: nobody yet")[0]
        assert "Owner: Pell Lisle" in waits.split(">Late: ")[0]
        first = words(officer.get("/staff/")).split("wrote something new")[1].split("</li>")[0]
        assert f"/staff/reports/{taken}/messages/" in first
        assert "closed the code: somebody else may have had it, yesterday. Think of their" in first
        assert "Owner: you." in first


def test_the_opened_account_leads_to_messages_handing_on_and_sharing() -> None:
    with time_machine.travel(AT, tick=False):
        officer = Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        report_id, place = send_with_code()
        returns.write(place, text=HERS, at=AT)
        page = words(officer.post(f"/staff/reports/{report_id}/account/", {"reason": REASON}))
        for address in ("messages", "hand-on"):
            assert f'href="/staff/reports/{report_id}/{address}/"' in page
        assert "Messages: 1 not read" in page
        assert "Share parts of it with a partner" in page


def test_what_nobody_has_stands_first_for_every_supervisor_and_so_does_what_a_leaver_had() -> None:
    with time_machine.travel(AT, tick=False):
        boss, officer, leaver = (
            member(Role.SUPERVISOR),
            member(Role.TRIAGE_OFFICER),
            member(Role.TRIAGE_OFFICER, name="Pell Lisle"),
        )
        reports = [send_with_code() for _ in range(12)]
        for _, place in reports:
            returns.write(place, text=HERS, at=AT)
        for number, (report_id, _) in enumerate(reports[:11]):
            by = (officer, boss)[number] if number < 2 else leaver
            triage.take_report(report_id=report_id, owner="", by=by, at=AT)
        leaver.is_active = False
        leaver.save(update_fields=["is_active"])
        start_clocks(at=AT)
    with time_machine.travel(AT + timedelta(hours=25), tick=False):
        shown, theirs = Client(), Client()
        sign_in(shown, boss)
        waits = words(shown.get("/staff/")).split("wrote something new")[1].split("</ul>")[0]
        assert waits.count("Owner: nobody now, since Pell Lisle has left") == 9
        assert waits.count("Owner: nobody yet") == 1
        assert "Those that nobody has are shown first, then yours." in waits
        assert "Owner: you" not in waits  # ten of nobody's, and there are twelve
        assert waits.count('<span class="late">by 09:00 today: late</span>') == 10
        sign_in(theirs, officer)
        waits = words(theirs.get("/staff/")).split("wrote something new")[1].split("</ul>")[0]
        assert waits.index("Owner: you") < waits.index("Owner: nobody")


def test_whoever_writes_has_read_what_was_said_and_what_came_since() -> None:
    with time_machine.travel(AT, tick=False):
        officer, other = Client(), Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        sign_in(other, member(Role.TRIAGE_OFFICER, name="Pell Lisle"))
        report_id, place = send_with_code()
        returns.write(place, text=HERS, at=AT)
        path = f"/staff/reports/{report_id}/messages/"
        unread = words(other.post(path + "write/", {"text": "Can we ring at ten", "shown": "1"}))
        assert "Read what was said before you write" in unread
        assert "Can we ring at ten" in unread
        opened = words(officer.post(path, {"reason": REASON}))
        assert 'name="shown" value="1"' in opened
        returns.write(place, text="Not before noon", at=AT)
        typed = {"text": "Can we ring at ten", "shown": "1", "reason": REASON}
        page = words(officer.post(path + "write/", typed))
        assert "Something was said that this page did not show." in page
        assert "Can we ring at ten" in page
        assert 'name="shown" value="2"' in page
        sent = words(officer.post(path + "write/", {**typed, "shown": "2"}))
        assert "did not show" not in sent
        assert "Can we ring at ten" in sent
