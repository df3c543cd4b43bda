"""The search for planted words finds them, in each form and in each kind of place."""

from __future__ import annotations

import base64
import bz2
import gzip
import io
import json
import lzma
import os
import re
import sqlite3
import subprocess
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import brotli
import psycopg
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from safehold.crypto import codes
from tests.planted import words
from tests.planted.finding import (
    PIECE,
    found_in,
    look,
    look_in_body,
    look_in_file,
    look_in_folder,
    look_in_postgresql,
)
from tests.planted.watching import WATCH
from tests.planted.words import NAME, NUMBER, OTHER_NAME, STORY

ROOT = Path(__file__).resolve().parents[2]
TYPED = [NAME, OTHER_NAME, NUMBER, STORY]


@pytest.fixture
def unwatched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test delete what it planted itself, which the watch finds at once."""
    monkeypatch.setattr(WATCH, "folders", set())


def zipped(content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inner", content)
    return made.getvalue()


def tarred(content: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as packed:
        entry = tarfile.TarInfo("inner")
        entry.size = len(content)
        packed.addfile(entry, io.BytesIO(content))
    return made.getvalue()


FORMS: dict[str, Callable[[str], bytes]] = {
    "as typed": str.encode,
    "small": lambda text: text.lower().encode(),
    "capitals": lambda text: text.upper().encode(),
    "utf-16": lambda text: text.encode("utf-16"),
    "utf-16, the other order": lambda text: text.encode("utf-16-be"),
    "json": lambda text: json.dumps({"é": text}).encode(),
    "quoted": lambda text: quote(text).encode(),
    "every byte quoted": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()).encode(),
    "hexadecimal": lambda text: text.encode().hex().encode(),
    "hexadecimal in capitals": lambda text: text.encode().hex().upper().encode(),
    "base64": lambda text: base64.b64encode(text.encode()),
    "base64 of utf-16": lambda text: base64.b64encode(text.encode("utf-16")),
    "gzip": lambda text: gzip.compress(text.encode()),
    "xz": lambda text: lzma.compress(text.encode()),
    "bzip2": lambda text: bz2.compress(text.encode()),
    "zip": lambda text: zipped(text.encode()),
    "tar": lambda text: tarred(text.encode()),
    "gzip in tar in zip": lambda text: zipped(tarred(gzip.compress(text.encode()))),
    "a stream of a PDF": lambda text: b"%PDF-1.7\n" + zlib.compress(text.encode()) + b"endstream",
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("typed", TYPED)
def test_each_planted_text_is_found_in_each_form(form: str, typed: str) -> None:
    assert list(look(FORMS[form](typed), "here")), (form, typed)


@given(st.binary(max_size=9), st.binary(max_size=9), st.sampled_from(TYPED))
def test_it_is_found_in_base64_whatever_stands_before_and_after(
    before: bytes, after: bytes, typed: str
) -> None:
    whole = before + typed.encode() + after
    assert found_in(base64.b64encode(whole))
    assert found_in(base64.urlsafe_b64encode(whole))


@given(st.binary(max_size=4_000))
def test_nothing_is_found_where_nothing_stands(content: bytes) -> None:
    assert list(look(content, "here")) == []


def test_a_squeezed_body_of_an_answer_is_opened() -> None:
    for coding, body in (("br", brotli.compress(NAME.encode())), ("gzip", gzip.compress(b"Z"))):
        found = list(look_in_body(body, coding, "a cached page"))
        assert bool(found) is (coding == "br")


@pytest.mark.parametrize("new", [codes.new_digits, codes.new_words])
def test_a_code_is_planted_when_it_is_drawn(new: Callable[[], codes.Code]) -> None:
    code = new()
    for written in (code.secret, codes.shown(code)):
        assert found_in(f"the code is {written}.".encode()), written
    assert found_in(b"the code is 1234 5678 9012 3450.") == []
    assert not words.is_planted(b"0000000000000007")


def test_it_is_found_in_the_log_of_a_store_that_was_not_yet_merged(
    tmp_path: Path, unwatched: None
) -> None:
    held = sqlite3.connect(tmp_path / "store.sqlite3")
    held.execute("PRAGMA journal_mode = wal")
    held.execute("PRAGMA wal_autocheckpoint = 0")
    held.execute("CREATE TABLE kept (said TEXT)")
    held.execute("INSERT INTO kept VALUES (?)", (NAME,))
    held.commit()
    found = {Path(hit.where).name for hit in look_in_folder(tmp_path)}
    assert found == {"store.sqlite3-wal"}
    held.close()
    found = {Path(hit.where).name for hit in look_in_folder(tmp_path)}
    assert found == {"store.sqlite3"}
    (tmp_path / "store.sqlite3").unlink()


def test_a_name_of_a_file_or_of_a_folder_counts(tmp_path: Path) -> None:
    (tmp_path / "ordinary").write_bytes(b"")
    assert list(look_in_folder(tmp_path)) == []
    named = Path("/nowhere") / f"{NAME}.jpg"
    assert [hit.form for hit in look_in_file(named)] == ["as typed, in its name"]


def test_a_file_that_is_read_in_parts_is_found_across_the_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unwatched: None
) -> None:
    monkeypatch.setattr("tests.planted.finding.AT_ONCE", 100)
    long = tmp_path / "long"
    long.write_bytes(b"x" * 96 + NAME.encode() + b"x" * 300)
    assert {hit.word for hit in look_in_file(long)} == {"Zanzibar"}
    long.unlink()


@given(before=st.integers(4 * PIECE - 200, 4 * PIECE + 200), typed=st.sampled_from(TYPED))
def test_a_word_in_a_long_file_is_found_wherever_it_stands(before: int, typed: str) -> None:
    clean = os.urandom(PIECE) * 6
    assert not list(look(clean, "a store"))
    content = clean[:before] + typed.encode() + clean[before:]
    assert list(look(content, "the same, and a word"))
    assert list(look(content, "the same once more"))


@pytest.mark.database
@pytest.mark.django_db(databases=["default", "intake"])
def test_a_row_of_a_database_is_found_and_bytes_in_it() -> None:
    """Where the suite runs on PostgreSQL; the files of SQLite are searched as files."""
    if connection.vendor != "postgresql":
        pytest.skip("PostgreSQL's databases are searched row by row; SQLite's are files")
    with psycopg.connect(**connection.get_connection_params()) as own:
        own.execute("CREATE TEMPORARY TABLE careless (said text, packed bytea)")
        assert not list(look_in_postgresql(own, "a database"))
        own.execute(
            "INSERT INTO careless VALUES ('Zan' || 'zibar', NULL), (NULL, %s)",
            [gzip.compress(OTHER_NAME.encode())],
        )
        assert {hit.word for hit in look_in_postgresql(own, "a database")} == {
            "Zanzibar",
            "Winterbourne",
        }
        own.rollback()


CARELESS = """
import logging, os, shutil, subprocess, sys, tempfile
from pathlib import Path
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from safehold.records.staff.models import StaffMember
from tests.planted.watching import WATCH
from tests.planted.words import NAME

def leaks(request):
    return HttpResponse("<title>" + NAME + "</title>")

def leads_on(request):
    return HttpResponse(status=303, headers={"Location": "/?who=" + NAME})

urlpatterns = [path("titled/", leaks), path("leads/", leads_on)]

def test_a_statement():
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s", [NAME])
test_a_statement = pytest.mark.django_db(test_a_statement)

@pytest.mark.django_db
def test_a_later_statement():
    with connection.cursor() as cursor:
        for value in (1, NAME):
            cursor.execute("SELECT 1, %s", [value])

@pytest.mark.django_db(databases=["default", "intake"])
def test_a_row_that_is_rolled_back():
    StaffMember.objects.create(username="x", first_name=NAME)

def test_a_log():
    logging.getLogger("safehold.public").info("somebody wrote %s", NAME)

def test_a_print(): print(NAME)

def test_an_argument(): subprocess.run(["true", NAME], check=True)

def test_a_variable(): subprocess.run(["true"], env={"WHO": NAME}, check=True)

def test_a_child():
    subprocess.run([sys.executable, "-c", "print('zanz' + 'ibar')"], capture_output=True)

def test_a_folder_that_goes():
    with tempfile.TemporaryDirectory() as name: Path(name, "going").write_text(NAME)

def test_a_file_that_goes(tmp_path):
    (tmp_path / "deleted").write_text(NAME); (tmp_path / "deleted").unlink()

def test_a_file_that_stays(tmp_path): (tmp_path / "staying").write_text(NAME)

def test_a_file_of_the_installation():
    Path(os.environ["SAFEHOLD_DATA"], "serve.log").write_text(NAME)

@pytest.mark.django_db(databases=["default", "intake"])
@pytest.mark.urls(__name__)
def test_a_title(): Client().get("/titled/")

@pytest.mark.django_db(databases=["default", "intake"])
@pytest.mark.urls(__name__)
def test_a_header(): Client().get("/leads/")

@pytest.mark.django_db(databases=["default", "intake"])
@pytest.mark.urls(__name__)
def test_an_address(): Client().get("/titled/", {"q": NAME})

def test_an_innocent_thing(): assert True
"""
FOUND = (
    r"a statement: SELECT %s, in \S*test_a_statement",
    r"a statement: SELECT 1, %s, in \S*test_a_later_statement",
    r"a statement: INSERT INTO \"\w+\".*test_a_row_that_is_rolled_back",
    r"a log, in \S*test_a_log",
    r"Captured stdout call, in \S*test_a_print",
    r"started with, in \S*test_an_argument",
    r"started with, in \S*test_a_variable",
    r"what a process printed, in \S*test_a_child",
    r"/going",
    r"/deleted",
    r"/staying",
    r"/serve\.log",
    r"title of a page, in \S*test_a_title",
    r"headers of an answer, in \S*test_a_header",
    r"headers of an answer, in \S*test_an_address",
)


@pytest.mark.parametrize(
    "workers",
    [pytest.param((), marks=pytest.mark.slow), ("-n", "2")],
    ids=["alone", "two workers"],
)
def test_a_session_fails_where_a_word_was_left_although_each_test_passed(
    tmp_path: Path, workers: tuple[str, ...]
) -> None:
    """Each kind of place, in a session of its own: it says where, and its end is a failure."""
    folder = tmp_path / "careless"
    folder.mkdir()
    (folder / "test_careless.py").write_text(CARELESS)
    # A plugin of pytest's own would come after ours, and migrate both stores for nothing.
    (folder / "conftest.py").write_text("from tests.conftest import django_db_setup\n")
    session = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest"]
    options = ["-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml"), *workers]
    place = ["--rootdir", str(folder), "--basetemp", str(tmp_path / "base"), str(folder)]
    with subprocess.Popen(
        [*session, *options, *place],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as ended:
        assert ended.stdout is not None
        said = ended.stdout.read()  # not by `communicate`, which is watched
    # By a process of its own: this session looks at whatever it deletes itself.
    subprocess.run(["rm", "-rf", tmp_path / "base"], check=True)
    assert ended.returncode == 1, said
    assert f"{CARELESS.count('def test_')} passed" in said, said
    _, _, told = said.partition("planted words stand in clear")
    for where in FOUND:
        assert re.search(rf"^Zanzibar \(as typed\) in .*{where}", told, re.MULTILINE), (where, said)
    assert "innocent" not in told
