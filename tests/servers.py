"""Real servers for the browser: a filled practice installation, copied, run as two sites.

The public server's keys folder holds what a public host would hold and nothing more.
"""

from __future__ import annotations

import fcntl
import hashlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from safehold.config.environment import PUBLIC_KEYS
from tests.migrated import template

ROOT = Path(__file__).resolve().parent.parent
SAFEHOLD = Path(sys.executable).parent / "safehold"


class DidNotStart(RuntimeError):
    """A server ended or stayed silent; the message carries what it printed."""


@dataclass(frozen=True)
class Servers:
    """The addresses of both sites and the folder that they work on."""

    public: str
    staff: str
    data: Path


def environment(**changes: str) -> dict[str, str]:
    """Return our own environment without any of Safehold's settings, then the changes."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SAFEHOLD_") and name not in {"SITE", "DJANGO_SETTINGS_MODULE"}
    }
    force = str(ROOT / "forces" / "mereshire.toml")
    return {**kept, "SAFEHOLD_DEMONSTRATION": "1", "SAFEHOLD_FORCE": force, **changes}


def _digest() -> str:
    digest = hashlib.sha256()
    for folder in ("src/safehold", "forces", "requirements"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def filled_installation() -> Path:
    """Return the folder of a filled practice installation, made once for these sources."""
    target = Path(tempfile.gettempdir()) / f"safehold-house-{_digest()}"
    with target.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            building = Path(tempfile.mkdtemp(prefix="safehold-house-"))
            if template().exists():  # saves `migrate` its half of the time
                for alias, name in (("default", "records"), ("intake", "intake")):
                    shutil.copyfile(template() / f"{alias}.sqlite3", building / f"{name}.sqlite3")
            run = subprocess.run(
                [SAFEHOLD, "demo", "--no-serve"],
                env=environment(SAFEHOLD_DATA=str(building), SITE="all"),
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=False,
            )
            if run.returncode != 0:
                shutil.rmtree(building, ignore_errors=True)
                raise DidNotStart(run.stdout + run.stderr)
            building.rename(target)
    return target


def _own_ports() -> Iterator[int]:
    """Give ports that no other process of the tests is given.

    They lie below those that the system hands out by itself, and each process has a thousand of
    its own: between the probe and the start of a server nobody else may take its port.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw9").removeprefix("gw")
    first = 20_000 + int(worker) % 10 * 1_000
    yield from itertools.islice(
        itertools.cycle(range(first, first + 1_000)), os.getpid() % 900, None
    )


_ports = _own_ports()


def _free_port() -> int:
    for port in itertools.islice(_ports, 1_000):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue  # somebody else's
            return port
    raise DidNotStart("no port is free")


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2)
            return
        except urllib.error.HTTPError as error:
            if error.code == 503:
                time.sleep(0.3)
                continue
            raise
        except OSError:
            time.sleep(0.1)
    raise DidNotStart(log.read_text())


@contextmanager
def running(site: str, data: Path, changes: Mapping[str, str] | None = None) -> Iterator[str]:
    """Run `safehold serve` for one site and yield its address."""
    port = _free_port()
    log = data / f"serve-{site}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [SAFEHOLD, "serve", "--host", "127.0.0.1", "--port", str(port)],
            env=environment(**{"SAFEHOLD_DATA": str(data), "SITE": site, **(changes or {})}),
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def public_keys_only(keys: Path, target: Path) -> None:
    """Copy what a public host holds: the recipients and its own secret."""
    target.mkdir(mode=0o700)
    for name in PUBLIC_KEYS:
        shutil.copy2(keys / name, target)


@contextmanager
def both_sites() -> Iterator[Servers]:
    """Run both sites on a copy of the filled installation."""
    folder = Path(tempfile.mkdtemp(prefix="safehold-browser-"))
    data, public_keys = folder / "data", folder / "public-keys"
    shutil.copytree(filled_installation(), data)
    public_keys_only(data / "keys", public_keys)
    try:
        with (
            running("public", data, {"SAFEHOLD_KEYS": str(public_keys)}) as public,
            running("staff", data) as staff,
        ):
            yield Servers(public=public, staff=staff, data=data)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
