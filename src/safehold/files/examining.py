"""Starting the restricted process, feeding it, and reading its answer within bounds."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import selectors
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from typing import IO, cast

from safehold.files import answers
from safehold.files.examination import LIMITS, CannotExamine, Examination, Limits, Preview, Removed
from safehold.files.findings import Findings, Pixels
from safehold.files.kinds import FileType, matches_name, sniff

WORKER = "safehold.files.worker"
_PIECE = 1 << 18
_PREVIEW_QUALITY = 85
_SECONDS_TO_END = 5


def examine(content: bytes, *, name: str, limits: Limits = LIMITS) -> Examination:
    """Look into a file in a restricted process of its own.

    Raises CannotExamine if the file is too large, or the process takes too long, uses too much
    memory, or ends itself.
    """
    if len(content) > limits.content:
        raise CannotExamine("The file is larger than we look into.")
    kind = sniff(content)
    answer = answers.decode(ask(WORKER, content, kind, limits), limits)
    found = answer.findings
    return Examination(
        type=kind,
        matches_name=matches_name(kind, name),
        sha256=hashlib.sha256(content).hexdigest(),
        cleaned=found.cleaned,
        cleaned_sha256="" if found.cleaned is None else hashlib.sha256(found.cleaned).hexdigest(),
        cleaned_type=found.cleaned_kind,
        removed=_in_order(found),
        place=found.place,
        taken_at=found.taken_at,
        pages=found.pages,
        previews=tuple(_drawn(pixels) for pixels in found.previews),
        problems=tuple(sorted(str(problem) for problem in found.problems)),
        restrictions=tuple(str(each) for each in answer.restrictions),
    )


def _in_order(found: Findings) -> tuple[str, ...]:
    """Give what was removed in the order of our own list, the most telling first."""
    return tuple(str(each) for each in Removed if each in found.removed)


def _drawn(pixels: Pixels) -> Preview:
    """Make the picture here, from plain pixels: nothing that the child wrote is passed on."""
    from PIL import Image

    picture = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.rgb)
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=_PREVIEW_QUALITY)
    return Preview(file.getvalue(), pixels.width, pixels.height)


def ask(module: str, content: bytes, kind: FileType, limits: Limits) -> bytes:
    """Run a module of ours on the content and give back what it answered, within the limits."""
    process = _started(module, [kind.value, str(len(content)), json.dumps(asdict(limits))])
    try:
        answer = _exchange(process, content, limits)
        _check_end(process.wait(timeout=_SECONDS_TO_END), answer)
    except subprocess.TimeoutExpired as error:
        raise CannotExamine("Looking into the file took too long.") from error
    finally:
        _end(process)
    return answer


def _started(module: str, words: list[str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - our own module, no shell, no word of the file
            [sys.executable, "-I", "-B", "-m", module, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            cwd="/",
            close_fds=True,
            start_new_session=True,
        )
    except OSError as error:
        raise CannotExamine("The process that looks into files could not be started.") from error


def _exchange(process: subprocess.Popen[bytes], content: bytes, limits: Limits) -> bytes:
    """Write and read by turns, until the child closes its side."""
    to, source = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    deadline = time.monotonic() + limits.seconds
    rest = memoryview(content)
    answer = bytearray()
    for pipe in (to, source):
        os.set_blocking(pipe.fileno(), False)
    with selectors.DefaultSelector() as ready:
        ready.register(to, selectors.EVENT_WRITE)
        ready.register(source, selectors.EVENT_READ)
        while True:
            left = deadline - time.monotonic()
            events = ready.select(left) if left > 0 else []
            if not events:
                raise CannotExamine("Looking into the file took too long.")
            for key, _ in events:
                if key.fileobj is to:
                    rest = _feed(to, rest)
                    if not rest:
                        ready.unregister(to)
                        to.close()
                elif not _take(source, answer, limits):
                    return bytes(answer)


def _feed(to: IO[bytes], rest: memoryview) -> memoryview:
    """Write a piece; a child that no longer reads gets nothing more."""
    try:
        return rest[os.write(to.fileno(), rest[:_PIECE]) :]
    except BlockingIOError:
        return rest
    except BrokenPipeError:
        return rest[:0]


def _take(source: IO[bytes], answer: bytearray, limits: Limits) -> bool:
    """Read a piece; False at the end. Raises CannotExamine for an answer without end."""
    try:
        piece = os.read(source.fileno(), _PIECE)
    except BlockingIOError:
        return True
    answer += piece
    if len(answer) > limits.answer:
        raise CannotExamine("Looking into the file gave a larger answer than we take.")
    return bool(piece)


def _check_end(code: int, answer: bytes) -> None:
    if code == 0 and answer:
        return
    if code == -signal.SIGXCPU:
        raise CannotExamine("Looking into the file took too long.")
    if code == -signal.SIGKILL:  # by the kernel, when the whole machine is short of it
        raise CannotExamine("Looking into the file used too much memory.")
    raise CannotExamine("The process that looked into the file ended itself.")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave nothing behind: the child's whole group, and both pipes."""
    if process.returncode is None:  # not asked for again: while it is unread, its group is its own
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
