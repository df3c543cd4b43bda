"""The audit chain: each row's hash covers the row before it, so no row can change unseen.

A row is hashed over one line of JSON: keys sorted, no spaces, UTF-8, with the version of this
encoding, the name of the chain and the hash of the row before. What a chain alone cannot show is
that its end was cut off or that all of it was written anew; heads kept elsewhere show that.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

VERSION = 1
GENESIS = "0" * 64

# Made once: json.dumps builds a new encoder for every row when its options are not the default.
# What comes out of a store has no circle, and what goes in was walked through by `_check`.
_ENCODER = json.JSONEncoder(
    sort_keys=True,
    separators=(",", ":"),
    ensure_ascii=False,
    allow_nan=False,
    check_circular=False,
)


class NotCanonical(ValueError):
    """A value that would not come back from every database as it went in."""


@dataclass(frozen=True, slots=True)
class Link:
    """One row of a chain as it is stored."""

    sequence: int
    previous: str
    hash: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain at one moment: the number and hash of its last row."""

    sequence: int
    hash: str
    at: datetime


class Fault(StrEnum):
    """What is wrong with a row."""

    ALTERED = "altered"
    MISSING = "missing"
    REORDERED = "reordered"
    WRONG_PREVIOUS = "wrong previous"
    REWRITTEN = "rewritten"
    TRUNCATED = "truncated"


@dataclass(frozen=True, slots=True)
class Break:
    """The first row that does not hold, by its number, and why."""

    sequence: int
    fault: Fault
    reason: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking a chain found: the rows that hold from its start, its end, the first break."""

    rows: int
    sequence: int
    hash: str
    broken: Break | None


def timestamp(at: datetime) -> str:
    """Return the canonical text of an aware moment: UTC, microseconds.

    Raises NotCanonical for a moment without a time zone.
    """
    if at.tzinfo is None:
        raise NotCanonical("A moment needs a time zone.")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def link(*, chain: str, sequence: int, previous: str, fields: Mapping[str, Any]) -> Link:
    """Return the row that carries these fields after the row whose hash is `previous`.

    Raises NotCanonical where a value is not text, a whole number, true, false, nothing, or a list
    or mapping of those: databases keep a fraction or a NUL in ways of their own.
    """
    _check(fields)
    digest = row_hash(chain=chain, sequence=sequence, previous=previous, fields=fields)
    return Link(sequence, previous, digest, fields)


def row_hash(*, chain: str, sequence: int, previous: str, fields: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a row's canonical encoding, in hexadecimal."""
    content = {
        "chain": chain,
        "fields": fields,
        "previous": previous,
        "sequence": sequence,
        "version": VERSION,
    }
    return hashlib.sha256(_ENCODER.encode(content).encode()).hexdigest()


def head_statement(*, chain: str, head: Head) -> bytes:
    """Return the bytes that a signature on a head covers."""
    content = {
        "at": timestamp(head.at),
        "chain": chain,
        "hash": head.hash,
        "sequence": head.sequence,
        "version": VERSION,
    }
    return _ENCODER.encode(content).encode()


def verify(links: Iterable[Link], *, chain: str, heads: Iterable[Head] = ()) -> Verdict:
    """Check a chain from its first row, in stored order, and say which row breaks first.

    `heads` are ends of this chain that were kept elsewhere and whose signatures already held.
    """
    published = _published(heads)
    sequence, digest = 0, GENESIS
    remaining = iter(links)
    for row in remaining:
        broken = _fault(row, chain, sequence + 1, digest, remaining)
        if broken is None and not published.get(row.sequence, frozenset()) <= {row.hash}:
            broken = Break(
                row.sequence,
                Fault.REWRITTEN,
                f"a head published elsewhere names another row {row.sequence:,}",
            )
        if broken is not None:
            return Verdict(sequence, sequence, digest, broken)
        sequence, digest = row.sequence, row.hash
    return Verdict(sequence, sequence, digest, _missing_end(published, sequence))


def _published(heads: Iterable[Head]) -> dict[int, frozenset[str]]:
    by_sequence: dict[int, frozenset[str]] = {}
    for head in heads:
        by_sequence[head.sequence] = by_sequence.get(head.sequence, frozenset()) | {head.hash}
    return by_sequence


def _missing_end(published: dict[int, frozenset[str]], last: int) -> Break | None:
    furthest = max(published, default=0)
    if furthest > last:
        return Break(
            last + 1,
            Fault.TRUNCATED,
            f"a head published elsewhere reaches row {furthest:,}, the chain ends at {last:,}",
        )
    if not published.get(0, frozenset()) <= {GENESIS}:
        return Break(0, Fault.REWRITTEN, "a head published elsewhere names another beginning")
    return None


def _fault(
    row: Link, chain: str, expected: int, previous: str, remaining: Iterator[Link]
) -> Break | None:
    if row.sequence != expected:
        return _misplaced(row, expected, remaining)
    try:
        digest = row_hash(chain=chain, sequence=expected, previous=row.previous, fields=row.fields)
    except (ValueError, TypeError):
        digest = ""
    if digest != row.hash:
        return Break(expected, Fault.ALTERED, "its content does not fit its hash")
    if row.previous != previous:
        return Break(
            expected, Fault.WRONG_PREVIOUS, f"it does not follow from row {expected - 1:,}"
        )
    return None


def _misplaced(row: Link, expected: int, remaining: Iterator[Link]) -> Break:
    if row.sequence < expected:
        return Break(row.sequence, Fault.REORDERED, f"it stands where {expected:,} should")
    # Whether the row is gone or only moved takes the rest of the chain to say; by now one break is
    # certain and speed no longer counts.
    if any(later.sequence == expected for later in remaining):
        return Break(expected, Fault.REORDERED, f"{row.sequence:,} stands in its place")
    return Break(expected, Fault.MISSING, f"after row {expected - 1:,} comes {row.sequence:,}")


def _check(value: Any) -> None:
    if isinstance(value, str):
        _check_text(value)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise NotCanonical("Names of fields are text.")
            _check_text(key)
            _check(item)
    elif isinstance(value, list):
        for item in value:
            _check(item)
    elif value is not None and not isinstance(value, int):
        raise NotCanonical(f"A {type(value).__name__} cannot stand in an audit row.")


def _check_text(text: str) -> None:
    if "\0" in text:
        raise NotCanonical("Text in an audit row holds no NUL.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise NotCanonical("Text in an audit row is whole characters.") from error
