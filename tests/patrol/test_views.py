"""The hot-spot page: map and table without a script, for whoever the access table allows."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from safehold.domain.access import Role
from tests.desk import member, sign_in

pytestmark = [pytest.mark.django_db(databases=["default", "intake"]), pytest.mark.database]
PAGE = "/staff/hotspots/"


@pytest.fixture
def analyst() -> Client:
    client = Client()
    sign_in(client, member(Role.ANALYST, name="Ana Lyst"))
    return client


def text_of(client: Client, address: str = PAGE) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_has_map_table_and_what_they_stand_on(
    analyst: Client, crimes: Path, outlines: None
) -> None:
    page = text_of(analyst)
    assert '<svg class="map"' in page
    assert "Nightclub, Sallow &amp; Withy" in page
    assert "2 of 2" in page
    assert "3 outside Mereshire" in page
    assert "never a day or an hour" in page
    assert "Invented for practice, in the shape in which data.police.uk publishes" in page
    assert "Open Government Licence" not in page
    assert "<style" not in page
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_a_choice_in_the_address_is_counted(analyst: Client, crimes: Path, outlines: None) -> None:
    asked = "?classes=Drugs&first=2026-01&last=2026-01&size=8&district=East&top=25&sort=place"
    page = text_of(analyst, PAGE + asked)
    assert "Drugs, East, 2026-01." in page
    assert "Nightclub" not in page
    assert re.search(r'aria-sort="ascending"><a href="[^"]*sort=place', page)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            "first=2026-02&last=2026-01&classes=Drugs&size=9",
            "To: choose a month that is not before the first.",
        ),
        ("first=2026-01&last=2026-02&size=9", "What was recorded: choose at least one class."),
        ("first=2026-01&last=1999-01&classes=Drugs&size=9", "To: choose a month from the list."),
        ("classes=Drugs&first=2026-01&last=2026-01", "Size of a cell: choose one of the sizes."),
        *(
            ("classes=%00&first=x&last=y&size=99&top=-1&district=zz", sentence)
            for sentence in (
                "What was recorded: choose classes from the list.",
                "From: choose a month from the list.",
                "Size of a cell: choose one of the sizes.",
                "Area: choose a district from the list, or the whole area.",
                "Rows in the table: choose one of the numbers.",
            )
        ),
    ],
)
def test_a_wrong_choice_is_said_beside_the_usual_map(
    analyst: Client, crimes: Path, query: str, sentence: str
) -> None:
    page = text_of(analyst, f"{PAGE}?{query}")
    assert sentence in page
    assert '<svg class="map"' in page


def test_without_data_the_page_says_which_command_loads_it(
    analyst: Client, settings: Any, tmp_path: Path
) -> None:
    settings.OPEN_DATA = tmp_path / "nothing"
    assert "safehold import crimes" in text_of(analyst)
    assert "safehold import crimes" in text_of(analyst, f"{PAGE}hotspots.csv")


@pytest.mark.parametrize("kept", [0, 4])
def test_a_damaged_store_is_said_and_not_a_fault(analyst: Client, crimes: Path, kept: int) -> None:
    # Damaged as a whole, or in its middle, where only a count meets it.
    damaged = next(crimes.glob("*/*/2026-02.parquet"))
    content = damaged.read_bytes()
    damaged.write_bytes(content[:kept] + b"\xff" * 400 + content[404:] if kept else b"not parquet")
    response = analyst.get(PAGE)
    assert response.status_code == 503
    assert "cannot be read" in response.content.decode()


@pytest.mark.parametrize(
    ("kind", "content_type", "start"),
    [
        ("csv", "text/csv; charset=utf-8", "rank,cell,place"),
        ("geojson", "application/geo+json", '{"type": "FeatureCollection"'),
        ("html", "text/html; charset=utf-8", "<!doctype html>"),
        ("json", "application/json", '{"cells":['),
    ],
)
def test_downloads_carry_the_choice(
    analyst: Client, crimes: Path, outlines: None, kind: str, content_type: str, start: str
) -> None:
    asked = "classes=Drugs&first=2026-01&last=2026-01&size=9"
    response = analyst.get(f"{PAGE}hotspots.{kind}?{asked}")
    assert response["Content-Type"] == content_type
    text = response.content.decode().lstrip()
    assert text.startswith(start)
    assert "Quay Lane" in text
    assert "Nightclub" not in text


def test_a_role_that_may_not_see_hot_spots_is_refused(crimes: Path) -> None:
    client = Client()
    sign_in(client, member(Role.EDITOR, name="Ed Itor"))
    for address in (PAGE, f"{PAGE}hotspots.csv", f"{PAGE}hotspots.json"):
        assert client.get(address).status_code == 403


def test_nobody_sees_it_without_signing_in(client: Client, crimes: Path) -> None:
    response = client.get(PAGE)
    assert response.status_code == 302
    assert "/staff/account/login/" in response["Location"]
