"""Files on their way belong to a draft: what goes with it, what ends, and what can be added."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError

from safehold.domain.journey.answers import Answers
from safehold.domain.journey.harm import harm_report
from safehold.records.intake import operations, uploads
from safehold.records.intake.models import Draft, SealedReport, SentPart, Upload, UploadPart
from safehold.records.intake.tickets import DraftGone, DraftTicket

AT = datetime(2026, 11, 22, 21, 17, 42, 5, tzinfo=UTC)
TODAY, DAY = date(2026, 11, 22), timedelta(days=1)

pytestmark = [pytest.mark.database, pytest.mark.django_db(databases=["intake"])]


def started() -> DraftTicket:
    return operations.start_draft(journey="harm", at=AT)


def begun(ticket: DraftTicket, *, size: int = 0, name: str = "photo.jpg") -> uploads.Open:
    return uploads.begin(ticket=ticket, name=name, size=size, intimate=False, at=AT)


def with_a_part(ticket: DraftTicket) -> uploads.Open:
    opened = begun(ticket)
    uploads.add_part(opened, b"MARMALADE", number=0)
    return opened


def saved(until: date) -> UUID:
    """A file that a draft had and that now only a code leads to."""
    ticket = started()
    file_id = with_a_part(ticket).file_id
    uploads.keep_under_code(ticket=ticket, until=until, at=AT)
    operations.discard_draft(draft_id=ticket.draft_id, at=AT)
    assert Upload.objects.filter(pk=file_id).exists()
    return file_id


def kept() -> set[UUID]:
    """The files that there are; each has its part and there is no part besides."""
    files = set(Upload.objects.values_list("pk", flat=True))
    assert set(UploadPart.objects.values_list("upload_id", flat=True)) == files
    return files


def test_no_part_is_added_to_a_file_that_was_taken_back() -> None:
    ticket = started()
    opened = with_a_part(ticket)
    uploads.remove(ticket=ticket, file_id=opened.file_id, at=AT)
    with pytest.raises(uploads.NoSuchFile):
        uploads.add_part(opened, b"more", number=1)
    assert kept() == set()


def test_no_part_is_added_once_she_left() -> None:
    ticket = started()
    opened = with_a_part(ticket)
    operations.discard_draft(draft_id=ticket.draft_id, at=AT)
    with pytest.raises(uploads.NoSuchFile):
        uploads.add_part(opened, b"more", number=1)
    assert kept() == set()


def test_no_part_is_added_to_what_only_a_code_opens_any_more() -> None:
    ticket = started()
    opened = with_a_part(ticket)
    uploads.keep_under_code(ticket=ticket, until=TODAY, at=AT)
    operations.discard_draft(draft_id=ticket.draft_id, at=AT)
    with pytest.raises(uploads.NoSuchFile):
        uploads.add_part(opened, b"more", number=1)


def test_parts_that_no_file_has_are_destroyed() -> None:
    whole = with_a_part(started()).file_id
    UploadPart.objects.create(id=uuid4(), upload_id=uuid4(), number=0, content=b"x")
    uploads.forget_ownerless(TODAY)
    assert kept() == {whole}


def test_what_is_saved_ends_after_its_last_day_and_not_before() -> None:
    last_day, over = saved(TODAY), saved(TODAY - DAY)
    assert kept() == {last_day, over}
    assert uploads.forget_ownerless(TODAY) == 1
    assert kept() == {last_day}
    assert uploads.forget_ownerless(TODAY + DAY) == 1
    assert kept() == set()


def test_what_a_draft_took_up_again_outlives_its_code_and_goes_with_the_draft() -> None:
    ticket = started()
    file_id = with_a_part(ticket).file_id
    uploads.keep_under_code(ticket=ticket, until=TODAY, at=AT)
    uploads.forget_ownerless(TODAY + DAY)
    assert kept() == {file_id}
    operations.discard_draft(draft_id=ticket.draft_id, at=AT)
    assert kept() == set()


def test_a_file_whose_draft_is_gone_is_destroyed_and_no_other() -> None:
    alive, lost = started(), started()
    kept_file, lost_file = with_a_part(alive).file_id, with_a_part(lost).file_id
    waits = saved(TODAY)
    # as after a crash: the draft went, and its file did not
    Draft.objects.filter(pk=lost.draft_id).delete()
    assert kept() == {kept_file, lost_file, waits}
    assert uploads.forget_ownerless(TODAY) == 1
    assert kept() == {kept_file, waits}


@pytest.mark.parametrize("ends", ["on leaving", "idle"])
def test_nobody_reads_a_draft_whose_files_could_not_be_destroyed(
    monkeypatch: pytest.MonkeyPatch, ends: str
) -> None:
    ticket = started()
    with_a_part(ticket)

    def fails(*args: object) -> None:
        raise OSError("the disk is slow, or gone")

    monkeypatch.setattr(uploads, "forget_of_drafts", fails)
    ending = {
        "idle": lambda: operations.destroy_idle_drafts(at=AT + DAY),
        "on leaving": lambda: operations.discard_draft(draft_id=ticket.draft_id, at=AT),
    }
    with pytest.raises(OSError, match="the disk"):
        ending[ends]()
    row = Draft.objects.get()
    assert (bytes(row.server_half), bytes(row.content)) == (bytes(32), b"")
    with pytest.raises(DraftGone):
        uploads.listed(ticket=ticket, at=AT)
    # and the next run destroys it
    monkeypatch.undo()
    operations.destroy_idle_drafts(at=AT + DAY)
    assert kept() == set()
    assert not Draft.objects.exists()


def test_a_report_is_sent_whatever_becomes_of_what_came_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ticket = started()
    opened = with_a_part(ticket)
    uploads.finish(opened, size=9)
    begun(ticket)
    uploads.keep_under_code(ticket=ticket, until=TODAY, at=AT)

    def busy() -> int:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(uploads, "forget_lost", busy)
        made = harm_report(Answers.from_plain({}), at=AT, zone=ZoneInfo("Europe/London"))
        receipt = operations.submit(
            ticket=ticket, slip=made.slip, account=made.account, identity=made.identity, at=AT
        )
    assert SealedReport.objects.get().reference == receipt.reference
    assert SentPart.objects.get().file_id == opened.file_id
    # nothing leads to it, and the next run destroys it
    assert set(Upload.objects.values_list("draft_id", "saved_until")) == {(None, None)}
    assert uploads.forget_ownerless(TODAY) == 2
    assert kept() == set()
    assert SentPart.objects.count() == 1


def test_all_files_of_a_report_together_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_TOGETHER", uploads.PART_BYTES)
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    ticket = started()
    with pytest.raises(uploads.TooMuchTogether):
        begun(ticket, size=uploads.PART_BYTES + 1)
    begun(ticket, size=600_000)
    with pytest.raises(uploads.TooMuchTogether):
        begun(ticket, size=600_000)
    # without a script nobody says how large it will be
    opened = begun(ticket)
    for number in range(3):
        uploads.add_part(opened, bytes(uploads.PART_BYTES), number=number)
    with pytest.raises(uploads.TooMuchTogether):
        uploads.add_part(opened, bytes(uploads.PART_BYTES), number=3)


def test_what_was_found_intimate_later_is_intimate() -> None:
    ticket = started()
    opened = with_a_part(ticket)
    uploads.mark_intimate(uploads.resume(ticket=ticket, file_id=opened.file_id, at=AT))
    (listed,) = uploads.listed(ticket=ticket, at=AT)
    assert listed.manifest.intimate
    again = uploads.resume(ticket=ticket, file_id=opened.file_id, at=AT)
    assert uploads.finish(again, size=9).intimate


def test_a_name_that_cannot_be_written_is_mended() -> None:
    ticket = started()
    begun(ticket, name="a\ud800.jpg")
    begun(ticket, name="")
    first, second = uploads.listed(ticket=ticket, at=AT)
    assert (first.manifest.name, second.manifest.name) == ("a?.jpg", "file")
