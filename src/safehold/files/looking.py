"""Looking into a file, inside the restricted process, with the one module that its kind needs."""

from __future__ import annotations

import codecs
import importlib
import logging
import warnings
from types import ModuleType

from safehold.files.examination import Limits, Problem
from safehold.files.findings import Findings
from safehold.files.kinds import FileType

_MODULES = {
    FileType.JPEG: "pictures",
    FileType.PNG: "pictures",
    FileType.WEBP: "pictures",
    FileType.GIF: "pictures",
    FileType.HEIC: "pictures",
    FileType.PDF: "documents",
    FileType.MP4: "boxes",
    FileType.MOV: "boxes",
    FileType.M4A: "boxes",
    FileType.WEBM: "matroska",
    FileType.MP3: "sound",
    FileType.OGG: "sound",
    FileType.WAV: "riff",
    FileType.TEXT: "texts",
}
_CODECS = ("utf-8", "utf-16", "utf-16-be", "utf-16-le", "latin-1", "ascii", "cp1252", "utf-8-sig")


def prepare(kind: FileType) -> None:
    """Load what this kind needs while files can still be opened, and keep libraries quiet."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    for name in _CODECS:
        codecs.lookup(name)
    module = _module(kind)
    if module is not None and hasattr(module, "prepare"):
        module.prepare()


def look(content: bytes, kind: FileType, limits: Limits) -> Findings:
    """Find out what can be found; what fails is a problem in the findings, except memory."""
    if not content:
        return Findings(FileType.OTHER, problems={Problem.EMPTY})
    findings = Findings(kind)
    module = _module(kind)
    if module is None:
        findings.problems.add(Problem.UNKNOWN_KIND)
        return findings
    try:
        module.look(content, findings, limits)
    except MemoryError:
        raise
    except Exception:  # a parser may fail in any way at all; the message may quote the file
        findings.problems.add(Problem.DAMAGED)
    if findings.cleaned is None:
        findings.removed.clear()
        findings.problems.add(Problem.NOT_CLEANED)
    return findings


def _module(kind: FileType) -> ModuleType | None:
    name = _MODULES.get(kind)
    return importlib.import_module(f"safehold.files.{name}") if name else None
