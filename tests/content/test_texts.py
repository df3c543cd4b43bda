"""Every text as a page: bones, links, claims, placeholders, and what a history would say."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve

from safehold.content import first_pages, links
from safehold.content.first_pages import BONES, NEEDS, BadText, FirstPage
from safehold.content.models import AdvicePage
from safehold.content.operations import OF_KIND, seed_pages
from safehold.domain.force import Claims
from safehold.records.audit.actors import System
from safehold.records.snapshots import queries
from safehold.records.snapshots.paths import TAKEN
from tests.desk import AT

PAGES = first_pages.all_for(settings.FORCE)
RAW = dict(first_pages._texts())
HARMS = {
    "at-home",
    "control",
    "after-an-assault",
    "followed-or-contacted",
    "family-and-community",
    "drink-or-needle",
    "uncomfortable",
    "online",
    "someone-died",
    "under-18",
    "men-and-boys",
    "children",
    "worried-about-someone",
}
# Words that would name the subject in a history, a tab or a list of open windows.
TELLING = re.compile(
    r"abus|rape|assault|sex|stalk|violen|crime|clare|police|report|harass|forced|fgm|spik|murder",
    re.IGNORECASE,
)
# What the page itself is about is no secret there; its title says no more than its menu does.
KNOWN = {"home"}


def address(page: FirstPage) -> str:
    return OF_KIND[page.kind](slug=page.slug).address


def test_there_is_an_advice_page_for_each_harm() -> None:
    assert {page.slug for page in PAGES if page.kind == "advice"} == HARMS


@pytest.mark.django_db
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_an_advice_page_has_every_bone_with_words_under_it(page: FirstPage) -> None:
    if page.kind != "advice":
        assert page.sections == {}
        return
    assert tuple(page.sections) == BONES == AdvicePage(slug="x").streams
    assert page.body == ()
    assert all(page.sections.values())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_the_title_in_a_history_does_not_name_the_subject(page: FirstPage) -> None:
    if page.slug not in KNOWN:
        assert not TELLING.search(page.browser_title)
        assert not TELLING.search(page.slug.replace("after-an-assault", "").replace("report", ""))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_only_a_paragraph_holds_tags(page: FirstPage) -> None:
    """Everything else is drawn as it is written, so that a tag would be read by the visitor."""

    def texts(value: Any) -> Iterator[str]:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from (text for each in value.values() for text in texts(each))
        elif isinstance(value, list):
            yield from (text for each in value for text in texts(each))

    pieces = [*page.body, *(piece for each in page.sections.values() for piece in each)]
    plain = [value for kind, value in pieces if kind != "paragraph"]
    assert not [text for text in texts(plain) if "<" in text]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.slug)
def test_every_placeholder_is_filled(page: FirstPage) -> None:
    assert not re.search(r"[{}]", re.sub(r"[{}]'|'[{}]", "", _text(page)))


def _text(page: FirstPage) -> str:
    pieces = [value for _, value in page.body]
    pieces += [value for bone in page.sections.values() for _, value in bone]
    return " ".join((page.title, page.introduction, *(_strings(each) for each in pieces)))


def _strings(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return " ".join(_strings(each) for each in value.values())
    return " ".join(_strings(each) for each in value) if isinstance(value, list) else ""


@pytest.mark.parametrize("slug", sorted(RAW))
def test_a_text_asks_a_profile_only_for_what_profiles_say(slug: str) -> None:
    needs = {piece.get("needs", "") for piece in RAW[slug]["body"]} - {""}
    assert needs <= set(NEEDS)


def test_a_silent_profile_claims_nothing() -> None:
    phones = replace(settings.FORCE.phones, all_hours=None, sarc=None, helplines=())
    silent = replace(settings.FORCE, claims=Claims(), phones=phones)
    text = " ".join(_text(page) for page in first_pages.all_for(silent))
    for claim in ("We take part", "Soteria", "Vigilant", "Safer Lives", "Its number for"):
        assert claim not in text


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"extra": 1}, "wrong or missing fields"),
        ({"kind": "poem"}, "wrong slug, kind or about"),
        ({"title": "For {nobody}"}, "a placeholder that nothing fills"),
        ({"body": [{"kind": "heading", "text": "x", "needs": "luck"}]}, "needs 'luck'"),
        ({"body": [{"kind": "section", "key": "orders"}]}, "has the sections"),
    ],
)
def test_a_bad_text_is_named(change: dict[str, Any], says: str) -> None:
    with pytest.raises(BadText, match=says):
        first_pages.read("at-home", {**RAW["at-home"], **change}, settings.FORCE)


def test_a_bone_out_of_place_is_refused() -> None:
    body = list(RAW["at-home"]["body"])
    with pytest.raises(BadText, match="has the sections"):
        first_pages.read("at-home", {**RAW["at-home"], "body": body[::-1]}, settings.FORCE)


class Reader(HTMLParser):
    """Collects the addresses, identifiers and headings of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.identifiers: list[str] = []
        self.headings: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href"):
            self.targets.append(str(given["href"]))
        if given.get("id"):
            self.identifiers.append(str(given["id"]))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


def leads(target: str) -> bool:
    try:
        resolve(target)
    except Resolver404:
        return target in TAKEN
    return True


def _without_the_question(html: bytes) -> str:
    """Leave out the block about cookies, which has a heading of its own before the page's."""
    return re.sub(r"<!--choice-->.*<!--/choice-->", "", html.decode(), flags=re.S)


@pytest.mark.database
@pytest.mark.django_db(databases=["default", "intake"])
def test_the_published_pages_hold_together() -> None:
    """One seeding for all of them: links, parts of pages, headings, labels, figures, the bones."""
    assert seed_pages(force=settings.FORCE, by=System("test"), at=AT) == []
    html = {page.path: _without_the_question(page.html) for page in queries.all_current()}
    assert set(html) == {address(page) for page in PAGES}
    read = {path: Reader(each) for path, each in html.items()}
    for path, page in read.items():
        assert len(page.identifiers) == len(set(page.identifiers)), path
        assert page.headings[0] == 1, path
        assert page.headings.count(1) == 1, path
        assert all(after - before <= 1 for before, after in pairwise(page.headings)), path
        for target in page.targets:
            there, _, part = target.partition("#")
            if target.startswith("tel:"):
                assert re.fullmatch(r"tel:\d{3,}", target), path
            elif there in html or not there:
                assert not part or part in read[there or path].identifiers, (path, target)
            else:
                assert leads(there), (path, target)
    for path, each in html.items():
        assert "Practice site. Nobody reads this. In danger: call 999" in each, path
        assert not re.search("safehold|wagtail", each, re.IGNORECASE), path
        # No measure is published yet, so any share or count would be made up.
        text = re.sub(r"<script.*?</script>|<[^>]+>", " ", each, flags=re.S)
        assert not re.search(r"\d+ ?(%|per cent|of \d+)", text), path
    for page in (each for each in PAGES if each.kind == "advice"):
        marks = read[address(page)].identifiers
        bones = [bone.replace("_", "-") for bone in ("emergency", *BONES)]
        assert [mark for mark in marks if mark in bones] == bones, page.slug


def test_a_link_to_a_page_that_waits_is_words_only() -> None:
    html = '<p>Read <a href="/advice/control/">about control</a> or <a href="tel:999">call</a>.</p>'
    assert links.shown(html, {"/"}) == '<p>Read about control or <a href="tel:999">call</a>.</p>'
    assert links.shown(html, {"/advice/control/"}) == html
