"""Files are added without a script or in parts, locked as they come, and sent with the report."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from safehold.crypto import chunks
from safehold.crypto.envelopes import Kind
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import Purpose
from safehold.records.intake import uploads
from safehold.records.intake.models import SealedReport, SentPart, Upload, UploadPart
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
    visitor.response = visitor.client.post(FILES, {"file": file, **more}, follow=True)
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
    ("content", "says"), [(None, "Choose a file first."), (b"", "Choose a file first.")]
)
def test_nothing_chosen_is_said(teller: Visitor, content: bytes | None, says: str) -> None:
    given = {} if content is None else {"file": io.BytesIO(content)}
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


Mangle = Callable[[dict[str, Any]], dict[str, Any]]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    said=st.one_of(
        st.dictionaries(
            st.sampled_from(["do", "file", "size", "name", "stamp", "intimate"]),
            st.one_of(st.none(), st.integers(), st.text(), st.booleans(), st.lists(st.text())),
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
