"""Saving an unfinished form under a code, to come back to it from any device.

Saved is not sent: nobody reads it, and we cannot. The code is shown once, out of the draft that
only this browser opens; after that it is nowhere but with her.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from safehold.crypto import codes
from safehold.crypto.errors import KeyFileRefused
from safehold.domain.journey import walk
from safehold.public.report import addresses, attempts, drafts, pages, posted, reading
from safehold.public.report.addresses import see_other
from safehold.public.report.drafts import Held, KeptCode, Standing
from safehold.records.intake import saved, uploads
from safehold.records.intake.operations import AlreadySent
from safehold.records.intake.tickets import DraftGone

log = logging.getLogger(__name__)

NEW = {"digits": codes.new_digits, "words": codes.new_words}
AGAIN, KEPT, CARRY_ON = "again", "kept", "carry_on"


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: HttpRequest) -> HttpResponse:
    """Give a code for what is written so far, show it once, and let her leave or go on."""
    held = drafts.held(request, at=now())
    if held.standing is Standing.SENT:
        return see_other(addresses.sent())
    if held.standing is not Standing.OPEN or not held.saves:
        if request.method == "POST":
            return see_other(addresses.save())
        return drafts.clean(request, pages.nothing_here(request), held, at=now())
    if request.method != "POST":
        drafts.looked_at(held, at=now())
        return pages.save_page(request, held, until=saved.kept_until(now()))
    try:
        return _pressed(request, held)
    except DraftGone:  # left, or sent, in another tab
        return see_other(addresses.save())


def _pressed(request: HttpRequest, held: Held) -> HttpResponse:
    try:
        do = posted.read(request).do
    except posted.TooMuchSent:
        return see_other(addresses.save())
    held = replace(held, attempt=None)
    try:
        if do in NEW and held.code is None:
            return _saved_first(request, held, codes.shown(NEW[do]()))
        if held.code is not None and do in {AGAIN, KEPT}:
            _save(held, held.code.text)
            if drafts.held(request, at=now()).standing is Standing.SENT:
                # Sent in another tab while this was saved: what is sent is not unfinished.
                saved.forget_saved(codes.read(held.code.text), now())
                return see_other(addresses.sent())
            drafts.destroy(request, at=now())
            return drafts.forget(see_other(reverse("public:return")))
    except (KeyFileRefused, OperationalError):
        log.exception("A form could not be saved; the visitor was told and keeps her answers")
        return _kept(replace(held, attempt=attempts.not_saved()), then=addresses.save())
    if held.code is not None and do == CARRY_ON:
        onwards = addresses.onwards(held.form, held.answers)
        return _kept(replace(held, code=replace(held.code, kept=True)), then=onwards)
    if do == reading.FINISH and pages.can_finish(held):
        passed = replace(held, answers=walk.passing_rest(held.form.journey, held.answers))
        return _kept(passed, then=addresses.onwards(passed.form, passed.answers))
    return _kept(held, then=addresses.save())


def _saved_first(request: HttpRequest, held: Held, code: str) -> HttpResponse:
    _save(held, code)
    try:
        kept = replace(held, code=KeptCode(code))
        led = drafts.keep(see_other(addresses.save()), kept, kept.answers, at=now())
    except AlreadySent:
        saved.forget_saved(codes.read(code), now())
        return see_other(addresses.sent())
    by_now = drafts.held(request, at=now())
    if by_now.code is not None and by_now.code.text != code:
        # Another tab took a code in the same moment, and that one is shown. Both led to the files.
        saved.forget_saved(codes.read(code), now())
        _save(by_now, by_now.code.text)
    return led


def _save(held: Held, code: str) -> None:
    saved.save_under_code(
        code=codes.read(code),
        journey=held.form.journey.key,
        answers=held.answers.to_plain(),
        files=_files(held),
        at=now(),
    )


def _files(held: Held) -> list[dict[str, Any]]:
    if held.ticket is None:
        return []
    return uploads.keep_under_code(ticket=held.ticket, until=saved.kept_until(now()), at=now())


def _kept(held: Held, *, then: str) -> HttpResponse:
    try:
        return drafts.keep(see_other(then), held, held.answers, at=now())
    except AlreadySent:
        return see_other(addresses.sent())
