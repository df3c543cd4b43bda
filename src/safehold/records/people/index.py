"""Keeping the index of names: made from the names alone, so it can be made again at any time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from safehold.domain import spelling
from safehold.records.conflicts import register
from safehold.records.people.models import NameKey, NamePair, NameWord, PersonName

_AT_ONCE = 2_000  # rows of one insertion: SQLite takes 32,766 values


def keep(names: Sequence[PersonName]) -> None:
    """Keep names in the index, inside the transaction that writes them.

    A member whose own name it may be, or of somebody close to them, is kept from the person at
    once: before anybody can look.
    """
    words = {word for name in names for word in spelling.words_of(name.written)}
    known = set(_known(words))
    fresh = sorted(words - known)
    # Two who write one word at once both mean it: whoever comes second finds it there.
    NameWord.objects.bulk_create(
        [NameWord(word=word) for word in fresh], ignore_conflicts=True, batch_size=_AT_ONCE
    )
    NameKey.objects.bulk_create(
        [NameKey(key=key, word_id=word) for word in fresh for key in spelling.keys_of(word)],
        batch_size=_AT_ONCE,
    )
    NamePair.objects.bulk_create(
        [NamePair(key=key, name=name) for name in names for key in spelling.pairs_of(name.written)],
        batch_size=_AT_ONCE,
    )
    register.compare_people(names)


def make_again() -> int:
    """Make the whole index anew, inside the caller's transaction; return how many names it has."""
    NamePair.objects.all().delete()
    NameKey.objects.all().delete()
    NameWord.objects.all().delete()
    count, batch = 0, list[PersonName]()
    for name in PersonName.objects.all().iterator(chunk_size=_AT_ONCE):
        batch.append(name)
        count += 1
        if len(batch) == _AT_ONCE:
            keep(batch)
            batch = []
    keep(batch)
    return count


def readings_of(words: Sequence[str]) -> list[dict[str, float]]:
    """Return what each typed word may be of all words that anybody carries: one question."""
    keys = {word: spelling.keys_of(word) for word in words}
    wanted = frozenset[int]().union(*keys.values())
    known: dict[int, set[str]] = {}
    for key, word in NameKey.objects.filter(key__in=wanted).values_list("key", "word_id"):
        known.setdefault(key, set()).add(word)
    return [
        spelling.readings(word, set[str]().union(*(known.get(key, set()) for key in keys[word])))
        for word in words
    ]


def _known(words: Iterable[str]) -> Iterable[str]:
    return NameWord.objects.filter(pk__in=list(words)).values_list("pk", flat=True)
