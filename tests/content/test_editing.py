"""Editors at work: two at once, pasted rubbish, earlier versions, and a CMS that is down."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import OperationalError, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.rich_text import RichText

from safehold.content import gate
from safehold.content.blocks import Body, Words
from safehold.content.models import AdvicePage, GuidancePage, HomePage
from safehold.content.operations import publish_scheduled, seed_pages
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


def address(page: GuidancePage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def shown() -> str:
    return {each.path: each.html.decode() for each in queries.all_current()}.get(PATH, "")


def latest(page: GuidancePage) -> GuidancePage:
    return GuidancePage.objects.get(pk=page.pk).get_latest_revision_as_object()


def opened(client: Client, page: GuidancePage) -> str:
    """Open the form and return the version that it says it was opened with."""
    html = client.get(address(page)).content.decode()
    return html.split('name="loaded_revision_id" value="')[1].split('"')[0]


def draft(page: GuidancePage, **changes: str) -> dict[str, str]:
    sent = form(page, **changes)
    del sent["action-publish"]
    return sent


@pytest.mark.parametrize("publishes", [True, False])
def test_the_second_of_two_editors_is_told_and_loses_nothing(
    editor: Client, page: GuidancePage, publishes: bool
) -> None:
    other = Client()
    first = member(Role.EDITOR)
    sign_in(other, first)
    version = opened(editor, page)
    other.post(address(page), draft(page, title="The first title", loaded_revision_id=version))
    make = form if publishes else draft
    mine = make(page, introduction="The second's words.", loaded_revision_id=version)
    response = editor.post(address(page), mine)
    html = response.content.decode()
    assert response.status_code == 200
    assert f"{first.username} saved this page on" in html
    assert "Changed there: title" in html
    assert "The second&#x27;s words." in html
    assert latest(page).title == "The first title"
    assert "The second" not in shown()
    # She has been told; pressing again is a decision.
    again = html.split('name="loaded_revision_id" value="')[1].split('"')[0]
    assert editor.post(address(page), {**mine, "loaded_revision_id": again}).status_code == 302
    assert latest(page).introduction == "The second's words."


def test_an_editor_is_not_in_her_own_way(editor: Client, page: GuidancePage) -> None:
    version = opened(editor, page)
    for words in ("One.", "Two."):
        sent = draft(page, introduction=words, loaded_revision_id=version)
        assert editor.post(address(page), sent).status_code == 302
    assert latest(page).introduction == "Two."


def paragraph(words: str, href: str = "") -> str:
    """A paragraph as the editor's script sends it."""
    entity = {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": href}}}
    return json.dumps(
        {
            "blocks": [
                {
                    "key": "a",
                    "text": words,
                    "type": "unstyled",
                    "depth": 0,
                    "inlineStyleRanges": [{"offset": 0, "length": 3, "style": "COLOR-RED"}],
                    "entityRanges": [{"offset": 0, "length": 4, "key": 0}] if href else [],
                }
            ],
            "entityMap": entity if href else {},
        }
    )


def with_paragraph(page: GuidancePage, value: str) -> dict[str, str]:
    return form(page, **{"body-0-type": "paragraph", "body-0-value": value})


def test_pasted_styles_and_script_do_not_reach_the_page(editor: Client, page: GuidancePage) -> None:
    pasted = paragraph("Some words <script>alert(1)</script><b style='x'>")
    assert editor.post(address(page), with_paragraph(page, pasted)).status_code == 302
    assert "Some words &lt;script&gt;" in shown()
    assert "COLOR-RED" not in shown()
    assert "<script>alert" not in shown()


@pytest.mark.parametrize(
    "href", ["https://example.org/", "javascript:alert(1)", "//example.org/", "mailto:a@b.uk"]
)
def test_a_link_elsewhere_is_refused_in_a_sentence(
    editor: Client, page: GuidancePage, href: str
) -> None:
    response = editor.post(address(page), with_paragraph(page, paragraph("Look there.", href)))
    assert f'href="{href}"' not in shown()
    if href.startswith("javascript"):
        return  # the CMS keeps the words and drops the link
    assert response.status_code == 200
    assert "leads to another site" in response.content.decode()
    assert "Look there." in response.content.decode()


@pytest.mark.parametrize(
    "html", ['<p><a href="https://example.org/">x</a></p>', '<p><a href="HTTP://x">x</a></p>']
)
def test_a_paragraph_that_comes_another_way_is_checked_too(html: str) -> None:
    with pytest.raises(ValidationError, match="another site"):
        Words().clean(RichText(html))
    assert Words().clean(RichText('<p><a href="/leaving/">x</a></p>'))


def test_a_dead_link_is_named_when_publishing(editor: Client, page: GuidancePage) -> None:
    sent = with_paragraph(page, paragraph("Read this.", "/no-such-page/"))
    response = editor.post(address(page), sent)
    assert response.status_code == 200
    assert "A link leads to /no-such-page/: there is no such page." in response.content.decode()
    sent = with_paragraph(page, paragraph("Read this.", "/report/place/"))
    assert editor.post(address(page), sent).status_code == 302
    assert '<a href="/report/place/">Read</a>' in shown()


def test_a_page_goes_back_to_an_earlier_version(editor: Client, page: GuidancePage) -> None:
    editor.post(address(page), form(page, introduction="The good words."))
    good = GuidancePage.objects.get(pk=page.pk).get_latest_revision()
    editor.post(address(page), form(page, introduction="The bad words."))
    assert "The bad words." in shown()
    revert = reverse("wagtailadmin_pages:revisions_revert", args=[page.pk, good.pk])
    assert "The good words." in editor.get(revert).content.decode()
    sent = form(page, introduction="The good words.", revision=str(good.pk))
    assert editor.post(address(page), sent).status_code == 302
    assert "The good words." in shown()


def test_times_are_typed_and_kept(editor: Client, page: GuidancePage) -> None:
    html = editor.get(address(page)).content.decode()
    assert "Type dates as year-month-day hour:minute" in html
    soon = timezone.localtime() + timedelta(days=3)
    sent = form(page, introduction="Next week.", go_live_at=f"{soon:%Y-%m-%d %H:%M}")
    assert editor.post(address(page), sent).status_code == 302
    publish_scheduled()
    assert "Next week." not in shown()
    assert page.revisions.filter(approved_go_live_at__isnull=False).count() == 1
    bad = editor.post(address(page), form(page, introduction="Kept.", go_live_at="next Monday"))
    assert bad.status_code == 200
    assert "Kept." in bad.content.decode()


def test_the_public_site_goes_on_without_the_cms(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object, **__: object) -> None:
        raise OperationalError("the store of the records and the CMS is out of reach")

    monkeypatch.setattr(connections["default"], "cursor", down)
    with pytest.raises(OperationalError):
        HomePage.objects.get()
    response = client.get(PATH)
    assert response.status_code == 200
    assert "What we are doing" in response.content.decode()


def test_an_advice_page_without_a_bone_is_not_published() -> None:
    page = AdvicePage(title="Half a page", slug="half", about="general")
    page.support = [("paragraph", RichText("<p>Someone.</p>"))]
    missing = gate.refusals(page)
    assert set(missing) == {"what_it_is", "what_you_can_do", "cannot_wait", "tell", "orders"}
    assert missing["orders"] == "Every advice page has words here: write them before publishing."


def test_there_is_no_html_block() -> None:
    kinds = set(Body().child_blocks)
    assert not kinds & {"html", "raw", "embed", "image", "document"}


def test_every_publication_has_its_row(editor: Client, page: GuidancePage) -> None:
    before = AuditEvent.objects.filter(action="page published").count()
    editor.post(address(page), form(page, introduction="Once."))
    rows = AuditEvent.objects.filter(action="page published")
    assert rows.count() == before + 1
    assert rows.latest("sequence").subject_id == PATH
