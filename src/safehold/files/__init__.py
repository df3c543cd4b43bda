"""What a stranger sent, looked at in a restricted process: kind, clean copy, preview, scan.

The only room that imports the libraries that parse such files. No framework, no store, no network,
and nothing of a file on a disk.
"""

from safehold.files.examination import (
    LIMITS,
    CannotExamine,
    Examination,
    Limits,
    Place,
    Preview,
)
from safehold.files.examining import examine
from safehold.files.kinds import FileType
from safehold.files.names import safe_name
from safehold.files.photo_place import place_of_photo
from safehold.files.scanning import Scan, ScanState, scan

__all__ = [
    "LIMITS",
    "CannotExamine",
    "Examination",
    "FileType",
    "Limits",
    "Place",
    "Preview",
    "Scan",
    "ScanState",
    "examine",
    "place_of_photo",
    "safe_name",
    "scan",
]
