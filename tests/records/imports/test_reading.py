"""A file that is spoilt as a whole is refused with one sentence, and nothing of it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from safehold.domain.access import Role
from safehold.records.imports.models import Batch
from safehold.records.people.models import Person
from tests.desk import member
from tests.extracts import importing

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]
MAP = """
system = "athena"
kind = "people"
key = ["REF"]
[[column]]
field = "name"
from = ["NAME"]
"""


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "It is empty."),
        (b"REF,NAME\n", "It has a header and not one row."),
        (b"\n\n", "It has no header."),
        (b"REF,NOM\nN1,Ilka\n", "Its header has no column 'NAME', which the map names."),
        (b"REF,NAME,NAME\nN1,Ilka,x\n", "Its header has the column 'NAME' twice."),
        (b"REF;NAME\nN1;Ilka\n", "Its header has no column 'REF', which the map names."),
        (b"REF,NAME\nN1,Ilka\nN2", "Its last row, line 3, is not as long as its header"),
        (b'REF,NAME\nN1,"Ilka Bran', "It ends in the middle of a quoted cell, on line 2"),
        (b"REF,NAME\nN1,Zo\xeb\n", "It is not in utf-8-sig near line"),
        ("REF,NAME\nN1,Zoë\n".encode("utf-16"), "It is not in utf-8-sig near line"),
        (b"REF,NAME\nN1,\x00\xff\n", "It is not in utf-8-sig near line"),
    ],
)
def test_what_spoils_a_file_is_one_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    report = importing(MAP, path)[0]
    assert report.sentence.startswith(sentence), report.sentence
    assert not Person.objects.exists()
    assert not Batch.objects.exists()


def test_another_encoding_than_the_map_says_is_seen_either_way(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("REF,NAME\nN1,Zoë Hale\n".encode())
    old = MAP.replace("kind =", 'encoding = "cp1252"\nkind =')
    assert importing(old, path)[0].sentence == "It is in UTF-8, and the map says cp1252."
    path.write_bytes("REF,NAME\nN1,Zoë Hale\n".encode("cp1252"))
    assert importing(old, path)[0].counts["new"] == 1
    both = MAP.replace("kind =", 'encoding = "utf-16"\nkind =')
    path.write_bytes("REF,NAME\nN2,Zoë Hale\n".encode("utf-16"))
    assert importing(both, path)[0].counts["new"] == 1


def test_a_mark_at_its_start_and_a_last_line_without_an_end_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\xef\xbb\xbfREF,NAME\r\nN1,Ilka Brandreth")
    report = importing(MAP, path)[0]
    assert (report.counts["new"], len(report.notes)) == (1, 1)


def test_a_file_with_fewer_rows_than_the_source_says_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("REF,NAME\nN1,Ilka Brandreth\n")
    report = importing(MAP, path, rows=2)[0]
    assert report.sentence == "It has 1 rows, and the source says 2."


def test_one_spoilt_file_keeps_no_other_from_being_taken(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("REF,NAME\nN1,Ilka Brandreth\n")
    bad.write_text("")
    by = member(Role.SUPERVISOR)
    reports = importing(MAP, bad, tmp_path / "none.csv", good, by=by)
    assert [report.failed for report in reports] == [True, True, False]
    assert "No such file" in reports[1].sentence


def test_a_row_that_is_too_long_is_refused_and_the_rest_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("REF,NAME\nN1,Ilka,Brandreth\nN2,Dorrit Hale\n")
    report = importing(MAP, path)[0]
    assert (report.counts["refused"], report.counts["new"]) == (1, 1)
