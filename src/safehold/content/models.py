"""Guidance pages as editors keep them; the public is shown snapshots of them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from safehold.content import rendering
from safehold.content.blocks import Body
from safehold.records.snapshots.paths import BadPath, checked


class PublicPage(Page):
    """What both kinds share: an introduction, a body, one address, and no Wagtail view."""

    introduction = models.TextField(max_length=400, blank=True)
    body = StreamField(Body(), blank=True)

    # A password on one page would take effect outside publishing and promise what a snapshot
    # does not keep.
    private_page_options: list[str] = []
    is_creatable = False
    layout = ""

    content_panels = [*Page.content_panels, FieldPanel("introduction"), FieldPanel("body")]
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
        return HttpResponse(rendering.html(self))

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Never called: no address leads here. Raises NotImplementedError if one ever does."""
        raise NotImplementedError("Visitors are shown snapshots only.")


class HomePage(PublicPage):
    """The first page."""

    max_count = 1
    is_creatable = True
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["content.GuidancePage"]
    layout = "content/home.html"

    class Meta:
        db_table = "home_page"

    @property
    def address(self) -> str:
        """Return the root of the public site."""
        return "/"


class GuidancePage(PublicPage):
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
