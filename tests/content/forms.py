"""The form of a page as a browser sends it."""

from safehold.content.models import GuidancePage


def form(page: GuidancePage, **changes: str) -> dict[str, str]:
    """Return what an editor sends to publish a page with one heading and these changes."""
    return {
        "title": page.title,
        "slug": page.slug,
        "seo_title": page.seo_title,
        "introduction": page.introduction,
        "about": page.about,
        "reviewed_by": page.reviewed_by,
        "reviewed_on": str(page.reviewed_on or ""),
        "review_by": str(page.review_by or ""),
        "to_be_confirmed": "",
        "sources": "",
        "body-count": "1",
        "body-0-deleted": "",
        "body-0-order": "0",
        "body-0-type": "heading",
        "body-0-value": "New heading",
        "comments-TOTAL_FORMS": "0",
        "comments-INITIAL_FORMS": "0",
        "action-publish": "1",
        **changes,
    }
