"""Files added to a report: sealed part by part as they come, with a script or without one.

Nothing of a file is written to this host but what is locked. With a script a file comes in parts,
and goes on where it broke off; without one it comes whole, and is locked while it comes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.utils.timezone import now

from safehold.domain.journey.sentences import Sentence
from safehold.files import place_of_photo, safe_name
from safehold.public.report import addresses, attempts, drafts, in_words, late, posted
from safehold.public.report.addresses import see_other
from safehold.public.report.drafts import Held, Standing
from safehold.public.report.file_problems import (
    BROKE_OFF,
    MEGABYTE,
    NOTHING,
    PROBLEMS,
    REFUSED,
    EmptyFile,
)
from safehold.public.report.posted import Posted
from safehold.public.report.sealing import Sealing
from safehold.records.intake import uploads
from safehold.records.intake.manifests import as_text
from safehold.records.intake.tickets import DraftGone, DraftTicket
from safehold.records.intake.uploads import (
    MOST_BYTES,
    MOST_FILES,
    PART_BYTES,
    FileTooLarge,
    NoSuchFile,
    OutOfOrder,
)

KEY, FIELD, INTIMATE, REMOVE, ADD = "files", "file", "intimate", "remove", "add"
RETRY_SECONDS = "5"


@dataclass(frozen=True, slots=True)
class Taken:
    """All chosen files came, and another button than the one that adds was pressed."""

    held: Held
    given: Posted


def take(request: HttpRequest) -> HttpResponse | Taken:
    """Take a file, or a part of one, or take one back, and lead to the page that lists them.

    Whoever presses the button that goes on adds what she chose, and goes on: then it is Taken.
    """
    held = drafts.held(request, at=now())
    to = page_of(held)
    if request.method == "POST" and held.standing is Standing.SENT:
        _came_too_late(held)
    if request.method != "POST" or not to or held.ticket is None:
        return _elsewhere(request, to or addresses.step(1))
    takes: dict[str, Callable[[HttpRequest, Held, DraftTicket], HttpResponse | Taken]] = {
        "application/json": _told,
        "application/octet-stream": _part,
    }
    try:
        return takes.get(request.content_type or "", _form)(request, held, held.ticket)
    except DraftGone:
        return _elsewhere(request, addresses.step(1))
    except UnreadablePostError:
        # It came too slowly or broke off: the script sends that part again.
        return HttpResponse(status=503, headers={"Retry-After": RETRY_SECONDS})
    except REFUSED as error:
        return _refused(request, PROBLEMS[type(error)])


def shown(held: Held) -> dict[str, Any]:
    """Give what the page of files shows: those that came, and what went wrong with the last."""
    problem = held.attempt.problems.get(FIELD) if held.attempt else None
    return {
        "files": [_row(each) for each in _listed(held)],
        "problem": in_words.sentence(problem) if problem else "",
        "most_files": MOST_FILES,
        "most_megabytes": MOST_BYTES // MEGABYTE,
        "part_bytes": PART_BYTES,
    }


def names(held: Held) -> dict[str, list[str]]:
    """Give the names of the files that will be sent, and of those that will not."""
    listed = _listed(held)
    return {
        "files": [safe_name(each.manifest.name) for each in listed if each.manifest.done],
        "unfinished": [safe_name(each.manifest.name) for each in listed if not each.manifest.done],
    }


def _listed(held: Held) -> list[uploads.Listed]:
    if held.ticket is None:
        return []
    try:
        return uploads.listed(ticket=held.ticket, at=now())
    except DraftGone:
        return []


def _row(each: uploads.Listed) -> dict[str, Any]:
    manifest = each.manifest
    size = manifest.size or each.have * PART_BYTES
    return {
        "id": str(each.file_id),
        "name": safe_name(manifest.name),
        "megabytes": f"{max(size / MEGABYTE, 0.1):,.1f}",
        "done": manifest.done,
        "intimate": manifest.intimate,
        "place": manifest.place,
    }


def page_of(held: Held) -> str:
    """Give the address of the page of files, empty where these answers lead to none."""
    if held.standing is not Standing.OPEN:
        return ""
    try:
        return addresses.of(held.form, held.answers, held.form.journey.question(KEY))
    except KeyError:
        return ""


def _came_too_late(held: Held) -> None:
    # A script sends many parts of one file; each that came too late says the same.
    if any(each.key == KEY for each in held.form.journey.questions):
        late.keep(held, held.form, held.form.journey.question(KEY), Posted())


def _elsewhere(request: HttpRequest, to: str) -> HttpResponse:
    if request.content_type in {"application/json", "application/octet-stream"}:
        return JsonResponse({"to": to}, status=409)
    return see_other(to)


def _refused(request: HttpRequest, problem: Sentence) -> HttpResponse:
    try:
        held = _still_held(request)
        _keep(replace(held, attempt=attempts.Attempt(KEY, problems={FIELD: problem})))
    except DraftGone:
        return _elsewhere(request, addresses.step(1))
    return _elsewhere(request, page_of(held))


def _still_held(request: HttpRequest) -> Held:
    """Read what is held again: while a file came, another tab may have answered, sent or left."""
    held = drafts.held(request, at=now())
    if not page_of(held):
        raise DraftGone
    return held


def _keep(held: Held) -> None:
    drafts.keep_attempt(held, at=now())


def _told(request: HttpRequest, held: Held, ticket: DraftTicket) -> HttpResponse:
    """Answer what the script says of a file: it begins one, or has given all its parts."""
    try:
        said = json.loads(request.body)
        size = int(said["size"])
        if said["do"] == "begin":
            return _begun(held, ticket, said, size)
        opened = uploads.resume(ticket=ticket, file_id=UUID(str(said["file"])), at=now())
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise OutOfOrder(0) from error
    place = place_of_photo(uploads.first_part(opened)) is not None
    uploads.finish(opened, size=size, place=place)
    return JsonResponse({"to": page_of(held)})


def _begun(held: Held, ticket: DraftTicket, said: dict[str, Any], size: int) -> HttpResponse:
    if held.attempt is not None and said.get("more") is not True:
        # Not where others were chosen with it: what was said of one of those is not read yet.
        _keep(replace(held, attempt=None))
    if size <= 0:
        raise EmptyFile
    if size > MOST_BYTES:
        raise FileTooLarge
    name, stamp = as_text(str(said["name"])), as_text(str(said.get("stamp", ""))[:40])
    intimate = said.get(INTIMATE) is True
    begun = next(
        (
            each
            for each in uploads.listed(ticket=ticket, at=now())
            if not each.manifest.done
            and (each.manifest.name, each.manifest.size, each.manifest.stamp) == (name, size, stamp)
        ),
        None,
    )
    if begun is not None:
        if intimate and not begun.manifest.intimate:
            uploads.mark_intimate(uploads.resume(ticket=ticket, file_id=begun.file_id, at=now()))
        return JsonResponse({"file": str(begun.file_id), "have": begun.have})
    opened = uploads.begin(
        ticket=ticket, name=name, size=size, stamp=stamp, intimate=intimate, at=now()
    )
    return JsonResponse({"file": str(opened.file_id), "have": 0})


def _part(request: HttpRequest, held: Held, ticket: DraftTicket) -> HttpResponse:
    """Lock and keep one part; its file and its number stand in headers, which nobody keeps."""
    try:
        file_id, number = UUID(request.headers["X-File"]), int(request.headers["X-Part"])
    except (KeyError, ValueError) as error:
        raise OutOfOrder(0) from error
    opened = uploads.resume(ticket=ticket, file_id=file_id, at=now())
    drafts.looked_at(held, at=now())
    try:
        have = uploads.add_part(opened, request.body, number=number)
    except OutOfOrder as error:
        have = error.have
    return JsonResponse({"have": have})


def _form(request: HttpRequest, held: Held, ticket: DraftTicket) -> HttpResponse | Taken:
    """Take a form as a browser without a script sends it: with files, or with one to take back."""
    sealing = Sealing(ticket)
    request.upload_handlers = [sealing]
    try:
        given = posted.read(request)
    except posted.TooMuchSent:
        sealing.drop()
        return _refused(request, BROKE_OFF)
    sealing.finish(intimate=bool(given.first(INTIMATE)))
    removed = given.first(REMOVE)
    if removed:
        _take_back(ticket, removed)
    elif sealing.problem:
        return _refused(request, sealing.problem)
    elif given.do == ADD and not sealing.came:
        return _refused(request, NOTHING)
    held = _still_held(request)
    drafts.looked_at(held, at=now())
    if not removed and given.do != ADD:
        return Taken(held, given)
    if held.attempt is not None:
        _keep(replace(held, attempt=None))
    return see_other(page_of(held))


def _take_back(ticket: DraftTicket, file_id: str) -> None:
    try:
        uploads.remove(ticket=ticket, file_id=UUID(file_id), at=now())
    except ValueError as error:
        raise NoSuchFile from error
