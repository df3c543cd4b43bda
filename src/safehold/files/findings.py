"""What the child process gathers about one file while it looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from safehold.files.examination import Place, Problem, Removed
from safehold.files.kinds import FileType


class Pixels(NamedTuple):
    """A preview as plain pixels, three bytes each: the parent has nothing to parse."""

    width: int
    height: int
    rgb: bytes


@dataclass(slots=True)
class Findings:
    """Filled in by the module of the kind; kept even if that module fails half-way."""

    kind: FileType
    cleaned: bytes | None = None
    cleaned_kind: FileType | None = None
    removed: set[Removed] = field(default_factory=set)
    problems: set[Problem] = field(default_factory=set)
    place: Place | None = None
    taken_at: datetime | None = None
    pages: int | None = None
    previews: list[Pixels] = field(default_factory=list)

    def keep(self, cleaned: bytes, kind: FileType | None = None) -> None:
        """Take the cleaned copy."""
        self.cleaned = cleaned
        self.cleaned_kind = kind or self.kind
