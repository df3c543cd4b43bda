"""A column map is refused with one sentence, and what a row says is never guessed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from safehold.domain import extract_rows
from safehold.domain.column_maps import ColumnMap, MapRefused, read
from safehold.domain.extract_rows import Reading, Row, RowReader

EXAMPLES = Path(__file__).parents[2] / "docs/imports"
ON = date(2026, 11, 28)
MAP = """
system = "athena"
kind = "people"
key = ["REF"]
empty = ["NULL"]
[[column]]
field = "name"
from = ["FIRST", "LAST"]
[[column]]
field = "born"
from = ["BORN"]
[[column]]
field = "flag"
from = ["FLAGS"]
split = ";"
values = { WE = "weapons", SU = "suicide" }
[[column]]
field = "home_line"
from = ["HOME"]
[[column]]
field = "home_protected"
from = ["SAFE"]
values = { Y = "yes", N = "no" }
"""


def row(**cells: str) -> Row:
    by = read(MAP)
    given = dict.fromkeys(by.named, "") | {"REF": "N1", "FIRST": "Ilka", "LAST": "Brandreth"}
    return RowReader(by, Reading(ON, ZoneInfo("Europe/London"))).row(7, given | cells)


def told(made: Row) -> list[tuple[str, str]]:
    return [(problem.column, problem.says) for problem in made.problems]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_example_is_a_map(path: Path) -> None:
    assert isinstance(read(path.read_text()), ColumnMap)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('kind = "people"', 'kind = "vehicles"', "kind is one of people"),
        ('system = "athena"', 'system = "Our system"', "one short word"),
        ('field = "born"', 'field = "birthday"', "no field 'birthday'"),
        ('field = "born"', 'field = "born"\nas = "roughly"', "may be as said"),
        ('field = "born"', 'field = "contact"', "says as = one of mobile"),
        ('WE = "weapons"', 'WE = "guns"', "lead to one of child"),
        ('from = ["BORN"]', 'from = ["BORN"]\nsplit = ";"', "comes once in a row"),
        ('from = ["BORN"]', 'form = ["BORN"]', "'form', which means nothing"),
        ('key = ["REF"]', "", "key is a name"),
        ('key = ["REF"]', 'key = ["REF"]\nencoding = "ebcdic"', "encoding is utf-8"),
        ('key = ["REF"]', 'key = ["REF"]\ndelimiter = "||"', "one character"),
        ('key = ["REF"]', 'key = ["REF"]\ndays = ["dd/mm/yyyy"]', "written like %d/%m/%Y"),
        ('field = "home_line"', 'field = "born"', "says twice where born"),
        ("[[column]]", "[[column", "is not TOML"),
    ],
)
def test_a_map_that_cannot_be_is_refused(before: str, after: str, sentence: str) -> None:
    assert before in MAP
    with pytest.raises(MapRefused, match=sentence.replace("/", "/")) as refused:
        read(MAP.replace(before, after, 1))
    assert str(refused.value).endswith(".")


def test_a_map_without_what_a_kind_cannot_be_without_is_refused() -> None:
    with pytest.raises(MapRefused, match="victim and accused"):
        read(
            MAP.split("[[column]]")[0].replace("people", "marac")
            + """
[[column]]
field = "referred_on"
from = ["WHEN"]
"""
        )


def test_columns_are_put_together_and_what_means_nothing_is_nothing() -> None:
    made = row(FIRST=" Ilka ", BORN="NULL", FLAGS="WE; SU ;")
    assert made.said == {
        ("name", "usual"): ["Ilka Brandreth"],
        ("flag", ""): ["weapons", "suicide"],
    }
    assert not made.problems


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("03/14/1991", extract_rows.SWAPPED),
        ("31/02/1991", extract_rows.NOT_A_DAY),
        ("02/03/0191", extract_rows.IMPOSSIBLE),
        ("02/03/2062", extract_rows.FUTURE),
        ("soon", extract_rows.NOT_A_DAY),
        ("about 30", extract_rows.AN_AGE),
        ("2027", extract_rows.FUTURE),
    ],
)
def test_a_date_that_cannot_be_is_told_and_left_out(text: str, says: str) -> None:
    made = row(BORN=text)
    assert told(made) == [("BORN", says)]
    assert not made.refused
    assert made.one("born") is None
    assert text not in str(told(made))


def test_a_date_in_another_order_than_the_map_says_is_no_birth() -> None:
    by = read(MAP.replace('empty = ["NULL"]', 'days = ["%m/%d/%Y"]'))
    given = dict.fromkeys(by.named, "") | {"REF": "N1", "BORN": "25/12/1990"}
    made = RowReader(by, Reading(ON, ZoneInfo("Europe/London"))).row(7, given)
    assert ("BORN", extract_rows.SWAPPED) in told(made)


@pytest.mark.parametrize("text", ["1991", "1990 to 1992", "March 1991", "2026"])
def test_a_birth_that_is_known_roughly_is_read(text: str) -> None:
    earliest, latest = row(BORN=text).one("born")
    assert earliest < latest


def test_a_code_that_the_map_does_not_know_is_told_and_never_guessed() -> None:
    made = row(FLAGS="WE;XX")
    assert made.said["flag", ""] == ["weapons"]
    assert told(made) == [("FLAGS", extract_rows.UNKNOWN)]


def test_a_protection_that_nobody_can_read_protects() -> None:
    made = row(HOME="14 Alder Row", SAFE="?")
    assert made.one("home_protected") is True
    assert told(made) == [("SAFE", extract_rows.KEPT_SAFE)]


@pytest.mark.parametrize("key", ["", "  ", "NULL", "x" * 161])
def test_a_row_without_a_key_that_can_be_kept_is_refused(key: str) -> None:
    assert row(REF=key).refused


def test_rows_that_say_the_same_are_alike_whatever_their_spaces() -> None:
    assert row(FIRST=" Ilka").canonical() == row().canonical()
    assert row(FIRST="Ilke").canonical() != row().canonical()
