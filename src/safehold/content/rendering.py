"""A page as HTML, made without a request: the same bytes for whoever asks."""

from typing import Any, Protocol

from django.conf import settings
from django.template import engines
from django.utils.text import slugify

ENGINE = "jinja2"


class Showable(Protocol):
    """What a page needs to be drawn."""

    title: str
    introduction: str
    body: Any
    layout: str

    @property
    def address(self) -> str:
        """The address that the page stands at."""


def html(page: Showable) -> str:
    """Return the whole document of a page."""
    template = engines[ENGINE].get_template(page.layout)
    return str(
        template.render(
            {"page": page, "here": page.address, "force": settings.FORCE, "slug": slugify}
        )
    )
