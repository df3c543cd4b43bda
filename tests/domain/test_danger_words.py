"""Words of danger: found as whole words however they are written, and never inside other words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.danger_words import (
    APOSTROPHES,
    BadPhrases,
    Phrases,
    contains,
    folded,
    parse,
    prompts_in,
)
from safehold.domain.feedback import DANGER, POLICE
from safehold.domain.triage_slip import DangerPrompt

PHRASES = [(each, phrase) for each in DANGER for phrase in each.phrases]
listed = st.sampled_from(PHRASES)
words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=9)
# Whatever may stand between two words, and is no part of either.
gaps = st.text(" \t\n.,;:!?–-/()“”\u00a0", min_size=1, max_size=4)
invisible = st.text("\u200b\u200d\u00ad\u2060", max_size=2)


@given(listed, st.text(max_size=200), st.text(max_size=200), gaps, gaps)
def test_a_phrase_is_found_whatever_stands_around_it(found, before, after, left, right):
    rule, phrase = found
    assert rule.prompt in prompts_in(f"{before}{left}{phrase}{right}{after}", DANGER)


@given(listed, st.data())
def test_capitals_gaps_and_marks_that_nobody_sees_make_no_difference(found, data):
    rule, phrase = found
    parts = []
    for word in phrase.split():
        cased = "".join(data.draw(st.sampled_from([c, c.upper()])) for c in word)
        cut = data.draw(st.integers(0, len(cased)))
        parts += [cased[:cut] + data.draw(invisible) + cased[cut:], data.draw(gaps)]
    assert rule.prompt in prompts_in("".join(parts), DANGER)


@given(st.sampled_from(APOSTROPHES), st.sampled_from(["can{}t get out", "won{}t let me leave"]))
def test_every_apostrophe_is_the_same_and_none_at_all_too(apostrophe, phrase):
    assert prompts_in(phrase.format(apostrophe), DANGER) == prompts_in(phrase.format(""), DANGER)
    assert [one.prompt for one in prompts_in(phrase.format(apostrophe), DANGER)] == ["words-now"]


@given(listed, words, st.booleans())
def test_a_phrase_inside_longer_words_is_not_found(found, more, at_the_end):
    _, phrase = found
    inner = phrase.strip()
    grown = f"{inner}{more}" if at_the_end else f"{more}{inner}"

    assert contains(grown, [inner]) == _by_words(grown, inner)


@given(st.lists(st.sampled_from(["a", "ab", "b", "hits", "me", "my"]), max_size=8), st.data())
def test_it_finds_exactly_runs_of_whole_words(text, data):
    phrase = data.draw(st.lists(st.sampled_from(["a", "ab", "hits", "me"]), min_size=1, max_size=3))
    sought, searched = " ".join(phrase), " ".join(text)
    assert contains(searched, [sought]) == _by_words(searched, sought)


@given(st.text(max_size=300))
def test_folding_twice_is_folding_once_and_the_search_never_fails(text):
    assert folded(folded(text)) == folded(text)
    assert set(prompts_in(text, DANGER)) <= {each.prompt for each in DANGER}


@given(st.text(max_size=120), st.text(max_size=120))
def test_more_words_never_take_a_prompt_away(first, second):
    assert set(prompts_in(first, DANGER)) <= set(prompts_in(f"{first}\n{second}", DANGER))


def test_a_negation_is_not_attempted():
    assert [one.prompt for one in prompts_in("He never follows me.", DANGER)] == ["words-stalking"]


@pytest.mark.parametrize(
    "plain",
    [
        "The button on the stalking page does nothing.",
        "I could not find the page about rape and sexual assault.",
        "The map is slow on my phone, and the text is too small.",
        "Please help us find the form: the link is broken.",
        "The page says “in danger: call 999”, which is good.",
        "Killing the tab loses what I typed.",
    ],
)
def test_feedback_about_the_pages_themselves_raises_no_prompt(plain):
    assert prompts_in(plain, DANGER) == ()


@pytest.mark.parametrize(
    ("said", "police"),
    [
        ("My husband is a police officer", True),
        ("He’s in the police", True),
        ("he works for the police.", True),
        ("The page about the police is hard to read", False),
        ("I want to tell the police", False),
    ],
)
def test_words_that_say_that_someone_works_for_the_police(said, police):
    assert contains(said, POLICE) is police


@pytest.mark.parametrize("phrases", [[], ["..."], ["hits me", "’"]])
def test_a_list_that_cannot_be_searched_for_is_refused(phrases):
    with pytest.raises(BadPhrases):
        parse([{"prompt": "one", "reason": "Because.", "phrases": phrases}])


def test_two_lists_of_one_name_are_refused():
    entry = {"prompt": "one", "reason": "Because.", "phrases": ["hits me"]}
    with pytest.raises(BadPhrases):
        parse([entry, entry])


def test_every_list_gives_its_reason_in_the_rules_own_words():
    for each in DANGER:
        assert isinstance(each, Phrases)
        assert isinstance(each.prompt, DangerPrompt)
        assert each.prompt.reason.startswith("Words of ")
    assert len(PHRASES) == len({phrase for _, phrase in PHRASES}), "a phrase stands twice"


def _by_words(text: str, phrase: str) -> bool:
    have, want = folded(text).split(), folded(phrase).split()
    runs = (have[at : at + len(want)] for at in range(len(have)))
    return bool(want) and re.search(r"\w", phrase) is not None and want in list(runs)
