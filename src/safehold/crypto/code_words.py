"""The words that a code can be made of.

They are the English words of BIP 39, chosen so that the first four letters tell each from all
others, without those below. A code is written on paper and read at a bad moment: none of its
words may name what was done to the reader, who did it, or where she told of it.
"""

from mnemonic import Mnemonic

STEM = 4  # letters that tell a word
FEWEST = 1_900

_HURTFUL = """
abuse accuse acid addict affair afraid alcohol alone anger angry anxiety armed army arrest
assault attack awful battle betray blade blame blood bomb broken bullet cage chase control crash
crazy crime cruel crush cry damage danger denial deny despair destroy divorce drink dumb enemy
escape evidence evil execute expose fat fatal fault follow force fury gaze ghost grab grief
guilt gun hammer harsh horror hunt hurt husband illegal inflict inject injury inmate insane
isolate jealous judge kick kiss knife knock lawsuit lazy liar lonely mad marriage misery monster
nasty neglect obey panic pistol police prison punch push regret reject report rifle sad sadness
scare secret sheriff shoot shove sick skull slam spike spy strike suffer suspect target track
tragic trap trial trigger ugly unfair unhappy upset useless vanish vicious warfare warrior
weapon whip wife witness wrong
"""
_SPELT_OTHERWISE_HERE = """
armor color defense favorite flavor harbor humor labor odor vapor
"""
_OF_COINS = "satoshi"  # the list was made for them; nobody else knows the word
LEFT_OUT = frozenset(f"{_HURTFUL} {_SPELT_OTHERWISE_HERE} {_OF_COINS}".split())


def _words() -> tuple[str, ...]:
    words = tuple(word for word in Mnemonic("english").wordlist if word not in LEFT_OUT)
    if len(words) < FEWEST:
        raise RuntimeError(f"Only {len(words)} words are left for codes; {FEWEST} are needed.")
    return words


WORDS = _words()
_BY_STEM = {word[:STEM]: word for word in WORDS}


def word_of(written: str) -> str | None:
    """Return the word that somebody meant, by its first letters; None where there is none."""
    return _BY_STEM.get(written[:STEM])
