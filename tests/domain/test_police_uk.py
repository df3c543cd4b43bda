"""Sound rows are kept as published; each broken rule refuses one row, by name, and no other."""

import csv
import io
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from safehold.domain import police_uk
from safehold.domain.police_uk import FileName, FileRefusedError, Reason

MONTH = "2025-01"
HEADER = ",".join(police_uk.STREET_HEADER)
SOUND = {
    "Crime ID": "ab" * 32,
    "Month": MONTH,
    "Reported by": "Mereshire Constabulary",
    "Falls within": "Mereshire Constabulary",
    "Longitude": "-0.200000",
    "Latitude": "51.750000",
    "Location": "On or near High Street",
    "LSOA code": "E01000001",
    "LSOA name": "Mere 001A",
    "Crime type": "Violence and sexual offences",
    "Last outcome category": "Under investigation",
    "Context": "",
}


def row(**changes: str) -> str:
    fields = {**SOUND, **{name.replace("_", " "): value for name, value in changes.items()}}
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow(fields.values())
    return stream.getvalue()


def read(*lines: str | bytes, header: str = HEADER, month: str = MONTH) -> police_uk.StreetFile:
    encoded = [line if isinstance(line, bytes) else line.encode() for line in (header, *lines)]
    return police_uk.read_street(b"\r\n".join(encoded) + b"\r\n", month=month)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2025-01-hertfordshire-street.csv", ("2025-01", "hertfordshire", "street")),
        ("a/2025-01/2025-12-city-of-london-street.csv.gz", ("2025-12", "city-of-london", "street")),
        ("down/x.zip:2019-02-kent-street.csv", ("2019-02", "kent", "street")),
        ("x.zip:2019-02/2019-02-btp-stop-and-search.csv", ("2019-02", "btp", "stop-and-search")),
        ("C:\\down\\2021-06-north-wales-outcomes.CSV", ("2021-06", "north-wales", "outcomes")),
    ],
)
def test_a_published_name_says_month_force_and_kind(name: str, expected: tuple[str, ...]) -> None:
    assert police_uk.parse_name(name) == FileName(*expected)


@pytest.mark.parametrize(
    "name",
    ["crimes.csv", "2025-13-mere-street.csv", "2025-01-mere-street (1).csv", "2025-01--street.csv"],
)
def test_another_name_is_refused(name: str) -> None:
    with pytest.raises(FileRefusedError, match="does not say which month"):
        police_uk.parse_name(name)


def test_a_sound_row_is_kept_as_published() -> None:
    (kept,) = read(row(LSOA_name="Mere, Marsh and Fen 002B")).kept
    assert kept.row == 1
    assert (kept.longitude, kept.latitude) == (-0.2, 51.75)
    assert kept.lsoa_name == "Mere, Marsh and Fen 002B"
    assert kept.context is None


def test_a_row_without_coordinates_is_kept() -> None:
    (kept,) = read(row(Longitude="", Latitude="", Location="No Location")).kept
    assert kept.longitude is None
    assert kept.latitude is None


def test_exact_copies_are_all_kept_under_their_own_numbers() -> None:
    assert [kept.row for kept in read(row(), row(), row()).kept] == [1, 2, 3]


def test_a_blank_line_is_no_row_and_shifts_no_number() -> None:
    result = read(row(), "", row())
    assert [kept.row for kept in result.kept] == [1, 3]
    assert result.read == 2


def test_a_byte_order_mark_is_no_part_of_the_header() -> None:
    assert read(row(), header="\ufeff" + HEADER).read == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a,b,c", Reason.FIELD_COUNT),
        (row() + ",more", Reason.FIELD_COUNT),
        (row(Month="2025-02"), Reason.OTHER_MONTH),
        (row(Month="January"), Reason.MONTH_SHAPE),
        (row(Month=""), Reason.MONTH_SHAPE),
        (row(Crime_type=""), Reason.NO_CRIME_TYPE),
        (row(Crime_ID="12"), Reason.CRIME_ID),
        (row(Longitude="51.75", Latitude="-0.2"), Reason.SWAPPED),
        (row(Longitude="0", Latitude="0"), Reason.OUTSIDE_UK),
        (row(Longitude=""), Reason.HALF_A_POINT),
        (row(Latitude=""), Reason.HALF_A_POINT),
        (row(Longitude="nan"), Reason.NOT_A_NUMBER),
        (row(Latitude="51,75"), Reason.NOT_A_NUMBER),
        (row(Location="a\x00b"), Reason.UNPRINTABLE),
        (row(Location="a\x1b[2Jb"), Reason.UNPRINTABLE),
        (row(Location="abc\u202edcba"), Reason.UNPRINTABLE),
        (row(Location="x" * 1_000), Reason.LONG_FIELD),
        (row(Location="x" * 1_000_000), Reason.TOO_LONG),
        (row().encode().replace(b"High", b"H\xffgh"), Reason.NOT_UTF8),
        (row().replace("On or", '"On or'), Reason.QUOTES),
    ],
)
def test_a_broken_rule_refuses_that_row_only(line: str | bytes, reason: Reason) -> None:
    result = read(row(), line, row())
    assert [(refused.row, refused.reason) for refused in result.refused] == [(2, reason)]
    assert [kept.row for kept in result.kept] == [1, 3]


def test_a_long_row_is_shown_by_its_start() -> None:
    (refused,) = read(row(), "x" * 1_000_000).refused
    assert len(refused.original) < 1_000
    assert "1,000,000 bytes" in refused.original


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        ("", "it is empty"),
        ("<!doctype html><html>", "not a police.uk header"),
        ("\x1f\x8b\x00", "not a police.uk header"),
        (HEADER.replace("Longitude", "Lon"), "lacks “Longitude”"),
        (HEADER.replace("Crime type", "Outcome type"), "it holds outcomes"),
        (HEADER + ",Extra", "other columns, or another order"),
    ],
)
def test_a_wrong_header_is_one_clear_sentence(header: str, sentence: str) -> None:
    with pytest.raises(FileRefusedError, match=re.escape(sentence)):
        read(row(), header=header)


def test_a_file_with_a_header_alone_is_refused() -> None:
    with pytest.raises(FileRefusedError, match="no rows"):
        read()


def test_a_file_of_another_month_is_refused_with_the_reason() -> None:
    with pytest.raises(FileRefusedError, match=r"none of its 2 rows.*month is not the one"):
        read(row(), row(), month="2025-02")


@given(rows=st.integers(1, 4), missing=st.integers(1, 200))
def test_a_cut_inside_a_row_is_never_taken_for_the_end(rows: int, missing: int) -> None:
    whole = "".join(f"{line}\n" for line in (HEADER, *[row()] * rows)).encode()
    cut = whole[:-missing]
    assume(len(cut) > len(HEADER) + 1 and not cut.endswith(b"\n"))
    with pytest.raises(FileRefusedError, match="cut off"):
        police_uk.read_street(cut, month=MONTH)


def test_the_rules_name_the_classes_and_the_limits() -> None:
    published = police_uk.published_rules()
    assert "Violence and sexual offences" in published.crime_types
    assert any("month" in limit for limit in published.limits)
    assert "Open Government Licence" in published.attribution


LONGITUDE = st.decimals(-9, 2, places=6)
LATITUDE = st.decimals(50, 61, places=6)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp", "Zs")), max_size=60
)


@given(longitude=LONGITUDE, latitude=LATITUDE, location=WORDS, outcome=WORDS)
def test_any_sound_row_comes_back_as_written(
    longitude: float, latitude: float, location: str, outcome: str
) -> None:
    line = row(
        Longitude=str(longitude),
        Latitude=str(latitude),
        Location=location,
        Last_outcome_category=outcome,
    )
    (kept,) = read(line).kept
    assert (kept.longitude, kept.latitude) == (float(longitude), float(latitude))
    assert (kept.location or "", kept.last_outcome or "") == (location, outcome)


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_no_bytes_stop_a_file_or_lose_a_row(blobs: list[bytes]) -> None:
    lines = [line for blob in blobs for line in blob.splitlines() if line.strip()]
    result = read(row(), *lines, row())
    assert result.read == len(lines) + 2
    assert sum(result.refused_by_reason.values()) == len(result.refused)
    assert result.kept[0].row == 1
    assert result.kept[-1].row == len(lines) + 2
