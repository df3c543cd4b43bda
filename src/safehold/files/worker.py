"""The process that looks into one file: `python -I -m safehold.files.worker KIND SIZE LIMITS`.

It holds itself back before it imports the parser of that kind, and closes the door behind the
import before it reads a byte. It reads the file from its standard input and answers on what was its
standard output.
"""

from __future__ import annotations

import json
import os
import sys

from safehold.files import answers, looking, restrictions
from safehold.files.examination import Limits
from safehold.files.kinds import FileType


def main() -> None:
    """Look into what comes on standard input."""
    kind, size, limits = FileType(sys.argv[1]), int(sys.argv[2]), Limits(**json.loads(sys.argv[3]))
    applied = restrictions.hold_back(limits, 2 * size)
    answer_to = os.dup(1)
    os.dup2(2, 1)  # a library that prints would break the frame
    looking.prepare(kind)
    applied += restrictions.close_the_door()
    try:
        content = _read_all()
        parts = answers.encode(looking.look(content, kind, limits), tuple(applied))
    except MemoryError:
        parts = answers.encode_failure("memory")
    for part in parts:
        _write(answer_to, part)
    os._exit(0)


def _read_all() -> bytes:
    parts = []
    while part := os.read(0, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _write(descriptor: int, part: bytes | memoryview) -> None:
    rest = memoryview(part)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


if __name__ == "__main__":
    main()
