"""A file of a report is opened singly, with a reason; a clean copy is kept beside the original."""

from __future__ import annotations

import hashlib
import io
from uuid import UUID, uuid4

import pytest
from django.db import connection
from PIL import Image

from safehold.domain.access import Refused, Role
from safehold.files import CannotExamine, Scan, ScanState
from safehold.records.audit import queries as events
from safehold.records.exhibits import operations
from safehold.records.exhibits.models import CleanedPart, Exhibit
from safehold.records.exhibits.operations import Copy
from safehold.records.intake.models import SentPart
from safehold.records.triage.openings import about
from safehold.records.triage.reasons import ReasonTooThin
from tests.desk import AT, member
from tests.desk_files import send_with_file
from tests.files import made_files
from tests.unguarded import take_guards_from

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.usefixtures("keys"),
]

REASON = "To see who stood at the door"


def looked(ids: tuple[UUID, UUID], role: Role = Role.TRIAGE_OFFICER) -> operations.Looked:
    return operations.look(report_id=ids[0], file_id=ids[1], reason=REASON, by=member(role), at=AT)


def taken(ids: tuple[UUID, UUID], which: Copy, role: Role = Role.TRIAGE_OFFICER) -> bytes:
    content, _ = operations.take_out(
        report_id=ids[0], file_id=ids[1], which=which, reason=REASON, by=member(role), at=AT
    )
    return content


def acts(report_id: UUID) -> list[str]:
    rows = events.events_about(about(report_id)).order_by("sequence")
    return [row.action for row in rows]


def test_a_look_is_recorded_and_keeps_what_was_found() -> None:
    photo = made_files.photo()
    ids = send_with_file(photo)
    found = looked(ids)
    assert found.found is not None
    assert found.found.previews
    assert found.file.name == "at the door.jpg"
    kept = Exhibit.objects.get()
    assert kept.digest == hashlib.sha256(photo).hexdigest()
    assert (kept.kind, kept.place, kept.intimate) == ("jpeg", True, False)
    assert acts(ids[0])[-3:] == ["looked", "file opened", "file examined"]


def test_the_original_is_what_was_sent_and_the_clean_copy_holds_no_place() -> None:
    photo = made_files.photo()
    ids = send_with_file(photo)
    looked(ids)
    assert taken(ids, Copy.ORIGINAL) == photo
    clean = taken(ids, Copy.CLEANED)
    assert hashlib.sha256(clean).hexdigest() == Exhibit.objects.get().cleaned_digest
    assert dict(Image.open(io.BytesIO(clean)).getexif()) == {}
    assert acts(ids[0])[-1] == "file taken out"


def test_neither_name_nor_picture_stands_in_the_records_in_clear() -> None:
    ids = send_with_file(made_files.photo(), name="QUENTIN.jpg")
    looked(ids)
    (clean,) = [taken(ids, Copy.CLEANED)]
    with connection.cursor() as cursor:
        kept = b""
        for table in ("exhibit", "exhibit_cleaned_part", "audit_auditevent"):
            cursor.execute(f"SELECT * FROM {table}")
            kept += b"".join(
                bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
                for row in cursor
                for value in row
            )
    assert b"QUENTIN" not in kept
    assert clean[100:160] not in kept


def test_looking_again_finds_the_same_and_keeps_nothing_twice() -> None:
    ids = send_with_file(made_files.photo())
    looked(ids)
    looked(ids, Role.SUPERVISOR)
    assert Exhibit.objects.count() == 1
    assert CleanedPart.objects.count() == 1


def test_a_thin_reason_opens_nothing() -> None:
    ids = send_with_file(made_files.photo())
    with pytest.raises(ReasonTooThin):
        operations.look(report_id=ids[0], file_id=ids[1], reason="x", by=member(), at=AT)
    assert not Exhibit.objects.exists()


@pytest.mark.parametrize("role", [Role.IDENTITY_KEEPER, Role.ANALYST, Role.EDITOR, Role.AUDITOR])
def test_nobody_apart_from_the_unit_opens_it(role: Role) -> None:
    with pytest.raises(Refused):
        looked(send_with_file(made_files.photo()), role)


def test_what_she_marked_as_intimate_is_opened_by_few() -> None:
    ids = send_with_file(made_files.photo(), intimate=True)
    with pytest.raises(Refused, match="intimate"):
        looked(ids)
    assert looked(ids, Role.SUPERVISOR).found is not None
    with pytest.raises(Refused):
        taken(ids, Copy.CLEANED)


def test_what_an_officer_marks_as_intimate_is_closed_to_them_too() -> None:
    ids = send_with_file(made_files.photo())
    looked(ids)
    operations.mark_intimate(file_id=ids[1], by=member(), at=AT)
    operations.mark_intimate(file_id=ids[1], by=member(), at=AT)
    assert acts(ids[0]).count("file marked as intimate") == 1
    with pytest.raises(Refused):
        looked(ids)


def test_a_file_of_a_report_about_a_colleague_is_for_professional_standards() -> None:
    ids = send_with_file(made_files.photo(), works={"party": "yes"})
    for role in (Role.TRIAGE_OFFICER, Role.SUPERVISOR):
        with pytest.raises(Refused):
            looked(ids, role)
    assert looked(ids, Role.PROFESSIONAL_STANDARDS).found is not None
    assert Exhibit.objects.get().police_party
    assert taken(ids, Copy.CLEANED, Role.PROFESSIONAL_STANDARDS)


def test_a_missing_part_is_said_and_recorded() -> None:
    ids = send_with_file(b"x" * 2_000_000, name="film.mp4")
    take_guards_from("intake_sentpart")
    SentPart.objects.using("intake").filter(number=1).delete()
    with pytest.raises(operations.FileDamaged):
        looked(ids)
    assert acts(ids[0])[-1] == "file damaged"


def test_parts_in_another_order_do_not_open() -> None:
    ids = send_with_file(b"x" * 2_000_000, name="film.mp4")
    rows = {row.number: row for row in SentPart.objects.using("intake").all()}
    contents = {number: bytes(row.content) for number, row in rows.items()}
    take_guards_from("intake_sentpart")
    SentPart.objects.using("intake").all().delete()
    for number, row in rows.items():
        row._state.adding, row.content = True, contents[1 - number]
        row.save(using="intake")
    with pytest.raises(operations.FileDamaged):
        looked(ids)


def test_what_a_scanner_found_is_neither_drawn_nor_taken_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = send_with_file(made_files.photo())
    found = Scan(ScanState.FOUND, "Test", "The virus scanner found something.")
    monkeypatch.setattr(operations, "scan", lambda *args, **kwargs: found)
    seen = looked(ids)
    assert (seen.found, seen.problem) == (None, "The virus scanner found something.")
    with pytest.raises(operations.NotTakenOut):
        taken(ids, Copy.ORIGINAL)


SAID = {
    ScanState.FOUND: Scan(ScanState.FOUND, "Test", "The virus scanner found something."),
    ScanState.CLEAN: Scan(ScanState.CLEAN, "", "The virus scanner found nothing."),
    ScanState.NOT_SCANNED: Scan(ScanState.NOT_SCANNED, "", "It was not scanned."),
}


@pytest.mark.parametrize(
    "order",
    [
        (ScanState.FOUND, ScanState.CLEAN),
        (ScanState.FOUND, ScanState.NOT_SCANNED),
        (ScanState.CLEAN, ScanState.FOUND),
        (ScanState.NOT_SCANNED, ScanState.FOUND),
    ],
)
def test_what_a_scanner_once_found_stays_found(
    monkeypatch: pytest.MonkeyPatch, order: tuple[ScanState, ScanState]
) -> None:
    ids = send_with_file(made_files.photo())
    for state in order:
        monkeypatch.setattr(operations, "scan", lambda *args, said=SAID[state], **kwargs: said)
        seen = looked(ids)
    assert seen.found is None
    assert seen.problem
    assert Exhibit.objects.get().scan == ScanState.FOUND
    assert acts(ids[0]).count("virus found in a file") == 1
    for which in Copy:
        with pytest.raises(operations.NotTakenOut):
            taken(ids, which)


@pytest.mark.parametrize("state", [ScanState.CLEAN, ScanState.NOT_SCANNED])
def test_what_was_never_scanned_or_is_clean_may_be_taken_out(
    monkeypatch: pytest.MonkeyPatch, state: ScanState
) -> None:
    ids = send_with_file(made_files.photo())
    monkeypatch.setattr(operations, "scan", lambda *args, **kwargs: SAID[state])
    looked(ids)
    assert Exhibit.objects.get().scan == state
    assert taken(ids, Copy.ORIGINAL) == made_files.photo()


def test_a_file_that_nobody_could_look_into_is_kept_and_looked_into_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ids = send_with_file(made_files.photo())

    def fails(*args: object, **kwargs: object) -> None:
        raise CannotExamine("Looking into the file took too long.")

    with monkeypatch.context() as patched:
        patched.setattr(operations, "examine", fails)
        assert looked(ids).problem == "Looking into the file took too long."
    assert taken(ids, Copy.ORIGINAL) == made_files.photo()
    assert looked(ids).found is not None
    assert Exhibit.objects.get().kind == "jpeg"
    assert taken(ids, Copy.CLEANED)


def test_one_file_at_a_time_stands_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = send_with_file(made_files.photo())
    monkeypatch.setattr(operations, "_PATIENCE_SECONDS", 0.01)
    before = acts(ids[0])
    with operations._ONE_AT_A_TIME, pytest.raises(operations.Busy):
        looked(ids)
    # nothing says that it was opened
    assert acts(ids[0]) == before
    looked(ids)
    with operations._ONE_AT_A_TIME, pytest.raises(operations.Busy):
        taken(ids, Copy.ORIGINAL)
    assert taken(ids, Copy.ORIGINAL)


def test_a_file_that_cannot_be_cleaned_says_so_and_its_original_can_be_taken() -> None:
    ids = send_with_file(b"\x00\x01 nothing we know", name="notes.xyz")
    seen = looked(ids)
    assert seen.found is not None
    assert seen.found.cleaned is None
    assert seen.found.problems
    with pytest.raises(operations.NotTakenOut):
        taken(ids, Copy.CLEANED)
    assert taken(ids, Copy.ORIGINAL) == b"\x00\x01 nothing we know"


def test_nothing_is_taken_out_unseen_and_no_other_file_is_there() -> None:
    ids = send_with_file(made_files.photo())
    with pytest.raises(operations.NotTakenOut):
        taken(ids, Copy.ORIGINAL)
    with pytest.raises(operations.NoSuchFile):
        looked((ids[0], uuid4()))
