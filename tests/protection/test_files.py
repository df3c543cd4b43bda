"""A file on the desk: a reason first, then what it is, and out with a name that says nothing."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from safehold.domain.access import Role
from safehold.records.exhibits.operations import INTIMATE
from tests.desk import AT, member, sign_in
from tests.desk_files import send_with_file
from tests.files import made_files

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.staff"),
    pytest.mark.usefixtures("keys"),
]
REASON = "To see who stood at the door"


def words(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def test_from_the_account_to_a_clean_copy() -> None:
    with time_machine.travel(AT, tick=False):
        officer = Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        report_id, file_id = send_with_file(made_files.photo(), name="at \u202ethe door.jpg")
        report, here = (
            f"/staff/reports/{report_id}/",
            f"/staff/reports/{report_id}/files/{file_id}/",
        )
        assert "1 file came with it" in words(officer.get(report))
        opened = words(officer.post(f"{report}account/", {"reason": REASON}))
        assert "at the door.jpg" in opened
        assert "data:image" not in opened
        asked = words(officer.get(here))
        assert "at the door" not in asked
        assert "It may be intimate: open it where nobody sees your screen." in asked
        assert "data:image" not in words(officer.post(here, {"reason": "x"}))
        seen = words(officer.post(here, {"reason": REASON}))
        assert "data:image/jpeg" in seen
        assert "redact before disclosure" in seen
        assert "No virus scanner is set up, so the file was not scanned." in seen
        given = officer.post(f"{here}out/", {"which": "cleaned", "why": REASON})
        assert (
            given["Content-Disposition"] == f'attachment; filename="{str(file_id)[:8]}-cleaned.jpg"'
        )
        assert given.content.startswith(b"\xff\xd8")
        assert "data:image" not in words(officer.get(here))


def test_a_marked_file_is_refused_with_the_reason() -> None:
    with time_machine.travel(AT, tick=False):
        officer = Client()
        sign_in(officer, member(Role.TRIAGE_OFFICER))
        report_id, file_id = send_with_file(made_files.photo())
        here = f"/staff/reports/{report_id}/files/{file_id}/"
        officer.post(here, {"reason": REASON})
        assert officer.post(f"{here}mark/")["Location"] == here
        # she is told before she types a reason, and offered nothing to type it into
        told = words(officer.get(here))
        assert INTIMATE in told
        assert 'name="reason"' not in told
        assert 'name="why"' not in told
        supervisor = Client()
        sign_in(supervisor, member(Role.SUPERVISOR))
        asked = words(supervisor.get(here))
        assert "It is intimate." in asked
        assert 'name="reason"' in asked
        refused = officer.post(here, {"reason": REASON})
        assert refused.status_code == 403
        assert "data:image" not in words(refused)
