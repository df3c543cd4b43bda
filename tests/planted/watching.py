"""Watch everything that a session of tests writes, and fail it where a planted word stands.

What is looked at, and when:

- every statement sent to a database, with its parameters, as it is sent: so a test that is rolled
  back is held to it too, and so is a question, which a database's own log may keep;
- every line that a log handler writes, and what a test prints;
- every answer's address, headers, cookies and title;
- what a child process is given as arguments and environment, and what it prints;
- every file of the folders that this process made, before it is deleted or at the end: stores with
  their logs, backups, servers' data and logs, uploads, profiles of browsers;
- every row of every PostgreSQL database that was made, before it is dropped.

A finding is said at the end and fails the session, in each worker of several too. `ALLOWED` is
passed by.
"""

from __future__ import annotations

import fnmatch
import logging
import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import unquote_plus

import pytest
from django.db.backends.signals import connection_created
from django.test import Client

from safehold.crypto import codes
from tests.planted import words
from tests.planted.finding import Hit, found_in, look_in_file, look_in_folder

# Where a planted word may stand, by the word, with the reason. Places are patterns of paths.
ALLOWED: tuple[tuple[str, str, str], ...] = (
    ("*", "*/tests/*.py", "a copy of these sources, made by the tests of a bare checkout"),
    ("*", "*/tests/*.pyc", "the same, compiled"),
    ("*", "*/demonstration/*", "the invented people of a practice installation, in files"),
    ("900123", "*/locale/*", "the number is the example that a public page gives"),
    ("900123", "*/safehold/*", "the same, in a copy of the sources"),
)
TITLE = re.compile(rb"<title[^>]*>(.*?)</title>", re.DOTALL | re.IGNORECASE)
LONG_NUMBER = re.compile(r"\d{4}")
KEPT_IN = "planted"
_CLEAN: set[str] = set()


class Watch:
    """What was found so far, and the folders that this process made."""

    def __init__(self) -> None:
        self.hits: set[Hit] = set()
        self.folders: set[str] = set()
        self.test = ""
        self.enabled = False

    def note(self, hits: Iterable[Hit]) -> None:
        """Keep what is not passed by."""
        for hit in hits:
            path = hit.where.split(" > ")[0]
            if not any(
                word in {"*", hit.word} and fnmatch.fnmatch(path, place)
                for word, place, _ in ALLOWED
            ):
                self.hits.add(hit)

    def text(self, written: str | bytes, where: str) -> bool:
        """Look at one thing that was written, and tell whether a word was found."""
        content = written.encode("utf-8", "replace") if isinstance(written, str) else written
        found = found_in(content)
        if found:
            self.note(Hit(f"{where}, in {self.test}", word, form) for word, form in found)
        return bool(found)

    def made(self, folder: str) -> None:
        """Remember a folder of ours."""
        self.folders.add(str(Path(folder).absolute()))

    def goes(self, path: str) -> None:
        """Look at a folder or a file of ours that is about to be deleted."""
        if not any(path == ours or path.startswith(f"{ours}/") for ours in self.folders):
            return
        going = Path(path)
        if going.is_symlink():
            return
        self.note(look_in_folder(going) if going.is_dir() else look_in_file(going))
        self.folders.discard(path)

    def ends(self) -> None:
        """Look at every folder of ours that is left."""
        while self.folders:
            self.goes(min(self.folders))


WATCH = Watch()


def _audited(event: str, args: tuple[Any, ...]) -> None:
    if event in {"shutil.rmtree", "os.remove"}:
        # Below a folder that goes as a whole each file is named by its last part, and was seen.
        if args[-1] in {None, -1} and isinstance(args[0], str | Path):
            WATCH.goes(str(Path(args[0]).absolute()))
    elif event == "tempfile.mkdtemp":
        WATCH.made(str(args[0]))
    elif event == "subprocess.Popen":
        _, arguments, _, environment = args
        WATCH.text(f"{arguments!r} {environment!r}", "what a process was started with")


def statement(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Look at a statement and its parameters on their way to a database."""
    rows = params if many else [params]
    parts = [part for row in rows or () for part in (row.values() if _named(row) else row or ())]
    # The same words of SQL are asked thousands of times, with other parameters.
    text = str(sql)  # psycopg may compose it
    asked = [] if text in _CLEAN else [text.encode()]
    where = f"a statement: {text:.90}"
    if not WATCH.text(b"\0".join([*asked, *map(_plain, parts)]), where) and _has_no_value(text):
        _CLEAN.add(text)
    return execute(sql, params, many, context)


def _has_no_value(sql: str) -> bool:
    """Tell whether SQL holds nothing that could be a code: no text in quotes, no long number."""
    return "'" not in sql and not LONG_NUMBER.search(sql)


def _named(row: Any) -> bool:
    return isinstance(row, dict)


def _plain(part: Any) -> bytes:
    part = getattr(part, "obj", part)  # JSON on its way to PostgreSQL
    if isinstance(part, bytes | bytearray | memoryview):
        return bytes(part)
    return str(part).encode("utf-8", "replace")


def _on_connection(connection: Any, **_: object) -> None:
    if statement not in connection.execute_wrappers:
        connection.execute_wrappers.append(statement)


def _watch_logs() -> None:
    emit = logging.StreamHandler.emit

    def emitting(self: logging.StreamHandler[Any], record: logging.LogRecord) -> None:
        if not type(self).__module__.startswith("_pytest"):  # which keeps records for the test
            WATCH.text(self.format(record), "a log")
        emit(self, record)

    logging.StreamHandler.emit = emitting  # type: ignore[method-assign] # every handler's


def _watch_answers() -> None:
    request = Client.request

    def requested(self: Client, **asked: Any) -> Any:
        response = request(self, **asked)
        address = f"{asked.get('PATH_INFO', '')}?{asked.get('QUERY_STRING', '')}"
        head = [address, unquote_plus(address), str(response.headers), str(response.cookies)]
        WATCH.text("\n".join(head), "the address or the headers of an answer")
        if not response.streaming:
            title = TITLE.search(response.content)
            WATCH.text(title[1] if title else b"", "the title of a page")
        return response

    Client.request = requested  # type: ignore[method-assign] # every client's


def _watch_children() -> None:
    communicate = subprocess.Popen.communicate

    def heard(self: subprocess.Popen[Any], *args: Any, **options: Any) -> Any:
        said = communicate(self, *args, **options)
        for stream in said:
            if stream:
                WATCH.text(stream, "what a process printed")
        return said

    subprocess.Popen.communicate = heard  # type: ignore[method-assign] # every child's


def _watch_codes() -> None:
    made = codes.Code.__init__

    def planting(self: codes.Code, secret: str) -> None:
        made(self, secret)
        words.plant_code(secret)

    codes.Code.__init__ = planting  # type: ignore[method-assign] # every code's


def begin(*folders: str) -> None:
    """Watch from now on; the folders were made before."""
    for folder in folders:
        WATCH.made(folder)
    sys.addaudithook(_audited)
    connection_created.connect(_on_connection)
    _watch_logs()
    _watch_answers()
    _watch_children()
    _watch_codes()


class Plugin:
    """What pytest tells us of a session, and what we tell it."""

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Watch the folder in which each test has its own."""
        factory = getattr(session.config, "_tmp_path_factory", None)
        if factory is not None:
            WATCH.made(str(factory.getbasetemp()))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        """Know which test is running."""
        WATCH.test = item.nodeid
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Look at what a test printed; one that fails may print what it found."""
        if report.passed:
            for name, printed in report.sections:
                if "log" not in name:
                    WATCH.text(printed, name)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Look at what is left, and fail where something was found."""
        WATCH.test = "the end"
        WATCH.ends()
        output = getattr(session.config, "workeroutput", None)
        if output is not None:
            output[KEPT_IN] = [(hit.where, hit.word, hit.form) for hit in sorted(WATCH.hits)]
        elif WATCH.hits:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker found."""
        for where, word, form in getattr(node, "workeroutput", {}).get(KEPT_IN, ()):
            WATCH.hits.add(Hit(where, word, form))

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Say where each stands."""
        if WATCH.hits:
            terminalreporter.section("planted words stand in clear", sep="=", red=True)
            for hit in sorted(WATCH.hits):
                terminalreporter.line(str(hit))
