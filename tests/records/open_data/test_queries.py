"""The store answers with what was imported, and with nothing from outside its folder."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from safehold.domain.police_uk import STREET_HEADER, FileName
from safehold.records.open_data import loading, partitions, queries, sources
from safehold.records.open_data.loading import Loader

CLASS = "Violence and sexual offences"


def line(month: str, point: str, crime: str, location: str = "On or near Quay Lane") -> str:
    return f",{month},Mere,Mere,{point},{location},E01,Mere 1A,{crime},,\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    inbox, store = tmp_path / "inbox", tmp_path / "it's a store"
    inbox.mkdir()
    header = ",".join(STREET_HEADER) + "\n"
    (inbox / "2025-01-mere-street.csv").write_text(
        header
        + line("2025-01", "-0.2,51.7", CLASS) * 3
        + line("2025-01", ",", CLASS, "No Location") * 2
        + line("2025-01", "-0.2,51.7", "Drugs")
    )
    (inbox / "2025-02-mere-street.csv").write_text(header + line("2025-02", "-0.2,51.7", CLASS))
    (inbox / "2025-02-fen-street.csv").write_text(header + line("2025-02", "-0.1,51.8", CLASS) * 4)
    at = datetime(2026, 11, 22, tzinfo=UTC)
    with Loader(store, at=at, refused_file=store / "refused.csv") as loader:
        loading.load_all(loader, sources.find([inbox]))
        loader.publish()
    return store


def test_what_is_available_lists_the_choices(root: Path) -> None:
    available = queries.available(root)
    assert available.forces == ("fen", "mere")
    assert available.months == ("2025-01", "2025-02")
    assert available.classes == ("Drugs", CLASS)
    assert available.rows == 11


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    assert queries.available(tmp_path).is_empty


def test_points_are_counted_by_month_with_those_without_a_place_apart(root: Path) -> None:
    points = queries.point_counts(
        root, forces=["mere"], months=["2025-01", "2025-02"], classes=[CLASS]
    )
    counts = dict(zip(points.month.tolist(), points.count.tolist(), strict=True))
    assert counts == {"2025-01": 3, "2025-02": 1}
    assert set(points.name.tolist()) == {"Quay Lane"}
    assert points.without_coordinates == 2


def test_only_what_was_asked_for_is_counted(root: Path) -> None:
    fen = queries.point_counts(root, forces=["fen"], months=["2025-02"], classes=[CLASS])
    assert fen.count.tolist() == [4]
    drugs = queries.point_counts(root, forces=["mere"], months=["2025-01"], classes=["Drugs"])
    assert drugs.count.tolist() == [1]


@pytest.mark.parametrize(
    ("forces", "months", "classes"),
    [([], ["2025-01"], [CLASS]), (["mere"], [], [CLASS]), (["mere"], ["2025-01"], [])],
)
def test_asking_for_nothing_gives_nothing(
    root: Path, forces: list[str], months: list[str], classes: list[str]
) -> None:
    points = queries.point_counts(root, forces=forces, months=months, classes=classes)
    assert (len(points.count), points.without_coordinates) == (0, 0)


def test_a_class_is_a_value_and_never_a_part_of_the_question(root: Path) -> None:
    points = queries.point_counts(
        root, forces=["mere"], months=["2025-01"], classes=["') OR true --"]
    )
    assert len(points.count) == 0


def test_months_are_chosen_by_their_ends() -> None:
    held = ["2025-03", "2024-12", "2025-01"]
    assert queries.months_between("2025-01", "2025-03", held) == ("2025-01", "2025-03")
    assert queries.calendar_months("2024-11", "2025-02") == (
        "2024-11",
        "2024-12",
        "2025-01",
        "2025-02",
    )


def test_a_damaged_partition_is_one_clear_sentence(root: Path) -> None:
    place = partitions.place_of(root, FileName("2025-01", "mere", "street"))
    content = place.read_bytes()
    place.write_bytes(content[:4] + b"\xff" * 400 + content[404:])
    with pytest.raises(partitions.StoreError, match=r"cannot be read|damaged"):
        queries.point_counts(root, forces=["mere"], months=["2025-01"], classes=[CLASS])
