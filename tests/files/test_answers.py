"""The frame between child and parent, and a child that has fallen into the wrong hands."""

from __future__ import annotations

import contextlib
import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safehold.files import answers, examining
from safehold.files.examination import (
    LIMITS,
    CannotExamine,
    Limits,
    Place,
    Problem,
    Removed,
    Restriction,
)
from safehold.files.findings import Findings, Pixels
from safehold.files.kinds import FileType

GOOD = {
    "kind": "JPEG",
    "cleaned": 3,
    "cleaned_kind": "JPEG",
    "removed": ["PLACE"],
    "problems": [],
    "place": [-0.3, 51.7],
    "taken_at": "2026-05-01T22:10:00",
    "pages": None,
    "previews": [[1, 2]],
    "restrictions": ["LIMITS"],
}


def framed(header: object, blobs: bytes = b"abc123456") -> bytes:
    text = json.dumps(header).encode()
    return answers.MARK + len(text).to_bytes(4, "big") + text + blobs


def test_an_answer_comes_through_as_it_was_given():
    findings = Findings(
        kind=FileType.PDF,
        cleaned=b"clean",
        cleaned_kind=FileType.PDF,
        removed={Removed.SCRIPT, Removed.PLACE},
        problems={Problem.INCOMPLETE},
        place=Place(-0.336, 51.752),
        pages=3,
        previews=[Pixels(2, 1, b"123456"), Pixels(1, 1, b"789")],
    )

    answer = answers.decode(
        b"".join(answers.encode(findings, (Restriction.LIMITS,))),
        LIMITS,
    )

    assert answer.findings == findings
    assert answer.restrictions == (Restriction.LIMITS,)


def test_the_example_is_good():
    assert answers.decode(framed(GOOD), LIMITS).findings.cleaned == b"abc"


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "EXE"},
        {"kind": None},
        {"cleaned": -1},
        {"cleaned": 4},
        {"cleaned": True},
        {"cleaned": 10**30},
        {"cleaned_kind": None},
        {"removed": ["her name"]},
        {"removed": [["PLACE"]]},
        {"problems": ["<script>"]},
        {"place": [1000, 0]},
        {"place": ["nan", "nan"]},
        {"place": [1]},
        {"place": {}},
        {"taken_at": "2026-05-01T22:10:00+00:00"},
        {"taken_at": "tomorrow"},
        {"taken_at": 5},
        {"pages": -1},
        {"pages": "many"},
        {"previews": [[1, 2], [0, 0], [0, 0], [0, 0], ["x"]], "cleaned": 2},
        {"previews": [[100_000, 1]]},
        {"previews": [[2, 2]]},
        {"previews": 3},
        {"restrictions": ["EVERYTHING"]},
    ],
)
def test_an_answer_that_is_not_wholly_as_it_should_be_is_refused(change):
    with pytest.raises(CannotExamine, match="no proper answer"):
        answers.decode(framed({**GOOD, **change}), LIMITS)


@given(st.binary(max_size=300))
def test_no_bytes_are_taken_for_an_answer(content):
    for frame in (content, answers.MARK + content, framed(GOOD)[: len(content)]):
        with pytest.raises(CannotExamine):
            answers.decode(frame, LIMITS)


@given(
    st.recursive(
        st.none() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(sorted(GOOD)), inner),
    )
)
def test_no_header_breaks_the_parent(header):
    with pytest.raises(CannotExamine):
        answers.decode(framed(header), LIMITS)


@given(st.sampled_from(sorted(GOOD)), st.none() | st.integers() | st.text() | st.floats())
def test_no_single_field_breaks_the_parent(key, value):
    with contextlib.suppress(CannotExamine):
        assert isinstance(answers.decode(framed({**GOOD, key: value}), LIMITS), answers.Answer)


def ask(module: str, content: bytes, limits: Limits = LIMITS) -> bytes:
    return examining.ask(module, content, FileType.OTHER, limits)


def test_a_child_that_ends_at_once_is_said_in_one_sentence():
    with pytest.raises(CannotExamine, match="ended itself"):
        ask("safehold.files.kinds", b"x" * 5_000_000)


def test_a_child_that_cannot_be_started_is_said_in_one_sentence(monkeypatch):
    monkeypatch.setattr(examining.sys, "executable", "/nowhere/python")

    with pytest.raises(CannotExamine, match="could not be started"):
        ask("anything", b"x")


def test_a_child_that_answers_without_end_is_stopped():
    with pytest.raises(CannotExamine, match="larger answer"):
        ask("this", b"x", replace(LIMITS, answer=10))


def test_a_child_that_hangs_is_ended_with_all_that_it_started(tmp_path, monkeypatch):
    pids = tmp_path / "pids"
    child = tmp_path / "child"
    child.write_text(f"#!/bin/sh\n/bin/sleep 60 &\necho $$ $! > {pids}\n/bin/sleep 60\n")
    child.chmod(0o755)
    monkeypatch.setattr(examining.sys, "executable", str(child))

    with pytest.raises(CannotExamine, match="took too long"):
        ask("anything", b"x", replace(LIMITS, seconds=1))

    for pid in pids.read_text().split():
        for _ in range(100):
            if not alive(int(pid)):
                break
            time.sleep(0.02)
        assert not alive(int(pid))


def alive(pid: int) -> bool:
    """Say whether the process still runs; one that only waits to be read does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def test_a_child_sees_no_environment_and_no_open_file_of_ours(tmp_path, monkeypatch):
    child = tmp_path / "child"
    child.write_text("#!/bin/sh\n/bin/cat /proc/$$/environ\n/bin/ls /proc/$$/fd\n/bin/pwd\n")
    child.chmod(0o755)
    monkeypatch.setattr(examining.sys, "executable", str(child))
    monkeypatch.setenv("SAFEHOLD_SECRET", "hidden words")

    with (tmp_path / "open").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        answer = ask("anything", b"x")

    assert b"hidden words" not in answer
    assert {line for line in answer.split() if line.isdigit()} <= {b"0", b"1", b"2", b"10", b"255"}
    assert answer.split()[-1] == b"/"
