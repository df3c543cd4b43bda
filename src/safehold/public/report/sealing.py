"""Files of a form without a script: locked while they come, and nothing of them put on a disk."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.timezone import now

from safehold.domain.journey.sentences import Sentence
from safehold.files import place_of_photo
from safehold.public.report.file_problems import EMPTY, PROBLEMS, REFUSED
from safehold.records.intake import uploads
from safehold.records.intake.operations import use_draft
from safehold.records.intake.tickets import DraftTicket, used_at
from safehold.records.intake.uploads import PART_BYTES


class Sealing(FileUploadHandler):
    """Lock what a browser sends while it comes, a part at a time in memory.

    `problem` says why one of the files was not taken; the others come all the same.
    """

    def __init__(self, ticket: DraftTicket) -> None:
        super().__init__()
        self.ticket = ticket
        self.came: list[tuple[uploads.Open, bytes]] = []
        self.problem: Sentence | None = None
        self._opened: uploads.Open | None = None
        self._part = bytearray()
        self._first = b""
        self._used = used_at(now())

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file. Raises DraftGone."""
        super().new_file(*args, **kwargs)
        self._part, self._first, self._opened = bytearray(), b"", None
        if not self.file_name:
            raise SkipFile
        try:
            self._opened = uploads.begin(
                ticket=self.ticket, name=self.file_name, intimate=False, at=now()
            )
        except REFUSED as error:
            self._refuse(error)
            raise SkipFile from error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Lock each part as it is whole."""
        self._part += raw_data
        while len(self._part) >= PART_BYTES:
            if not self._lock(bytes(self._part[:PART_BYTES])):
                raise SkipFile
            del self._part[:PART_BYTES]

    def file_complete(self, file_size: int) -> None:
        """Lock the last part."""
        opened = self._opened
        if opened is None or (self._part and not self._lock(bytes(self._part))):
            return
        if opened.have:
            self.came.append((opened, self._first))
        else:
            self.problem = self.problem or EMPTY
            self._forget()
        self._opened = None

    def finish(self, *, intimate: bool) -> None:
        """Note of each file that came that it is whole. Raises DraftGone."""
        for opened, first in self.came:
            opened.manifest = replace(opened.manifest, intimate=intimate)
            place = place_of_photo(first) is not None
            try:
                uploads.finish(opened, size=opened.bytes_so_far, place=place)
            except REFUSED as error:
                self._refuse(error)

    def drop(self) -> None:
        """Destroy what came of a request that broke off: how it is marked was not heard."""
        self._forget()
        for opened, _ in self.came:
            self._remove(opened.file_id)
        self.came = []

    def _lock(self, part: bytes) -> bool:
        if self._opened is None:
            return False
        self._use()
        try:
            uploads.add_part(self._opened, part, number=self._opened.have)
        except REFUSED as error:
            self._refuse(error)
            self._forget()
            return False
        self._first = self._first or part
        return True

    def _use(self) -> None:
        # What comes for longer than a draft may lie idle is use of it all the while.
        used = used_at(now())
        if used > self._used:
            use_draft(ticket=self.ticket, at=used)
            self._used = used

    def _refuse(self, error: Exception) -> None:
        self.problem = self.problem or PROBLEMS[type(error)]

    def _forget(self) -> None:
        if self._opened is not None:
            self._remove(self._opened.file_id)
            self._opened = None

    def _remove(self, file_id: UUID) -> None:
        uploads.remove(ticket=self.ticket, file_id=file_id, at=now())
