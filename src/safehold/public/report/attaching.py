"""Files added to a report: sealed part by part as they come, with a script or without one.

Nothing of a file is written to this host but what is locked. With a script a file comes in parts,
and goes on where it broke off; without one it comes whole, and is locked while it comes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from safehold.domain.journey.sentences import Sentence
from safehold.files import place_of_photo, safe_name
from safehold.public.report import addresses, attempts, drafts, in_words, posted
from safehold.public.report.addresses import see_other
from safehold.public.report.drafts import Held, Standing
from safehold.records.intake import uploads
from safehold.records.intake.operations import AlreadySent
from safehold.records.intake.tickets import DraftGone, DraftTicket
from safehold.records.intake.uploads import (
    MOST_BYTES,
    MOST_FILES,
    MOST_TOGETHER,
    PART_BYTES,
    FileTooLarge,
    NoRoom,
    NoSuchFile,
    OutOfOrder,
    TooManyFiles,
    TooMuchTogether,
)

KEY, FIELD, INTIMATE, REMOVE = "files", "file", "intimate", "remove"
MEGABYTE = 1_000_000
TOO_LARGE = Sentence(
    "That file is too large: one may have %(most)s MB. Tell us that you have it, and keep it safe.",
    most=MOST_BYTES // MEGABYTE,
)
TOO_MANY = Sentence(
    "A report can have %(most)s files. Tell us that you have more, and keep them safe.",
    most=MOST_FILES,
)
TOO_MUCH = Sentence(
    "All files of a report together may have %(most)s MB. Tell us that you have more, and keep "
    "them safe.",
    most=MOST_TOGETHER // MEGABYTE,
)
NO_ROOM = Sentence(
    "We cannot take files just now. Your report can still be sent: tell us that you have them, and "
    "keep them safe."
)
NOTHING = Sentence("Choose a file first.")
BROKE_OFF = Sentence("Not all of that file came. Add it again.")
_PROBLEMS: dict[type[Exception], Sentence] = {
    FileTooLarge: TOO_LARGE,
    TooManyFiles: TOO_MANY,
    TooMuchTogether: TOO_MUCH,
    NoRoom: NO_ROOM,
    OutOfOrder: BROKE_OFF,
    NoSuchFile: BROKE_OFF,
}


@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """Take a file, or a part of one, or take one back; always lead to the page that lists them."""
    held = drafts.held(request, at=now())
    to = page_of(held)
    if request.method != "POST" or not to or held.ticket is None:
        return _elsewhere(request, to or addresses.step(1))
    takes: dict[str, Callable[[HttpRequest, Held, DraftTicket], HttpResponse]] = {
        "application/json": _told,
        "application/octet-stream": _part,
    }
    try:
        return takes.get(request.content_type or "", _form)(request, held, held.ticket)
    except DraftGone:
        return _elsewhere(request, addresses.step(1))
    except UnreadablePostError:
        # It came too slowly or broke off: the script sends that part again.
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    except tuple(_PROBLEMS) as error:
        return _refused(request, held, _PROBLEMS[type(error)])


def shown(held: Held) -> dict[str, Any]:
    """Give what the page of files shows: those that came, and what went wrong with the last."""
    problem = held.attempt.problems.get(FIELD) if held.attempt else None
    return {
        "files": [_row(each) for each in _listed(held)],
        "problem": in_words.sentence(problem) if problem else "",
        "most_files": MOST_FILES,
        "most_megabytes": MOST_BYTES // MEGABYTE,
        "most_bytes": MOST_BYTES,
        "part_bytes": PART_BYTES,
    }


def whole_names(held: Held) -> list[str]:
    """Give the names of the files that will be sent."""
    return [safe_name(each.manifest.name) for each in _listed(held) if each.manifest.done]


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


def _elsewhere(request: HttpRequest, to: str) -> HttpResponse:
    if _is_script(request):
        return JsonResponse({"to": to}, status=409)
    return see_other(to)


def _refused(request: HttpRequest, held: Held, problem: Sentence) -> HttpResponse:
    said = replace(held, attempt=attempts.Attempt(KEY, problems={FIELD: problem}))
    _keep(said)
    return _elsewhere(request, page_of(held))


def _keep(held: Held) -> None:
    try:
        drafts.keep(HttpResponse(), held, held.answers, at=now())
    except AlreadySent as error:
        raise DraftGone from error


def _is_script(request: HttpRequest) -> bool:
    return request.content_type in {"application/json", "application/octet-stream"}


def _told(request: HttpRequest, held: Held, ticket: DraftTicket) -> HttpResponse:
    """Answer what the script says of a file: it begins one, or has given all its parts."""
    try:
        said = json.loads(request.body)
        size = int(said["size"])
        if said["do"] == "begin":
            return _begun(held, ticket, said, size)
        opened = uploads.resume(ticket=ticket, file_id=UUID(str(said["file"])), at=now())
    except (ValueError, KeyError, TypeError) as error:
        raise OutOfOrder(0) from error
    _finish(opened, size=size, first=uploads.first_part(opened))
    return JsonResponse({"to": page_of(held)})


def _begun(held: Held, ticket: DraftTicket, said: dict[str, Any], size: int) -> HttpResponse:
    if size > MOST_BYTES:
        raise FileTooLarge
    if held.attempt is not None:
        _keep(replace(held, attempt=None))
    name, stamp = str(said["name"]), str(said.get("stamp", ""))[:40]
    begun = next(
        (
            each
            for each in uploads.listed(ticket=ticket, at=now())
            if not each.manifest.done
            and (each.manifest.name, each.manifest.size, each.manifest.stamp)
            == (name[: uploads.LONGEST_NAME], size, stamp)
        ),
        None,
    )
    if begun is not None:
        return JsonResponse({"file": str(begun.file_id), "have": begun.have})
    opened = uploads.begin(
        ticket=ticket,
        name=name,
        size=size,
        stamp=stamp,
        intimate=said.get(INTIMATE) is True,
        at=now(),
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


def _form(request: HttpRequest, held: Held, ticket: DraftTicket) -> HttpResponse:
    """Take a form as a browser without a script sends it: with files, or with one to take back."""
    sealing = _Sealing(ticket)
    request.upload_handlers = [sealing]
    try:
        given = posted.read(request)
    except posted.TooMuchSent:
        sealing.drop()
        return _refused(request, held, BROKE_OFF)
    if removed := given.first(REMOVE):
        _take_back(ticket, removed)
    elif sealing.problem or not sealing.came:
        return _refused(request, held, sealing.problem or NOTHING)
    for opened, first in sealing.came:
        intimate = bool(given.first(INTIMATE))
        opened.manifest = replace(opened.manifest, intimate=intimate)
        _finish(opened, size=opened.bytes_so_far, first=first)
    drafts.looked_at(held, at=now())
    if held.attempt is not None:
        _keep(replace(held, attempt=None))
    return see_other(page_of(held))


def _take_back(ticket: DraftTicket, file_id: str) -> None:
    try:
        uploads.remove(ticket=ticket, file_id=UUID(file_id), at=now())
    except ValueError as error:
        raise NoSuchFile from error


def _finish(opened: uploads.Open, *, size: int, first: bytes) -> None:
    uploads.finish(opened, size=size, place=place_of_photo(first) is not None)


class _Sealing(FileUploadHandler):
    """Lock what a browser sends while it comes; nothing is put on a disk or held but one part."""

    def __init__(self, ticket: DraftTicket) -> None:
        super().__init__()
        self.ticket = ticket
        self.came: list[tuple[uploads.Open, bytes]] = []
        self.problem: Sentence | None = None
        self._opened: uploads.Open | None = None
        self._part = bytearray()
        self._first = b""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self._part, self._first, self._opened = bytearray(), b"", None
        if not self.file_name:
            raise SkipFile
        try:
            self._opened = uploads.begin(
                ticket=self.ticket, name=self.file_name, intimate=False, at=now()
            )
        except (TooManyFiles, NoRoom) as error:
            self.problem = _PROBLEMS[type(error)]
            raise SkipFile from error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self._part += raw_data
        while len(self._part) >= PART_BYTES:
            if not self._lock(bytes(self._part[:PART_BYTES])):
                raise SkipFile
            del self._part[:PART_BYTES]

    def file_complete(self, file_size: int) -> None:
        opened = self._opened
        if opened is None or (self._part and not self._lock(bytes(self._part))):
            return
        if opened.have:
            self.came.append((opened, self._first))
        else:
            self._forget()  # an empty file
        self._opened = None

    def drop(self) -> None:
        """Destroy what came of a request that broke off."""
        self._forget()
        for opened, _ in self.came:
            self._remove(opened.file_id)
        self.came = []

    def _lock(self, part: bytes) -> bool:
        if self._opened is None:
            return False
        try:
            uploads.add_part(self._opened, part, number=self._opened.have)
        except FileTooLarge:
            self.problem = TOO_LARGE
            self._forget()
            return False
        self._first = self._first or part
        return True

    def _forget(self) -> None:
        if self._opened is not None:
            self._remove(self._opened.file_id)
            self._opened = None

    def _remove(self, file_id: UUID) -> None:
        uploads.remove(ticket=self.ticket, file_id=file_id, at=now())
