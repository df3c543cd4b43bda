"""A release: what enters it, who publishes it, that it stands, and what takes part of it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction

from safehold.domain.access import Refused, Role
from safehold.domain.suppression import ChangesWhatStands
from safehold.records.append_only import WrittenOnce, missing_triggers
from safehold.records.audit.models import AuditEvent
from safehold.records.gazetteer.models import Boundary
from safehold.records.places.models import PlaceKind
from safehold.records.places_published import operations, preparing, queries
from safehold.records.places_published.models import Release, ReleasedCell
from tests.told_places import LAST_QUARTER, NOW, SOMEWHERE, a_place, cell, load_land, someone, told

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases=["default", "intake"]),
]


@pytest.fixture
def officer():
    load_land()
    return someone()


@pytest.fixture
def supervisor():
    return someone(Role.SUPERVISOR)


def proposal(by):
    return preparing.propose(by=by, at=NOW)


def publish(by, **changes):
    given = {"digest": proposal(by).digest, "at": NOW, **changes}
    return operations.publish(by=by, **given)


def counts():
    shown = queries.current()
    return {one.cell: one.count for area in shown.areas for one in area.cells}


def test_a_quarter_is_published_with_its_cells_and_what_was_said(officer, supervisor):
    told(a_place(officer), 9, by=officer)
    told(a_place(officer, SOMEWHERE["samplesea"]), 4, by=officer)
    assert publish(supervisor)
    shown = queries.current()
    assert (shown.quarter, shown.least, shown.total) == ("2026-Q3", 5, None)
    (area,) = shown.areas
    assert (area.name, area.rest, area.total) == ("Testhaven", None, None)
    (one,) = area.cells
    assert (one.count, one.reasons) == (9, ("dark",))
    assert one.cell == cell(SOMEWHERE["testhaven"])


def test_nothing_is_published_until_a_person_does(officer, supervisor):
    told(a_place(officer), 9, by=officer)
    proposal(supervisor)
    assert queries.current() is None
    assert not AuditEvent.objects.filter(action="places published").exists()


PRIVATE = [
    PlaceKind.NOT_SAID,
    PlaceKind.HOME,
    PlaceKind.WORK,
    PlaceKind.EDUCATION,
    PlaceKind.OTHER,
]


@pytest.mark.parametrize("kind", PRIVATE)
def test_a_place_that_is_not_public_never_enters(officer, supervisor, kind):
    told(a_place(officer, kind=kind), 12, by=officer)
    found = proposal(supervisor)
    assert found.counted == 0
    assert sum(found.left_out.values()) == 12
    publish(supervisor)
    assert queries.current().areas == ()


def test_what_else_never_enters(officer, supervisor):
    told(a_place(officer), 7, by=officer, police_party=True)
    told(a_place(officer, metres=2_000), 7, by=officer)
    told(a_place(officer, (9.0, 54.6)), 7, by=officer)
    told(a_place(officer), 7, by=officer, at=datetime(2026, 10, 1, tzinfo=UTC))
    told(a_place(officer), 7, by=officer, at=datetime(2026, 6, 30, 22, 59, tzinfo=UTC))
    found = proposal(supervisor)
    assert found.counted == 0
    assert found.left_out == {
        "It says that a colleague is a party to it": 7,
        "The place is not known exactly enough": 7,
        "It lies outside the force's area": 7,
    }


def test_what_would_help_an_attacker_is_in_no_row(officer, supervisor):
    told(a_place(officer, name="Behind the red door"), 20, by=officer, behaviours=["followed"])
    publish(supervisor)
    row = ReleasedCell.objects.using("intake").get()
    assert row.reasons == ["dark", "people"]
    words = str([vars(row), vars(row.area), vars(row.area.release)])
    for kept_in in ("no_cameras", "followed", "fri", "late", "red door"):
        assert kept_in not in words


def test_the_same_release_again_is_one(officer, supervisor):
    told(a_place(officer), 9, by=officer)
    digest = proposal(supervisor).digest
    assert publish(supervisor)
    assert not publish(supervisor, digest=digest)
    assert Release.objects.using("intake").count() == 1
    assert AuditEvent.objects.filter(action="places published").count() == 1


def test_a_quarter_is_never_counted_again(officer, supervisor):
    place = a_place(officer)
    told(place, 9, by=officer)
    publish(supervisor)
    told(place, 1, by=officer)
    with pytest.raises(operations.AlreadyPublished):
        publish(supervisor)
    assert list(counts().values()) == [9]


def test_what_was_not_seen_is_not_published(officer, supervisor):
    place = a_place(officer)
    told(place, 9, by=officer)
    seen = proposal(supervisor).digest
    told(place, 1, by=officer)
    with pytest.raises(operations.NotAsSeen, match="read it again"):
        publish(supervisor, digest=seen)
    assert queries.current() is None


def test_who_may(officer, supervisor):
    told(a_place(officer), 9, by=officer)
    analyst = someone(Role.ANALYST)
    digest = proposal(analyst).digest
    for other in (analyst, officer):
        with pytest.raises(Refused):
            operations.publish(digest=digest, by=other, at=NOW)
    with pytest.raises(Refused):
        proposal(officer)


def test_without_its_audit_row_nothing_is_published(officer, supervisor, monkeypatch):
    told(a_place(officer), 9, by=officer)
    digest = proposal(supervisor).digest

    def broken(**_: object) -> None:
        raise RuntimeError("the audit is full")

    monkeypatch.setattr(operations.audit, "append", broken)
    with pytest.raises(RuntimeError, match="the audit is full"):
        publish(supervisor, digest=digest)
    assert queries.current() is None
    assert not ReleasedCell.objects.using("intake").exists()


def test_a_correction_takes_lines_back_and_says_why(officer, supervisor):
    for point in SOMEWHERE.values():
        told(a_place(officer, point), 9, by=officer)
    publish(supervisor)
    gone = cell(SOMEWHERE["testhaven"])
    operations.correct(
        quarter="2026-Q3",
        taking_back=[gone],
        reason="The place was a home.",
        by=supervisor,
        at=NOW + timedelta(days=1),
    )
    shown = queries.current()
    assert (shown.correction, shown.reason) == (1, "The place was a home.")
    assert set(counts()) == {cell(SOMEWHERE["by the sea"]), cell(SOMEWHERE["samplesea"])}
    assert Release.objects.using("intake").count() == 2
    with pytest.raises(ChangesWhatStands):
        operations.correct(
            quarter="2026-Q3", taking_back=[gone], reason="Again.", by=supervisor, at=NOW
        )
    with pytest.raises(operations.ReasonNeeded):
        operations.correct(quarter="2026-Q3", taking_back=[], reason=" ", by=supervisor, at=NOW)
    with pytest.raises(operations.NotPublished):
        operations.correct(quarter="2026-Q1", taking_back=[], reason="x", by=supervisor, at=NOW)


def test_the_next_quarter_stands_in_place_of_the_last(officer, supervisor):
    place = a_place(officer)
    told(place, 9, by=officer)
    publish(supervisor)
    later = NOW + timedelta(days=60)
    told(place, 6, by=officer, at=NOW)
    found = preparing.propose(by=supervisor, at=later)
    assert operations.publish(digest=found.digest, by=supervisor, at=later)
    assert queries.current().quarter == "2026-Q4"
    assert list(counts().values()) == [6]


def test_a_release_never_changes(officer, supervisor):
    told(a_place(officer), 9, by=officer)
    publish(supervisor)
    release = Release.objects.using("intake").get()
    with pytest.raises(WrittenOnce):
        release.save(using="intake")
    with pytest.raises(WrittenOnce):
        release.delete()
    cursor = transaction.get_connection("intake").cursor()
    with pytest.raises(DatabaseError), transaction.atomic(using="intake"):
        cursor.execute("UPDATE places_release_cell SET count = 3")
    assert not missing_triggers(transaction.get_connection("intake"))


def test_other_cells_than_before_are_refused(officer, supervisor, monkeypatch):
    told(a_place(officer), 9, by=officer)
    publish(supervisor)
    told(a_place(officer), 9, by=officer, at=NOW)
    finer = preparing.public_places.rule()
    monkeypatch.setattr(
        preparing.public_places, "rule", lambda: type(finer)(
            finer.version, finer.least, 7, finer.kinds, finer.within, finer.reasons
        ),
    )  # fmt: skip
    later = NOW + timedelta(days=60)
    digest = preparing.propose(by=supervisor, at=later).digest
    with pytest.raises(operations.CellsChanged):
        operations.publish(digest=digest, by=supervisor, at=later)


def test_without_a_boundary_nothing_can_be_prepared(officer, supervisor):
    Boundary.objects.all().delete()
    Boundary.objects.model._meta.get_field("load").related_model.objects.all().delete()
    with pytest.raises(preparing.NoBoundary, match="Load the force's boundary"):
        proposal(supervisor)


def test_reports_of_the_day_before_count_in_local_time(officer, supervisor):
    # 23:30 in London on 30 September is 22:30 UTC: still the third quarter.
    told(a_place(officer), 9, by=officer, at=datetime(2026, 9, 30, 22, 30, tzinfo=UTC))
    assert proposal(supervisor).counted == 9
    assert LAST_QUARTER < NOW
