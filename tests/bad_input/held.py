"""What holds of every answer to a POST, whatever was in it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import HttpResponse
from hypothesis import HealthCheck, Phase, settings

from tests.bad_input.drawn import MARK, Body, Page, as_read

DEEP = 60  # examples of each form in the nightly run
ANSWERS = {200, 204, 302, 303, 400, 403, 404, 405, 409, 413, 422, 429}
SECRET = frozenset({"code", "given", "again", "password", "secret"})
# A box for a key is emptied: what was pasted may be the half that is secret.
EMPTIED = SECRET | {"public"}
KEPT_AT_LEAST = 60  # characters of a text that is too long to be shown again whole


def examples(count: int) -> settings:
    """Return how many examples are drawn, and how: the same each time, but for the nightly run."""
    return settings(
        max_examples=count,
        derandomize=count < DEEP,  # at night it looks elsewhere each time
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
        database=None,
    )


@contextmanager
def rolled_back() -> Iterator[None]:
    """Let one example leave nothing behind for the next."""
    with _as_a_test("default"), _as_a_test("intake"):
        yield
        transaction.set_rollback(True, using="default")
        transaction.set_rollback(True, using="intake")


def _as_a_test(alias: str) -> transaction.Atomic:
    # What has to be durable is let into a test's own transaction, and into this one inside it.
    block = transaction.atomic(using=alias)
    block._from_testcase = True
    return block


class Lines(logging.Handler):
    """Every line that is logged, with our filter applied as the real handlers do."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        for each in logging.getLogger().handlers:
            for kept in each.filters:
                self.addFilter(kept)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append(self.format(record))


def said_of(response: HttpResponse) -> str:
    """Give everything of an answer that others than its reader see or keep."""
    headers = " ".join(f"{name}: {value}" for name, value in response.items())
    return f"{headers} {response.cookies.output()}"


def holds_of(response: HttpResponse, *, at: str, keeps: bool) -> Page:
    """Check one answer and give its page. `keeps` says that it may hold what was typed."""
    assert response.status_code in ANSWERS, (at, response.status_code)
    assert "no-store" in response["Cache-Control"], at
    said = said_of(response)
    assert MARK.lower() not in said.lower(), (at, said)
    assert at.startswith("/staff/") or "?" not in response.get("Location", ""), at
    assert not response.streaming, at
    html = response.content.decode() if "html" in response.get("Content-Type", "") else ""
    page = Page(html)
    assert MARK not in page.title, at
    assert "zz-typed" not in page.tags, at
    assert keeps or MARK not in html, at
    return page


def typed_is_there(page: Page, body: Body, *, of: Page, at: str) -> None:
    """Check that a page which gives a form back to be mended holds what was typed into it.

    `of` is the form that was sent, as it was: with another value in a hidden field it is another.
    """
    hidden = {
        (box.name, box.value)
        for box in of.boxes
        if box.kind == "hidden" and box.name != "csrfmiddlewaretoken"
    }
    named = {name for name, _ in hidden}
    if {(name, value) for name, value in body.fields if name in named} != hidden:
        return
    if not page.summary or not body.readable:
        return
    drawn = {box.name for box in page.boxes if box.kind != "hidden"}
    if not drawn & {box.name for box in of.boxes if box.kind != "hidden"}:
        return  # the form did not come back: what it is about has changed meanwhile
    assert len(page.summary) == 1, at
    assert set(page.linked) <= page.ids, (at, page.linked)
    own = {box.name for box in of.boxes}
    for name in ({name for name, _ in body.fields} & own) - EMPTIED:
        shown = page.texts(name)
        given = [as_read(value) for field, value in body.fields if field == name]
        if not shown or not any(given):
            continue
        kept = as_read(shown[0])
        assert any(_is_kept(kept, each) for each in given), (at, name, kept[:80], given)


def nothing_secret(page: Page, *, at: str) -> None:
    """Check that a code or a password is never shown again."""
    for name in SECRET:
        assert not any(page.texts(name)), (at, name)


def _is_kept(kept: str, given: str) -> bool:
    return kept == given or (len(kept) >= KEPT_AT_LEAST and given.startswith(kept))
