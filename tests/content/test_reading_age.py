"""Whether the public texts can be read by a child of eleven: measured by a library, page by page.

The measure is the Flesch-Kincaid grade (US school year; a child of eleven is in grade 5 or 6). It
counts words in a sentence and syllables in a word, so it says nothing about what words mean; people
who use the pages are still to be asked. Names that a page cannot do without are not counted.
"""

import re
import warnings

import pytest
from django.conf import settings

from safehold.content import first_pages
from safehold.content.first_pages import FirstPage, Piece

with warnings.catch_warnings():
    # Its word lists are written with an escape that newer Pythons warn of.
    warnings.simplefilter("ignore")
    import readability

# A page of eleven-year-olds' books lies at 5 to 6; each page has to stay below this.
MOST_GRADE = 6.0
# No one sentence may be longer: a long one hides in the mean of a page.
MOST_WORDS = 32
PAGES = {page.slug: page for page in first_pages.all_for(settings.FORCE)}
NAMES = re.compile(
    "|".join(
        (
            "Domestic Abuse Investigation and Safeguarding Unit",
            "Mereshire Safer Lives Partnership",
            "Mereshire Constabulary",
            "Crown Prosecution Service",
            "Information Commissioner’s Office",
            "National Domestic Abuse Helpline",
            "National Stalking Helpline",
            "Operation (?:Vigilant|Soteria|Encompass)",
            "sexual assault referral centre",
        )
    )
)


def sentences(page: FirstPage) -> list[str]:
    pieces = [*page.body, *(piece for bone in page.sections.values() for piece in bone)]
    blocks = [page.introduction, *(text for piece in pieces for text in words_of(piece))]
    found = []
    for block in blocks:
        plain = NAMES.sub("Name", re.sub(r"<[^>]+>", "", block))
        found += re.split(r"(?<=[.?!:;])[”’]?\s+", plain)
    return [each for each in found if re.search(r"[A-Za-z]", each)]


def words_of(piece: Piece) -> list[str]:
    kind, value = piece
    if kind == "paragraph":
        return [value]
    if kind == "list":
        return list(value["items"])
    if kind in {"cards", "columns"}:
        return [each["text"] for each in value]
    return []


def grade(lines: list[str]) -> float:
    tokens = (re.findall(r"[A-Za-z]+(?:[’'-][A-Za-z]+)*", line) for line in lines)
    text = "\n".join(" ".join(line) + " ." for line in tokens if line)
    return float(readability.getmeasures(text, lang="en")["readability grades"]["Kincaid"])


@pytest.mark.parametrize("slug", sorted(PAGES))
def test_a_page_can_be_read_at_eleven(slug: str) -> None:
    assert grade(sentences(PAGES[slug])) <= MOST_GRADE


@pytest.mark.parametrize("slug", sorted(PAGES))
def test_no_sentence_is_too_long(slug: str) -> None:
    long = [each for each in sentences(PAGES[slug]) if len(each.split()) > MOST_WORDS]
    assert long == []


def test_a_text_as_officials_write_is_too_hard() -> None:
    hard = [
        "The Constabulary endeavours to facilitate appropriate safeguarding interventions for "
        "individuals who experience victimisation, irrespective of prior engagement with agencies.",
        "Notification of alterations to conditional release arrangements is communicated in "
        "accordance with statutory obligations.",
    ]
    assert grade(hard) > 2 * MOST_GRADE
