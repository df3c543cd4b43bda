"""A month is replaced whole or not at all, whatever the files of one import hold."""

import csv
import gzip
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from safehold.domain.police_uk import STREET_HEADER, FileName
from safehold.records.open_data import loading, partitions, sources
from safehold.records.open_data.loading import ImportReport, Loader, Outcome

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def street_csv(month: str = "2025-01", rows: int = 3, extra: str = "") -> bytes:
    line = f",{month},Mere,Mere,-0.2,51.7,On or near High Street,E01,Mere 1A,Drugs,,\n"
    return (",".join(STREET_HEADER) + "\n" + line * rows + extra).encode()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path / "inbox"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "store"


def run(root: Path, *paths: Path, replace: bool = False) -> ImportReport:
    refused = root / "refused.csv"
    with (
        partitions.only_writer(root),
        Loader(root, at=AT, refused_file=refused, replace=replace) as loader,
    ):
        loading.load_all(loader, sources.find(paths))
        loader.publish()
        return loader.report


def rows_held(root: Path, month: str = "2025-01") -> int:
    place = partitions.place_of(root, FileName(month, "mere", "street"))
    return int(pq.read_metadata(place).num_rows)


def everything(root: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != ".lock"
    }


def test_plain_gzip_and_zip_hold_the_same_file(root: Path, inbox: Path) -> None:
    name = "2025-01-mere-street.csv"
    (inbox / name).write_bytes(street_csv())
    (inbox / f"{name}.gz").write_bytes(gzip.compress(street_csv()))
    with zipfile.ZipFile(inbox / "2025-01.zip", "w") as archive:
        archive.writestr(f"2025-01/{name}", street_csv())
        archive.writestr(f"__MACOSX/2025-01/._{name}", b"litter")
    report = run(root, inbox)
    assert [file.outcome for file in report.files] == [
        Outcome.IMPORTED,
        Outcome.UNCHANGED,
        Outcome.UNCHANGED,
    ]
    assert rows_held(root) == report.kept == 3


def test_the_same_file_twice_changes_no_byte(root: Path, inbox: Path) -> None:
    (inbox / "2025-01-mere-street.csv").write_bytes(street_csv(extra="bad\n"))
    run(root, inbox)
    before = everything(root)
    report = run(root, inbox)
    assert [file.outcome for file in report.files] == [Outcome.UNCHANGED]
    assert everything(root) == before


def test_a_newer_file_replaces_its_month_whole_and_no_other(root: Path, inbox: Path) -> None:
    january, february = inbox / "2025-01-mere-street.csv", inbox / "2025-02-mere-street.csv"
    january.write_bytes(street_csv(rows=5))
    february.write_bytes(street_csv("2025-02", rows=7))
    run(root, inbox)
    january.write_bytes(street_csv(rows=3))
    run(root, january)
    assert (rows_held(root), rows_held(root, "2025-02")) == (3, 7)


def test_a_file_that_was_cut_off_leaves_its_month(root: Path, inbox: Path) -> None:
    path = inbox / "2025-01-mere-street.csv"
    whole = street_csv(rows=9)
    path.write_bytes(whole)
    run(root, path)
    for missing in (1, 2, 30, len(whole) // 4):
        path.write_bytes(whole[:-missing])
        (failed,) = run(root, path, replace=True).failed
        assert failed.sentence == "the file ends in the middle of a row: it was cut off."
        assert rows_held(root) == 9


def test_a_month_shrinks_by_more_than_half_only_when_told_to(root: Path, inbox: Path) -> None:
    path = inbox / "2025-01-mere-street.csv"
    path.write_bytes(street_csv(rows=1_001))
    run(root, path)
    path.write_bytes(street_csv(rows=500))
    (failed,) = run(root, path).failed
    assert "500 rows where the store holds 1,001" in failed.sentence
    assert "--replace" in failed.sentence
    assert rows_held(root) == 1_001
    assert not run(root, path, replace=True).failed
    assert rows_held(root) == 500
    path.write_bytes(street_csv(rows=250))
    assert not run(root, path).failed


def test_a_zip_inside_a_zip_is_called_what_it_is(root: Path, inbox: Path) -> None:
    inner, outer = inbox / "2025-01.csv.zip", inbox / "all.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("2025-01-mere-street.csv", street_csv())
    with zipfile.ZipFile(outer, "w") as archive:
        archive.write(inner, "months/2025-01.csv.zip")
        archive.writestr("2025-02-mere-street.csv", street_csv("2025-02"))
    report = run(root, outer)
    (failed,) = report.failed
    assert failed.label == f"{outer}:months/2025-01.csv.zip"
    assert failed.sentence == "it is a zip file inside a zip file: unpack the outer one first."
    assert rows_held(root, "2025-02") == 3


def test_rows_are_known_by_file_and_number(root: Path, inbox: Path) -> None:
    content = street_csv(rows=2)
    (inbox / "2025-01-mere-street.csv").write_bytes(content)
    run(root, inbox)
    table = pq.read_table(partitions.place_of(root, FileName("2025-01", "mere", "street")))
    assert table["row"].to_pylist() == [1, 2]
    assert set(table["file_digest"].to_pylist()) == {partitions.digest_of(content)}


def test_refused_rows_land_in_one_file_with_number_reason_and_text(root: Path, inbox: Path) -> None:
    (inbox / "2025-01-mere-street.csv").write_bytes(street_csv(extra="one,two\n"))
    (inbox / "2025-02-mere-street.csv").write_bytes(street_csv("2025-02", extra="\x00\n"))
    report = run(root, inbox)
    assert report.refused_file is not None
    with report.refused_file.open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert tuple(header) == loading.REFUSED_HEADER
    assert [(row[1], row[3]) for row in rows] == [("4", "one,two"), ("4", "\x00")]
    assert sum(report.refused.values()) == 2
    assert report.kept + 2 == report.read


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it is empty."),
        (street_csv().replace(b"Longitude", b"Lon"), "lacks “Longitude”"),
        (gzip.compress(street_csv(rows=5_000), mtime=0)[:-40], "cut short"),
        (gzip.compress(street_csv(), mtime=0)[:12] + b"\xff" * 60, "gzip file is damaged"),
        (street_csv("2025-07"), "month is not the one"),
    ],
)
def test_a_bad_file_leaves_the_month_of_before_and_the_others_go_in(
    root: Path, inbox: Path, content: bytes, sentence: str
) -> None:
    bad, good = inbox / "2025-01-mere-street.csv.gz", inbox / "2025-02-mere-street.csv"
    bad.write_bytes(gzip.compress(street_csv(rows=9)))
    run(root, inbox)
    bad.write_bytes(content)
    good.write_bytes(street_csv("2025-02", rows=4))
    report = run(root, inbox)
    assert [sentence in file.sentence for file in report.failed] == [True]
    assert (rows_held(root), rows_held(root, "2025-02")) == (9, 4)


def test_other_kinds_in_an_archive_are_left_out_and_named(root: Path, inbox: Path) -> None:
    with zipfile.ZipFile(inbox / "latest.zip", "w") as archive:
        archive.writestr("2025-01/2025-01-mere-street.csv", street_csv())
        archive.writestr("2025-01/2025-01-mere-outcomes.csv", b"Crime ID")
    report = run(root, inbox)
    assert [file.outcome for file in report.files] == [Outcome.LEFT_OUT, Outcome.IMPORTED]
    assert not report.failed


def test_an_outcomes_file_named_by_itself_is_refused(root: Path, inbox: Path) -> None:
    path = inbox / "2025-01-mere-outcomes.csv"
    path.write_bytes(b"Crime ID")
    assert "only street files" in run(root, path).failed[0].sentence


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("absent.csv", None, "no such file"),
        ("notes.txt", b"x", "not a .csv, .csv.gz or .zip file"),
        ("2025-01.zip", b"PK\x03\x04 cut", "not a zip file, or it is cut short"),
        ("crimes.csv", street_csv(), "does not say which month"),
    ],
)
def test_a_path_of_another_kind_is_one_clear_sentence(
    root: Path, inbox: Path, name: str, content: bytes | None, sentence: str
) -> None:
    if content is not None:
        (inbox / name).write_bytes(content)
    assert sentence in run(root, inbox / name).failed[0].sentence


def test_an_empty_folder_is_said_to_be_empty(root: Path, inbox: Path) -> None:
    assert "no .csv" in run(root, inbox).failed[0].sentence


def test_two_different_files_of_one_month_are_not_chosen_between(root: Path, inbox: Path) -> None:
    (inbox / "2025-01-mere-street.csv").write_bytes(street_csv(rows=2))
    (inbox / "new").mkdir()
    (inbox / "new" / "2025-01-mere-street.csv").write_bytes(street_csv(rows=3))
    report = run(root, inbox)
    assert "another file of mere 2025-01" in report.failed[0].sentence
    assert rows_held(root) == 2


def test_an_import_that_breaks_off_publishes_nothing(root: Path, inbox: Path) -> None:
    path = inbox / "2025-01-mere-street.csv"
    path.write_bytes(street_csv(rows=2))
    run(root, inbox)
    before = everything(root)
    path.write_bytes(street_csv(rows=8, extra="bad\n"))
    with Loader(root, at=AT, refused_file=root / "refused.csv") as loader:
        loading.load_all(loader, sources.find([path]))
    assert everything(root) == before


def test_a_crashed_import_leaves_no_half_file_to_the_next(root: Path) -> None:
    leftover = root / "street" / "mere" / ".incoming-123"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"half")
    with partitions.only_writer(root):
        assert not leftover.exists()


def test_only_one_import_runs_at_a_time(root: Path) -> None:
    with (
        partitions.only_writer(root),
        pytest.raises(partitions.StoreError, match="Another import is running"),
        partitions.only_writer(root),
    ):
        pass


def test_a_damaged_partition_is_named(root: Path) -> None:
    place = partitions.place_of(root, FileName("2025-01", "mere", "street"))
    place.parent.mkdir(parents=True)
    place.write_bytes(b"not parquet")
    with pytest.raises(partitions.StoreError, match=r"2025-01\.parquet is damaged"):
        partitions.held(root)


def test_a_damaged_partition_is_mended_by_importing_it_again(root: Path, inbox: Path) -> None:
    (inbox / "2025-01-mere-street.csv").write_bytes(street_csv())
    run(root, inbox)
    partitions.place_of(root, FileName("2025-01", "mere", "street")).write_bytes(b"not parquet")
    run(root, inbox)
    assert rows_held(root) == 3


def test_the_version_of_the_store_follows_its_content(root: Path, inbox: Path) -> None:
    path = inbox / "2025-01-mere-street.csv"
    path.write_bytes(street_csv())
    run(root, inbox)
    first = partitions.version(root)
    run(root, inbox)
    assert partitions.version(root) == first
    path.write_bytes(street_csv(rows=4))
    run(root, inbox)
    assert partitions.version(root) != first


def test_a_class_that_the_rules_do_not_list_is_kept_and_reported(root: Path, inbox: Path) -> None:
    content = street_csv().replace(b"Drugs", b"Public disorder and weapons")
    (inbox / "2025-01-mere-street.csv").write_bytes(content)
    assert run(root, inbox).unlisted_classes == {"Public disorder and weapons": 3}


def test_every_published_row_of_hertfordshire_is_kept(root: Path, shared_data: Path) -> None:
    report = run(root, shared_data / "police-uk-hertfordshire" / "street")
    assert (report.read, report.kept, report.refused) == (253_277, 253_277, {})
    assert not report.failed
