"""A page in another language: shown while a named speaker has read just that version of it."""

from __future__ import annotations

import html as html_module
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from safehold.config.languages import offered
from safehold.content import languages, publishing, rendering, words
from safehold.content.languages import NotReady, NotThere, Overtaken, Standing
from safehold.content.models import AdvicePage, GuidancePage, HomePage
from safehold.content.operations import republish_pages, seed_pages
from safehold.design.languages import speaking
from safehold.domain.access import Role
from safehold.domain.languages import ENGLISH, Known, Offered, faults
from safehold.records.audit.actors import System
from safehold.records.audit.models import AuditEvent
from safehold.records.snapshots import queries
from tests import invented_languages
from tests.content.few import few
from tests.desk import member, sign_in
from tests.invented_languages import LONGER, accented, forgotten

pytestmark = [pytest.mark.django_db(databases=["default", "intake"])]

AT = datetime(2026, 11, 22, 9, tzinfo=UTC)
PATH = "/what-we-are-doing/"
NOT_YET = "Nid yw'r dudalen hon yn eich iaith eto."
WELSH = Offered(Known("cy", "Cymraeg"), frozenset({"chrome", "pages"}), NOT_YET)


@pytest.fixture(autouse=True)
def page(settings: Any) -> GuidancePage:
    settings.LANGUAGES_OFFERED = (ENGLISH, WELSH)
    seed_pages(force=settings.FORCE, by=System("test"), at=AT, words=few(settings.FORCE))
    return GuidancePage.objects.get(slug="what-we-are-doing")


@pytest.fixture
def editor() -> Any:
    return member(Role.EDITOR)


def said_of(page: Any) -> dict[str, str]:
    """Say each text in made-up words, with the tags it has."""
    return {each.text: f"{each.text} ŵ" for each in words.of(page)}


def written(page: Any, by: Any, **changes: str) -> None:
    found = languages.find(page.pk, "cy")
    languages.save(
        page_id=page.pk,
        code="cy",
        said={**said_of(page), **changes},
        seen=found.version,
        by=by,
        at=AT,
    )


def approve(page: Any, by: Any) -> None:
    digest = languages.find(page.pk, "cy").digest
    languages.approve(page_id=page.pk, code="cy", digest=digest, speaker="Nia Prys", by=by, at=AT)
    publishing.draw_all(by=by, at=AT)


def shown(language: str = "cy", path: str = PATH) -> str:
    pages = {(each.path, each.language): each.html.decode() for each in queries.all_current()}
    return pages.get((path, language), "")


def text(response: Any) -> str:
    plain = re.sub(r"<[^>]+>", " ", response.content.decode())
    return html_module.unescape(" ".join(plain.split()))


def test_a_page_is_in_english_with_the_sentence_until_somebody_has_read_it(
    page: GuidancePage, editor: Any
) -> None:
    assert NOT_YET in html_module.unescape(shown())
    assert page.title in shown()
    written(page, editor)
    publishing.draw_all(by=editor, at=AT)
    assert "ŵ" not in shown()
    assert languages.find(page.pk, "cy").standing is Standing.UNREAD
    approve(page, editor)
    assert f"{page.title} ŵ" in html_module.unescape(shown())
    assert 'lang="cy"' in shown()
    assert "ŵ" not in shown("en-GB")
    assert NOT_YET not in html_module.unescape(shown())


def test_a_visitor_who_chose_it_is_shown_it(
    page: GuidancePage, editor: Any, client: Client
) -> None:
    written(page, editor)
    approve(page, editor)
    assert "ŵ" not in client.get(PATH).content.decode()
    client.cookies["l"] = "cy"
    assert "ŵ" in client.get(PATH).content.decode()


def test_a_change_of_the_english_takes_it_out_at_once(page: GuidancePage, editor: Any) -> None:
    written(page, editor)
    approve(page, editor)
    page = GuidancePage.objects.get(pk=page.pk)
    page.introduction = "Something else is true now."
    page.save_revision(user=editor).publish(user=editor)
    assert "ŵ" not in shown()
    assert "Something else is true now." in shown()
    assert languages.find(page.pk, "cy").standing is Standing.CHANGED
    written(page, editor)
    approve(page, editor)
    assert "Something else is true now. ŵ" in html_module.unescape(shown())


def test_a_change_of_its_words_takes_it_out_too(page: GuidancePage, editor: Any) -> None:
    written(page, editor)
    approve(page, editor)
    written(page, editor, **{page.title: "Arall"})
    publishing.draw_all(by=editor, at=AT)
    assert "Arall" not in shown()
    assert "ŵ" not in shown()


def test_withdrawing_puts_the_english_back(page: GuidancePage, editor: Any) -> None:
    written(page, editor)
    approve(page, editor)
    languages.withdraw(page_id=page.pk, code="cy", by=editor, at=AT)
    publishing.draw_all(by=editor, at=AT)
    assert "ŵ" not in shown()
    assert languages.find(page.pk, "cy").said
    acts = AuditEvent.objects.filter(subject_id=PATH, actor=editor.username)
    assert [row.action for row in acts.order_by("sequence") if row.action != "page published"] == [
        "page translated",
        "translation approved",
        "translation withdrawn",
    ]
    assert acts.get(action="translation approved").detail["speaker"] == "Nia Prys"


def test_a_language_that_is_offered_no_more_is_served_no_more(
    page: GuidancePage, editor: Any, settings: Any
) -> None:
    written(page, editor)
    approve(page, editor)
    settings.LANGUAGES_OFFERED = (ENGLISH,)
    republish_pages(by=editor, at=AT)
    assert shown() == ""
    assert shown("en-GB")


def test_without_the_frame_in_its_language_a_page_stays_in_english(
    page: GuidancePage, editor: Any, settings: Any
) -> None:
    settings.LANGUAGES_OFFERED = (ENGLISH, Offered(WELSH.known, frozenset({"chrome"}), NOT_YET))
    written(page, editor)
    approve(page, editor)
    assert "ŵ" not in shown()
    assert NOT_YET in html_module.unescape(shown())


def test_taking_the_page_down_takes_every_language_along(page: GuidancePage, editor: Any) -> None:
    written(page, editor)
    approve(page, editor)
    GuidancePage.objects.get(pk=page.pk).unpublish(user=editor)
    assert shown() == shown("en-GB") == ""
    with pytest.raises(NotThere):
        languages.find(page.pk, "cy")


@pytest.mark.parametrize("code", ["en-GB", "xx", "", "CY", "../cy"])
def test_an_unknown_language_is_not_there(page: GuidancePage, code: str) -> None:
    with pytest.raises(NotThere):
        languages.find(page.pk, code)


def test_nobody_approves_what_is_missing_nameless_or_not_what_was_read(
    page: GuidancePage, editor: Any
) -> None:
    def approves(speaker: str = "Nia Prys", digest: str = "") -> None:
        digest = digest or languages.find(page.pk, "cy").digest
        languages.approve(
            page_id=page.pk, code="cy", digest=digest, speaker=speaker, by=editor, at=AT
        )

    with pytest.raises(NotReady, match="has no translation"):
        approves()
    written(page, editor)
    with pytest.raises(NotReady, match="Give the name"):
        approves(speaker=" x ")
    read = languages.find(page.pk, "cy").digest
    written(page, editor, **{page.title: "Arall"})
    with pytest.raises(NotReady, match="changed since you opened this"):
        approves(digest=read)


@pytest.mark.parametrize(
    "smuggled",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<img src=x onerror=alert(1) ",
        '<p style="position:fixed">x</p>',
        '<a href="https://elsewhere.example/">x</a>',
    ],
)
def test_nothing_but_the_tags_of_the_english_is_ever_shown(
    page: GuidancePage, editor: Any, smuggled: str
) -> None:
    paragraph = next(each.text for each in words.of(page) if each.sort == "Paragraph")
    written(page, editor, **{paragraph: paragraph.replace("</p>", f" {smuggled}</p>")})
    found = languages.find(page.pk, "cy")
    assert found.standing is Standing.UNFINISHED
    with pytest.raises(NotReady, match="other places or tags"):
        languages.approve(
            page_id=page.pk, code="cy", digest=found.digest, speaker="Nia Prys", by=editor, at=AT
        )


@given(st.text(alphabet="<>ab/ %", max_size=12))
def test_a_text_without_tags_takes_no_angle(said: str) -> None:
    wrong = list(faults(["Plain words"], {"Plain words": (said,)}))
    assert bool(wrong) == (not said or any(sign in said for sign in "<>%"))


def test_whoever_saves_second_overwrites_nothing(page: GuidancePage, editor: Any) -> None:
    written(page, editor)
    with pytest.raises(Overtaken) as raised:
        languages.save(page_id=page.pk, code="cy", said={page.title: "B"}, seen=0, by=editor, at=AT)
    assert raised.value.version == 1
    assert languages.find(page.pk, "cy").said[page.title] == f"{page.title} ŵ"


def test_words_of_a_text_that_went_are_there_when_it_comes_back(
    page: GuidancePage, editor: Any
) -> None:
    before = page.introduction
    written(page, editor)
    page.introduction = "For a while."
    page.save_revision(user=editor).publish(user=editor)
    page.introduction = before
    page.save_revision(user=editor).publish(user=editor)
    assert languages.find(page.pk, "cy").said[before] == f"{before} ŵ"


class TestPages:
    """The pages on which it is written and noted."""

    @pytest.fixture
    def clerk(self, client: Client, editor: Any) -> Client:
        sign_in(client, editor)
        return client

    def boxes(self, page: GuidancePage) -> dict[str, str]:
        return {languages.key_of(text): said for text, said in said_of(page).items()}

    def test_a_page_is_written_looked_at_read_and_shown(
        self, clerk: Client, page: GuidancePage
    ) -> None:
        at = reverse("page_in_language", args=[page.pk, "cy"])
        assert "Not begun" in text(clerk.get(f"{reverse('pages_in_languages')}?language=cy"))
        answer = clerk.post(at, {"seen": "0", **self.boxes(page)})
        assert answer["Location"] == at
        looked = clerk.get(f"{at}preview/")
        assert f"{page.title} ŵ" in html_module.unescape(looked.content.decode())
        digest = re.search(r'name="digest" value="(\w+)"', clerk.get(at).content.decode())
        assert digest
        sent = {"digest": digest[1], "speaker": "Nia Prys"}
        assert "Say that they have read exactly this version." in text(
            clerk.post(f"{at}approve/", sent)
        )
        clerk.post(f"{at}approve/", {**sent, "read": "on"})
        assert "ŵ" in shown()
        assert "Shown. Read by Nia Prys" in text(clerk.get(at))
        clerk.post(f"{at}withdraw/")
        assert "ŵ" not in shown()

    def test_nothing_typed_is_lost_when_somebody_was_first(
        self, clerk: Client, page: GuidancePage
    ) -> None:
        written(page, member(Role.EDITOR))
        at = reverse("page_in_language", args=[page.pk, "cy"])
        mine = {**self.boxes(page), languages.key_of(page.title): "Fy ngeiriau <i>i</i>"}
        answer = clerk.post(at, {"seen": "0", **mine})
        assert answer.status_code == 409
        assert "Fy ngeiriau &lt;i&gt;i&lt;/i&gt;" in answer.content.decode()
        assert f"as it stands now: {page.title} ŵ" in text(answer)
        assert 'name="seen" value="1"' in answer.content.decode()

    def test_other_languages_and_pages_are_not_found(
        self, clerk: Client, page: GuidancePage
    ) -> None:
        for path in (f"{page.pk}/xx/", f"{page.pk}/en-GB/", "999999/cy/"):
            assert clerk.get(f"/staff/content/languages/{path}").status_code == 404
        assert clerk.get("/staff/content/languages/?language=<b>").status_code == 200


def test_every_word_of_a_page_is_given_to_the_translator(settings: Any, tmp_path: Path) -> None:
    """In a language that nobody speaks no letter of English is left, whatever a page is made of."""
    folder = invented_languages.write(tmp_path / "locale")
    settings.LOCALE_PATHS = [folder]
    settings.LANGUAGES_OFFERED = offered(settings.FORCE, invented=folder)
    force = django_settings.FORCE
    seed_pages(force=force, by=System("test"), at=AT)
    pages = [HomePage.objects.get(), *GuidancePage.objects.all(), *AdvicePage.objects.all()]
    assert len(pages) > 20
    for page in pages:
        said = {each.text: accented(each.text) for each in words.of(page)}
        with speaking(LONGER, "pages"):
            html = rendering.html(words.put(page, said), {"/report/", "/support/"})
        body = re.sub(r"<title>.*?</title>", "", html)
        # Names inside the words of the page stand in it as they were translated; ours do not.
        assert forgotten(body, known=(force.name, force.area_name)) == [], page.slug
