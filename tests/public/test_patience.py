"""Whoever gives many wrong codes waits for a turn, alone with others of the kind."""

from __future__ import annotations

import threading

import pytest

from safehold.public.returning.patience import (
    MOST_WAITING,
    WRONG_BEFORE_WAITING,
    Patience,
    TooManyWait,
)

MARK, OTHER = "aaaa.1", "aaaa.2"


def wrong(patience: Patience, mark: str, times: int) -> None:
    for _ in range(times):
        patience.went_wrong(mark)


def runs_beside(patience: Patience, held: str, comes: str) -> bool:
    """Tell whether one gets a turn while another has one."""
    came = threading.Event()

    def come() -> None:
        with patience.turn(comes):
            came.set()

    with patience.turn(held):
        thread = threading.Thread(target=come)
        thread.start()
        beside = came.wait(0.2)
    thread.join(5)
    assert came.is_set(), "whoever waited was never let in"
    return beside


def test_the_first_ten_cost_nothing() -> None:
    patience = Patience()
    wrong(patience, MARK, WRONG_BEFORE_WAITING - 1)
    assert runs_beside(patience, MARK, MARK)


def test_after_them_turns_come_one_at_a_time_and_nobody_else_waits() -> None:
    patience = Patience()
    wrong(patience, MARK, WRONG_BEFORE_WAITING)
    assert not runs_beside(patience, MARK, MARK)
    assert runs_beside(patience, MARK, OTHER)
    assert runs_beside(patience, MARK, "")


def test_the_next_hour_forgets() -> None:
    patience = Patience()
    wrong(patience, MARK, WRONG_BEFORE_WAITING)
    patience.went_wrong("bbbb.1")
    assert runs_beside(patience, "bbbb.1", "bbbb.1")


def test_those_without_a_mark_are_not_counted() -> None:
    patience = Patience()
    wrong(patience, "", 3 * WRONG_BEFORE_WAITING)
    assert runs_beside(patience, "", "")


def test_the_line_has_an_end_so_that_pages_go_on() -> None:
    patience = Patience()
    wrong(patience, MARK, WRONG_BEFORE_WAITING)
    ready = threading.Barrier(MOST_WAITING)
    go = threading.Event()

    def come() -> None:
        ready.wait(5)
        with patience.turn(MARK):
            go.wait(5)

    threads = [threading.Thread(target=come) for _ in range(MOST_WAITING)]
    for thread in threads:
        thread.start()
    for _ in range(500):
        if patience._waiting == MOST_WAITING:
            break
        threading.Event().wait(0.01)
    with pytest.raises(TooManyWait), patience.turn(MARK):
        pass
    go.set()
    for thread in threads:
        thread.join(5)
    with patience.turn(MARK):
        pass
