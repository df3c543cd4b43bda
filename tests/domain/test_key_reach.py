"""Who can open what: exactly those whose key is there, and never on a lost key's word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.key_reach import (
    Reach,
    Whereabouts,
    by_reach,
    needed,
    needed_alone,
    reach,
    sealed_into_nothing,
)

KEYS = st.sampled_from([b"a", b"b", b"c", b"d", b"e"])
SETS = st.frozensets(KEYS)
WHERE = st.builds(Whereabouts, SETS, SETS, SETS)
STORED = st.dictionaries(st.frozensets(KEYS, min_size=1), st.integers(1, 1_000))


@given(st.frozensets(KEYS, min_size=1), WHERE)
def test_an_envelope_is_here_exactly_where_one_of_its_keys_is(ids: frozenset, where: Whereabouts):
    found = reach(ids, where)
    assert (found is Reach.HERE) == any(each in where.here for each in ids)
    if found is Reach.DESTROYED:
        assert ids <= where.destroyed
    if found is Reach.LOST:
        assert any(each not in where.destroyed for each in ids)


@given(STORED, WHERE)
def test_every_envelope_is_counted_once(stored: dict, where: Whereabouts):
    assert sum(by_reach(stored, where).values()) == sum(stored.values())


@given(KEYS, STORED, WHERE)
def test_what_needs_a_key_alone_is_what_its_loss_takes_away(key, stored, where):
    def readable(at: Whereabouts) -> int:
        found = by_reach(stored, at)
        return found[Reach.HERE] + found[Reach.ELSEWHERE]

    alone = needed_alone(key, stored, where)
    assert 0 <= alone <= needed(key, stored)
    without = Whereabouts(where.here - {key}, where.elsewhere - {key}, where.destroyed)
    lost = readable(where) - readable(without)
    assert lost <= alone
    if key in where.here | where.elsewhere:
        assert lost == alone


def test_a_purpose_without_any_key_that_somebody_has_is_named():
    where = Whereabouts(frozenset({b"a"}), frozenset({b"b"}))
    in_use = {"one": frozenset({b"a"}), "two": frozenset({b"b", b"c"}), "three": frozenset({b"c"})}
    assert sealed_into_nothing(["one", "two", "three", "four"], in_use, where) == ["three", "four"]
