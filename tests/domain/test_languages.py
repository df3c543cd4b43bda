"""When another language may be shown: whole, with the same places, and approved as it stands."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.languages import (
    CHROME,
    ENGLISH,
    Approval,
    Known,
    NotACatalogue,
    Offered,
    digest,
    faults,
    known,
    live_parts,
    read_catalogue,
)

MESSAGES = ("Leave this site", "Call %(phone)s", "Press <kbd>Esc</kbd>")
WORDS = {
    "Leave this site": ("Gadael",),
    "Call %(phone)s": ("Ffonio %(phone)s",),
    "Press <kbd>Esc</kbd>": ("<kbd>Esc</kbd>!",),
}
PARTS = {CHROME: MESSAGES[:1], "report": MESSAGES[1:], "pages": ()}
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0\4"), min_size=1, max_size=20)


def approved(
    part: str, words: dict[str, tuple[str, ...]] = WORDS, language: str = "cy"
) -> Approval:
    return Approval(language, part, digest(PARTS[part], words), "A Speaker", date(2026, 11, 27))


def test_nothing_is_shown_that_nobody_approved() -> None:
    assert live_parts("cy", PARTS, WORDS, []) == frozenset()


def test_a_part_is_shown_once_that_version_is_approved() -> None:
    assert live_parts("cy", PARTS, WORDS, [approved(CHROME)]) == {CHROME, "pages"}
    both = [approved(CHROME), approved("report")]
    assert live_parts("cy", PARTS, WORDS, both) == {CHROME, "report", "pages"}


def test_an_approval_of_another_language_counts_for_nothing() -> None:
    assert live_parts("cy", PARTS, WORDS, [approved(CHROME, language="pl")]) == frozenset()


@given(st.sampled_from(MESSAGES), TEXT)
def test_a_catalogue_that_changes_loses_its_approval(message: str, text: str) -> None:
    changed = {**WORDS, message: (WORDS[message][0] + text,)}
    approvals = [approved(CHROME), approved("report")]
    part = next(part for part, messages in PARTS.items() if message in messages)
    assert part not in live_parts("cy", PARTS, changed, approvals)


def test_a_message_that_is_added_loses_the_approval_of_its_part_alone() -> None:
    parts = {**PARTS, "report": (*PARTS["report"], "New")}
    words = {**WORDS, "New": ("Newydd",)}
    live = live_parts("cy", parts, words, [approved(CHROME), approved("report")])
    assert live == {CHROME, "pages"}


@pytest.mark.parametrize(
    ("message", "translation"),
    [
        ("Leave this site", ""),
        ("Call %(phone)s", "Ffonio"),
        ("Call %(phone)s", "Ffonio %(phon)s"),
        ("Call %(phone)s", "100 % %(phone)s"),
        ("Press <kbd>Esc</kbd>", "Esc"),
        ("Leave this site", '<a href="https://elsewhere.example/">Gadael</a>'),
        ("Leave this site", "<script>1</script>"),
    ],
)
def test_what_would_break_a_page_is_never_shown_whoever_approved_it(
    message: str, translation: str
) -> None:
    words = {**WORDS, message: (translation,)}
    assert list(faults([message], words))
    part = next(part for part, messages in PARTS.items() if message in messages)
    assert part not in live_parts("cy", PARTS, words, [approved(part, words)])


def test_a_page_needs_what_stands_around_it() -> None:
    assert not Offered(Known("cy", "Cymraeg"), frozenset({"report"})).speaks("report")
    assert Offered(Known("cy", "Cymraeg"), frozenset({"report", CHROME})).speaks("report")
    assert not ENGLISH.live


@given(st.dictionaries(TEXT, TEXT, max_size=8))
def test_a_compiled_catalogue_is_read_as_it_was_written(words: dict[str, str]) -> None:
    catalogue = Catalog(charset="utf-8", fuzzy=False)
    for message, text in words.items():
        catalogue.add(message, text)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    assert read_catalogue(compiled.getvalue()) == {m: (text,) for m, text in words.items()}


@given(st.binary(max_size=200))
def test_what_is_no_catalogue_is_refused(content: bytes) -> None:
    with pytest.raises(NotACatalogue):
        read_catalogue(content)


def test_every_language_is_named_in_its_own_words() -> None:
    names = [language.autonym for language in known().values()]
    assert len(names) == len(set(names)) > 10
    assert known()["en-GB"] == ENGLISH.known
    assert {code for code, language in known().items() if language.right_to_left} == {
        "ar",
        "fa",
        "ur",
    }
