"""Hidden names on the unit's desk: released, asked for, passed on, refused, and looked at after."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from safehold.domain.access import Role
from safehold.records.contacts.models import Profile
from safehold.records.staff.models import StaffMember
from safehold.records.triage import operations
from safehold.records.triage.models import IdentityOpening, NameRequest
from tests.desk import AT, member, send_harm, sign_in
from tests.records.contacts.test_operations import TOLD
from tests.records.triage.test_releases import DANGER

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]

REASON = "Only she can say which door it was"
HIDDEN: dict[str, dict[str, Any]] = {**TOLD, "identity": {"how": "hidden"}}
ASK = {"reason": REASON, "soon": "now"}


class Desk:
    """A member in front of the unit's pages."""

    def __init__(self, role: Role, name: str) -> None:
        self.who: StaffMember = member(role, name=name)
        self.client = Client()
        sign_in(self.client, self.who)
        self.status = 0

    def sees(self, path: str) -> str:
        """Get a page and give its words."""
        return self._words(self.client.get(f"/staff/{path}", follow=True))

    def does(self, path: str, **given: str) -> str:
        """Post to a page and give the words of where that leads."""
        return self._words(self.client.post(f"/staff/{path}", given, follow=True))

    def _words(self, response: Any) -> str:
        self.status = response.status_code
        html = re.sub(r"<(script|style|title).*?</\1>", " ", response.content.decode(), flags=re.S)
        words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
        return re.sub(r" ([.:,;?])", r"\1", words)


@pytest.fixture
def officer() -> Desk:
    return Desk(Role.TRIAGE_OFFICER, "Dena Okafor")


@pytest.fixture
def keeper() -> Desk:
    return Desk(Role.IDENTITY_KEEPER, "Sorrel Vane")


@pytest.fixture
def auditor() -> Desk:
    return Desk(Role.AUDITOR, "Iris Poole")


@pytest.fixture
def report_id(officer: Desk) -> UUID:
    made = send_harm(**HIDDEN)
    operations.take_report(report_id=made, by=officer.who, at=AT)
    return made


def test_a_released_name_is_opened_from_its_report_with_no_keeper(
    officer: Desk, auditor: Desk
) -> None:
    report_id = send_harm(**HIDDEN, **DANGER)
    page = officer.sees(f"reports/{report_id}/")
    assert "The name is released: danger" in page
    assert "Said that there is a weapon, or could be" in page
    assert "Ask a keeper" not in page
    assert "Zanzibar" not in officer.sees(f"reports/{report_id}/released-name/")
    assert "Give a reason." in officer.does(f"reports/{report_id}/released-name/", reason="")
    opened = officer.does(f"reports/{report_id}/released-name/", reason=REASON)
    assert "Zanzibar Quill" in opened
    assert "07700 900123" in opened
    assert "It is shown this once" in opened
    assert "Zanzibar" not in officer.sees(f"reports/{report_id}/released-name/")
    review = auditor.sees("hidden-names/")
    assert "Released to the unit by what the slip says" in review
    assert "Said that there is a weapon, or could be" in review
    assert "Zanzibar" not in review
    opening = IdentityOpening.objects.get()
    done = auditor.does(
        f"hidden-names/{opening.pk}/",
        **{f"{opening.pk}-right": "yes", f"{opening.pk}-review": "There was a weapon"},
    )
    assert "Nothing waits to be looked at" in done


def test_safe_contact_of_a_released_name_becomes_a_page_as_any_other(
    officer: Desk, keeper: Desk
) -> None:
    report_id = send_harm(**HIDDEN, **DANGER)
    keeper.does(f"reports/{report_id}/name/", reason=REASON)
    profile = Profile.objects.get(report_id=report_id)
    before = officer.sees(f"contacts/{profile.pk}/")
    assert "The name is released: danger. Open the name with a reason" in before
    assert "A phone call" not in before
    officer.does(f"reports/{report_id}/released-name/", reason=REASON)
    after = officer.sees(f"contacts/{profile.pk}/")
    assert "They asked to hide their name" in after
    assert "A phone call" in after
    assert "07700 900123" in officer.does(f"contacts/{profile.pk}/", reason=REASON)


def test_a_child_of_whom_she_is_not_sure_releases_and_the_page_says_so(officer: Desk) -> None:
    report_id = send_harm(**HIDDEN, children={"answer": "not_sure"})
    page = officer.sees(f"reports/{report_id}/")
    assert "The name is released: a child" in page
    assert "A child may be there" in page


def test_a_hidden_name_that_nothing_released_is_not_opened(officer: Desk, report_id: UUID) -> None:
    assert "The name is hidden" in officer.sees(f"reports/{report_id}/")
    assert "Nothing released this name" in officer.sees(f"reports/{report_id}/released-name/")
    refused = officer.does(f"reports/{report_id}/released-name/", reason=REASON)
    assert officer.status == 409
    assert "Nothing released this name" in refused


def test_the_opened_account_leads_to_the_name_or_to_a_keeper(officer: Desk) -> None:
    for changes, said in (
        (DANGER, "The name is released: danger. Open the name with a reason"),
        ({}, "Ask a keeper for the name."),
    ):
        report_id = send_harm(**HIDDEN, **changes)
        assert said in officer.does(f"reports/{report_id}/account/", reason=REASON)


def test_asking_opening_passing_on_and_opening(
    officer: Desk, keeper: Desk, auditor: Desk, report_id: UUID
) -> None:
    empty = officer.does(f"reports/{report_id}/ask-for-name/", reason=REASON)
    assert "Choose how soon." in empty
    assert REASON in empty, "nothing typed is lost"
    asked = officer.does(f"reports/{report_id}/ask-for-name/", **ASK)
    assert "A keeper was asked for the name just now." in asked
    assert "A keeper was asked for the name" in officer.sees("")
    first = keeper.sees("")
    assert "the unit asks for the hidden name, needed within the hour." in first
    assert f"Dena Okafor asked just now: “{REASON}”" in first
    page = keeper.sees(f"reports/{report_id}/name/")
    assert "Dena Okafor asks for it" in page
    assert "Pass the name on" not in page, "not before it was opened"
    opened = keeper.does(f"reports/{report_id}/name/", reason="Only she can say it")
    assert "Zanzibar Quill" in opened
    request = NameRequest.objects.get()
    done = keeper.does(f"name-requests/{request.pk}/pass-on/")
    assert "Sorrel Vane passed the name on to Dena Okafor" in done
    assert "the unit asks" not in keeper.sees("")
    assert "Sorrel Vane passed the name on to you" in officer.sees("")
    assert "It is for you alone" in officer.sees(f"reports/{report_id}/")
    assert "Zanzibar Quill" in officer.does(f"reports/{report_id}/released-name/", reason=REASON)
    assert "passed the name on" not in officer.sees("")
    review = auditor.sees("hidden-names/")
    assert "Passed on by a keeper to whoever asked" in review
    assert "By a keeper of hidden names" in review
    assert f"By Dena Okafor, {timezone.localtime():%-d %B %Y}" in review


def test_whoever_neither_owns_nor_read_it_is_told_how_to_ask(report_id: UUID) -> None:
    other = Desk(Role.TRIAGE_OFFICER, "Ro Tarn")
    said = other.sees(f"reports/{report_id}/")
    assert "Take the report, or open what was told, and you can ask a keeper for it." in said
    assert "Ask a keeper for the name" not in said


def test_a_refusal_says_why_to_whoever_asked(officer: Desk, keeper: Desk, report_id: UUID) -> None:
    officer.does(f"reports/{report_id}/ask-for-name/", **ASK)
    request = NameRequest.objects.get()
    thin = keeper.does(f"name-requests/{request.pk}/refuse/", why_not="no")
    assert "Say in a few words why" in thin
    keeper.does(f"name-requests/{request.pk}/refuse/", why_not="The cameras will show it")
    for path in ("", f"reports/{report_id}/"):
        page = officer.sees(path)
        assert "Sorrel Vane did not pass the name on" in page
        assert "“The cameras will show it”" in page
    assert "Ask a keeper for the name" in officer.sees(f"reports/{report_id}/")


def test_a_request_that_waits_too_long_is_late_for_both(
    officer: Desk, keeper: Desk, report_id: UUID
) -> None:
    officer.does(f"reports/{report_id}/ask-for-name/", **ASK)
    NameRequest.objects.update(
        asked_at=timezone.now() - timedelta(minutes=75),
        needed_by=timezone.now() - timedelta(minutes=15),
    )
    assert "needed within the hour, and that is over" in keeper.sees("")
    assert "It was needed before now: ring a keeper." in officer.sees("")
    assert "asked for the name 1 hour ago" in officer.sees(f"reports/{report_id}/")


def test_a_request_is_taken_back_by_whoever_asked(officer: Desk, report_id: UUID) -> None:
    officer.does(f"reports/{report_id}/ask-for-name/", **ASK)
    second = officer.does(f"reports/{report_id}/ask-for-name/", **ASK)
    assert officer.status == 409
    assert "Somebody has asked for this name already" in second
    request = NameRequest.objects.get()
    done = officer.does(f"name-requests/{request.pk}/withdraw/")
    assert "Ask a keeper for the name" in done
    assert "asked for the name" not in officer.sees("")


def test_a_keeper_who_comes_second_reads_who_was_first(
    officer: Desk, keeper: Desk, report_id: UUID
) -> None:
    officer.does(f"reports/{report_id}/ask-for-name/", **ASK)
    request = NameRequest.objects.get()
    unopened = keeper.does(f"name-requests/{request.pk}/pass-on/")
    assert keeper.status == 409
    assert "Open the name with a reason first" in unopened
    keeper.does(f"name-requests/{request.pk}/refuse/", why_not="The cameras will show it")
    other = Desk(Role.IDENTITY_KEEPER, "Bram Hale")
    again = other.does(f"name-requests/{request.pk}/refuse/", why_not="Not needed as I see it")
    assert "Sorrel Vane did not pass the name on" in again


def test_of_a_colleagues_report_a_supervisor_learns_nothing(officer: Desk) -> None:
    report_id = send_harm(at=AT, **HIDDEN, **DANGER, works={"party": "yes"})
    for path in ("released-name/", "ask-for-name/"):
        officer.sees(f"reports/{report_id}/{path}")
        assert officer.status == 404


def test_a_report_that_is_not_there_is_a_page(officer: Desk) -> None:
    nowhere = "6f2c1f0e-5a1b-4c57-9b06-0d7f9b6f9c11"
    officer.sees(f"reports/{nowhere}/released-name/")
    assert officer.status == 404
    officer.does(f"name-requests/{nowhere}/withdraw/")
    assert officer.status == 404
