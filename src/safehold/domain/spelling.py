"""How a name that was heard once finds the person: words, what each may be, and how near two are.

Pure. A word of a name is kept folded (`names.folded`). It is found by itself, by itself with any
one letter gone, and by its sound: two words that differ in one letter, missing, added, wrong or
swapped, share a key, which is the symmetric deletion of W. Garbe (2012). Sounds are Metaphone's
(L. Philips, 1990), made for English spelling; other scripts are found by letters alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from itertools import combinations, product
from typing import Final

from jellyfish import metaphone
from rapidfuzz.distance import OSA

from safehold.domain import names

LONGEST_WORD: Final = 40  # characters: the rest is cut off
MOST_WORDS: Final = 6  # words of one name that are kept: the first ones and the last
SHORTEST_TO_LOSE: Final = 4  # letters: of a shorter word every other is one letter away
MOST_READINGS: Final = 25  # words that one typed word may be
_LONG: Final = 7  # letters: from here two may be wrong
_SHORTEST_SOUND: Final = 2  # letters: Metaphone's "L" is said of too many names
_SAME_BY_USE: Final = 0.95  # Bob for Robert: said for one another, not misspelt
_SAME_SOUND: Final = 0.85
_LETTERS_OF_ONE_SOUND: Final = 0.55  # John and Jane sound alike to Metaphone, and are not
_KEY_BYTES: Final = 8


def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name as they are compared, without titles; Hay-Smith is two words.

    Of a name of more than six words the first five and the last are kept.
    """
    found = [word[:LONGEST_WORD] for word in names.words_of_name(name)]
    kept = found if len(found) <= MOST_WORDS else [*found[: MOST_WORDS - 1], found[-1]]
    return tuple(dict.fromkeys(kept))


def keys_of(word: str) -> frozenset[int]:
    """Return what a word is found by: numbers of 64 bits, signed, the same on every machine."""
    forms = {word}
    if len(word) >= SHORTEST_TO_LOSE:
        forms |= {word[:number] + word[number + 1 :] for number in range(len(word))}
    if sound := sound_of(word):
        forms.add(sound)
    return frozenset(map(_number, forms))


def sound_of(word: str) -> str:
    """Return how a word sounds, in capitals so that it is no word; empty where that says little."""
    sound = metaphone(word).replace(" ", "") if word.isascii() else ""
    return sound if len(sound) >= _SHORTEST_SOUND else ""


def pair_key(one: str, other: str) -> int:
    """Return the number of two words together, whichever comes first; of one with itself too."""
    return _number(" ".join(sorted((one, other))))


def pairs_of(name: str) -> frozenset[int]:
    """Return the numbers under which a name is kept: each word alone, and every two of them."""
    words = words_of(name)
    both = {pair_key(one, other) for one, other in combinations(words, 2)}
    return frozenset(both | {pair_key(word, word) for word in words})


def said_for(word: str) -> frozenset[str]:
    """Return the words that are said for one another with this one, itself among them."""
    return names.said_for_one_another(word) | {word}


def readings(word: str, known: Iterable[str]) -> dict[str, float]:
    """Return what a typed word may be, of the words that are known, and how near each is (0 to 1).

    The nearest come first, and no more than `MOST_READINGS`; what is too far away is left out.
    """
    used = said_for(word)
    near = {other: likeness(word, other, used=used) for other in {*known, *used}}
    best = sorted(
        (each for each in near.items() if each[1] > 0), key=lambda each: (-each[1], each[0])
    )
    return dict(best[:MOST_READINGS])


def likeness(one: str, other: str, *, used: frozenset[str] | None = None) -> float:
    """Say how near two words are, from 0 (another name) to 1 (the same)."""
    if one == other:
        return 1.0
    if other in (said_for(one) if used is None else used):
        return _SAME_BY_USE
    allowed = 2 if min(len(one), len(other)) >= _LONG else 1
    longest = max(len(one), len(other))
    apart = OSA.distance(one, other)
    shared = 1 - apart / longest
    by_letters = shared if apart <= allowed and longest >= SHORTEST_TO_LOSE else 0.0
    alike = shared >= _LETTERS_OF_ONE_SOUND and sound_of(one) and sound_of(one) == sound_of(other)
    return max(by_letters, _SAME_SOUND if alike else 0.0)


def wanted_pairs(typed: Sequence[dict[str, float]], *, most: int) -> list[int]:
    """Return the numbers to look up for typed words, each with its readings: the nearest first.

    One word is looked up alone; of several, every two.
    """
    if len(typed) == 1:
        return [pair_key(word, word) for word in typed[0]]
    scored: dict[int, float] = {}
    for one, other in combinations(typed, 2):
        for (first, near), (second, nearer) in product(one.items(), other.items()):
            key = pair_key(first, second)
            scored[key] = max(scored.get(key, 0.0), near * nearer)
    return sorted(scored, key=lambda key: -scored[key])[:most]


def nearness(typed: Sequence[str], name: str) -> float:
    """Say how near a name is to what was typed, from 0 to 1: each typed word by its nearest.

    A word that was typed and is not in the name counts against it; what the name has beside does
    so a little, so that the shorter of two names comes first.
    """
    words = words_of(name)
    if not typed or not words:
        return 0.0
    nearest = [max(likeness(each, word) for word in words) for each in typed]
    beside = max(0, len(words) - len(typed))
    return sum(nearest) / len(typed) - 0.01 * beside


def _number(text: str) -> int:
    digest = blake2b(text.encode(), digest_size=_KEY_BYTES).digest()
    return int.from_bytes(digest, "big", signed=True)
