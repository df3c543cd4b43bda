"""Fixed words that let a call for help be seen: found or not found, and nothing else understood.

Pure. The lists are `rules/feedback.toml`. A negation is not attempted: whoever says that he does
not follow her any more has said that he did.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from safehold.domain.triage_slip import MOST_PROMPTS, DangerPrompt

# As people and their phones write them; the modifier letter too, which counts as a letter.
APOSTROPHES = "'’‘‛ʼʹ`´＇"
_WITHOUT_APOSTROPHES = str.maketrans("", "", APOSTROPHES)


class BadPhrases(ValueError):
    """A list of words that cannot be searched for; the message names what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases that raise one prompt, each folded; `prompt` says why in the rule's own words."""

    prompt: DangerPrompt
    phrases: tuple[str, ...]


def folded(text: str) -> str:
    """Return text as it is compared: words in one case with one space between, and around.

    Apostrophes are taken out, so that "can't" is "cant"; accents and marks that nobody sees too.
    """
    plain = text.translate(_WITHOUT_APOSTROPHES)
    apart = unicodedata.normalize("NFKD", plain).translate(_WITHOUT_APOSTROPHES).casefold()
    kept = (
        letter if letter.isalnum() else " "
        for letter in unicodedata.normalize("NFKD", apart)
        if unicodedata.category(letter) not in {"Mn", "Me", "Cf"}
    )
    words = "".join(kept).split()
    return f" {' '.join(words)} " if words else " "


def contains(text: str, phrases: Iterable[str]) -> bool:
    """Tell whether a text holds one of the phrases as whole words, one after the other."""
    searched = folded(text)
    return any(phrase in searched for phrase in map(folded, phrases) if phrase != " ")


def prompts_in(text: str, lists: Sequence[Phrases]) -> tuple[DangerPrompt, ...]:
    """Return the prompt of each list of which a phrase stands in the text, in the lists' order."""
    searched = folded(text)
    return tuple(each.prompt for each in lists if any(one in searched for one in each.phrases))


def parse(entries: Iterable[Mapping[str, Any]]) -> tuple[Phrases, ...]:
    """Read the lists of a rules file.

    Raises BadPhrases for an empty list, for a phrase without a word, and for more prompts than a
    slip can hold.
    """
    lists = []
    for entry in entries:
        phrases = tuple(folded(phrase) for phrase in entry["phrases"])
        if not phrases or " " in phrases:
            raise BadPhrases(f"{entry['prompt']}: a list needs phrases, and a phrase needs words.")
        lists.append(Phrases(DangerPrompt(entry["prompt"], entry["reason"]), phrases))
    names = [each.prompt.prompt for each in lists]
    if len(names) > MOST_PROMPTS or len(set(names)) != len(names):
        raise BadPhrases(f"At most {MOST_PROMPTS} lists, each with a name of its own.")
    return tuple(lists)
