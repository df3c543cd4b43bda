"""Names heard once: which words may be meant, and how near two of them are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain import spelling

LETTERS = "abcdefghijklmnopqrstuvwxyz"
WORDS = st.text(LETTERS, min_size=5, max_size=12)


@st.composite
def one_letter_off(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and the same with one letter gone, added, wrong, or two swapped."""
    word = draw(WORDS)
    at = draw(st.integers(0, len(word) - 2))
    letter = draw(st.sampled_from(LETTERS))
    other = draw(
        st.sampled_from(
            (
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            )
        )
    )
    return word, other


@given(one_letter_off())
def test_words_that_differ_in_one_letter_find_one_another(pair: tuple[str, str]) -> None:
    word, other = pair
    assert spelling.keys_of(word) & spelling.keys_of(other)
    assert other in spelling.readings(word, [other])


@given(WORDS, WORDS)
def test_nearness_is_the_same_from_both_sides_and_never_leaves_its_bounds(
    one: str, other: str
) -> None:
    assert spelling.likeness(one, other) == spelling.likeness(other, one)
    assert 0 <= spelling.likeness(one, other) <= 1
    assert (spelling.likeness(one, other) == 1) == (one == other)
    assert spelling.pair_key(one, other) == spelling.pair_key(other, one)


@given(st.text(max_size=200))
def test_no_name_breaks_it(name: str) -> None:
    words = spelling.words_of(name)
    assert len(words) <= spelling.MOST_WORDS
    assert all(0 < len(word) <= spelling.LONGEST_WORD for word in words)
    assert len(spelling.pairs_of(name)) <= 21
    if words:
        assert spelling.nearness(words, name) == pytest.approx(1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("smith", "smyth"),
        ("catherine", "kathryn"),
        ("robert", "bob"),
        ("wright", "right"),
        ("kowalczyk", "kowalchik"),
        ("mohamed", "muhamad"),
        ("brown", "braun"),
    ],
)
def test_what_is_said_for_one_another_is_near(one: str, other: str) -> None:
    assert spelling.likeness(one, other) >= 0.75


@pytest.mark.parametrize(("one", "other"), [("john", "jane"), ("lee", "leo"), ("mark", "mary")])
def test_what_only_sounds_alike_or_is_short_is_another_name(one: str, other: str) -> None:
    assert spelling.likeness(one, other) < 0.8


def test_every_word_counts_and_one_that_is_missing_counts_against_a_name() -> None:
    typed = spelling.words_of("Jon Smyth")
    assert spelling.nearness(typed, "John Smith") > 0.85
    assert spelling.nearness(typed, "John Marsh") < 0.6
    shorter, longer = (spelling.nearness(typed, name) for name in ("Jon Smyth", "Jon A B Smyth"))
    assert shorter > longer


def test_a_title_is_no_word_of_a_name_unless_there_is_no_other() -> None:
    assert spelling.words_of("Dr Ilka Brandreth-Voss") == ("ilka", "brandreth", "vos")
    assert spelling.words_of("Major") == ("major",)
    assert spelling.words_of(" – ") == ()
