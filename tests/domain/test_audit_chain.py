"""The chain finds any single change and names the row; heads find what the chain cannot."""

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from safehold.domain import audit_chain
from safehold.domain.audit_chain import GENESIS, Break, Fault, Head, Link, NotCanonical, verify

CHAIN = "records"
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
scalars = st.none() | st.booleans() | st.integers() | text
values = scalars | st.lists(scalars, max_size=2) | st.dictionaries(text, scalars, max_size=2)
fields = st.dictionaries(text, values, max_size=3)


def build(rows: Sequence[dict[str, Any]], chain: str = CHAIN) -> list[Link]:
    links: list[Link] = []
    previous = GENESIS
    for number, row in enumerate(rows, start=1):
        links.append(audit_chain.link(chain=chain, sequence=number, previous=previous, fields=row))
        previous = links[-1].hash
    return links


def head_of(links: Sequence[Link], sequence: int) -> Head:
    return Head(sequence, links[sequence - 1].hash if sequence else GENESIS, AT)


def broken(links: Sequence[Link], heads: Sequence[Head] = (), chain: str = CHAIN) -> Break:
    found = verify(links, chain=chain, heads=heads).broken
    assert found is not None
    return found


chains = st.lists(fields, min_size=1, max_size=6).map(build)


@given(st.lists(fields, max_size=6).map(build))
def test_an_untouched_chain_holds_with_all_its_heads(links: list[Link]) -> None:
    heads = [head_of(links, number) for number in range(len(links) + 1)]
    verdict = verify(iter(links), chain=CHAIN, heads=heads)
    assert verdict.broken is None
    assert verdict.rows == verdict.sequence == len(links)
    assert verdict.hash == (links[-1].hash if links else GENESIS)


@given(links=chains, data=st.data())
def test_any_changed_field_is_found_in_its_row(links: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    changed = data.draw(fields)
    # Compared as written: True and 1 are equal in Python and different on paper.
    assume(json.dumps(changed, sort_keys=True) != json.dumps(links[place].fields, sort_keys=True))
    links[place] = replace(links[place], fields=changed)
    found = broken(links)
    assert (found.sequence, found.fault) == (place + 1, Fault.ALTERED)


@given(links=chains, data=st.data())
def test_a_changed_hash_is_found_in_its_row(links: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    column = data.draw(st.sampled_from(["hash", "previous"]))
    other = data.draw(st.text("0123456789abcdef", min_size=64, max_size=64))
    assume(other != getattr(links[place], column))
    links[place] = replace(links[place], **{column: other})
    found = broken(links)
    assert (found.sequence, found.fault) == (place + 1, Fault.ALTERED)


@given(links=chains, number=st.integers(-5, 20), data=st.data())
def test_a_renumbered_row_is_found(links: list[Link], number: int, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    assume(number != place + 1)
    links[place] = replace(links[place], sequence=number)
    found = broken(links)
    assert found.sequence in (place + 1, number)
    assert found.fault in (Fault.MISSING, Fault.REORDERED)


@given(links=chains, data=st.data())
def test_a_row_rewritten_with_a_fitting_hash_breaks_the_next(
    links: list[Link], data: st.DataObject
) -> None:
    assume(len(links) > 1)
    place = data.draw(st.integers(0, len(links) - 2))
    old = links[place]
    links[place] = audit_chain.link(
        chain=CHAIN,
        sequence=old.sequence,
        previous=old.previous,
        fields={**old.fields, "reason": "another"},
    )
    assume(links[place].hash != old.hash)
    found = broken(links)
    assert (found.sequence, found.fault) == (place + 2, Fault.WRONG_PREVIOUS)


@given(links=chains, data=st.data())
def test_a_deleted_row_is_named(links: list[Link], data: st.DataObject) -> None:
    assume(len(links) > 1)
    place = data.draw(st.integers(0, len(links) - 2))
    del links[place]
    found = broken(links)
    assert (found.sequence, found.fault) == (place + 1, Fault.MISSING)


@given(links=chains, data=st.data())
def test_two_swapped_rows_are_named_by_the_first(links: list[Link], data: st.DataObject) -> None:
    assume(len(links) > 1)
    first = data.draw(st.integers(0, len(links) - 2))
    second = data.draw(st.integers(first + 1, len(links) - 1))
    links[first], links[second] = links[second], links[first]
    found = broken(links)
    assert (found.sequence, found.fault) == (first + 1, Fault.REORDERED)


@given(links=chains, data=st.data())
def test_content_swapped_between_two_numbers_is_named_by_the_first(
    links: list[Link], data: st.DataObject
) -> None:
    assume(len(links) > 1)
    first = data.draw(st.integers(0, len(links) - 2))
    second = data.draw(st.integers(first + 1, len(links) - 1))
    one, other = links[first], links[second]
    links[first] = replace(other, sequence=one.sequence)
    links[second] = replace(one, sequence=other.sequence)
    found = broken(links)
    assert (found.sequence, found.fault) == (first + 1, Fault.ALTERED)


@given(links=chains, added=fields, data=st.data())
def test_an_inserted_row_is_found_where_it_stands(
    links: list[Link], added: dict[str, Any], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    forged = audit_chain.link(
        chain=CHAIN, sequence=place + 1, previous=links[place].previous, fields=added
    )
    links.insert(place, forged)
    found = broken(links)
    assert (found.sequence, found.fault) == (place + 1, Fault.REORDERED)


@given(links=chains, data=st.data())
def test_a_repeated_row_is_found(links: list[Link], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(links) - 1))
    links.append(links[place])
    assert broken(links).sequence == place + 1


@given(links=chains, data=st.data())
def test_a_cut_end_shows_only_against_a_head(links: list[Link], data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, len(links) - 1))
    head = head_of(links, len(links))
    assert verify(links[:kept], chain=CHAIN).broken is None
    found = broken(links[:kept], heads=[head])
    assert (found.sequence, found.fault) == (kept + 1, Fault.TRUNCATED)


@given(rows=st.lists(fields, min_size=1, max_size=6), data=st.data())
def test_a_chain_written_anew_shows_only_against_a_head(
    rows: list[dict[str, Any]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    original = build(rows)
    anew = build([*rows[:place], {**rows[place], "anew": "yes"}, *rows[place + 1 :]])
    seen = data.draw(st.integers(place + 1, len(rows)))
    assert verify(anew, chain=CHAIN).broken is None
    found = broken(anew, heads=[head_of(original, seen)])
    assert (found.sequence, found.fault) == (seen, Fault.REWRITTEN)


@given(links=chains)
def test_two_heads_that_disagree_are_found(links: list[Link]) -> None:
    false = Head(len(links), "f" * 64, AT)
    found = broken(links, heads=[head_of(links, len(links)), false])
    assert (found.sequence, found.fault) == (len(links), Fault.REWRITTEN)
    assert broken(links, heads=[Head(0, "f" * 64, AT)]).fault is Fault.REWRITTEN


@given(links=chains)
def test_a_row_of_one_chain_does_not_fit_another(links: list[Link]) -> None:
    assert broken(links, chain="intake").sequence == 1


@pytest.mark.parametrize(
    "value", [1.5, b"bytes", "nul\0", "\ud800", {1: "a"}, {"k\0": 1}, [0.0], {"a": {"b": {1}}}, AT]
)
def test_what_databases_change_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonical):
        audit_chain.link(chain=CHAIN, sequence=1, previous=GENESIS, fields={"detail": value})


def test_a_row_that_cannot_be_encoded_counts_as_altered() -> None:
    links = build([{"reason": "a"}])
    for value in ("\ud800", float("nan"), object()):
        links[0] = replace(links[0], fields={"reason": value})
        assert broken(links).fault is Fault.ALTERED


def test_the_encoding_is_pinned() -> None:
    # A chain outlives versions of this code: this hash may never change.
    first = audit_chain.link(
        chain=CHAIN,
        sequence=1,
        previous=GENESIS,
        fields={"reason": "Überprüfung “für” H", "at": audit_chain.timestamp(AT), "detail": {}},
    )
    assert first.hash == "910400e185578786f5f3e3247ab4befaa56cd0b4151c9b299da9d23a4a2b406f"


def test_a_moment_reads_the_same_from_every_zone() -> None:
    elsewhere = AT.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert audit_chain.timestamp(elsewhere) == "2026-11-22T09:00:00.000000+00:00"
    with pytest.raises(NotCanonical, match="time zone"):
        audit_chain.timestamp(AT.replace(tzinfo=None))


def test_a_statement_on_a_head_tells_chains_and_heads_apart() -> None:
    head = Head(3, "a" * 64, AT)
    statements = {
        audit_chain.head_statement(chain="records", head=head),
        audit_chain.head_statement(chain="intake", head=head),
        audit_chain.head_statement(chain="records", head=replace(head, sequence=4)),
        audit_chain.head_statement(chain="records", head=replace(head, hash="b" * 64)),
        audit_chain.head_statement(chain="records", head=replace(head, at=AT + timedelta(1))),
    }
    assert len(statements) == 5


@pytest.mark.slow
def test_a_hundred_thousand_rows_take_a_second() -> None:
    row = {
        "at": audit_chain.timestamp(AT),
        "actor": "pc.4711",
        "actor_kind": "person",
        "agency": "Mereshire Police",
        "action": "looked",
        "subject_kind": "report",
        "subject": "6f2c1f0e-5a1b-4c57-9b06-0d7f9b6f9c11",
        "reason": "Allocated to me this morning",
        "detail": {"envelope": "a" * 64},
    }
    links = build([row] * 100_000)
    rates = []
    for _ in range(3):
        started = time.process_time()
        assert verify(links, chain=CHAIN).rows == 100_000
        rates.append(100_000 / (time.process_time() - started))
    print(f"{max(rates):,.0f} rows a second")
    assert max(rates) >= 100_000
