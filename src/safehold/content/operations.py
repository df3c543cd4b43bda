"""Acts on the public pages that are not an editor's: the first words, and new chrome for all."""

from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import transaction
from wagtail.models import Page, Site
from wagtail.rich_text import RichText

from safehold.content import first_pages, publishing, rendering
from safehold.content.first_pages import FirstPage
from safehold.content.models import GuidancePage, HomePage, PublicPage
from safehold.domain.force import Force
from safehold.records.audit.actors import Member, System


@transaction.atomic
def seed_pages(*, force: Force, by: Member | System, at: datetime) -> None:
    """Write and publish the first pages, and bring the snapshots of all pages up to date.

    A page that somebody has edited is left as it is; one that nobody has touched follows the
    profile and this version's words.
    """
    with publishing.acting(by, at):
        home = HomePage.objects.first() or _new_home(force)
        _write(home, first_pages.home(force))
        doing = first_pages.what_we_are_doing(force)
        page = GuidancePage.objects.filter(slug=doing.slug).first() or home.add_child(
            instance=GuidancePage(title=doing.title, slug=doing.slug, live=False)
        )
        _write(page, doing)
    republish_pages(by=by, at=at)


@transaction.atomic
def republish_pages(*, by: Member | System, at: datetime) -> int:
    """Render every published page anew; return how many changed.

    Run it after every upgrade: the chrome around a page, and the names of the static files that it
    asks for, belong to the version of the software.
    """
    changed = sum(publishing.publish(page, by=by, at=at) for page in publishing.live_pages())
    publishing.withdraw_the_rest(by=by, at=at)
    return changed


def publish_scheduled() -> None:
    """Publish and take down whatever editors have set a time for."""
    with transaction.atomic():
        call_command("publish_scheduled", verbosity=0)


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


def _write(page: PublicPage, words: FirstPage) -> None:
    if page.revisions.exclude(user=None).exists():
        return
    body = [(kind, _value(kind, value)) for kind, value in words.body]
    page.title, page.seo_title = words.title, words.browser_title
    page.introduction = words.introduction
    page.body = body
    page.full_clean()
    if page.live and not _differs(page):
        return
    page.save_revision().publish()


def _value(kind: str, value: object) -> object:
    return RichText(str(value)) if kind == "paragraph" else value


def _differs(page: PublicPage) -> bool:
    live = type(page).objects.get(pk=page.pk)
    return page.title != live.title or rendering.html(page) != rendering.html(live)
