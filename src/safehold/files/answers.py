"""The frame in which the child answers, and how the parent reads it without trusting it.

A header in JSON, its length before it, then blobs. The header says codes from closed lists, numbers
and lengths; a code that nobody knows, a number out of range or a byte too many refuses the answer.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from safehold.files.examination import CannotExamine, Limits, Place, Problem, Removed, Restriction
from safehold.files.findings import Findings, Pixels
from safehold.files.kinds import FileType

MARK = b"SHF1"
_LARGEST_HEADER = 64 * 1024
_MOST_PAGES = 10_000_000
_Member = TypeVar("_Member", bound=Enum)


class _NotUnderstood(Exception):
    """The answer is not one of ours."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer."""

    findings: Findings
    restrictions: tuple[Restriction, ...]


def encode(
    findings: Findings, restrictions: tuple[Restriction, ...]
) -> Iterator[bytes | memoryview]:
    """Give the parts of the frame, in order."""
    blobs = [] if findings.cleaned is None else [findings.cleaned]
    blobs += [pixels.rgb for pixels in findings.previews]
    header = {
        "kind": findings.kind.name,
        "cleaned": None if findings.cleaned is None else len(findings.cleaned),
        "cleaned_kind": findings.cleaned_kind and findings.cleaned_kind.name,
        "removed": sorted(each.name for each in findings.removed),
        "problems": sorted(each.name for each in findings.problems),
        "place": findings.place,
        "taken_at": findings.taken_at and findings.taken_at.isoformat(timespec="seconds"),
        "pages": findings.pages,
        "previews": [[pixels.width, pixels.height] for pixels in findings.previews],
        "restrictions": [each.name for each in restrictions],
    }
    yield from _framed(header)
    yield from blobs


def encode_failure(reason: str) -> Iterator[bytes]:
    """Give the frame that says the child gave up: `memory` is the only reason so far."""
    yield from _framed({"failed": reason})


def _framed(header: dict[str, Any]) -> Iterator[bytes]:
    text = json.dumps(header).encode()
    yield MARK + len(text).to_bytes(4, "big") + text


def decode(frame: bytes, limits: Limits) -> Answer:
    """Read an answer; raises CannotExamine for one that is not wholly as it should be."""
    try:
        header, start = _header(frame)
        if header.get("failed") == "memory":
            raise CannotExamine("Looking into the file used too much memory.")
        return _answer(header, memoryview(frame)[start:], limits)
    except (
        _NotUnderstood,
        KeyError,
        TypeError,
        ValueError,
        OverflowError,
        RecursionError,
    ) as error:
        raise CannotExamine(
            "The process that looked into the file ended itself or gave no proper answer."
        ) from error


def _header(frame: bytes) -> tuple[dict[str, Any], int]:
    if frame[:4] != MARK:
        raise _NotUnderstood
    length = int.from_bytes(frame[4:8], "big")
    if length > _LARGEST_HEADER or len(frame) < 8 + length:
        raise _NotUnderstood
    header = json.loads(frame[8 : 8 + length])
    if not isinstance(header, dict):
        raise _NotUnderstood
    return header, 8 + length


def _answer(header: dict[str, Any], blobs: memoryview, limits: Limits) -> Answer:
    length = header["cleaned"]
    at = 0 if length is None else _number(length, limits.answer)
    findings = Findings(
        kind=FileType[header["kind"]],
        cleaned=None if length is None else bytes(blobs[:at]),
        cleaned_kind=None if length is None else FileType[header["cleaned_kind"]],
        removed=set(_members(Removed, header["removed"])),
        problems=set(_members(Problem, header["problems"])),
        place=_place(header["place"]),
        taken_at=_moment(header["taken_at"]),
        pages=None if header["pages"] is None else _number(header["pages"], _MOST_PAGES),
    )
    for width, height in header["previews"][: limits.previews]:
        size = 3 * _number(width, limits.preview_side) * _number(height, limits.preview_side)
        findings.previews.append(Pixels(width, height, bytes(blobs[at : at + size])))
        at += size
    if at != len(blobs):
        raise _NotUnderstood
    return Answer(findings, tuple(_members(Restriction, header["restrictions"])))


def _members(kind: type[_Member], names: list[str]) -> list[_Member]:
    return [kind[name] for name in names]


def _number(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value <= most:
        raise _NotUnderstood
    return value


def _place(value: Any) -> Place | None:
    if value is None:
        return None
    longitude, latitude = (float(each) for each in value)
    if not (math.isfinite(longitude) and abs(longitude) <= 180 and abs(latitude) <= 90):
        raise _NotUnderstood
    return Place(longitude, latitude)


def _moment(value: Any) -> datetime | None:
    if value is None:
        return None
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is not None:
        raise _NotUnderstood
    return moment
