"""What is said to somebody whose file could not be taken: a sentence for each reason."""

from __future__ import annotations

from safehold.domain.journey.sentences import Sentence
from safehold.records.intake.uploads import (
    MOST_BYTES,
    MOST_FILES,
    MOST_TOGETHER,
    FileTooLarge,
    NoRoom,
    NoSuchFile,
    OutOfOrder,
    TooManyFiles,
    TooMuchTogether,
)

MEGABYTE = 1_000_000


class EmptyFile(Exception):
    """A file without a byte."""


TOO_LARGE = Sentence(
    "That file is too large: one may have %(most)s MB. Tell us that you have it, and keep it safe.",
    most=MOST_BYTES // MEGABYTE,
)
TOO_MANY = Sentence(
    "A report can have %(most)s files. Tell us that you have more, and keep them safe.",
    most=MOST_FILES,
)
TOO_MUCH = Sentence(
    "All files of a report together may have %(most)s MB. Tell us that you have more, and keep "
    "them safe.",
    most=MOST_TOGETHER // MEGABYTE,
)
NO_ROOM = Sentence(
    "We cannot take files just now. Your report can still be sent: tell us that you have them, and "
    "keep them safe."
)
NOTHING = Sentence("Choose a file first.")
EMPTY = Sentence("That file is empty.")
BROKE_OFF = Sentence("Not all of that file came. Add it again.")
PROBLEMS: dict[type[Exception], Sentence] = {
    FileTooLarge: TOO_LARGE,
    TooManyFiles: TOO_MANY,
    TooMuchTogether: TOO_MUCH,
    NoRoom: NO_ROOM,
    EmptyFile: EMPTY,
    OutOfOrder: BROKE_OFF,
    NoSuchFile: BROKE_OFF,
}
REFUSED = tuple(PROBLEMS)
