"""Nothing is sent on a guess: what is not known to be safe is refused, with a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.contact_profile import Terms
from safehold.domain.safe_contact import NOT_KNOWN as NO_WEEK
from safehold.domain.safe_contact import week_of
from safehold.domain.sending import NOT_KNOWN, Allowed, Refused, Way, may_send

LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
TEXT = Terms(method="text", week=week_of(["mon"], ["morning"]), seen="no")
TERMS = st.builds(
    Terms,
    method=st.sampled_from(["call", "text", "email", "post", "person"]),
    week=st.sampled_from([NO_WEEK, TEXT.week]),
    seen=st.sampled_from(["", "yes", "no", "not_sure"]),
    voicemail=st.sampled_from(["", "yes", "no"]),
    envelope=st.sampled_from(["", "yes", "no"]),
    may_contact=st.sampled_from(["", "yes", "no", "not_sure"]),
    more_times=st.booleans(),
)


def ask(*terms: Terms, way: Way = Way.TEXT, at: datetime = MONDAY, read: bool = False):
    return may_send(terms, way, at=at, zone=LONDON, read=read)


def test_where_nothing_is_known_nothing_is_sent() -> None:
    assert ask() == NOT_KNOWN
    assert NOT_KNOWN.sentence == "How they may be reached is not known: nothing is sent."


def test_her_way_in_her_time_is_allowed() -> None:
    assert ask(TEXT) == Allowed()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"method": "call"}, "did not choose"),
        ({"seen": ""}, "Somebody else may see"),
        ({"seen": "yes"}, "Somebody else may see"),
        ({"week": NO_WEEK}, "No time is known"),
        ({"may_contact": "not_sure"}, "not known to be safe"),
        ({"more_times": True}, "open the safe contact first"),
    ],
)
def test_each_doubt_refuses_in_its_own_words(change, says: str) -> None:
    answer = ask(replace(TEXT, **change))
    assert isinstance(answer, Refused)
    assert says in answer.sentence


def test_another_day_waits_and_a_letter_has_no_hour() -> None:
    assert isinstance(ask(TEXT, at=SUNDAY), Refused)
    letter = replace(TEXT, method="post", week=NO_WEEK)
    assert ask(letter, way=Way.POST) == Allowed(
        ("A plain envelope, with nothing on it that says who sends it.",)
    )


@given(st.lists(TERMS, max_size=3), TERMS, st.sampled_from(Way), st.booleans())
def test_a_further_profile_never_allows_what_was_refused(terms, more, way, read) -> None:
    before = may_send(terms, way, at=MONDAY, zone=LONDON, read=read)
    after = may_send([*terms, more], way, at=MONDAY, zone=LONDON, read=read)
    if terms and isinstance(before, Refused):
        assert isinstance(after, Refused)


@given(TERMS, st.sampled_from(Way))
def test_what_is_allowed_is_their_way_unseen_and_not_forbidden(terms: Terms, way: Way) -> None:
    if isinstance(ask(terms, way=way), Allowed):
        assert terms.method == way
        assert terms.may_contact in {"", "yes"}
        assert way is Way.CALL or terms.seen == "no"
