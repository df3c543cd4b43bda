"""Names as they are compared, so that a report about a colleague is told before anybody reads it.

Pure. A name and a text each give a set of forms, and they meet where one form is in both. A form is
order-free and folded: it says nothing of who is meant, and two people of one name share it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from safehold import rules

RULES: Final = rules.load("names")
MOST_WORDS: Final[int] = RULES.tables["limits"]["words"]
RELATIONS: Final[Mapping[str, str]] = {
    each["key"]: each["label"] for each in RULES.tables["relations"]["options"]
}
SHORTEST_PART: Final = 2  # letters: one alone is an initial
FUZZY_FROM: Final = 5  # letters: in a shorter word one letter makes another name
_TOO_SHORT_TO_SHORTEN: Final = 3  # letters: Ann is not An, and Lee is not Le
_RANK: Final = "rank"
_FURTHEST: Final = 4  # words on, with titles
_TWO: Final = 2  # words of a form that is no rank
_ENDS_A_NAME: Final = frozenset(".!?;:()[]")
# Words of one letter that are no initial unless written like one.
_LETTERS_THAT_ARE_WORDS: Final = frozenset("ai")
_APOSTROPHES: Final = str.maketrans("", "", "'’‘‛ʼʹ`´＇")
_TOKEN: Final = re.compile(r"[^\W_]+|[^\w\s]")
_OF_SOMEBODY: Final = re.compile(r"['’]s\b", re.IGNORECASE)
# Letters that no accent is taken off of by Unicode alone.
_PLAIN: Final = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i"})


@dataclass(frozen=True, slots=True)
class _Word:
    folded: str
    capital: bool
    after_end: bool  # a sentence ended before it


def folded(word: str) -> str:
    """Return a word as it is compared: one case, no accent, no mark, no letter twice in a row."""
    apart = unicodedata.normalize("NFKD", word.translate(_APOSTROPHES)).casefold()
    letters = unicodedata.normalize("NFKD", apart).translate(_PLAIN)
    kept = [each for each in letters if each.isalnum()]
    if len(kept) <= _TOO_SHORT_TO_SHORTEN:
        return "".join(kept)
    return "".join(
        letter for number, letter in enumerate(kept) if number == 0 or letter != kept[number - 1]
    )


def _short_forms() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in RULES.tables["short_forms"]:
        for name in row:
            found.setdefault(folded(name), set()).add(folded(row[0]))
    return {name: frozenset(stands_for) for name, stands_for in found.items()}


def _said_for() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for row in RULES.tables["short_forms"]:
        words = frozenset(map(folded, row))
        for word in words:
            found[word] = found.get(word, frozenset()) | words
    return found


_STANDS_FOR: Final = _short_forms()
_SAID_FOR: Final = _said_for()
_TITLES, _RANKS, _ALSO_WORDS, _NEVER_BETWEEN = (
    frozenset(map(folded, RULES.tables[name]))
    for name in ("titles", "ranks", "also_words", "never_between")
)
_BEFORE_A_NAME: Final = _TITLES | _RANKS


def forms_of_name(name: str) -> frozenset[str]:
    """Return every form under which a person of this name may stand in a text.

    Without titles and ranks, and without middle names; each part of a double-barrelled name alone.
    A name of one word gives the form with a rank only; one of no word gives none.
    """
    chunks = [_parts(chunk) for chunk in name.replace(",", " ").split()]
    chunks = [parts for parts in chunks if parts and not _is_title(parts)]
    if not chunks:
        return frozenset()
    first, last = chunks[0], chunks[-1]
    surnames = [*last, "".join(last)]
    if len(chunks) == 1:
        return frozenset(_with_rank(each) for each in surnames)
    # Written with the surname first it is the same person, so both ends may be either.
    forenames = [*first, "".join(first)]
    found = set[str]()
    for one, other in product(forenames, surnames):
        found.update(_pairs(one, other))
        found.update(_initials(one, other))
    found.update(_with_rank(each) for each in (*surnames, *_if_comma(name, forenames)))
    return frozenset(found)


def words_of_name(name: str) -> list[str]:
    """Return the words of a name, folded, in their order, without titles and ranks.

    A name that is nothing else keeps them: somebody is called Major.
    """
    chunks = [parts for chunk in name.replace(",", " ").split() if (parts := _parts(chunk))]
    kept = [parts for parts in chunks if not _is_title(parts)]
    return [word for parts in kept or chunks for word in parts]


def said_for_one_another(word: str) -> frozenset[str]:
    """Return the folded first names that may be said for this one: Bob for Robert, and back."""
    return _SAID_FOR.get(word, frozenset())


def is_whole(name: str) -> bool:
    """Tell whether a name has a first name and a surname, so that it can be found in a text."""
    return any(len(form.split(" ")) == _TWO for form in forms_of_name(name))


def forms_in_text(text: str) -> frozenset[str]:
    """Return the forms of every name that may stand in running text, the first words of it.

    Two words beside one another, or with one between that may be a middle name; an initial and a
    word; a rank and a word. Only within a sentence, but for a full stop after an initial or title.
    """
    words = _words(text)
    found = set[str]()
    for number, word in enumerate(words):
        for other in _reached(words, number):
            found.update(_forms_of_two(word, other))
    return frozenset(found)


def forms_in(texts: Iterable[str]) -> frozenset[str]:
    """Return the forms in several texts, each read alone: no name goes from one to another."""
    found = set[str]()
    left = MOST_WORDS
    for text in texts:
        if left <= 0:
            break
        found |= forms_in_text(text)
        left -= text.count(" ") + 1
    return frozenset(found)


def nearly_in_text(name: str, texts: Iterable[str]) -> bool:
    """Tell whether a name stands in texts, also with a wrong letter in each of its longer words."""
    wanted, found = forms_of_name(name), forms_in(texts)
    if wanted & found:
        return True
    said = [two for form in found if len(two := form.split(" ")) == _TWO]
    return any(
        _near_both(two, each)
        for form in wanted
        if len(two := form.split(" ")) == _TWO
        for each in said
    )


def texts_of(content: Any) -> Iterator[str]:
    """Give every piece of text in what was sent, and the lines of one answer together.

    Our own words – keys, questions, labels – are passed by; what a gazetteer calls a place too.
    """
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        for key, value in content.items():
            if key not in _OURS:
                yield from texts_of(value)
    elif isinstance(content, Sequence):
        lines = [each for each in content if isinstance(each, str)]
        if len(lines) > 1:
            yield " ".join(lines)
        for each in content:
            yield from texts_of(each)


_OURS: Final = frozenset(
    {"key", "question", "label", "labels", "kind", "journey", "proof", "id", "typed", "call_id"}
    | {"matches", "lat", "lon", "metres", "sent_in_hour", "roles", "when", "precision"}
)


def _words(text: str) -> list[_Word]:
    words: list[_Word] = []
    ended = False
    plain_text = _OF_SOMEBODY.sub("", text).translate(_APOSTROPHES)
    for token in _TOKEN.findall(plain_text):
        if not token[0].isalnum():
            ended = ended or (token in _ENDS_A_NAME and not _goes_on(words, token))
        elif plain := folded(token):
            words.append(_Word(plain, token[0].isupper(), ended))
            ended = False
        if len(words) >= MOST_WORDS:
            break
    return words


def _goes_on(words: Sequence[_Word], sign: str) -> bool:
    """Tell whether a full stop only shortens the word before it."""
    if sign != "." or not words:
        return False
    last = words[-1].folded
    return len(last) == 1 or last in _BEFORE_A_NAME


def _reached(words: Sequence[_Word], number: int) -> Iterator[_Word]:
    """Give the words after one that may be the end of a name that begins with it.

    Beside it, or with one word between that may be a middle name; titles and ranks do not count.
    """
    between = 0
    for word in words[number + 1 : number + 1 + _FURTHEST]:
        if word.after_end:
            return
        yield word
        if word.folded in _NEVER_BETWEEN:
            return
        between += word.folded not in _BEFORE_A_NAME
        if between > 1 or (between and words[number].folded in _BEFORE_A_NAME):
            return


def _forms_of_two(one: _Word, other: _Word) -> Iterator[str]:
    if not _may_be_a_name(one, other):
        return
    if one.folded in _RANKS:
        yield _with_rank(other.folded)
    elif 1 in {len(one.folded), len(other.folded)}:
        yield " ".join(sorted((one.folded, other.folded), key=len))
    else:
        yield from _pairs(one.folded, other.folded)


def _may_be_a_name(one: _Word, other: _Word) -> bool:
    if len(one.folded) < SHORTEST_PART and len(other.folded) < SHORTEST_PART:
        return False
    if {one.folded, other.folded} & _LETTERS_THAT_ARE_WORDS:
        return one.capital and other.capital
    doubtful = _ALSO_WORDS | _BEFORE_A_NAME
    if one.folded in doubtful and other.folded in _ALSO_WORDS:
        return other.capital and (one.capital or one.folded in _BEFORE_A_NAME)
    return True


def _parts(chunk: str) -> list[str]:
    return [plain for part in re.split(r"[-_.]", chunk) if (plain := folded(part))]


def _is_title(parts: Sequence[str]) -> bool:
    return all(part in _BEFORE_A_NAME for part in parts)


def _pairs(one: str, other: str) -> Iterator[str]:
    for each, beside in product(_stand_for(one), _stand_for(other)):
        yield " ".join(sorted((each, beside)))


def _stand_for(word: str) -> frozenset[str]:
    return _STANDS_FOR.get(word, frozenset({word}))


def _initials(one: str, other: str) -> Iterator[str]:
    for first, last in ((one, other), (other, one)):
        if len(last) >= SHORTEST_PART:
            yield f"{first[0]} {last}"


def _with_rank(surname: str) -> str:
    return f"{_RANK} {surname} {_RANK}"


def _if_comma(name: str, forenames: Sequence[str]) -> Sequence[str]:
    return forenames if "," in name else ()


def _near_both(two: Sequence[str], other: Sequence[str]) -> bool:
    straight = _near(two[0], other[0]) and _near(two[1], other[1])
    return straight or (_near(two[0], other[1]) and _near(two[1], other[0]))


def _near(one: str, other: str) -> bool:
    """Tell whether two words are one but for a letter that is wrong, missing, or changed places."""
    if one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) < FUZZY_FROM or len(longer) - len(shorter) > 1:
        return False
    start = next(
        (n for n, (a, b) in enumerate(zip(shorter, longer, strict=False)) if a != b), len(shorter)
    )
    if len(shorter) < len(longer):
        return shorter[start:] == longer[start + 1 :]
    if shorter[start + 1 :] == longer[start + 1 :]:
        return True
    swapped = shorter[start + 1 : start + 2] + shorter[start : start + 1]
    return swapped + shorter[start + 2 :] == longer[start:]
