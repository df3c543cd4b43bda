"""Whoever tries many codes waits; nobody is refused, and nobody is remembered."""

import pytest

from safehold.public.codes import limits
from safehold.public.codes.limits import KEY_LASTS, Waiting, WrongCodes


class Clock:
    def __init__(self) -> None:
        self.now = 5.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_waits_grow_to_eight_seconds_and_no_further(clock: Clock) -> None:
    wrong = WrongCodes(clock)
    waits = [wrong.seconds_to_wait("192.0.2.7") for _ in range(10)]
    assert waits == [0, 0, 0, 1, 2, 4, 8, 8, 8, 8]


def test_one_visitors_mistakes_are_not_anothers(clock: Clock) -> None:
    wrong = WrongCodes(clock)
    for _ in range(20):
        wrong.seconds_to_wait("192.0.2.7")
    assert wrong.seconds_to_wait("192.0.2.8") == 0
    assert wrong.seconds_to_wait("") == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("192.0.2.7", "::ffff:192.0.2.7"),
    ],
)
def test_one_subscriber_is_one_visitor(clock: Clock, one: str, other: str) -> None:
    wrong = WrongCodes(clock)
    waits = [wrong.seconds_to_wait(address) for address in [one, other] * 3]
    assert waits == [0, 0, 0, 1, 2, 4]
    assert wrong.seconds_to_wait("2001:db8:1:3::1") == 0


def test_an_hour_later_all_is_forgotten(clock: Clock) -> None:
    wrong = WrongCodes(clock)
    for _ in range(20):
        wrong.seconds_to_wait("192.0.2.7")
    key = wrong._key
    clock.now += KEY_LASTS
    assert wrong.seconds_to_wait("192.0.2.7") == 0
    assert wrong._key != key
    assert len(wrong._counts) == 1


def test_no_address_is_held(clock: Clock) -> None:
    wrong = WrongCodes(clock)
    wrong.seconds_to_wait("192.0.2.7")
    wrong.seconds_to_wait("2001:db8:1:2::1")
    held = repr(vars(wrong))
    assert "192.0.2" not in held
    assert "2001:db8" not in held
    assert {len(mark) for mark in wrong._counts} == {16}


def test_two_processes_do_not_know_the_same_visitor_by_the_same_mark(clock: Clock) -> None:
    one, other = WrongCodes(clock), WrongCodes(clock)
    one.seconds_to_wait("192.0.2.7")
    other.seconds_to_wait("192.0.2.7")
    assert not set(one._counts) & set(other._counts)


def test_memory_is_bounded_and_whoever_goes_on_trying_stays_known(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_VISITORS", 50)
    wrong = WrongCodes(clock)
    for number in range(500):
        wrong.seconds_to_wait(f"visitor {number}")
        wait = wrong.seconds_to_wait("192.0.2.7")
        assert len(wrong._counts) <= 50
    assert wait == 8
    assert wrong.seconds_to_wait("visitor 0") == 0


def test_a_wait_is_waited_unless_another_waits_already() -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 1:
            waiting.wait(4)  # a second visitor comes while the first one waits

    waiting = Waiting(sleep)
    waiting.wait(0)
    waiting.wait(8)
    assert slept == [8]
    waiting.wait(2)
    assert slept == [8, 2]


def test_a_wait_that_breaks_off_leaves_its_place_free() -> None:
    def sleep(seconds: float) -> None:
        raise InterruptedError

    waiting = Waiting(sleep)
    for _ in range(3):
        with pytest.raises(InterruptedError):
            waiting.wait(1)
