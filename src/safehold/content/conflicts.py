"""Two editors, one page: whoever saves second is told what the first did, and loses nothing.

The CMS asks the browser's script to warn; a form sent without it would write over the other's work
in silence. The form carries the number of the version that it was opened with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wagtail.models import Revision

from safehold.design.words import moment

if TYPE_CHECKING:
    from safehold.content.models import PublicPage

FIELD = "loaded_revision_id"


def found(page: PublicPage, sent: Mapping[str, Any], user: Any) -> str:
    """Say who saved this page since the form was opened, and what changed; empty where nobody did.

    A version of the same person's own is no conflict: the CMS saves drafts while she writes.
    """
    opened = _opened_with(page, sent)
    if not page.pk or opened is None:
        return ""
    newer = page.revisions.filter(pk__gt=opened.pk).exclude(user=user).order_by("pk").last()
    if newer is None:
        return ""
    who = newer.user.get_username() if newer.user else "The software"
    changed = ", ".join(_changed(page, opened, newer)) or "nothing that shows"
    return (
        f"{who} saved this page on {moment(newer.created_at)}, after you opened it. Changed there: "
        f"{changed}. Your words are all still here, and not saved. See the other version under "
        "History, take over what you need, then press the button again to save yours."
    )


def _opened_with(page: PublicPage, sent: Mapping[str, Any]) -> Revision | None:
    number = str(sent.get(FIELD, ""))
    if not number.isdecimal() or not page.pk:
        return None
    return page.revisions.filter(pk=int(number)).first()


def _changed(page: PublicPage, before: Revision, after: Revision) -> list[str]:
    fields = ["title", "slug", "seo_title", "introduction", *page.streams]
    fields += ["about", "reviewed_by", "reviewed_on", "review_by", "to_be_confirmed", "sources"]
    return [
        str(getattr(page._meta.get_field(name), "verbose_name", name))
        for name in fields
        if before.content.get(name) != after.content.get(name)
    ]
