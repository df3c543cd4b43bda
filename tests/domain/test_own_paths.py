"""The page that a visitor came from: one of ours, by its path alone, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.own_paths import LONGEST, page_before, page_of

ORIGIN = "https://www.example.police.uk"
slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
paths = st.lists(slugs, max_size=4).map(lambda parts: "/" + "".join(f"{part}/" for part in parts))


@given(paths, st.text(max_size=20))
def test_a_page_of_ours_is_kept_by_its_path_alone(path, query):
    if path.startswith(("/feedback/", "/exit/", "/static/", "/staff/")) or len(path) > LONGEST:
        return
    clean = "".join(c for c in query if c.isalnum())
    assert page_before(f"{ORIGIN}{path}?{clean}#{clean}", origin=ORIGIN) == path


@given(st.text(max_size=300))
def test_anything_at_all_gives_a_path_of_ours_or_nothing(text):
    for found in (page_before(text, origin=ORIGIN), page_of(text)):
        assert found == "" or (found.startswith("/") and not found.startswith("//"))
        assert found == page_of(found)


@pytest.mark.parametrize(
    "referer",
    [
        "",
        "https://elsewhere.example/report/",
        "http://www.example.police.uk/report/",
        "https://www.example.police.uk.elsewhere.example/report/",
        "https://user@www.example.police.uk/report/",
        "https://www.example.police.uk//elsewhere.example/",
        "https://www.example.police.uk/report",
        "https://www.example.police.uk/Report/",
        "https://www.example.police.uk/a%20b/",
        "https://www.example.police.uk/../report/",
        "https://www.example.police.uk/feedback/",
        "https://www.example.police.uk/feedback/sent/",
        "https://www.example.police.uk/exit/",
        "https://www.example.police.uk/staff/reports/",
        "javascript:alert(1)",
        "https://[broken/",
        "https://www.example.police.uk/" + "a" * 200 + "/",
    ],
)
def test_what_is_no_page_of_ours_to_go_back_to_is_nothing(referer):
    assert page_before(referer, origin=ORIGIN) == ""
