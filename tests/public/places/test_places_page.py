"""What the public reads about places: empty, filled, by the thousand, and as a feed."""

from __future__ import annotations

import gzip
import html
import re
import xml.etree.ElementTree as ET
from datetime import date
from uuid import uuid4

import h3
import pytest
from django.test import Client

from safehold.domain import public_places
from safehold.domain.access import Role
from safehold.records.places.operations import answer_place
from safehold.records.places_published import answers, operations, preparing
from safehold.records.places_published.models import Release, ReleasedArea, ReleasedCell
from tests.told_places import NOW, SOMEWHERE, TOWNS, a_place, load_land, someone, told

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]

ATOM = "{http://www.w3.org/2005/Atom}"
MENDED = "The lamps are mended & <looked> at each month."
LIST_BYTES, MAP_BYTES = 30_000, 60_000


def page() -> str:
    response = Client().get("/places/")
    assert response.status_code == 200
    assert not response.cookies
    return response.content.decode()


def words(text: str) -> str:
    main = re.search(r"<main.*</main>", text, re.DOTALL)[0]
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", main).split())).replace(" .", ".")


@pytest.fixture
def published():
    load_land()
    officer, supervisor = someone(), someone(Role.SUPERVISOR)
    place = a_place(officer)
    told(place, 12, by=officer, behaviours=["followed"])
    told(a_place(officer, SOMEWHERE["samplesea"], name="Quay steps"), 3, by=officer)
    told(a_place(officer, SOMEWHERE["by the sea"], name="Her door", kind="home"), 30, by=officer)
    digest = preparing.propose(by=supervisor, at=NOW).digest
    operations.publish(digest=digest, by=supervisor, at=NOW)
    kept = answer_place(
        place_id=place.pk,
        owner="council_lighting",
        status="done",
        text=MENDED,
        by=officer,
        at=NOW,
    )
    answers.publish_answer(answer_id=kept.pk, by=supervisor, at=NOW)
    return supervisor


def test_before_the_first_release_the_page_says_when_it_comes(time_machine):
    time_machine.move_to(NOW)
    said = words(page())
    assert "Nothing is published yet." in said
    assert "31 December 2026" in said
    assert "0 reports" not in said


def test_the_list_comes_before_the_map_and_says_the_same(published):
    text = page()
    said = words(text)
    assert "1 July 2026 to 30 September 2026" in said
    assert "of the middle : 12 reports. Badly lit. How people behaved." in said
    assert "fewer than 5 reports about any one area, so no number" in said
    assert text.index("<ol") < text.index('<svg class="map"')
    assert "The lamps are mended & <looked> at each month." in said


def test_what_is_held_back_or_private_is_nowhere(published):
    text = page() + Client().get("/places/answers.atom").content.decode()
    for never in ("Quay steps", "Samplesea:", "3 reports", "Her door", "30 reports", "Elm Row"):
        assert never not in text
    assert "followed" not in text
    assert "cameras" not in text


def test_its_title_and_address_say_nothing(published):
    assert re.search(r"<title>(.*?)</title>", page())[1].startswith("Places – ")


def test_only_looking_is_answered(published):
    for path in ("/places/", "/places/answers.atom"):
        assert Client().post(path).status_code == 405
        assert Client().head(path).status_code == 200


def test_a_correction_is_said_with_its_reason(published):
    (gone,) = [one.cell for area in preparing_cells() for one in area.cells]
    operations.correct(
        quarter="2026-Q3", taking_back=[gone], reason="It was a home.", by=published, at=NOW
    )
    said = words(page())
    assert "Some lines were taken back on 22 November 2026: It was a home." in said
    assert "12 reports" not in said
    assert "<svg" not in page()
    feed = Client().get("/places/answers.atom").content.decode()
    for text in (said, html.unescape(feed)):
        assert "Testhaven" in text
        assert "Testhaven, about" not in text, "an answer still names what was taken back"


def preparing_cells():
    from safehold.records.places_published import queries

    return queries.current().areas


def test_the_feed_is_atom_with_answers_alone(published):
    response = Client(headers={"host": "localhost"}).get("/places/answers.atom")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not response.cookies
    feed = ET.fromstring(response.content)
    assert feed.tag == f"{ATOM}feed"
    for needed in ("id", "title", "updated", "author"):
        assert feed.find(ATOM + needed) is not None
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == (
        "Done: The council, for street lights. Testhaven, about 0.5 km south-east of the middle"
    )
    assert html.unescape(entry.findtext(f"{ATOM}summary")) == MENDED
    assert entry.findtext(f"{ATOM}id").startswith("urn:uuid:")
    assert "reports" not in response.content.decode()


def test_the_feed_names_no_host_and_stays_the_same(published):
    one = Client().get("/places/answers.atom", headers={"host": "localhost"}).content
    other = Client().get("/places/answers.atom", headers={"host": "127.0.0.1"}).content
    assert one == other
    links = [link.get("href") for link in ET.fromstring(one).iter(f"{ATOM}link")]
    assert set(links) == {"/places/", "/places/answers.atom"}
    assert b"http://" not in one.replace(b"http://www.w3.org/2005/Atom", b"")


def test_an_empty_feed_is_valid_and_does_not_change():
    one, other = (Client().get("/places/answers.atom").content for _ in range(2))
    assert one == other
    feed = ET.fromstring(one)
    assert feed.find(f"{ATOM}updated") is not None
    assert not feed.findall(f"{ATOM}entry")


def test_a_later_answer_keeps_its_id(published):
    before = ids()
    officer, matter = someone(), before[0]
    from safehold.records.places.models import PlaceAnswer

    row = PlaceAnswer.objects.get()
    later = NOW.replace(day=25)
    kept = answer_place(
        place_id=row.place_id,
        owner="council_lighting",
        status="will_not",
        text="The council will not mend the last lamp.",
        by=officer,
        at=later,
    )
    answers.publish_answer(answer_id=kept.pk, by=published, at=later)
    assert ids() == [matter]


def ids() -> list[str]:
    feed = ET.fromstring(Client().get("/places/answers.atom").content)
    return [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]


def test_a_thousand_areas_stay_light():
    load_land()
    release = Release(
        quarter="2026-Q3",
        last_day=date(2026, 9, 30),
        least=5,
        resolution=8,
        rules_version="1",
        total=None,
        digest="0" * 64,
        published_at=NOW,
        published_by="test",
    )
    release.save(using="intake")
    middle = public_places.cell_of(TOWNS["Testhaven"])
    cells = sorted(h3.grid_disk(middle, 19))[:1_000]
    reasons = list(public_places.labels())
    for town in range(40):
        area = ReleasedArea(release=release, name=f"Town {uuid4().hex[:8]}")
        area.save(using="intake")
        ReleasedCell.objects.using("intake").bulk_create(
            ReleasedCell(
                area=area,
                cell=cell,
                bearing=public_places.BEARINGS[number % 8],
                metres=500 * (number % 9),
                count=5 + number * town % 60,
                reasons=reasons[: number % 5],
            )
            for number, cell in enumerate(cells[town * 25 : town * 25 + 25])
        )
    response = Client(headers={"accept-encoding": "gzip"}).get("/places/")
    whole = len(response.content)
    text = gzip.decompress(response.content).decode()
    assert text.count("<li><strong>") == 1_000
    without_map = re.sub(r'<svg class="map".*?</svg>', "", text, flags=re.DOTALL)
    assert len(gzip.compress(without_map.encode(), 6)) <= LIST_BYTES
    assert whole <= MAP_BYTES
    assert text.count("<details>") == 40
