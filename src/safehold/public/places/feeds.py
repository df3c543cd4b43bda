"""The answers as an Atom feed (RFC 4287).

Every link is relative, which a reader resolves by where it fetched the feed: so nothing rests on
the host that a request claims. Ids are the answers' own and never change.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language, gettext

from safehold.public.places.presenters import AnswerLine, answer_lines
from safehold.records.places_published.queries import Answer

CONTENT_TYPE = "application/atom+xml; charset=utf-8"


class _Feed(Atom1Feed):
    """Atom whose empty feed does not change at each look."""

    def latest_post_date(self) -> datetime:
        """Return when the newest answer was published; where there is none, the site's date."""
        if self.items:
            newest: datetime = super().latest_post_date()
            return newest
        return datetime.combine(settings.FORCE.phase.version_date, time(), UTC)


def answers(published: Sequence[Answer], release: UUID | None) -> bytes:
    """Write the feed of every answer, the newest first, as the release in force names them."""
    force, page = settings.FORCE, reverse("public:places")
    made = _Feed(
        title=gettext("What was done about places"),
        link=page,
        description=gettext("Answers to what people told us about places."),
        language=get_language() or force.languages[0],
        author_name=force.name,
        feed_url=reverse("public:places_feed"),
        feed_guid=f"urn:uuid:{uuid5(NAMESPACE_URL, f'answers:{force.key}')}",
    )
    for answer, line in zip(published, answer_lines(published, release), strict=True):
        made.add_item(
            title=_title(line),
            link=page,
            description=escape(line.text),  # Django's feed says that a summary is HTML
            unique_id=f"urn:uuid:{answer.key}",
            updateddate=answer.published_at.replace(microsecond=0),
        )
    return made.writeString("utf-8").encode()


def _title(line: AnswerLine) -> str:
    return gettext("%(status)s: %(owner)s. %(where)s") % {
        "status": line.status,
        "owner": line.owner,
        "where": line.where,
    }
