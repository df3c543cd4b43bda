"""Guidance pages as editors keep them; the public is shown snapshots of them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel, PublishingPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from safehold.content import rendering
from safehold.content.blocks import Body, Section
from safehold.content.first_pages import BONES
from safehold.content.forms import PublicPageForm
from safehold.domain.page_review import About, Review
from safehold.records.snapshots.paths import BadPath, checked

ABOUT = {
    About.GENERAL: "General: who we are and what we do",
    About.SAFETY: "Safety: what to do, and what is dangerous",
    About.LEGAL: "Law: rights, orders, what police and courts do",
    About.MEDICAL: "Health: injuries, samples, medicine",
}
DAY = "Type it as year-month-day: 2026-11-27."


class PublicPage(Page):
    """What all kinds share: an introduction, a review, one address, and no Wagtail view."""

    introduction = models.TextField(max_length=400, blank=True)
    about = models.CharField(
        max_length=10,
        choices=list(ABOUT.items()),
        default=About.GENERAL,
        help_text="Anything but general is published only when someone who knows has read it.",
    )
    reviewed_by = models.CharField(
        max_length=120, blank=True, help_text="Name and role. It is not shown to the public."
    )
    reviewed_on = models.DateField(null=True, blank=True, help_text=DAY)
    review_by = models.DateField(null=True, blank=True, help_text=f"Read again by then. {DAY}")
    to_be_confirmed = models.TextField(
        blank=True, help_text="One line each. Strike out a line when it is confirmed."
    )
    sources = models.TextField(blank=True, help_text="Where the facts come from. One line each.")

    # A password on one page would take effect outside publishing and promise what a snapshot
    # does not keep.
    private_page_options: list[str] = []
    is_creatable = False
    layout = ""
    lists_contents = True
    base_form_class = PublicPageForm

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    review_panels = [
        MultiFieldPanel(
            [FieldPanel(n) for n in ("about", "reviewed_by", "reviewed_on", "review_by")],
            heading="Who has read this page",
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("to_be_confirmed", "sources")],
            heading="What is still to be confirmed, and where it comes from",
        ),
    ]
    settings_panels = [
        PublishingPanel(help_text="Type dates as year-month-day hour:minute: 2026-11-27 09:30.")
    ]
    promote_panels = [
        FieldPanel("slug"),
        FieldPanel(
            "seo_title",
            heading="Title in the browser",
            help_text="It stays in a browser's history, so it must not name the subject.",
        ),
    ]

    class Meta:
        abstract = True

    @property
    def address(self) -> str:
        """Return the address of the page on the public site."""
        raise NotImplementedError

    @property
    def review(self) -> Review:
        """Return who read the page, and how long that lasts."""
        return Review(self.about, self.reviewed_by, self.reviewed_on, self.review_by)

    @property
    def streams(self) -> tuple[str, ...]:
        """Name the fields that hold the pieces of the page, in the order in which they stand."""
        return ("body",)

    @property
    def bones(self) -> tuple[str, ...]:
        """Name the fields that may not be empty when the page is published."""
        return ()

    def clean(self) -> None:
        """Refuse an address that another part of the site answers."""
        super().clean()
        try:
            checked(self.address)
        except BadPath as error:
            raise ValidationError({"slug": str(error)}) from error

    def get_url_parts(self, request: HttpRequest | None = None) -> tuple[int, str, str]:
        """Return the public address; Wagtail's own tree of addresses is never served."""
        site = next(iter(self._get_relevant_site_root_paths(request)), None)
        return (site.site_id if site else 0, "", self.address)

    def make_preview_request(
        self,
        original_request: HttpRequest | None = None,
        preview_mode: str | None = None,
        extra_request_attrs: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a draft without asking for its address, which would be answered with the snapshot.

        So it also keeps the CMS's own content policy, under which the script of the page is not
        run: Escape must not throw an editor out of the office.
        """
        return self.serve_preview(original_request or HttpRequest(), preview_mode or "")

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show a draft exactly as the snapshot would be."""
        there = {page.address for kind in KINDS for page in kind.objects.live()}
        return HttpResponse(rendering.html(self, there))

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Never called: no address leads here. Raises NotImplementedError if one ever does."""
        raise NotImplementedError("Visitors are shown snapshots only.")


class PlainPage(PublicPage):
    """A page whose editor decides the order of its pieces."""

    body = StreamField(Body(), blank=True)
    content_panels = [
        *PublicPage.content_panels,
        FieldPanel("body"),
        *PublicPage.review_panels,
    ]

    class Meta:
        abstract = True


class HomePage(PlainPage):
    """The first page."""

    max_count = 1
    is_creatable = True
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["content.GuidancePage", "content.AdviceIndexPage"]
    layout = "content/home.html"

    class Meta:
        db_table = "home_page"

    @property
    def address(self) -> str:
        """Return the root of the public site."""
        return "/"


class GuidancePage(PlainPage):
    """A page of guidance, directly under the first."""

    is_creatable = True
    parent_page_types = ["content.HomePage"]
    subpage_types: list[str] = []
    layout = "content/guidance.html"

    class Meta:
        db_table = "guidance_page"

    @property
    def address(self) -> str:
        """Return the address that the slug makes."""
        return f"/{self.slug}/"


class AdviceIndexPage(PlainPage):
    """The page that leads to every advice page."""

    max_count = 1
    is_creatable = True
    parent_page_types = ["content.HomePage"]
    subpage_types = ["content.AdvicePage"]
    layout = "content/guidance.html"
    lists_contents = False  # its cards are the list

    class Meta:
        db_table = "advice_index_page"

    @property
    def address(self) -> str:
        """Return the one address of the index."""
        return "/advice/"


def _bone(says: str) -> StreamField:
    return StreamField(Section(), help_text=says)


class AdvicePage(PublicPage):
    """Advice about one harm. Every such page has the same bones in the same order.

    What to do in danger comes first and is nobody's to edit: it is drawn from one place for all.
    """

    is_creatable = True
    parent_page_types = ["content.AdviceIndexPage"]
    subpage_types: list[str] = []
    layout = "content/advice.html"

    what_it_is = _bone("What it is, in the words of someone whom it happens to.")
    what_you_can_do = _bone("What is in the reader's own hands. 'If it is safe' where it matters.")
    cannot_wait = _bone("What has to be done within hours or days, and why.")
    tell = _bone("How to tell us, and how to tell someone who is not the police.")
    orders = _bone("What courts and police can order, who asks, and what it costs.")
    support = _bone("Who helps, and for whom.")

    content_panels = [
        *PublicPage.content_panels,
        HelpPanel("The page begins with what to do in danger. It is the same on every page."),
        *(FieldPanel(bone) for bone in BONES),
        *PublicPage.review_panels,
    ]

    class Meta:
        db_table = "advice_page"

    @property
    def address(self) -> str:
        """Return the address that the slug makes."""
        return f"/advice/{self.slug}/"

    @property
    def streams(self) -> tuple[str, ...]:
        """Name the bones after the first."""
        return BONES

    @property
    def bones(self) -> tuple[str, ...]:
        """Name them all: an advice page leaves none out."""
        return BONES


class PageInLanguage(models.Model):
    """The words of a page in another language, and who has read which version of them.

    `words` maps a text in English to its words. An approval names a digest of both.
    """

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    language = models.CharField(max_length=8)
    words = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    changed_by = models.CharField(max_length=150, blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    approved_on = models.DateField(null=True)
    approved_digest = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "page_in_language"
        constraints = [
            models.UniqueConstraint(
                fields=["page", "language"], name="page_stands_once_in_a_language"
            ),
            models.CheckConstraint(
                name="page_approval_names_its_speaker",
                condition=models.Q(approved_digest="", approved_by="", approved_on=None)
                | (
                    ~models.Q(approved_digest="")
                    & ~models.Q(approved_by="")
                    & models.Q(approved_on__isnull=False)
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.page_id} ({self.language})"


KINDS = (HomePage, GuidancePage, AdviceIndexPage, AdvicePage)
