"""What a phone sent, in any order and any number of times, says the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from safehold.domain import phones
from safehold.domain.phones import FromPhone, Level
from safehold.domain.risk import Answer

AT = datetime(2026, 11, 28, 14, 0, tzinfo=UTC)
said = st.builds(
    Answer,
    given=st.sampled_from(["", "yes", "no", "declined"]),
    options=st.just(()),
    words=st.sampled_from(["", "an arm", "twice"]),
)
written = st.lists(said, min_size=1, max_size=8).map(
    lambda each: [
        FromPhone(f"key {order}", order, "kill", answer, AT) for order, answer in enumerate(each)
    ]
)


@given(written, st.data())
def test_what_stands_does_not_follow_from_how_it_came(answers, data) -> None:
    came = data.draw(st.permutations(answers + data.draw(st.lists(st.sampled_from(answers)))))
    assert phones.in_order(came) == answers
    assert phones.standing(came) == phones.standing(answers)


@given(written)
def test_the_last_choice_and_the_last_words_stand(answers) -> None:
    found = phones.standing(answers)
    chosen = [each.answer.given for each in answers if each.answer.given]
    words = [each.answer.words for each in answers if each.answer.words]
    assert found.given == (chosen[-1] if chosen else "")
    assert found.words == (words[-1] if words else "")


def test_what_does_not_arrive_alarms_and_then_alarms_more_people() -> None:
    assert phones.level(AT, at=AT + phones.ALARMS_AFTER - timedelta(seconds=1)) is Level.QUIET
    assert phones.level(AT, at=AT + phones.ALARMS_AFTER) is Level.ALARM
    assert phones.level(AT, at=AT + phones.WATCH_AFTER) is Level.WATCH
