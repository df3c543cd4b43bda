"""One real installation as docs/running.md has it: hosts of their own, and keys where they belong.

The unit's machine and the public host are set up by the document's own steps. Keepers of hidden
names and professional standards have hosts of their own, to which `safehold keys` moved their keys.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from safehold.crypto.recipients import FILE_NAME, UNATTENDED, Purpose
from tests.running.test_first_installation import STEPS, block, script, settings
from tests.running.test_key_drill import WORDS
from tests.seized.wire import WireClient
from tests.servers import SAFEHOLD, _free_port

UNIT, PUBLIC, KEEPERS, STANDARDS = "staff", "public", "keepers", "standards"
MOVED = {KEEPERS: Purpose.IDENTITY, STANDARDS: Purpose.STANDARDS}
REASON = "Where it belongs"


class Installation:
    """Four hosts in one folder, and what is typed on each."""

    def __init__(self, folder: Path, stores: Mapping[str, Mapping[str, str]]) -> None:
        self.folder, self.stores = folder, stores
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        files = settings(folder)
        self.environments = {
            PUBLIC: files["public"] | {"SAFEHOLD_NUDGES": "text"},
            **dict.fromkeys((UNIT, KEEPERS, STANDARDS), files["staff"]),
            "owner": files["owner"],
        }
        for host, address in stores.items():
            self.environments[host] = self.environments[host] | address
            if host == UNIT:
                for other in MOVED:
                    self.environments[other] = self.environments[other] | address

    def data(self, host: str) -> Path:
        """The data folder of a host; the owner works on the unit's."""
        return self.folder / f"safehold-{UNIT if host == 'owner' else host}"

    def keys(self, host: str) -> Path:
        """The keys folder of a host."""
        return self.data(host) / "keys"

    def environment(self, host: str) -> dict[str, str]:
        """What a process of a host is started with."""
        return {
            "PATH": os.environ["PATH"],
            "TMPDIR": str(self.temporary),
            "SAFEHOLD_DATA": str(self.data(host)),
            **self.environments[host],
        }

    def type(self, host: str, *arguments: object, stdin: str = "") -> str:
        """Run `safehold` on a host, as a person types it."""
        done = subprocess.run(
            [SAFEHOLD, *map(str, arguments)],
            env=self.environment(host),
            cwd="/",
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def set_up(self) -> None:
        """Follow the document to its first officer, then move the two keys to their own hosts."""
        for host in (UNIT, PUBLIC, *MOVED):
            self.data(host).mkdir(mode=0o700)
        for name in ("owner", UNIT, PUBLIC):
            lines = (f"{key}={value}" for key, value in self.environments[name].items())
            (self.folder / f"{name}.env").write_text("\n".join(lines))
        # `setup` lays the static files out; the public pages are not what is looked for here.
        steps = re.sub(r"^run \S+ staff staff pages.*$", "", block(STEPS), flags=re.M)
        subprocess.run(
            ["bash", "-c", script(self.folder, steps)], capture_output=True, text=True, check=True
        )
        shutil.copytree(self.keys(UNIT), self.folder / "all-keys")
        with ThreadPoolExecutor() as side_by_side:
            list(side_by_side.map(self._move, MOVED))

    def _move(self, host: str) -> None:
        purpose = MOVED[host]
        listed = self.type(UNIT, "keys", "list", "--quick").splitlines()
        (identifier,) = [line.split()[1] for line in listed if line.split()[0] == purpose]
        copy, own = self.folder / f"{purpose}.copy", self.keys(host)
        said = ("--passphrase-stdin", "--reason", REASON)
        self.type(
            UNIT, "keys", "export", identifier, copy, "--move-to", host, *said, stdin=f"{WORDS}\n"
        )
        own.mkdir(mode=0o700)
        for unattended in UNATTENDED:
            for path in self.keys(UNIT).glob(f"{unattended}-*.key"):
                shutil.copy2(path, own)
        shutil.copy2(self.keys(UNIT) / FILE_NAME, own)
        self.type(host, "keys", "import", copy, *said, stdin=f"{WORDS}\n")
        copy.unlink()
        shutil.copytree(self.data(UNIT) / "static", self.data(host) / "static")  # saves its time
        self.type(host, "setup")

    def rotate_account_key(self) -> None:
        """Make another key of accounts, as on the day on which somebody copied the first."""
        retired = self.folder / "copied-key"
        retired.mkdir(mode=0o700)
        for path in self.keys(UNIT).glob("account-*.key"):
            shutil.copy2(path, retired)
        self.type(UNIT, "keys", "rotate", "account", "--reason", "A copy was taken")
        for host in (PUBLIC, *MOVED):
            shutil.copy2(self.keys(UNIT) / FILE_NAME, self.keys(host))
        for path in self.keys(UNIT).glob("account-*.key"):
            shutil.copy2(path, self.folder / "all-keys")

    @contextmanager
    def running(self) -> Iterator[dict[str, WireClient]]:
        """Serve every host at once, each as its units do, and give somebody before each."""
        with ExitStack() as stack:
            begun = {host: self._start(host, stack) for host in (PUBLIC, UNIT, *MOVED)}
            for host, (process, visitor) in begun.items():
                self._wait(host, process, visitor)
            yield {host: visitor for host, (_, visitor) in begun.items()}

    def visitor(self, like: WireClient) -> WireClient:
        """Somebody else at a browser of her own, before the same site."""
        return WireClient(like.port, like.host)

    def _start(self, host: str, stack: ExitStack) -> tuple[subprocess.Popen[bytes], WireClient]:
        port = _free_port()
        whole = () if host == UNIT else ("--only", "web")
        output = stack.enter_context((self.data(host) / "said.log").open("wb"))
        process = subprocess.Popen(
            [SAFEHOLD, "serve", "--port", str(port), *whole],
            env=self.environment(host),
            cwd="/",
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        stack.callback(self._end, process)
        return process, WireClient(port, self.environments[host]["SAFEHOLD_HOSTS"])

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGTERM)
        process.wait(60)

    def _wait(self, host: str, process: subprocess.Popen[bytes], visitor: WireClient) -> None:
        until, log = time.monotonic() + 90, self.data(host) / "said.log"
        while True:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            try:
                visitor.get("/healthz")
                return
            except OSError:
                time.sleep(0.1)
