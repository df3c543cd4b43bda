"""What the unattended scheduler may read is pinned: a longer list is a decision, not a commit."""

from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.domain.triage_slip import (
    LONGEST_REASON,
    MOST_PROMPTS,
    MOVED,
    BadSlip,
    DangerPrompt,
    Said,
    TriageSlip,
    from_mapping,
)

CELL = "8919511ac6fffff"  # resolution 9

words = st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True)
reasons = st.text(st.characters(codec="utf-8"), max_size=LONGEST_REASON).filter(str.isprintable)
OF_ANYBODY = [said for said in Said if said not in MOVED | {Said.NAME}]
slips = st.builds(
    TriageSlip,
    kind=words,
    danger=st.lists(st.builds(DangerPrompt, words, reasons), max_size=4).map(tuple),
    cell=st.sampled_from(["", CELL]),
    child_present=st.sampled_from(OF_ANYBODY),
    party_is_police=st.sampled_from([*OF_ANYBODY, Said.NAME]),
    wants_reply=st.sampled_from(OF_ANYBODY),
)


def test_the_list_of_fields_is_pinned() -> None:
    assert [field.name for field in fields(TriageSlip)] == [
        "kind",
        "danger",
        "cell",
        "child_present",
        "party_is_police",
        "wants_reply",
    ]
    assert [field.name for field in fields(DangerPrompt)] == ["prompt", "reason"]


@given(slips)
def test_a_slip_comes_back_as_it_was(slip: TriageSlip) -> None:
    assert from_mapping(slip.as_mapping()) == slip


def test_only_the_kind_must_be_there() -> None:
    slip = from_mapping({"kind": "place"})
    assert slip == TriageSlip("place")
    assert slip.wants_reply is Said.NOT_ASKED


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"name": "Ada"}, "name"),
        ({"account": "He followed me"}, "account"),
        ({"kind": "He followed me"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"cell": "8a19511ac6c7fff"}, "cell"),
        ({"cell": "51.8,-0.2"}, "cell"),
        ({"cell": "8F19511ac6fffff"}, "cell"),
        ({"danger": [{"prompt": "weapon", "reason": "x" * (LONGEST_REASON + 1)}]}, "danger"),
        ({"danger": [{"prompt": "weapon", "reason": "two\nlines"}]}, "danger"),
        ({"danger": [{"prompt": "He has a knife", "reason": ""}]}, "danger"),
        ({"danger": [{"prompt": "a", "reason": ""}] * (MOST_PROMPTS + 1)}, "danger"),
        ({"danger": [{"prompt": "weapon", "reason": "", "words": "hers"}]}, "belong"),
        ({"danger": 5}, "belong"),
        ({"child_present": "two, aged 3 and 5"}, "belong"),
        ({"kind": 5}, "belong"),
    ],
)
def test_whatever_is_not_a_slip_is_refused(change: dict[str, Any], named: str) -> None:
    with pytest.raises(BadSlip, match=named):
        from_mapping({"kind": "place", **change})


def test_the_finest_cell_is_resolution_nine() -> None:
    assert from_mapping({"kind": "place", "cell": CELL}).cell == CELL
    assert from_mapping({"kind": "place", "cell": "8819511ac7fffff"}).cell == "8819511ac7fffff"
