"""How long reports are kept, on the unit's pages: due, on hold, agreed by two, certified."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.utils import timezone

from safehold.domain.access import Role
from safehold.records.audit.models import AuditEvent
from safehold.records.retention import destroying, operations
from safehold.records.retention.models import Certificate, LegalHold, Run
from tests.desk import member, sign_in
from tests.whole_reports import set_aside_and_ended

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]
WHY = "Its time is over and nothing points to a need"
HERE = "/staff/retention/"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Any) -> None:
    settings.SAFEHOLD_DATA = tmp_path / "data"


def client_of(role: Role = Role.SUPERVISOR, name: str = "Pell Lisle") -> Client:
    client = Client()
    sign_in(client, member(role, name=name))
    return client


def over(count: int = 1) -> list[UUID]:
    """Reports whose time is over today, as the pages' own clock sees them."""
    before = timezone.now() - timedelta(days=800)
    ids = [set_aside_and_ended(at=before) for _ in range(count)]
    operations.note_what_is_due(at=timezone.now())
    return ids


def words(response: Any) -> str:
    text = re.sub(r"<[^>]+>", " ", response.content.decode())
    return " ".join(text.split())


def test_the_first_page_says_how_many_are_due_to_whoever_decides() -> None:
    over(2)
    assert "2 reports are due for review" in words(client_of().get("/staff/"))
    assert "due for review" not in words(client_of(Role.TRIAGE_OFFICER).get("/staff/"))


def test_with_nothing_due_the_page_says_so_and_shows_the_rules() -> None:
    said = words(client_of().get(HERE))
    assert "Nothing is due" in said
    assert "Nothing is on hold" in said
    assert "Accepted, a crime 10 years" in said


def test_the_list_is_paged_and_shows_nothing_of_what_was_told() -> None:
    over(27)
    client = client_of(Role.AUDITOR)
    first, second = client.get(HERE), client.get(f"{HERE}?page=2")
    assert "1 to 25 of 27 reports" in words(first)
    assert first.content.count(b'class="reference" href="/staff/retention/') == 25
    assert second.content.count(b'class="reference" href="/staff/retention/') == 2
    assert "Propose" not in words(first)
    assert "Elm Row" not in words(first)


def test_two_people_agree_and_a_certificate_says_so() -> None:
    first, second = over(2)
    one, other = client_of(), client_of(name="Ines Quarr")
    answer = one.post(
        f"{HERE}propose/", {"report": [str(first), str(second)], "propose_reason": WHY}
    )
    run = Run.objects.get()
    assert answer.headers["Location"] == f"{HERE}lists/{run.pk}/"
    own = words(one.get(answer.headers["Location"]))
    assert "another person confirms it" in own
    assert "Confirm: destroy them for good" not in own
    assert "1 list of reports to destroy waits" in words(other.get("/staff/"))
    given = {"digest": run.digest, "read": "on"}
    refused = other.post(f"{HERE}lists/{run.pk}/confirm/", {"digest": run.digest})
    assert refused.status_code == 409
    assert "Say that you have read the list." in words(refused)
    assert one.post(f"{HERE}lists/{run.pk}/confirm/", given).status_code == 409
    assert other.post(f"{HERE}lists/{run.pk}/confirm/", given).status_code == 302
    assert "Not before" in words(other.get(f"{HERE}lists/{run.pk}/"))
    destroying.carry_out(at=timezone.now() + timedelta(days=2))
    made = Certificate.objects.get(report_id=first)
    auditor = client_of(Role.AUDITOR)
    assert "2 certificates" in words(auditor.get(f"{HERE}certificates/"))
    shown = words(auditor.get(f"{HERE}certificates/{made.pk}/"))
    assert "Proposed by Pell Lisle" in shown
    assert "Confirmed by Ines Quarr" in shown
    assert made.digest in shown
    assert "The sealed account" in shown
    gone = words(one.get(f"/staff/reports/{first}/"))
    assert "nobody can open anything of it" in gone
    assert one.get(f"{HERE}{first}/").headers["Location"].endswith(f"/{made.pk}/")
    late = one.post(f"{HERE}{first}/hold/", HOLD)
    assert late.status_code == 409
    assert "was destroyed meanwhile" in words(late)
    assert HOLD["hold_reason"] in words(late)
    assert one.post(f"{HERE}{uuid4()}/hold/", HOLD).status_code == 404
    assert made.reference not in words(one.get("/staff/reports/?state=set_aside"))


HOLD = {"ground": "court", "hold_reason": "Order 12 of the court of appeal"}


def test_a_hold_shows_everywhere_and_another_person_lifts_it() -> None:
    (report_id,) = over()
    one, other = client_of(), client_of(name="Ines Quarr")
    assert one.post(f"{HERE}{report_id}/hold/", HOLD).status_code == 302
    hold = LegalHold.objects.get()
    own = words(one.get(f"{HERE}{report_id}/"))
    assert "You set it, so another person lifts it." in own
    assert "On hold" in words(one.get(f"/staff/reports/{report_id}/"))
    assert "A court order, since" in words(one.get(HERE))
    lift = {f"{hold.pk}-lift_reason": "The court has decided"}
    refused = one.post(f"{HERE}{report_id}/hold/{hold.pk}/", lift)
    assert refused.status_code == 409
    assert "The court has decided" in refused.content.decode()
    assert other.post(f"{HERE}{report_id}/hold/{hold.pk}/", lift).status_code == 302
    assert "Lifted" in words(one.get(f"{HERE}{report_id}/"))
    assert other.post(f"{HERE}{report_id}/hold/{hold.pk}/", lift).status_code == 409


def test_keeping_longer_says_until_when_and_a_wrong_day_keeps_what_was_typed() -> None:
    (report_id,) = over()
    client, path = client_of(), f"{HERE}{report_id}/keep/"
    wrong = client.post(path, {"until": "1/1/2020", "keep_reason": WHY})
    assert wrong.status_code == 409
    assert "That day is over" in words(wrong)
    assert WHY in wrong.content.decode()
    assert "<title>Error:" in wrong.content.decode()
    later = timezone.localdate() + timedelta(days=500)
    assert client.post(path, {"until": later.isoformat(), "keep_reason": WHY}).status_code == 302
    said = words(client.get(f"/staff/reports/{report_id}/"))
    assert f"Kept until {later.day} {later:%B %Y}" in said
    assert "It was decided to keep it until" in said


def test_nothing_chosen_and_no_reason_are_said_and_lose_nothing() -> None:
    (report_id,) = over()
    client = client_of()
    nothing = client.post(f"{HERE}propose/", {"propose_reason": WHY})
    assert "Choose reports for the list" in words(nothing)
    assert WHY in nothing.content.decode()
    chosen = client.post(f"{HERE}propose/", {"report": str(report_id), "propose_reason": ""})
    assert "Give a reason." in words(chosen)
    assert f'value="{report_id}" checked' in chosen.content.decode()
    assert client.post(f"{HERE}propose/", {"report": "x", "propose_reason": WHY}).status_code == 409


def test_a_list_is_called_off_with_a_reason() -> None:
    (report_id,) = over()
    client = client_of()
    client.post(f"{HERE}propose/", {"report": str(report_id), "propose_reason": WHY})
    path = f"{HERE}lists/{Run.objects.get().pk}/"
    assert client.post(f"{path}call-off/", {}).status_code == 409
    assert client.post(f"{path}call-off/", {"call_off_reason": WHY}).status_code == 302
    assert "Called off" in words(client.get(path))
    assert client.post(f"{path}call-off/", {"call_off_reason": WHY}).status_code == 409


def test_looking_is_on_record_and_what_is_not_there_is_not_found() -> None:
    (report_id,) = over()
    client = client_of(Role.AUDITOR)
    assert client.get(f"{HERE}{report_id}/").status_code == 200
    last = AuditEvent.objects.latest("sequence")
    assert (last.action, last.subject_id) == ("looked", str(report_id))
    for path in ("", "lists/", "certificates/"):
        assert client.get(f"{HERE}{path}{uuid4()}/").status_code == 404
