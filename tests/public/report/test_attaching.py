"""Files are added without a script or in parts, locked as they come, and sent with the report."""

from __future__ import annotations

import io
import itertools
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.crypto import chunks
from safehold.crypto.envelopes import Kind
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import Purpose
from safehold.public.report import attaching, device, drafts, sealing
from safehold.records.intake import queries, uploads
from safehold.records.intake.models import Draft, SealedReport, SentPart, Upload, UploadPart
from safehold.records.intake.tickets import DraftGone
from tests.public.report.visitor import Visitor

pytestmark = [
    pytest.mark.django_db(databases=["default", "intake"]),
    pytest.mark.database,
    pytest.mark.urls("safehold.config.urls.public"),
    pytest.mark.usefixtures("county"),
]

TELL, SAVE, RETURN, FILES = "/report/tell/", "/report/save/", "/return/", "/report/files/"
PICTURE = b"\xff\xd8\xff\xe0MARMALADE" + bytes(range(256)) * 40
LARGE = b"ZANZIBAR" * 150_000  # a little more than one part


@pytest.fixture
def teller(client: Client) -> Visitor:
    """Someone who has come to the page of files."""
    visitor = Visitor(client, TELL, "harm").begins()
    while visitor.page != "files":
        visitor.sends(**({"evidence": "pictures"} if visitor.page == "evidence" else {}))
    return visitor


def adds(visitor: Visitor, content: bytes, name: str = "photo.jpg", **more: Any) -> Visitor:
    """Choose a file and press the button, without a script."""
    file = SimpleUploadedFile(name, content)
    given = {"do": "add", "file": file, **more}
    visitor.response = visitor.client.post(FILES, given, follow=True)
    return visitor._arrived(FILES)


def told(client: Client, **said: Any) -> Any:
    return client.post(FILES, json.dumps(said), content_type="application/json")


def part(client: Client, file: str, number: int, content: bytes) -> Any:
    return client.post(
        FILES,
        content,
        content_type="application/octet-stream",
        headers={"X-File": file, "X-Part": str(number)},
    )


def finishes(visitor: Visitor) -> Visitor:
    while visitor.page != "check":
        visitor.sends()
    return visitor


def account(keys: Path) -> dict[str, Any]:
    """Open the one account in the store, as the unit would."""
    (report,) = SealedReport.objects.using("intake").all()
    opening = load_opening_keys(keys, purposes=[Purpose.ACCOUNT])
    envelope = bytes(report.account)
    payload = open_envelope(envelope, kind=Kind.ACCOUNT, subject=str(report.id), keys=opening)
    return dict(json.loads(payload))


def content_of(manifest: dict[str, Any]) -> bytes:
    """Put a sent file together again."""
    from uuid import UUID

    file_id = UUID(manifest["id"])
    rows = SentPart.objects.using("intake").filter(file_id=file_id).order_by("number")
    assert [row.number for row in rows] == list(range(manifest["parts"]))
    return b"".join(
        chunks.unlock_part(
            bytes(row.content), key=manifest["key"], file_id=file_id, number=row.number
        )
        for row in rows
    )


def everything_kept() -> bytes:
    with connections["intake"].cursor() as cursor:
        found = b""
        for table in ("intake_upload", "intake_uploadpart", "intake_sentpart", "intake_draft"):
            cursor.execute(f"SELECT * FROM {table}")
            found += b"".join(
                bytes(value) if isinstance(value, (bytes, memoryview)) else str(value).encode()
                for row in cursor
                for value in row
            )
    return found


def test_files_go_with_the_report_and_only_its_account_opens_them(
    teller: Visitor, keys: Path
) -> None:
    adds(teller, PICTURE, "at the door.jpg")
    adds(teller, LARGE, "film.mp4", intimate="yes")
    assert "at the door.jpg , 0.1 MB" in teller.words
    assert "film.mp4 , 1.2 MB" in teller.words
    assert "Marked as private" in teller.words
    check = finishes(teller)
    assert "at the door.jpg" in check.words
    check.sends("send")
    assert "We have it" in check.words
    first, second = account(keys)["files"]
    assert (first["name"], first["intimate"]) == ("at the door.jpg", False)
    assert (second["name"], second["intimate"], second["size"]) == ("film.mp4", True, len(LARGE))
    assert (content_of(first), content_of(second)) == (PICTURE, LARGE)
    assert not Upload.objects.using("intake").exists()
    assert not UploadPart.objects.using("intake").exists()


def test_nothing_of_a_file_is_kept_in_clear(teller: Visitor, tmp_path: Path) -> None:
    adds(teller, PICTURE, "QUENTIN.jpg")
    adds(teller, LARGE)
    for word in (b"MARMALADE", b"ZANZIBAR", b"QUENTIN"):
        assert word not in everything_kept()


def test_a_script_sends_parts_and_goes_on_where_it_broke_off(teller: Visitor, keys: Path) -> None:
    said = {"do": "begin", "name": "film.mp4", "size": len(LARGE), "stamp": "7"}
    begun = told(teller.client, **said).json()
    first = LARGE[: uploads.PART_BYTES]
    assert part(teller.client, begun["file"], 0, first).json() == {"have": 1}
    # the same part again changes nothing; a later one is not taken
    assert part(teller.client, begun["file"], 0, first).json() == {"have": 1}
    assert part(teller.client, begun["file"], 5, b"later").json() == {"have": 1}
    # not all of it is there: it is said, and it would not be sent
    assert "Not all of it came" in teller.goes(teller.at).words
    # choosing the same file again goes on
    assert told(teller.client, **said).json() == {"file": begun["file"], "have": 1}
    rest = LARGE[uploads.PART_BYTES :]
    assert part(teller.client, begun["file"], 1, rest).json() == {"have": 2}
    to = told(teller.client, do="finish", file=begun["file"], size=len(LARGE)).json()["to"]
    assert to == teller.at
    finishes(teller.goes(to)).sends("send")
    (sent,) = account(keys)["files"]
    assert content_of(sent) == LARGE


def test_a_file_that_is_not_whole_is_destroyed_and_not_sent(teller: Visitor, keys: Path) -> None:
    begun = told(teller.client, do="begin", name="film.mp4", size=len(LARGE)).json()
    part(teller.client, begun["file"], 0, LARGE[: uploads.PART_BYTES])
    finishes(teller).sends("send")
    assert "files" not in account(keys)
    assert not UploadPart.objects.using("intake").exists()


def test_a_file_is_taken_away_again(teller: Visitor) -> None:
    adds(teller, PICTURE)
    (row,) = Upload.objects.using("intake").all()
    teller.response = teller.client.post(FILES, {"remove": str(row.pk)}, follow=True)
    assert "photo.jpg" not in teller._arrived(FILES).words
    assert not UploadPart.objects.using("intake").exists()


def test_leaving_destroys_files_with_the_draft(teller: Visitor) -> None:
    adds(teller, PICTURE)
    teller.client.post("/exit/")
    assert not Upload.objects.using("intake").exists()
    assert not UploadPart.objects.using("intake").exists()


def test_files_wait_under_a_code_and_open_on_another_device(teller: Visitor, keys: Path) -> None:
    import re

    adds(teller, PICTURE)
    teller.sends("save").sends("digits", at=SAVE)
    found = re.search(r'<strong dir="ltr">([^<]+)</strong>', teller.html)
    assert found is not None
    teller.sends("kept", at=SAVE)
    assert UploadPart.objects.using("intake").count() == 1
    other = Visitor(Client(), TELL, "harm")
    other.sends(at=RETURN, code=found[1])
    while other.page != "files":
        other.sends()
    assert "photo.jpg" in other.words
    finishes(other).sends("send")
    (sent,) = account(keys)["files"]
    assert content_of(sent) == PICTURE


def test_what_is_destroyed_with_its_code_takes_its_files_along(teller: Visitor) -> None:
    import re

    adds(teller, PICTURE)
    teller.sends("save").sends("digits", at=SAVE)
    found = re.search(r'<strong dir="ltr">([^<]+)</strong>', teller.html)
    assert found is not None
    teller.sends("kept", at=SAVE)
    Visitor(Client(), TELL, "harm").sends("destroy", at=RETURN, code=found[1])
    assert not Upload.objects.using("intake").exists()
    assert not UploadPart.objects.using("intake").exists()


def test_a_file_that_is_too_large_is_said_in_place_and_nothing_of_it_stays(
    teller: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", uploads.PART_BYTES)
    assert "That file is too large" in adds(teller, LARGE).words
    assert teller.page == "files"
    assert not UploadPart.objects.using("intake").exists()
    # the rest of the form goes on, and the problem is not said again
    assert "too large" not in adds(teller, PICTURE).words


def test_there_is_an_end_to_how_many(teller: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_FILES", 1)
    adds(teller, PICTURE)
    assert "Tell us that you have more" in adds(teller, PICTURE, "second.jpg").words
    assert Upload.objects.using("intake").count() == 1


def test_a_full_store_takes_no_file_and_still_takes_the_report(
    teller: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(uploads._LIMITS, "unsent", 0)
    assert "We cannot take files just now." in adds(teller, PICTURE).words
    assert "We have it" in finishes(teller).sends("send").words


@pytest.mark.parametrize(
    ("content", "says"), [(None, "Choose a file first."), (b"", "That file is empty.")]
)
def test_nothing_chosen_is_said(teller: Visitor, content: bytes | None, says: str) -> None:
    given: dict[str, Any] = {"do": "add"}
    if content is not None:
        given["file"] = SimpleUploadedFile("photo.jpg", content)
    teller.response = teller.client.post(FILES, given, follow=True)
    assert says in teller._arrived(FILES).words


def test_a_photo_that_holds_a_place_is_said_and_the_place_is_no_answer(
    teller: Visitor, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.files import made_files

    adds(teller, made_files.photo())
    assert "It says where it was taken." in teller.words
    finishes(teller).sends("send")
    opened = account(keys)
    assert opened["files"][0]["place"] is True
    assert opened["place"].get("lon") is None


def test_another_browser_reaches_no_file(teller: Visitor) -> None:
    adds(teller, PICTURE)
    (row,) = Upload.objects.using("intake").all()
    stranger = Client()
    stranger.post(FILES, {"remove": str(row.pk)})
    assert part(stranger, str(row.pk), 1, b"more").status_code == 409
    Visitor(stranger, TELL, "harm").begins()
    stranger.post(FILES, {"remove": str(row.pk)})
    assert part(stranger, str(row.pk), 1, b"more").status_code == 409
    assert UploadPart.objects.using("intake").count() == 1


def test_the_page_of_files_is_met_only_by_whoever_has_something(client: Client) -> None:
    visitor = Visitor(client, TELL, "harm").begins()
    while visitor.page != "check":
        assert visitor.page != "files"
        visitor.sends()
    assert adds(visitor, PICTURE).page != "files"
    assert not Upload.objects.using("intake").exists()


def test_a_page_that_asks_for_no_file_keeps_none(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor(client, TELL, "harm").begins()

    def refused(*args: object, **kwargs: object) -> None:
        raise AssertionError("something was written to the disk")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", refused)
    monkeypatch.setattr("tempfile.TemporaryFile", refused)
    monkeypatch.setattr("tempfile.mkstemp", refused)
    client.post(visitor.at, {"q": "harm.now", "danger": "no", "file": io.BytesIO(LARGE * 3)})
    adds(visitor, LARGE * 3)


def test_every_file_that_can_be_taken_is_and_the_other_is_said(
    teller: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", uploads.PART_BYTES)
    chosen = [("first.jpg", PICTURE), ("film.mp4", LARGE), ("none.txt", b""), ("last.jpg", PICTURE)]
    files = [SimpleUploadedFile(name, content) for name, content in chosen]
    given = {"do": "add", "file": files, "intimate": "yes"}
    teller.response = teller.client.post(FILES, given, follow=True)
    words = teller._arrived(FILES).words
    assert "That file is too large" in words
    assert words.count("Marked as private") == 2
    assert "Not all of it came" not in words
    assert Upload.objects.using("intake").count() == 2


def test_going_on_adds_what_was_chosen(teller: Visitor, keys: Path) -> None:
    file = SimpleUploadedFile("photo.jpg", PICTURE)
    teller.response = teller.client.post(FILES, {"do": "continue", "file": file}, follow=True)
    assert teller._arrived(FILES).page != "files"
    assert "photo.jpg" in finishes(teller).words
    teller.sends("send")
    assert [each["name"] for each in account(keys)["files"]] == ["photo.jpg"]


def test_going_on_with_what_cannot_be_taken_says_so_first(teller: Visitor) -> None:
    file = SimpleUploadedFile("photo.jpg", b"")
    teller.response = teller.client.post(FILES, {"do": "continue", "file": file}, follow=True)
    assert "That file is empty." in teller._arrived(FILES).words
    # and the same button with nothing chosen leads on
    teller.response = teller.client.post(FILES, {"do": "continue"}, follow=True)
    assert teller._arrived(FILES).page != "files"


def test_saving_adds_what_was_chosen(teller: Visitor) -> None:
    file = SimpleUploadedFile("photo.jpg", PICTURE)
    teller.response = teller.client.post(FILES, {"do": "save", "file": file}, follow=True)
    assert teller._arrived(FILES).at == SAVE
    assert UploadPart.objects.using("intake").count() == 1


def test_a_file_that_is_not_whole_is_named_before_sending(teller: Visitor) -> None:
    adds(teller, PICTURE, "whole.jpg")
    begun = told(teller.client, do="begin", name="film.mp4", size=len(LARGE)).json()
    part(teller.client, begun["file"], 0, LARGE[: uploads.PART_BYTES])
    assert "film.mp4 . Not all of it came: it will not be sent." in finishes(teller).words


def test_a_script_hears_of_an_empty_file_and_the_next_one_goes_on(teller: Visitor) -> None:
    assert told(teller.client, do="begin", name="none.txt", size=0).status_code == 409
    begun = told(teller.client, do="begin", name="photo.jpg", size=len(PICTURE), more=True).json()
    part(teller.client, begun["file"], 0, PICTURE)
    told(teller.client, do="finish", file=begun["file"], size=len(PICTURE))
    assert "That file is empty." in teller.goes(teller.at).words
    assert "photo.jpg" in teller.words
    # it is not said again of what is chosen after it
    told(teller.client, do="begin", name="second.jpg", size=len(PICTURE))
    assert "That file is empty." not in teller.goes(teller.at).words


def test_a_file_marked_as_intimate_on_going_on_is_intimate(teller: Visitor, keys: Path) -> None:
    said = {"do": "begin", "name": "film.mp4", "size": len(PICTURE), "stamp": "7"}
    told(teller.client, **said)
    begun = told(teller.client, **said, intimate=True).json()
    # and once it is marked, choosing it again without the mark takes nothing back
    told(teller.client, **said, intimate=False)
    part(teller.client, begun["file"], 0, PICTURE)
    told(teller.client, do="finish", file=begun["file"], size=len(PICTURE))
    finishes(teller.goes(teller.at)).sends("send")
    assert account(keys)["files"][0]["intimate"] is True


def test_a_name_that_cannot_be_written_does_not_hold_the_report_up(
    teller: Visitor, keys: Path
) -> None:
    said = {"do": "begin", "name": "a\ud800.jpg", "size": len(PICTURE), "stamp": "\udfff"}
    begun = told(teller.client, **said).json()
    assert told(teller.client, **said).json() == {**begun, "have": 0}
    part(teller.client, begun["file"], 0, PICTURE)
    told(teller.client, do="finish", file=begun["file"], size=len(PICTURE))
    assert "We have it" in finishes(teller.goes(teller.at)).sends("send").words
    assert account(keys)["files"][0]["name"] == "a?.jpg"


@pytest.mark.parametrize(
    "said", ['{"do": "begin", "name": "x", "size": 1e999}', '{"size": NaN}', "[" * 20_000]
)
def test_numbers_without_an_end_are_refused(teller: Visitor, said: str) -> None:
    assert teller.client.post(FILES, said, content_type="application/json").status_code == 409


def minutes_later(monkeypatch: pytest.MonkeyPatch, minutes: int) -> None:
    """Let the time go by for whoever sends files."""
    later = now() + timedelta(minutes=minutes)
    for module in (attaching, sealing):
        monkeypatch.setattr(module, "now", lambda: later)


def last_used() -> datetime:
    return Draft.objects.using("intake").get().last_used_at


def test_a_part_counts_as_use(teller: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = told(teller.client, do="begin", name="film.mp4", size=len(LARGE)).json()
    before = last_used()
    minutes_later(monkeypatch, 9)
    part(teller.client, begun["file"], 0, LARGE[: uploads.PART_BYTES])
    assert last_used() - before >= timedelta(minutes=8)


def test_a_file_that_comes_for_long_keeps_its_draft_alive(
    teller: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = now()
    passed = itertools.count(start=0, step=9)
    # each look at the clock is nine minutes later: the form as a whole takes hours
    monkeypatch.setattr(sealing, "now", lambda: start + timedelta(minutes=next(passed)))
    seen: list[datetime] = []
    lock = chunks.lock_part

    def notes(*args: Any, **kwargs: Any) -> bytes:
        seen.append(last_used())
        return lock(*args, **kwargs)

    monkeypatch.setattr(chunks, "lock_part", notes)
    adds(teller, LARGE * 4)
    assert len(seen) == 5
    assert seen == sorted(set(seen))


def test_a_draft_that_went_while_a_file_came_is_not_begun_again(
    teller: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin = uploads.begin

    def leaves(**given: Any) -> uploads.Open:
        opened = begin(**given)
        Draft.objects.using("intake").all().delete()
        return opened

    monkeypatch.setattr(uploads, "begin", leaves)
    response = teller.client.post(
        FILES, {"do": "add", "file": SimpleUploadedFile("none.txt", PICTURE)}
    )
    assert response.status_code == 303
    assert not Draft.objects.using("intake").exists()


def test_a_refusal_after_the_draft_went_begins_none(
    teller: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaves(**given: Any) -> uploads.Open:
        Draft.objects.using("intake").all().delete()
        raise uploads.TooManyFiles

    monkeypatch.setattr(uploads, "begin", leaves)
    assert told(teller.client, do="begin", name="x", size=5).status_code == 409
    assert not Draft.objects.using("intake").exists()


def test_what_was_said_of_the_last_file_begins_no_draft(
    teller: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(teller.client, do="begin", name="none.txt", size=0)  # there is something to mend
    held_now = drafts.held

    def then_leaves(request: Any, *, at: datetime) -> drafts.Held:
        held = held_now(request, at=at)
        Draft.objects.using("intake").all().delete()
        return held

    monkeypatch.setattr(drafts, "held", then_leaves)
    assert told(teller.client, do="begin", name="x", size=5).status_code == 409
    assert not Draft.objects.using("intake").exists()


def test_saving_after_the_draft_went_is_answered(
    teller: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    teller.sends("save")

    def gone(**given: Any) -> list[dict[str, Any]]:
        raise DraftGone

    monkeypatch.setattr(uploads, "keep_under_code", gone)
    answer = teller.client.post(SAVE, {"do": "digits"})
    assert (answer.status_code, answer.headers["Location"]) == (303, SAVE)


def test_answers_given_in_another_tab_meanwhile_are_not_undone(
    teller: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(teller.client, do="begin", name="none.txt", size=0)  # there is something to mend
    other = Visitor(teller.client, TELL, "harm")
    begin = uploads.begin

    def answers_elsewhere(**given: Any) -> uploads.Open:
        other.goes("/report/1/").sends(danger="no")
        return begin(**given)

    monkeypatch.setattr(uploads, "begin", answers_elsewhere)
    adds(teller, PICTURE)
    ticket = device.ticket(teller.goes(teller.at).response.wsgi_request)
    entries = queries.draft_state(ticket, now()).answers["entries"]
    assert entries["now"] == {"danger": "no"}


Mangle = Callable[[dict[str, Any]], dict[str, Any]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    said=st.one_of(
        st.dictionaries(
            st.sampled_from(["do", "file", "size", "name", "stamp", "intimate"]),
            st.one_of(
                st.sampled_from(["begin", "finish"]),
                st.none(),
                st.integers(),
                st.floats(),
                st.text(),
                st.text(st.characters(codec=None)),
                st.booleans(),
                st.lists(st.text()),
            ),
        ),
        st.lists(st.integers()),
        st.text(),
    ),
    number=st.text(max_size=12),
    body=st.binary(min_size=1, max_size=64),
)
def test_whatever_a_script_says_is_answered_with_a_way_on(
    teller: Visitor, said: Any, number: str, body: bytes
) -> None:
    answer = teller.client.post(FILES, json.dumps(said), content_type="application/json")
    assert answer.status_code in {200, 409}
    answer = teller.client.post(FILES, body, content_type="application/json")
    assert answer.status_code == 409
    plain = "".join(each for each in number if each.isascii() and each.isprintable())
    answer = teller.client.post(
        FILES,
        body,
        content_type="application/octet-stream",
        headers={"X-File": str(uuid4()), "X-Part": plain},
    )
    assert answer.status_code == 409
