"""A report that a code opened: what was written to its holder, a message back, proof, and closing.

Nothing of what she told stands here, and nothing here changes who she is or how she is reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_noop

from safehold.crypto import codes
from safehold.crypto.conversations import proof_mark
from safehold.crypto.errors import NotACode
from safehold.design.languages import said
from safehold.design.words import day, number
from safehold.domain.conversation import LONGEST, STATUSES, Kind
from safehold.domain.journey.wording import plain_text
from safehold.public.report import drafts
from safehold.public.report.addresses import see_other
from safehold.public.report.posted import Posted
from safehold.public.returning import news, session
from safehold.public.returning.session import Opened
from safehold.records.intake import returns
from safehold.records.intake.returns import CodeClosed, Seen

FIELD = "message"
AGAIN, ONCE = "again", "once"
WRITE, CLOSE, PROOF, DONE, STAY = "write", "shut", "proof", "done", "stay"
NOT_THE_CODE = gettext_noop("That is not the code. To close it for good, give it once more.")
EMPTY = gettext_noop("Write a message first.")
TOO_LONG = gettext_noop("That is too long: at most %(most)s characters.")
ANOTHER_PAGE = gettext_noop(
    "This was not sent: you sent another message from another page meanwhile. Send this one now."
)
CODE_INSIDE = gettext_noop("Take your code out of this. Whoever reads it could open your report.")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as the page shows it."""

    day: str
    from_us: bool
    text: str


def page(request: HttpRequest, opened: Opened) -> HttpResponse:
    """Show what was written to the holder; a code that was closed elsewhere opens nothing."""
    try:
        seen = returns.conversation(opened.place)
    except CodeClosed:
        return session.close(opened, see_other(reverse("public:return-again")), at=now())
    if opened.wrote:
        session.keep(opened, at=now())  # said once
    else:
        session.used(opened, at=now())
    lines = [_line(each) for each in seen]
    statuses = [each for each in seen if each.entry and each.entry.kind is Kind.STATUS]
    context = {
        "force": settings.FORCE,
        "status": _line(statuses[-1]) if statuses else None,
        "lines": [line for line in lines if line.text or not line.from_us],
        "sent_on": opened.place.day,
        "reference": opened.place.reference,
        "typed": opened.typed,
        "problem": said(opened.problem) % {"most": f"{LONGEST:,}"} if opened.problem else "",
        # The field that the problem is about.
        "at": AGAIN if opened.problem == NOT_THE_CODE else FIELD,
        "wrote": opened.wrote,
        "field": FIELD,
        "most": number(LONGEST),
        "once": opened.once,
        "offers_news": news.may_ask(opened),
        "idle_minutes": drafts.idle_minutes(),
        "kept": True,
    }
    response = render(request, "public/returning/report.html", context)
    return session.that_closes(response)


def pressed(request: HttpRequest, opened: Opened, given: Posted) -> HttpResponse:
    """Do what the holder pressed, and lead on."""
    here = see_other(reverse("public:return"))
    if given.do == DONE:
        return session.close(opened, here, at=now())
    if given.do == STAY:
        session.keep(opened, typed=typed(given), at=now())
        return here
    if given.do == CLOSE:
        if not _is_code(opened, given.first(AGAIN)):
            session.keep(opened, typed=opened.typed, problem=NOT_THE_CODE, at=now())
            return here
        returns.close_code(opened.place, now())
        return session.close(opened, see_other(reverse("public:return-closed")), at=now())
    if given.do == PROOF:
        return _proof(opened)
    if given.do == WRITE:
        _write(opened, given)
    return here


def typed(given: Posted) -> str:
    """Return the message of a form, as far as it is kept to be mended."""
    return plain_text(given.first(FIELD))[: LONGEST * 4]


def _is_code(opened: Opened, text: str) -> bool:
    try:
        return codes.read(text) == codes.read(opened.code)
    except NotACode:
        return False


def _write(opened: Opened, given: Posted) -> None:
    text = plain_text(given.first(FIELD))
    problem = _problem(opened, text)
    if problem:
        session.keep(opened, typed=typed(given), problem=problem, at=now())
        return
    if given.first(ONCE) != opened.once:
        if not opened.was_sent(text):  # or it was pressed twice, and the first was kept
            session.keep(opened, typed=typed(given), problem=ANOTHER_PAGE, at=now())
        return
    try:
        returns.write(opened.place, text=text, once=UUID(opened.once), at=now())
    except CodeClosed:
        return  # the page says so
    session.keep(opened, wrote=text, at=now())


def _problem(opened: Opened, text: str) -> str:
    if not text:
        return EMPTY
    if len(text) > LONGEST:
        return TOO_LONG
    return CODE_INSIDE if codes.contains_code(text, codes.read(opened.code)) else ""


def _proof(opened: Opened) -> HttpResponse:
    """Give a small file that the force can check, and that says nothing of what was told."""
    place = opened.place
    mark = proof_mark(key=place.proof_key, reference=place.reference, day=place.day)
    grouped = " ".join(mark[at : at + 5] for at in range(0, len(mark), 5))
    text = f"Reference: {place.reference}\nDay: {place.day}\nMark: {grouped}\n"
    answer = HttpResponse(text, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="note.txt"'
    return answer


def _line(seen: Seen) -> Line:
    entry = seen.entry
    text = ""
    if entry is not None:
        text = said(STATUSES.get(entry.text, "")) if entry.kind is Kind.STATUS else entry.text
    return Line(day(seen.day), seen.from_us, text)
