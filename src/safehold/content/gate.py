"""What keeps a page from being published: asked by the form, and once more on publishing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from safehold.content import links
from safehold.domain import page_review

if TYPE_CHECKING:
    from safehold.content.models import PublicPage


class PublicationRefused(Exception):
    """A page that may not be published; `reasons` holds a sentence for each field."""

    def __init__(self, page: PublicPage, reasons: dict[str, str]) -> None:
        super().__init__(f"{page.title} is not published. {' '.join(reasons.values())}")
        self.reasons = reasons


def is_practice() -> bool:
    """Tell whether this installation is for practice only: its pages are labelled as such."""
    return bool(settings.DEMONSTRATION or settings.FORCE.demonstration)


def missing_lines() -> str:
    """Say what the profile lacks before anything may be published; empty where nothing is."""
    phones = settings.FORCE.phones
    missing = [
        name for name, line in (("sarc", phones.sarc), ("all_hours", phones.all_hours)) if not line
    ]
    if is_practice() or not missing:
        return ""
    return (
        f"Fill in {' and '.join(missing)} under [phones] in forces/{settings.FORCE.key}.toml "
        "first: a page must not send someone who was hurt to a number that is not there."
    )


def refusals(page: PublicPage, *, links_too: bool = True) -> dict[str, str]:
    """Return one sentence for each field that keeps a page from being published as it stands.

    What belongs to no one field is under "". Without `links_too` a page may lead to one that is
    not written yet: the first pages lead to each other.
    """
    # A page set for a later time has to be in date on the day on which it goes out.
    due = max(page.go_live_at or timezone.now(), timezone.now())
    found = dict(
        page_review.problems(page.review, on=timezone.localdate(due), today=timezone.localdate())
    )
    for name in page.bones:
        if not getattr(page, name):
            found[name] = "Every advice page has words here: write them before publishing."
    if sentence := missing_lines() or _invented(page) or (_dead_link(page) if links_too else ""):
        found[""] = sentence
    return found


def check(page: PublicPage) -> None:
    """Raise PublicationRefused unless a page may be published."""
    if reasons := refusals(page):
        raise PublicationRefused(page, reasons)


def _dead_link(page: PublicPage) -> str:
    # A link to a draft is fine: it is shown as words until the draft is published.
    from safehold.content.models import KINDS

    known = {each.address for kind in KINDS for each in kind.objects.all()} | {page.address}
    for address in links.addresses(getattr(page, name) for name in page.streams):
        if not links.leads(address, known):
            return f"A link leads to {address[:60]}: there is no such page. Mend the link."
    return ""


def _invented(page: PublicPage) -> str:
    if page.reviewed_by == page_review.PRACTICE_REVIEWER and not is_practice():
        return "The reviewer named here is invented for practice: name the person who read it."
    return ""
