"""Acts on the public pages that are not an editor's: the first words, and new chrome for all."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localdate
from wagtail.models import Page, Revision, Site
from wagtail.rich_text import RichText

from safehold.content import first_pages, gate, publishing
from safehold.content.first_pages import ADVICE, GUIDANCE, HOME, INDEX, FirstPage
from safehold.content.models import (
    AdviceIndexPage,
    AdvicePage,
    GuidancePage,
    HomePage,
    PublicPage,
)
from safehold.domain.force import Force
from safehold.domain.page_review import PRACTICE_REVIEWER
from safehold.records.audit.actors import Member, System

log = logging.getLogger(__name__)
OF_KIND: dict[str, type[PublicPage]] = {
    HOME: HomePage,
    GUIDANCE: GuidancePage,
    INDEX: AdviceIndexPage,
    ADVICE: AdvicePage,
}
LASTS, NEARLY_DUE = timedelta(days=180), timedelta(days=14)
DUE_SOON_PAGE = "schools"


@dataclass(frozen=True, slots=True)
class Draft:
    """A first page that was written and waits: nothing of it is public."""

    path: str
    title: str
    reasons: tuple[str, ...]
    to_be_confirmed: tuple[str, ...]


@transaction.atomic
def seed_pages(
    *,
    force: Force,
    by: Member | System,
    at: datetime,
    words: Iterable[FirstPage] | None = None,
) -> list[Draft]:
    """Write the first pages, publish those that may be, and draw every snapshot anew.

    Nobody has read these words. A practice site publishes them all under an invented reviewer,
    and says so; a real one publishes what needs no reviewer and keeps the rest as drafts, which
    are returned. A page that somebody has edited is left as it is; one that nobody has touched
    follows the profile and this version's words.
    """
    waiting = []
    with publishing.acting(by, at), publishing.many_at_once():
        for each in words if words is not None else first_pages.all_for(force):
            page = _found_or_made(each, force)
            if page.revisions.exclude(user=None).exists():
                continue
            if reasons := _write(page, each, at):
                waiting.append(
                    Draft(page.address, each.title, tuple(reasons), each.to_be_confirmed)
                )
    republish_pages(by=by, at=at)
    return waiting


@transaction.atomic
def republish_pages(*, by: Member | System, at: datetime) -> int:
    """Render every published page anew; return how many changed.

    Run it after every upgrade: the chrome around a page, and the names of the static files that it
    asks for, belong to the version of the software. A page whose review has lapsed goes on.
    """
    publishing.withdraw_the_rest(by=by, at=at)
    return publishing.draw_all(by=by, at=at)


def publish_scheduled() -> None:
    """Publish and take down whatever editors have set a time for.

    A page that may not be published when its time comes loses its time, and keeps its draft: it
    must not hold up the others.
    """
    with transaction.atomic():
        for revision in Revision.objects.filter(approved_go_live_at__lt=timezone.now()):
            page = revision.as_object()
            if isinstance(page, PublicPage) and (reasons := gate.refusals(page)):
                revision.approved_go_live_at = None
                revision.save(update_fields=["approved_go_live_at"])
                log.error(
                    "page %s was not published when its time came: %s",
                    page.pk,
                    ", ".join(sorted(name or "site" for name in reasons)),
                )
        call_command("publish_scheduled", verbosity=0)


def _found_or_made(words: FirstPage, force: Force) -> PublicPage:
    home = HomePage.objects.first() or _new_home(force)
    kind = OF_KIND[words.kind]
    if kind is HomePage:
        return home
    found = kind.objects.filter(slug=words.slug).first()
    if found is not None:
        return found
    above = AdviceIndexPage.objects.get() if kind is AdvicePage else home
    page = kind(title=words.title, slug=words.slug, live=False, introduction=words.introduction)
    made: PublicPage = above.add_child(instance=page)
    return made


def _new_home(force: Force) -> HomePage:
    # Wagtail makes a page of its own at its first migration; nobody wrote it.
    Site.objects.all().delete()
    generic = ContentType.objects.get_for_model(Page)
    for page in Page.objects.filter(depth=2, content_type=generic):
        page.delete()
    root = Page.get_first_root_node()
    home: HomePage = root.add_child(instance=HomePage(title=force.name, slug="home", live=False))
    Site.objects.create(
        hostname="localhost", site_name=force.name, root_page=home, is_default_site=True
    )
    return home


def _write(page: PublicPage, words: FirstPage, at: datetime) -> list[str]:
    """Write a first page and publish it if it may be; return why not, in sentences."""
    page.title, page.seo_title = words.title, words.browser_title
    page.introduction, page.about = words.introduction, words.about
    page.sources = "\n".join(words.sources)
    page.to_be_confirmed = "\n".join(words.to_be_confirmed)
    if isinstance(page, AdvicePage):
        for bone, pieces in words.sections.items():
            setattr(page, bone, _values(pieces))
    else:
        page.body = _values(words.body)
    if gate.is_practice():
        _review_for_practice(page, words.slug, localdate(at))
    page.full_clean()
    reasons = list(gate.refusals(page, links_too=False).values())
    if page.live and not _differs(page):
        return []
    if not page.live and reasons and not _drafted_anew(page):
        return reasons
    revision = page.save_revision()
    if not reasons:
        revision.publish()
    return reasons


def _review_for_practice(page: PublicPage, slug: str, today: date) -> None:
    # One page is always nearly due, so that a practice site shows how staff are warned.
    lasts = NEARLY_DUE if slug == DUE_SOON_PAGE else LASTS
    if page.reviewed_by == PRACTICE_REVIEWER and page.review_by and page.review_by > today:
        return
    page.reviewed_by, page.reviewed_on = PRACTICE_REVIEWER, today
    page.review_by = today + lasts


def _values(pieces: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [
        (kind, RichText(str(value)) if kind == "paragraph" else value) for kind, value in pieces
    ]


def _content(page: PublicPage) -> tuple[object, ...]:
    fields = (
        "title",
        "seo_title",
        "introduction",
        "about",
        "reviewed_by",
        "review_by",
        "sources",
        "to_be_confirmed",
    )
    streams = (_bare(getattr(page, name).get_prep_value()) for name in page.streams)
    return (*(getattr(page, name) for name in fields), *streams)


def _bare(value: Any) -> Any:
    """Leave out the identifiers, which are made anew whenever a text is read."""
    if isinstance(value, list):
        return [_bare(each) for each in value]
    if isinstance(value, dict):
        return {key: _bare(each) for key, each in value.items() if key != "id"}
    return value


def _differs(page: PublicPage) -> bool:
    return _content(page) != _content(type(page).objects.get(pk=page.pk))


def _drafted_anew(page: PublicPage) -> bool:
    latest = page.get_latest_revision()
    return latest is None or _content(page) != _content(latest.as_object())
