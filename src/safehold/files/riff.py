"""WAV: written anew from the three chunks that sound needs."""

from __future__ import annotations

from safehold.files.blanking import note_words
from safehold.files.examination import Limits, Problem, Removed
from safehold.files.findings import Findings

_KEPT = frozenset({b"fmt ", b"fact", b"data"})


def look(content: bytes, findings: Findings, limits: Limits) -> None:
    """Copy the kept chunks; note the others."""
    kept: list[bytes | memoryview] = []
    end = min(len(content), 8 + int.from_bytes(content[4:8], "little"))
    if any(content[end:]):
        findings.removed.add(Removed.APPENDED)
    at = 12
    while at + 8 <= end:
        kind, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        body = memoryview(content)[at + 8 : min(at + 8 + size, end)]
        if len(body) < size:
            findings.problems.add(Problem.INCOMPLETE)
        if kind in _KEPT:
            kept += [kind, len(body).to_bytes(4, "little"), body, b"\0" * (len(body) % 2)]
        else:
            note_words(kind + bytes(body), findings)
        at += 8 + size + size % 2
    if not {b"fmt ", b"data"} <= set(kept[::4]):
        findings.problems.add(Problem.DAMAGED)
        return
    sound = b"".join(kept)
    findings.keep(b"RIFF" + (4 + len(sound)).to_bytes(4, "little") + b"WAVE" + sound)
