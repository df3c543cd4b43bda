"""A name is met however it is written, and a text about nobody is met by none."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.names import (
    folded,
    forms_in,
    forms_in_text,
    forms_of_name,
    is_whole,
    nearly_in_text,
    texts_of,
)

FORENAMES = ("Zephyrine", "Oriel", "Tamsin", "Caspian", "Séverine", "Kerensa")
SURNAMES = ("Quillbrook", "O’Tarrant", "Vanterpool", "Lisle", "Winterbourne", "Fennimore")
# Words that no name above shares, as people write about what was done to them.
PLAIN = ("it", "began", "after", "christmas", "and", "never", "stopped", "at", "work", "home")
forenames, surnames = st.sampled_from(FORENAMES), st.sampled_from(SURNAMES)
around = st.lists(st.sampled_from(PLAIN), max_size=30).map(" ".join)
TITLES = st.sampled_from(["", "Mr ", "Dr. ", "PC ", "Det. Sgt. ", "Chief Inspector "])


def meet(name: str, text: str) -> bool:
    return bool(forms_of_name(name) & forms_in_text(text))


@given(forenames, surnames, st.sampled_from([str.upper, str.lower, str.title]))
def test_case_does_not_matter(forename, surname, cased):
    assert meet(f"{forename} {surname}", cased(f"{forename} {surname}"))


@given(forenames, surnames)
def test_accents_and_apostrophes_do_not_matter(forename, surname):
    plain = unicodedata.normalize("NFKD", f"{forename} {surname}")
    bare = "".join(each for each in plain if each.isascii() and each not in "'")
    assert meet(f"{forename} {surname}", bare)
    assert meet(bare, f"{forename} {surname}")


@given(forenames, surnames, TITLES)
def test_titles_and_ranks_do_not_matter(forename, surname, title):
    assert meet(f"{title}{forename} {surname}", f"{forename} {surname}")
    assert meet(f"{forename} {surname}", f"It was {title}{forename} {surname}")


@given(forenames, surnames)
def test_order_does_not_matter(forename, surname):
    assert meet(f"{forename} {surname}", f"{surname}, {forename}")
    assert meet(f"{surname}, {forename}", f"{forename} {surname}")


@given(forenames, forenames, surnames)
def test_a_middle_name_does_not_matter(forename, middle, surname):
    assert meet(f"{forename} {middle} {surname}", f"{forename} {surname}")
    assert meet(f"{forename} {surname}", f"{forename} {middle} {surname}")


@given(forenames, surnames, around, around)
def test_a_name_is_found_in_any_text_around_it(forename, surname, before, after):
    assert meet(f"{forename} {surname}", f"{before} {forename} {surname} {after}")
    assert meet(f"{forename} {surname}", f"{before} {forename[0]}. {surname} {after}")
    assert meet(f"{forename} {surname}", f"{before} Sergeant {surname} {after}")


@given(forenames, surnames, st.text(alphabet="abc .,\n-!", max_size=40))
def test_what_stands_before_it_does_not_hide_it(forename, surname, before):
    assert meet(f"{forename} {surname}", f"{before} {forename} {surname}")


@given(forenames, surnames, st.lists(around, max_size=5))
def test_a_text_about_nobody_is_met_by_none(forename, surname, texts):
    assert not forms_of_name(f"{forename} {surname}") & forms_in(texts)


@given(forenames, surnames, around)
def test_one_half_of_a_name_is_met_by_none(forename, surname, before):
    for half in (forename, surname):
        assert not meet(f"{forename} {surname}", f"{before} {half} {before}")


@given(st.text(max_size=300))
def test_any_text_at_all_can_be_read(text):
    assert forms_in_text(text) == forms_in_text(text)
    forms_of_name(text)
    assert folded(folded(text)) == folded(text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("David Quillbrook", "dave quillbrook did it"),
        ("Dave Quillbrook", "It was David Quillbrook."),
        ("Alex Quillbrook", "alexandra quillbrook"),
        ("Phillip Lisle", "philip lisle"),
        ("Anna Lisle-Vanterpool", "anna vanterpool"),
        ("Anna Lisle-Vanterpool", "Anna Lisle Vanterpool"),
        ("Dena Lisle", "dena lisle's car"),
        ("Will Grant", "He is Will Grant."),
        ("Anna Hill", "It was A. Hill"),
        ("Dena Lisle", "photo_of_dena_lisle_2.jpg"),
    ],
)
def test_it_is_met(name, text):
    assert meet(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Will Grant", "he will grant me nothing"),
        ("Will Grant", "he will not grant it"),
        ("Mark Long", "It left a mark. Long after, it hurt"),
        ("Anna Hill", "we live by a hill"),
        ("Ian Long", "i long for sleep"),
        ("Tom Day", "the officer came one day"),
        ("Oriel Lisle", "I told Oriel. Lisle is a town"),
        ("Oriel Lisle", "oriel and lisle"),
    ],
)
def test_it_is_not_met(name, text):
    assert not meet(name, text)


def test_a_wrong_letter_is_near_enough_only_where_that_is_asked():
    for written in ("Zephirine Quillbrook", "zephyrine quilbrok", "Zephyrine Quillborok"):
        assert nearly_in_text("Zephyrine Quillbrook", [f"it was {written}"])
    assert not nearly_in_text("Oriel Lisle", ["Uriah Lizzard", "nothing"])
    assert not nearly_in_text("Ann Lee", ["Ana Lew"])


def test_a_name_of_one_word_cannot_be_found():
    assert is_whole("Oriel Lisle")
    assert is_whole("Lisle-Vane, Oriel")
    assert not is_whole("Oriel")
    assert not is_whole("PC Lisle")
    assert not is_whole("  ")


def test_what_she_wrote_is_read_and_our_own_words_are_not():
    content = {
        "answers": [
            {"question": "Oriel Lisle", "said": ["Tamsin", "Vane"], "fields": {"text": "Kerensa"}}
        ],
        "place": {"label": "Rose Hill", "words": "by the bridge"},
    }
    assert list(texts_of(content)) == ["Tamsin Vane", "Tamsin", "Vane", "Kerensa", "by the bridge"]
