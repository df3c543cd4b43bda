"""Safety, law and health: no page without a reader's name, whichever way it is published."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from safehold.content import gate
from safehold.content.models import GuidancePage
from safehold.content.operations import publish_scheduled, republish_pages, seed_pages
from safehold.domain.access import Role
from safehold.records.audit.actors import System
from safehold.records.audit.models import AuditEvent
from safehold.records.snapshots import queries
from tests.content.few import few
from tests.content.forms import form
from tests.desk import member, sign_in

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
PATH = "/what-we-are-doing/"


@pytest.fixture(autouse=True)
def page() -> GuidancePage:
    seed_pages(force=settings.FORCE, by=System("test"), at=AT, words=few(settings.FORCE))
    return GuidancePage.objects.get(slug="what-we-are-doing")


@pytest.fixture
def editor(client: Client) -> Client:
    sign_in(client, member(Role.EDITOR))
    return client


def shown() -> str:
    return {each.path: each.html.decode() for each in queries.all_current()}.get(PATH, "")


def address(page: GuidancePage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


GOOD = {"about": "legal", "reviewed_by": "A. Reader, solicitor"}


def test_without_a_reader_the_form_says_so_and_keeps_what_was_typed(
    editor: Client, page: GuidancePage
) -> None:
    changes = {"about": "legal", "introduction": "Typed for an hour.", "reviewed_by": ""}
    response = editor.post(address(page), form(page, **changes, reviewed_on="", review_by=""))
    assert response.status_code == 200
    html = response.content.decode()
    assert "give that person&#x27;s name and role" in html
    assert "Give the day by which it is read again" in html
    assert "Typed for an hour." in html
    assert "Typed for an hour." not in shown()


def test_a_draft_needs_no_reader(editor: Client, page: GuidancePage) -> None:
    sent = form(page, about="legal", reviewed_by="", introduction="A draft.")
    del sent["action-publish"]
    assert editor.post(address(page), sent).status_code == 302
    assert "A draft." not in shown()


def test_with_a_reader_it_is_published_and_says_when_it_was_checked(
    editor: Client, page: GuidancePage
) -> None:
    sent = form(page, **GOOD, reviewed_on=day(-1), review_by=day(90))
    assert editor.post(address(page), sent).status_code == 302
    assert "Checked on " in shown()
    assert "A. Reader" not in shown()
    assert "Practice: nobody real" not in shown()


def test_a_day_that_has_passed_is_refused(editor: Client, page: GuidancePage) -> None:
    sent = form(page, **GOOD, reviewed_on=day(-90), review_by=day(0))
    html = editor.post(address(page), sent).content.decode()
    assert "This day has passed: have the page read again" in html


def test_no_other_way_leads_past_the_gate(editor: Client, page: GuidancePage) -> None:
    page.about, page.reviewed_by, page.introduction = "medical", "", "Unread words."
    page.save_revision()
    bulk = f"/staff/content/bulk/wagtailcore/page/publish/?id={page.pk}&next=/staff/content/"
    response = editor.post(bulk, follow=True)
    assert response.status_code == 200
    assert "is not published. A page with medical advice" in response.content.decode()
    with pytest.raises(gate.PublicationRefused):
        page.get_latest_revision().publish()
    assert "Unread words." not in shown()


def test_a_page_whose_review_lapses_before_its_time_is_not_sent_out(page: GuidancePage) -> None:
    page.about, page.reviewed_by = "safety", "A. Reader, advocate"
    page.reviewed_on, page.review_by = timezone.localdate(), timezone.localdate()
    page.introduction = "Too late."
    revision = page.save_revision()
    revision.approved_go_live_at = timezone.now() - timedelta(minutes=1)
    revision.save()
    publish_scheduled()
    assert "Too late." not in shown()
    revision.refresh_from_db()
    assert revision.approved_go_live_at is None


def test_a_lapsed_page_goes_on_being_shown_with_its_date_and_staff_are_told(
    editor: Client, page: GuidancePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = form(page, **GOOD, reviewed_on=day(0), review_by=day(20))
    editor.post(address(page), sent)
    work = editor.get("/staff/").content.decode()
    assert "A public page has to be read again by" in work
    # Three weeks later.
    page.refresh_from_db()
    type(page).objects.filter(pk=page.pk).update(review_by=timezone.localdate())
    republish_pages(by=System("test"), at=timezone.now())
    assert "Checked on " in shown()
    assert "The review of a public page lapsed on" in editor.get("/staff/").content.decode()


def test_an_invented_reader_publishes_nothing_on_a_real_site(
    page: GuidancePage, settings: Any
) -> None:
    assert gate.refusals(page) == {}
    settings.DEMONSTRATION = False
    settings.FORCE = replace(settings.FORCE, demonstration=False)
    assert "invented for practice" in gate.refusals(page)[""]


def test_without_a_centre_and_a_line_the_form_names_the_file(
    editor: Client, page: GuidancePage, settings: Any
) -> None:
    phones = replace(settings.FORCE.phones, sarc=None)
    settings.DEMONSTRATION = False
    settings.FORCE = replace(settings.FORCE, demonstration=False, phones=phones)
    sent = form(page, **GOOD, reviewed_on=day(-1), review_by=day(90))
    before = AuditEvent.objects.filter(action="page published").count()
    response = editor.post(address(page), sent)
    assert "Fill in sarc under [phones] in forces/mereshire.toml first" in response.content.decode()
    assert AuditEvent.objects.filter(action="page published").count() == before
