"""The CMS as an editor meets it: our sign-in, only what is in use, nothing from elsewhere."""

import re
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from wagtail.models import PageViewRestriction

from safehold.content.models import GuidancePage, HomePage
from safehold.content.operations import seed_pages
from safehold.domain.access import Role
from safehold.records.audit.actors import System
from safehold.records.audit.models import AuditEvent
from safehold.records.snapshots import operations, queries
from tests.content.few import few
from tests.content.forms import form
from tests.desk import member, sign_in

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def pages() -> None:
    seed_pages(force=settings.FORCE, by=System("test"), at=AT, words=few(settings.FORCE))


@pytest.fixture
def editor(client: Client) -> Client:
    sign_in(client, member(Role.EDITOR))
    return client


def edit_address() -> str:
    return reverse(
        "wagtailadmin_pages:edit", args=[GuidancePage.objects.get(slug="what-we-are-doing").pk]
    )


@pytest.mark.parametrize("name", ["wagtailadmin_home", "wagtailadmin_explore_root"])
def test_whoever_has_not_signed_in_is_sent_to_our_sign_in(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response.status_code == 302
    assert response["Location"].startswith(settings.LOGIN_URL)


def test_the_cms_has_no_sign_in_of_its_own(client: Client, editor: Client) -> None:
    for visitor in (Client(), editor):
        response = visitor.get("/staff/content/login/", follow=True)
        assert "wagtail" not in response.content.decode().lower()
        assert response.redirect_chain[-1][0] != "/staff/content/login/"
    assert Client().post("/staff/content/login/", {"username": "a"}).status_code == 302
    assert editor.get("/staff/content/password_reset/").status_code == 404


def test_signing_out_of_the_cms_signs_out(editor: Client) -> None:
    response = editor.post("/staff/content/logout/")
    assert (response.status_code, response["Location"]) == (307, reverse("account_logout"))


@pytest.mark.parametrize(
    "path",
    ["users/", "groups/", "sites/", "documents/", "images/", "collections/", "test404/"],
)
def test_what_is_not_in_use_is_not_there(editor: Client, path: str) -> None:
    assert editor.get(f"/staff/content/{path}").status_code == 404


def test_only_editors_get_in(client: Client) -> None:
    sign_in(client, member(Role.TRIAGE_OFFICER))
    assert client.get("/staff/content/").status_code == 403


def test_no_page_of_the_cms_names_another_site(editor: Client) -> None:
    home = HomePage.objects.get().pk
    for path in (
        "/staff/content/",
        "/staff/content/pages/",
        f"/staff/content/pages/{home}/",
        edit_address(),
        f"/staff/content/pages/add/content/guidancepage/{home}/",
        "/staff/content/account/",
    ):
        response = editor.get(path)
        assert response.status_code == 200, path
        html = response.content.decode()
        assert "gravatar" not in html.replace("no-gravatar", "").replace("gravatar_url", "")
        assert "releases.wagtail" not in html
        fetched = re.findall(r'<(?:script|img|link|iframe)[^>]+(?:src|href)="([^"]+)"', html)
        assert fetched
        assert all(address.startswith(("/", "data:", "#")) for address in fetched), path


def test_a_page_has_no_privacy_of_its_own(editor: Client) -> None:
    page = GuidancePage.objects.get(slug="what-we-are-doing")
    wish = {"restriction_type": "login"}
    editor.post(f"/staff/content/pages/{page.pk}/privacy/", wish)
    assert not PageViewRestriction.objects.exists()


def test_an_editor_publishes_from_the_form(editor: Client) -> None:
    page = GuidancePage.objects.get(slug="what-we-are-doing")
    response = editor.post(edit_address(), form(page, introduction="From the form."))
    assert response.status_code == 302
    published = {each.path: each.html.decode() for each in queries.all_current()}
    assert "From the form." in published["/what-we-are-doing/"]
    assert "New heading" in published["/what-we-are-doing/"]
    row = AuditEvent.objects.filter(action="page published").latest("sequence")
    assert row.actor.startswith("editor")


def test_a_publication_that_fails_leaves_the_cms_as_it_was(
    editor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = GuidancePage.objects.get(slug="what-we-are-doing")
    revisions = page.revisions.count()

    def broken(**_: object) -> None:
        raise RuntimeError("the audit is full")

    monkeypatch.setattr(operations.audit, "append", broken)
    editor.raise_request_exception = False
    response = editor.post(edit_address(), form(page, introduction="Lost"))
    assert response.status_code == 500
    page.refresh_from_db()
    assert page.introduction != "Lost"
    assert page.revisions.count() == revisions


def test_a_preview_shows_the_draft_and_runs_no_script_of_the_public_page(editor: Client) -> None:
    page = GuidancePage.objects.get(slug="what-we-are-doing")
    page.introduction = "A draft of ours."
    page.save_revision()
    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert "A draft of ours." in response.content.decode()
    policy = response["Content-Security-Policy"]
    # Escape would throw an editor out of the office: the hash of the exit script is not allowed.
    assert "sha256-" not in policy
    assert response["X-Frame-Options"] == "SAMEORIGIN"
