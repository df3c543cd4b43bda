"""Which paths a page may have, and how what was asked for is read."""

import pytest
from django.urls import URLPattern, URLResolver
from hypothesis import given
from hypothesis import strategies as st

from safehold.config.urls import public
from safehold.records.snapshots.paths import LONGEST, TAKEN, BadPath, checked, normalised

WORDS = st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True).filter(lambda w: len(w) < 20)
PATHS = st.lists(WORDS, max_size=4).map(lambda words: "".join(f"/{word}" for word in words) + "/")


@given(PATHS)
def test_a_plain_path_is_read_as_itself(path: str) -> None:
    assert normalised(path) == path


@given(PATHS)
def test_capitals_and_a_missing_slash_are_mended(path: str) -> None:
    assert normalised(path.upper()) == path
    assert normalised(path.rstrip("/")) == path


@given(st.text(max_size=40))
def test_no_path_breaks_the_reading(asked: str) -> None:
    meant = normalised(asked)
    # Whatever is led to elsewhere is led to a plain path of this site, never to another host.
    assert meant == asked or (checked_or_taken(meant) and not meant.startswith("//"))


def checked_or_taken(path: str) -> bool:
    try:
        return checked(path) == path
    except BadPath:
        return path.startswith(TAKEN) or len(path) > LONGEST


@pytest.mark.parametrize(
    "path",
    ["", "about", "/about", "//about/", "/about//", "/../etc/", "/a_b/", "/-a/", "/Ä/", "/a\n/"],
)
def test_other_forms_are_refused(path: str) -> None:
    with pytest.raises(BadPath, match="is not a path such as"):
        checked(path)


@pytest.mark.parametrize("path", TAKEN)
def test_a_path_of_another_part_of_the_site_is_refused(path: str) -> None:
    with pytest.raises(BadPath, match="belongs to another part"):
        checked(f"{path}more/")


def first_segments(patterns: list[URLPattern | URLResolver]) -> set[str]:
    found = set()
    for pattern in patterns:
        route = str(pattern.pattern)
        if not route and isinstance(pattern, URLResolver):
            found |= first_segments(pattern.url_patterns)
        else:
            found.add("/" + route.split("/")[0] + "/")
    return found


def test_a_page_can_hide_no_live_page_of_the_public_site() -> None:
    live = first_segments(public.urlpatterns)
    assert "/report/" in live
    assert live <= set(TAKEN)
