"""What an examination answers. Every word in it is ours: none of the file's come this way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from safehold.files.kinds import FileType

MIB = 1024 * 1024


class Removed(StrEnum):
    """What a cleaned copy no longer holds."""

    PLACE = "where it was taken"
    TIME = "when it was taken"
    DEVICE = "which device"
    AUTHOR = "author"
    PROGRAM = "which program made it"
    DESCRIPTION = "title, description or keywords"
    COMMENT = "comment"
    COLOURS = "colour profile"
    THUMBNAIL = "thumbnail"
    ANOTHER_PICTURE = "another picture in the same file"
    APPENDED = "something added before its start or after its end"
    SCRIPT = "script"
    EMBEDDED = "embedded file"
    NOTES = "notes, links or form fields"
    DATA_TRACK = "a track of data beside picture and sound"
    UNSHOWN = "something that is neither seen nor heard"
    HIDDEN_CHARACTERS = "hidden characters"
    OTHER = "other details"


class Problem(StrEnum):
    """What the reader of an examination should know, one sentence each."""

    EMPTY = "The file is empty."
    DAMAGED = "The file is damaged or is not really of this kind, so we cannot open it."
    INCOMPLETE = "The end of the file is missing; what is there is shown."
    TOO_MANY_PIXELS = "The picture has more pixels than we open, so nothing of it is shown."
    TOO_MANY_FRAMES = "The picture moves for long; the cleaned copy holds its beginning."
    FIRST_FRAME = "The picture moves; the cleaned copy holds its first frame only."
    TOO_MANY_PAGES = "The document has more pages than we clean, so there is no cleaned copy."
    PAGES_IN_A_LOOP = "The list of pages refers to itself, so their number may be wrong."
    LOCKED = "The document is locked with a password, so we cannot look inside."
    NO_PREVIEW = "We could not draw a preview."
    NOT_CLEANED = "There is no cleaned copy: the original may say where, when and who."
    UNKNOWN_KIND = "This is not a kind of file that we can look into."


class Restriction(StrEnum):
    """What held the process that looked into the file."""

    LIMITS = "limits on memory, processor time, files and processes"
    NO_NEW_PRIVILEGES = "no way to gain privileges"
    NOT_DUMPABLE = "no copy of its memory on disk, none for others"
    NO_NETWORK = "a network of its own with nothing in it"
    NOBODY = "an account that owns nothing"
    NO_CAPABILITIES = "no rights of an administrator"
    NO_FILES = "no file can be opened (Landlock)"
    FEW_CALLS = "only the system calls that computing needs (seccomp)"


class Place(NamedTuple):
    """A position in WGS84."""

    longitude: float
    latitude: float


@dataclass(frozen=True, slots=True)
class Preview:
    """One picture to show, as a JPEG that this process made from plain pixels."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one examination may take."""

    content: int = 300 * MIB
    answer: int = 400 * MIB
    memory: int = 1536 * MIB  # beside the content, which is held twice
    seconds: int = 60
    pixels: int = 64_000_000
    frames: int = 100
    pages: int = 2_000
    previews: int = 3
    preview_side: int = 1_200


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Examination:
    """What a file is and holds; all but `type` and the sums was found by the child process."""

    type: FileType
    matches_name: bool
    sha256: str
    cleaned: bytes | None
    cleaned_sha256: str
    cleaned_type: FileType | None
    removed: tuple[str, ...]
    place: Place | None
    taken_at: datetime | None
    pages: int | None
    previews: tuple[Preview, ...]
    problems: tuple[str, ...]
    restrictions: tuple[str, ...]

    @property
    def missing_restrictions(self) -> tuple[str, ...]:
        """Name what this machine did not let us apply."""
        return tuple(str(each) for each in Restriction if str(each) not in self.restrictions)


class CannotExamine(Exception):
    """The file could not be looked into; the message is one clear sentence, ours."""
