"""A page as HTML, made without a request: the same bytes for whoever asks."""

from collections.abc import Collection, Iterable
from typing import Any, Protocol

from django.conf import settings
from django.template import engines
from django.utils.text import slugify
from markupsafe import Markup

from safehold.content import links
from safehold.domain.other_forms import SLOTS
from safehold.domain.page_review import PRACTICE_REVIEWER
from safehold.records.media import queries as media
from safehold.records.media.queries import Forms

ENGINE = "jinja2"


class Showable(Protocol):
    """What a page needs to be drawn."""

    title: str
    introduction: str
    layout: str
    reviewed_by: str

    @property
    def address(self) -> str:
        """The address that the page stands at."""

    @property
    def streams(self) -> tuple[str, ...]:
        """The fields that hold its pieces."""


def html(page: Showable, there: Collection[str]) -> str:
    """Return the whole document of a page; `there` are the addresses of published pages."""
    template = engines[ENGINE].get_template(page.layout)
    return str(
        template.render(
            {
                "page": page,
                "here": page.address,
                "force": settings.FORCE,
                "slug": lambda words: slugify(words, allow_unicode=True),
                "leads": lambda address: links.leads(address, there),
                "linked": lambda words: Markup(links.shown(str(words), there)),  # noqa: S704  # the CMS cleans a paragraph when it is saved
                "forms": _other_forms,
                "headings": _headings(getattr(page, name) for name in page.streams),
                "for_practice": page.reviewed_by == PRACTICE_REVIEWER,
            }
        )
    )


def _other_forms(slot: str) -> Forms:
    if slot not in SLOTS:
        return Forms()
    return media.forms(slot, data=settings.SAFEHOLD_DATA, approvals=settings.FORCE.approvals)


def _headings(streams: Iterable[Any]) -> list[tuple[str, str]]:
    blocks = (block for each in streams for block in each if block.block_type == "heading")
    return [(slugify(block.value, allow_unicode=True), block.value) for block in blocks]
