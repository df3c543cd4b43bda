#!/usr/bin/env python3
"""Run a command with a throw-away PostgreSQL for both stores: tools/with_postgresql.py -- CMD ...

The cluster lives in a temporary folder, listens on a socket in it and nowhere else, never runs as
root, and is gone afterwards. Where PostgreSQL is not installed the command is not run, and this
says so.
"""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

OWNER, STAFF, PUBLIC = "safehold_owner", "safehold_staff", "safehold_public"
STORES = {"SAFEHOLD_DATABASE": "safehold_records", "SAFEHOLD_INTAKE_DATABASE": "safehold_intake"}
# Nothing here outlives the command, so nothing needs to survive a power cut.
FAST = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off"]
NOBODY = ("postgres", "nobody")  # whom to be where we are root, which PostgreSQL refuses


def find_programs() -> Path | None:
    """Return the folder of PostgreSQL's newest server programs, None where there are none."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    found += [path.parent for path in Path("/usr").glob("pgsql-*/bin/initdb")]
    found.sort(key=lambda path: int(re.sub(r"\D", "", path.parent.name) or 0))
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    return found[-1] if found else None


class Cluster:
    """A cluster of our own in a folder of its own."""

    def __init__(self, programs: Path, folder: Path, options: Sequence[str]) -> None:
        self.programs = programs
        self.folder = folder
        self.options = options
        self.user = self._other_user()

    @staticmethod
    def _other_user() -> pwd.struct_passwd | None:
        if os.getuid() != 0:
            return None
        names = {entry.pw_name: entry for entry in pwd.getpwall()}
        return next(names[name] for name in NOBODY if name in names)

    def _run(self, program: str, *arguments: str) -> None:
        who: dict[str, object] = {}
        if self.user is not None:
            who = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            cwd=self.folder,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **who,  # type: ignore[call-overload]  # keyword arguments of the process's user
        )
        if done.returncode:
            raise SystemExit(f"{program}: {done.stderr.strip() or done.stdout.strip()}")

    def start(self) -> None:
        """Make the cluster, its roles and one database a store."""
        if self.user is not None:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        data = str(self.folder / "data")
        self._run("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N")
        options = " ".join(f"-c {option}" for option in self.options)
        options += f" -c listen_addresses= -c unix_socket_directories={self.folder}"
        log = str(self.folder / "log")
        self._run("pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "-o", options, "start")
        self._sql(f"CREATE ROLE {OWNER} LOGIN CREATEDB CREATEROLE")
        for role in (STAFF, PUBLIC):
            self._sql(f"CREATE ROLE {role} LOGIN")
        for name in STORES.values():
            self._sql(f"CREATE DATABASE {name} OWNER {OWNER}")

    def _sql(self, statement: str) -> None:
        self._run("psql", "-h", str(self.folder), "-U", "postgres", "-qc", statement, "postgres")

    def stop(self) -> None:
        """Stop it at once; its folder goes with it."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", "immediate", "-w", "stop")

    def environment(self) -> dict[str, str]:
        """Return the addresses of both stores, as their owner."""
        place = quote(str(self.folder), safe="")
        return {
            f"{variable}_URL": f"postgresql://{OWNER}@{place}/{name}"
            for variable, name in STORES.items()
        }


@contextmanager
def cluster(programs: Path, options: Sequence[str] = FAST) -> Iterator[Cluster]:
    """Start a cluster and end it, whatever happens in between.

    Without options it keeps PostgreSQL's own settings, under which what is committed stays.
    """
    with tempfile.TemporaryDirectory(prefix="safehold-pg-", dir="/tmp") as folder:
        made = Cluster(programs, Path(folder), options)
        try:
            made.start()
            yield made
        finally:
            if (Path(folder) / "data" / "postmaster.pid").exists():
                made.stop()


def main() -> int:
    """Run the command after `--`; return its exit code, 0 where PostgreSQL is not installed."""
    command = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else []
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    programs = find_programs()
    if programs is None:
        print(f"PostgreSQL is not installed here. NOT RUN on PostgreSQL: {' '.join(command)}")
        return 0
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda code, _: sys.exit(128 + code))
    with cluster(programs) as made:
        print(f"PostgreSQL from {programs}, for this run alone.", flush=True)
        told = made.environment() | {"POSTGRESQL_GOES_WITH_US": "1"}  # nothing needs tidying
        child = subprocess.Popen(command, env=os.environ | told)
        try:
            return child.wait()
        except KeyboardInterrupt:
            return child.wait()
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()


if __name__ == "__main__":
    sys.exit(main())
