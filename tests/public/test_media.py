"""Films in sign language and easy words: shown when whole and approved, from our own disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from safehold.content.first_pages import FirstPage
from safehold.content.operations import seed_pages
from safehold.domain.languages import Approval
from safehold.domain.other_forms import EASY, SIGNED, SLOTS
from safehold.public.media import views
from safehold.records.audit.actors import System
from safehold.records.media import queries
from safehold.records.snapshots import queries as snapshots
from tests.content.few import few
from tests.desk import AT

pytestmark = [
    pytest.mark.django_db(databases=["intake"]),
    pytest.mark.urls("safehold.config.urls.public"),
]

FILM = bytes(range(256)) * 4096  # a megabyte
CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\nCall 999.\n"
WORDS = "title = 'In danger'\n[[line]]\nsays = 'Call 999.'\npicture = '1.svg'\n"

Approve = Callable[[], None]


@pytest.fixture
def slot(settings: Any, tmp_path: Path) -> Path:
    """Put a film and easy words into the slot for emergencies."""
    settings.SAFEHOLD_DATA = tmp_path
    folder = tmp_path / "media" / "public" / "emergency"
    folder.mkdir(parents=True)
    (folder / "signed.mp4").write_bytes(FILM)
    (folder / "signed.vtt").write_text(CAPTIONS)
    (folder / "signed.txt").write_text("Call 999.\n\nStay on the\nline.\n")
    (folder / "easy-read.toml").write_text(WORDS)
    (folder / "1.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    return folder


@pytest.fixture
def approve(settings: Any, slot: Path) -> Approve:
    """Approve everything that lies there, exactly as it is now."""

    def now() -> None:
        found = queries.standings(data=settings.SAFEHOLD_DATA, approvals=())
        read = [Approval(f.form, f.slot, f.digest, "A", date(2026, 11, 27)) for f in found]
        settings.FORCE = replace(settings.FORCE, approvals=tuple(read))

    return now


def test_nothing_is_shown_where_nothing_lies(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.SAFEHOLD_DATA = tmp_path
    html = client.get("/report/").content.decode()
    assert "<video" not in html
    assert "/easy/" not in html
    for path in ("/files/1.mp4", "/files/1.vtt", "/easy/1/", "/easy/9/", "/files/x"):
        assert client.get(path).status_code == 404, path


def test_nothing_is_shown_that_nobody_approved(client: Client, slot: Path) -> None:
    assert "<video" not in client.get("/report/").content.decode()
    assert client.get("/files/1.mp4").status_code == 404
    assert client.get("/easy/1/").status_code == 404


def test_a_film_waits_for_the_press_of_the_visitor(client: Client, approve: Approve) -> None:
    approve()
    html = client.get("/report/").content.decode()
    film = html.partition("<video")[2].partition(">")[0]
    assert 'preload="none"' in film
    assert "muted" in film
    assert "nofullscreen" in film
    assert "disableremoteplayback" in film
    assert "autoplay" not in film
    assert "poster" not in film
    assert "The film has 1 MB. It loads when you start it." in html
    assert '<track kind="captions" src="/files/1.vtt"' in html
    assert '<p lang="en-GB" dir="ltr">Stay on the line.</p>' in html


@pytest.mark.parametrize("lacking", ["signed.vtt", "signed.txt"])
def test_a_film_without_captions_or_transcript_is_not_shown(
    client: Client, slot: Path, approve: Approve, lacking: str
) -> None:
    approve()
    (slot / lacking).write_text("")
    assert "<video" not in client.get("/report/").content.decode()
    assert client.get("/files/1.mp4").status_code == 404
    approve()
    assert "<video" not in client.get("/report/").content.decode()


@pytest.mark.parametrize("changed", ["signed.mp4", "signed.vtt", "signed.txt"])
def test_an_approval_is_lost_when_a_film_changes(
    client: Client, slot: Path, approve: Approve, changed: str
) -> None:
    approve()
    assert client.get("/files/1.mp4").status_code == 200
    (slot / changed).write_bytes((slot / changed).read_bytes() + b"\nmore")
    assert client.get("/files/1.mp4").status_code == 404


def test_an_approval_is_lost_when_easy_words_change(
    client: Client, slot: Path, approve: Approve
) -> None:
    approve()
    assert client.get("/easy/1/").status_code == 200
    (slot / "easy-read.toml").write_text(WORDS.replace("999", "101"))
    assert client.get("/easy/1/").status_code == 404


def test_a_film_comes_in_pieces(client: Client, approve: Approve) -> None:
    approve()
    whole = client.get("/files/1.mp4")
    assert b"".join(whole.streaming_content) == FILM
    assert (whole["Accept-Ranges"], whole["Content-Type"]) == ("bytes", "video/mp4")

    part = client.get("/files/1.mp4", HTTP_RANGE="bytes=0-")
    assert part.status_code == 206
    assert part["Content-Range"] == f"bytes 0-{views.PIECE - 1}/{len(FILM)}"
    assert part.content == FILM[: views.PIECE]

    end = client.get("/files/1.mp4", HTTP_RANGE="bytes=-10")
    assert end.content == FILM[-10:]
    past = client.get("/files/1.mp4", HTTP_RANGE=f"bytes={len(FILM)}-")
    assert (past.status_code, past["Content-Range"]) == (416, f"bytes */{len(FILM)}")


def test_a_film_is_kept_by_no_browser_and_packed_by_nobody(
    client: Client, approve: Approve
) -> None:
    approve()
    response = client.get("/files/1.mp4", HTTP_ACCEPT_ENCODING="gzip", HTTP_RANGE="bytes=0-9999")
    assert response["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in response
    assert not response.cookies


def test_a_name_leads_to_nothing_but_what_is_shown(client: Client, approve: Approve) -> None:
    approve()
    for name in (
        "1.txt",
        "1-easy-read.toml",
        "1-2.svg",
        "1-..",
        "2.mp4",
        "1.mp4.",
        "1-1.svg/",
        "0",
    ):
        assert client.get(f"/files/{name}").status_code == 404, name
    assert client.get("/files/1-1.svg")["Content-Type"] == "image/svg+xml"
    assert client.post("/files/1.mp4").status_code == 405


def test_easy_words_say_nothing_of_their_subject_in_a_history(
    client: Client, approve: Approve
) -> None:
    approve()
    html = client.get("/easy/1/").content.decode()
    assert "<title>Easy Read – " in html
    assert 'src="/files/1-1.svg" alt=""' in html
    assert "<h1>In danger</h1>" in html
    assert "Leave this site" in html


def test_a_picture_that_is_not_there_is_told_to_whoever_looks_after_it(
    settings: Any, slot: Path
) -> None:
    (slot / "1.svg").unlink()
    (slot / "signed.vtt").unlink()
    wrong = {
        found.form: found.wrong
        for found in queries.standings(data=settings.SAFEHOLD_DATA, approvals=())
    }
    assert wrong == {
        SIGNED: "signed.vtt, with its captions, is not there or has none.",
        EASY: "easy-read.toml names 1.svg, which is not there.",
    }


def test_every_slot_has_a_number_of_its_own() -> None:
    assert sorted(SLOTS.values()) == [1, 2, 3, 4]
    assert set(SLOTS) == {"emergency", "reporting", "anonymity", "clares-law"}


@pytest.mark.django_db(databases=["default", "intake"])
@pytest.mark.parametrize(
    ("page", "about", "says"),
    [
        ("without-your-name", "anonymity", "giving no name"),
        ("questions-about-someone", "clares-law", "asking about someone"),
    ],
)
def test_a_page_of_the_cms_has_its_slot_too(
    settings: Any, slot: Path, page: str, about: str, says: str
) -> None:
    slot.rename(slot.parent / about)
    read = [
        Approval(each.form, each.slot, each.digest, "A", date(2026, 11, 27))
        for each in queries.standings(data=settings.SAFEHOLD_DATA, approvals=())
    ]
    for approvals, films in (((), 0), (tuple(read), 1)):
        settings.FORCE = replace(settings.FORCE, approvals=approvals)
        seed_pages(force=settings.FORCE, by=System("test"), at=AT, words=_one_page(settings, page))
        html = shown(f"/{page}/")
        assert html.count("<video") == html.count(f"Easy Read: {says}") == films


def _one_page(settings: Any, slug: str) -> list[FirstPage]:
    return few(settings.FORCE, ("home", slug))


def shown(path: str) -> str:
    return next(each.html.decode() for each in snapshots.all_current() if each.path == path)
