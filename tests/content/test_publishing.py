"""From the CMS to the public: together, or not at all."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.test import Client, RequestFactory
from wagtail.rich_text import RichText

from safehold.content import publishing, rendering
from safehold.content.blocks import Body
from safehold.content.models import GuidancePage, HomePage
from safehold.content.operations import seed_pages
from safehold.domain.access import Role
from safehold.records.audit.actors import System
from safehold.records.audit.models import AuditEvent
from safehold.records.snapshots import queries
from safehold.records.staff.models import StaffMember
from tests.content.few import few
from tests.desk import member

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)


@pytest.fixture
def editor() -> StaffMember:
    seed_pages(force=settings.FORCE, by=System("test"), at=AT, words=few(settings.FORCE))
    return member(Role.EDITOR)


def new_page(slug: str = "after-you-tell-us", **fields: Any) -> GuidancePage:
    page = GuidancePage(title="After you tell us", slug=slug, live=False, **fields)
    HomePage.objects.get().add_child(instance=page)
    return page


def published() -> dict[str, str]:
    return {page.path: page.html.decode() for page in queries.all_current()}


def last_act() -> tuple[str, str, str]:
    row = AuditEvent.objects.latest("sequence")
    return row.action, row.subject_id, row.actor


def test_publishing_a_page_shows_it_and_says_who_did(editor: StaffMember, client: Client) -> None:
    page = new_page(introduction="What happens next.")
    assert "/after-you-tell-us/" not in published()
    page.save_revision(user=editor).publish(user=editor)
    assert last_act() == ("page published", "/after-you-tell-us/", editor.username)
    response = client.get("/after-you-tell-us/")
    assert "What happens next." in response.content.decode()
    assert response["Cache-Control"] == "no-store"


def test_a_draft_is_not_shown(editor: StaffMember) -> None:
    page = new_page()
    page.save_revision(user=editor).publish(user=editor)
    page.introduction = "Half a thought"
    page.save_revision(user=editor)
    assert "Half a thought" not in published()["/after-you-tell-us/"]


def test_unpublishing_withdraws(editor: StaffMember, client: Client) -> None:
    page = new_page()
    page.save_revision(user=editor).publish(user=editor)
    GuidancePage.objects.get(pk=page.pk).unpublish(user=editor)
    assert "/after-you-tell-us/" not in published()
    assert last_act()[:2] == ("page withdrawn", "/after-you-tell-us/")
    assert client.get("/after-you-tell-us/").status_code == 404


def test_deleting_withdraws(editor: StaffMember) -> None:
    page = new_page()
    page.save_revision(user=editor).publish(user=editor)
    page.delete()
    assert set(published()) == {"/", "/what-we-are-doing/"}


def test_a_new_address_leaves_nothing_at_the_old_one(editor: StaffMember) -> None:
    page = new_page()
    page.save_revision(user=editor).publish(user=editor)
    page.slug = "next"
    page.save_revision(user=editor).publish(user=editor)
    assert set(published()) == {"/", "/next/", "/what-we-are-doing/"}


def test_when_a_page_cannot_be_drawn_the_cms_publishes_nothing(
    editor: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = new_page()

    def broken(*_: object) -> str:
        raise RuntimeError("no such template")

    monkeypatch.setattr(rendering, "html", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        page.save_revision(user=editor).publish(user=editor)
    page.refresh_from_db()
    assert not page.live
    assert "/after-you-tell-us/" not in published()


@pytest.mark.parametrize("slug", ["report", "exit", "staff", "cookies", "return"])
def test_no_page_takes_an_address_that_answers_already(editor: StaffMember, slug: str) -> None:
    with pytest.raises(ValidationError, match="belongs to another part of the site"):
        GuidancePage(title="x", slug=slug, path="00010001", depth=3).full_clean()


def test_the_preview_is_the_page(editor: StaffMember) -> None:
    page = GuidancePage.objects.get(slug="what-we-are-doing")
    request = RequestFactory().get("/")
    shown = page.serve_preview(request, "").content.decode()
    assert shown == published()["/what-we-are-doing/"]


def test_a_visitor_never_reaches_a_view_of_the_cms(editor: StaffMember) -> None:
    with pytest.raises(NotImplementedError):
        GuidancePage.objects.get(slug="what-we-are-doing").serve(RequestFactory().get("/"))
    assert (
        GuidancePage.objects.get(slug="what-we-are-doing").get_url_parts()[2]
        == "/what-we-are-doing/"
    )


def card(**changes: Any) -> list[tuple[str, Any]]:
    given = {"title": "In danger", "text": "Call 999.", "target": "tel:999", "danger": True}
    return [("cards", [{**given, **changes}])]


def cleaned(pieces: list[tuple[str, Any]]) -> Any:
    body = Body()
    return body.clean(body.normalize(pieces))


def test_a_good_body_is_taken() -> None:
    assert len(cleaned([*card(), ("paragraph", RichText("<p>Words</p>"))])) == 2


@pytest.mark.parametrize(
    "target",
    [
        "https://example.org/",
        "//example.org/",
        "javascript:alert(1)",
        "mailto:a@example.org",
        "report",
        "/Report/",
        "/report",
        "/a b/",
        "tel:+44",
    ],
)
def test_a_card_leads_nowhere_but_to_our_own_pages_or_a_call(target: str) -> None:
    with pytest.raises(ValidationError):
        cleaned(card(target=target, danger=False))


def test_red_is_kept_for_999() -> None:
    with pytest.raises(ValidationError):
        cleaned(card(title="News", text="Read it.", target="/report/"))


def test_what_an_editor_types_is_shown_as_text(editor: StaffMember) -> None:
    page = new_page(introduction="<script>alert(1)</script>")
    page.body = [("heading", "<b>Bold</b>"), *card(title="<i>x</i>")]
    page.save_revision(user=editor).publish(user=editor)
    html = published()["/after-you-tell-us/"]
    assert "<script>alert" not in html
    assert "&lt;b&gt;Bold&lt;/b&gt;" in html
    assert "<i>x</i>" not in html


def test_a_page_that_cannot_be_drawn_leaves_every_page_as_it_was(
    editor: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, draw, drawn = published(), rendering.html, []

    def breaks_at_the_second(*args: Any) -> str:
        drawn.append(args)
        if len(drawn) == 2:
            raise RuntimeError("broken")
        return draw(*args) + "<!-- new -->"

    monkeypatch.setattr(rendering, "html", breaks_at_the_second)
    with pytest.raises(RuntimeError, match="broken"):
        publishing.draw_all(by=editor, at=AT)
    assert published() == before
