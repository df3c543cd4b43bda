"""Whether a person's name may be a member's own, or of somebody close to them: by lookup alone.

Pure. A person's name stands in the index under the numbers of every two of its words
(`spelling.pairs_of`). A name on the register is turned into the few of those numbers that it may
stand under, so one lookup in either direction gives the same answer however many names there are.
"""

from __future__ import annotations

from itertools import product

from safehold.domain import spelling


def wanted_keys(name: str) -> frozenset[int]:
    """Return the numbers that a name on the register is looked up by; none for a single word.

    Its first word and each part of its last one, with the short forms of both: Bob Hay-Smith is met
    as Robert Smith. What stands between is left out, or every other Maria would be met.
    """
    words = spelling.words_of(name)
    surnames = _last_parts(name, words)
    pairs = {
        spelling.pair_key(one, other)
        for first, last in product(words[:1], surnames)
        if first != last
        for one, other in product(spelling.said_for(first), spelling.said_for(last))
        if one != other
    }
    return frozenset(pairs)


def meets(register: str, person: str) -> bool:
    """Tell whether a name on the register may be that of a person."""
    return not wanted_keys(register).isdisjoint(spelling.pairs_of(person))


def _last_parts(name: str, words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parts of the last word, titles after it left out: Hay-Smith has two."""
    for chunk in reversed(name.replace(",", " ").split()):
        if parts := tuple(word for word in spelling.words_of(chunk) if word in words[1:]):
            return parts
    return ()
