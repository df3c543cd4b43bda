"""Looking into a file, inside the restricted process: the kind, then the module of that kind."""

from __future__ import annotations

import codecs
import logging
import warnings
from collections.abc import Callable

from safehold.files import boxes, documents, matroska, pictures, riff, sound, texts
from safehold.files.examination import Limits, Problem
from safehold.files.findings import Findings
from safehold.files.kinds import FileType, sniff

_Look = Callable[[bytes, Findings, Limits], None]
_LOOKS: dict[FileType, _Look] = {
    FileType.JPEG: pictures.look,
    FileType.PNG: pictures.look,
    FileType.WEBP: pictures.look,
    FileType.GIF: pictures.look,
    FileType.HEIC: pictures.look,
    FileType.PDF: documents.look,
    FileType.MP4: boxes.look,
    FileType.MOV: boxes.look,
    FileType.M4A: boxes.look,
    FileType.WEBM: matroska.look,
    FileType.MP3: sound.look,
    FileType.OGG: sound.look,
    FileType.WAV: riff.look,
    FileType.TEXT: texts.look,
}
_CODECS = ("utf-8", "utf-16", "utf-16-be", "utf-16-le", "latin-1", "ascii", "cp1252", "utf-8-sig")


def prepare() -> None:
    """Load whatever is loaded late, while files can still be opened, and keep libraries quiet."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    for name in _CODECS:
        codecs.lookup(name)
    pictures.prepare()
    documents.prepare()


def look(content: bytes, limits: Limits) -> Findings:
    """Find out what can be found; what fails is a problem in the findings, except memory."""
    if not content:
        return Findings(FileType.OTHER, problems={Problem.EMPTY})
    findings = Findings(sniff(content))
    look_into = _LOOKS.get(findings.kind)
    if look_into is None:
        findings.problems.add(Problem.UNKNOWN_KIND)
        return findings
    try:
        look_into(content, findings, limits)
    except MemoryError:
        raise
    except Exception:  # a parser may fail in any way at all; the message may quote the file
        findings.problems.add(Problem.DAMAGED)
    if findings.cleaned is None:
        findings.removed.clear()
        findings.problems.add(Problem.NOT_CLEANED)
    return findings
