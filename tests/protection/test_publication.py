"""The publication pages, walked as an analyst and a supervisor walk them."""

from __future__ import annotations

import html
import re

import pytest
import time_machine

from safehold.domain.access import Role
from safehold.records.audit.models import AuditEvent
from safehold.records.places.models import PlaceAnswer
from safehold.records.places_published import queries
from safehold.records.places_published.models import Release
from tests.desk import member, sign_in
from tests.told_places import NOW, SOMEWHERE, a_place, load_land, someone, told

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]

AT = "/staff/publication/"
READ = {"read": "on"}


@pytest.fixture(autouse=True)
def at_a_day_in_november():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def place():
    load_land()
    officer = someone()
    kept = a_place(officer)
    told(kept, 11, by=officer)
    told(a_place(officer, SOMEWHERE["samplesea"], name="Quay steps"), 2, by=officer)
    told(a_place(officer, SOMEWHERE["by the sea"], kind="home"), 6, by=officer)
    return kept


@pytest.fixture
def supervisor(client, place):
    who = member(Role.SUPERVISOR, name="Pell Lisle")
    sign_in(client, who)
    return who


def shown(response):
    text = response.content.decode()
    return text, html.unescape(" ".join(re.sub(r"<[^>]+>", " ", text).split()))


def digest(text):
    return re.search(r'name="digest" value="([0-9a-f]{64})"', text)[1]


def test_what_is_held_back_is_shown_with_its_reason(client, supervisor):
    _, words = shown(client.get(AT))
    assert "13 reports accepted in this quarter may be counted" in words
    assert re.search(r"Samplesea, .{0,40}of the middle: 2\b", words)
    assert "6 reports. It is not a public place." in words
    assert "no number, because taking the rest away" in words


def test_an_analyst_sees_it_and_cannot_publish_it(client, place):
    sign_in(client, member(Role.ANALYST))
    text, words = shown(client.get(AT))
    assert "A supervisor publishes it." in words
    assert "Publish this quarter" not in words
    assert client.post(f"{AT}publish/", {"digest": "0" * 64, **READ}).status_code == 403
    assert 'name="digest"' not in text


def test_a_supervisor_reads_it_and_publishes_it_once(client, supervisor):
    seen = digest(client.get(AT).content.decode())
    text, _ = shown(client.post(f"{AT}publish/", {"digest": seen}))
    assert "Say that you have read it." in text
    assert "<title>Error:" in text
    assert queries.current() is None
    for _ in range(2):
        response = client.post(f"{AT}publish/", {"digest": seen, **READ})
        assert response.headers["Location"] == AT
    assert Release.objects.using("intake").count() == 1
    assert "It never changes" in shown(client.get(AT))[1]


def test_what_changed_meanwhile_is_shown_again(client, supervisor, place):
    seen = digest(client.get(AT).content.decode())
    told(place, 1, by=supervisor)
    response = client.post(f"{AT}publish/", {"digest": seen, **READ})
    assert response.status_code == 409
    assert "read it again" in shown(response)[1]
    assert queries.current() is None


def test_lines_are_taken_back_with_a_reason(client, supervisor):
    seen = digest(client.get(AT).content.decode())
    client.post(f"{AT}publish/", {"digest": seen, **READ})
    (cell,) = [one.cell for area in queries.current().areas for one in area.cells]
    missing = {"quarter": "2026-Q3", "cells": [cell]}
    text, _ = shown(client.post(f"{AT}correct/", missing))
    assert "Say why, in words that anybody may read." in text
    odd = {"quarter": "2026-Q3", "cells": ["<script>"], "correction_reason": "x"}
    assert "Choose lines of the release in force." in shown(client.post(f"{AT}correct/", odd))[0]
    wrong = {"quarter": "2020-Q1", "cells": [cell], "correction_reason": "It was a home."}
    assert client.post(f"{AT}correct/", wrong).status_code == 409
    client.post(f"{AT}correct/", {**wrong, "quarter": "2026-Q3"})
    assert queries.current().correction == 1


def test_an_answer_goes_from_the_place_to_the_public_and_back(client, supervisor, place):
    seen = digest(client.get(AT).content.decode())
    client.post(f"{AT}publish/", {"digest": seen, **READ})
    at = f"/staff/places/{place.pk}/"
    given = {
        "owner": "council_lighting",
        "status": "done",
        "text": "Mended at 22:15 by the council",
    }
    response = client.post(f"{at}answer/", given)
    assert "Leave out the time of day" in shown(response)[1]
    assert "Mended at 22:15 by the council" in shown(response)[1], "what was typed is lost"
    assert not PlaceAnswer.objects.exists()
    assert (
        client.post(f"{at}answer/", {**given, "text": "The lamps are mended."}).status_code == 302
    )
    assert "Not published." in shown(client.get(at))[1]
    row = PlaceAnswer.objects.get()
    publish = f"{AT}answers/{row.pk}/publish/"
    assert client.post(publish, {}).status_code == 409
    assert client.post(publish, {"checked": "on"}).status_code == 302
    assert [one.text for one in queries.answers()] == ["The lamps are mended."]
    away = f"{AT}answers/{row.matter}/withdraw/"
    assert client.post(away, {}).status_code == 409
    assert client.post(away, {"reason": "It was not true"}).status_code == 302
    assert not queries.answers()
    assert "Taken from the public" in shown(client.get(at))[1]


def test_an_answer_or_a_place_that_is_not_there_is_not_found(client, supervisor, place):
    nobody = "6f2c1f0e-5a1b-4c57-9b06-0d7f9b6f9c11"
    assert client.post(f"{AT}answers/{nobody}/publish/", {"checked": "on"}).status_code == 404
    given = {"owner": "police", "status": "done", "text": "The lamps are mended."}
    assert client.post(f"/staff/places/{nobody}/answer/", given).status_code == 404


def test_without_a_boundary_the_page_says_what_to_do(client):
    sign_in(client, member(Role.SUPERVISOR))
    response = client.get(AT)
    assert response.status_code == 409
    assert "Load the force's boundary first" in shown(response)[1]


def test_deciding_the_sort_of_a_place_lets_it_in(client, supervisor, place):
    undecided = a_place(supervisor, name="Somewhere", kind="not_said")
    told(undecided, 4, by=supervisor)
    assert "Nobody has decided what sort of place it is" in shown(client.get(AT))[1]
    at = f"/staff/places/{undecided.pk}/"
    assert "Choose one of the list." in shown(client.post(f"{at}sort/", {"kind": "castle"}))[1]
    assert client.post(f"{at}sort/", {"kind": "park"}).headers["Location"] == at
    assert client.post(f"{at}sort/", {"kind": "park"}).status_code == 302
    assert "17 reports accepted in this quarter may be counted" in shown(client.get(AT))[1]
    acts = AuditEvent.objects.filter(action="sort of place decided", subject_id=str(undecided.pk))
    assert [row.detail for row in acts] == [{"sort": "park", "earlier": "not_said"}]
    nobody = "6f2c1f0e-5a1b-4c57-9b06-0d7f9b6f9c11"
    assert client.post(f"/staff/places/{nobody}/sort/", {"kind": "park"}).status_code == 404
