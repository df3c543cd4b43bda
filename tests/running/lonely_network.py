"""A network with nobody on it: run a command there and note every packet that tried to leave.

The command gets a network namespace of its own with loopback, one interface whose default route
and resolver lead nowhere, and a sniffer on that interface. What a process asks the world for does
not fail silently: it leaves, is seen, named and lost.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TRAP, FAR_END = "trap0", "trap1"
RESOLVER = "192.0.2.53"
STRANGER, STRANGER_6, STRANGER_NAME = "198.51.100.7", "2001:db8:1::7", "third-party.example"
_ALL, _IPV4, _IPV6, _OUTGOING = 0x0003, 0x0800, 0x86DD, 4
_NEIGHBOURS = range(130, 144)  # ICMPv6 that the kernel itself sends on any link


@dataclass(frozen=True)
class Report:
    """What the command returned and printed, and what tried to leave meanwhile."""

    code: int
    output: str
    proof: list[str]
    packets: list[str]


def missing() -> str:
    """Return why a namespace cannot be had here, or nothing."""
    for program in ("unshare", "ip"):
        if not shutil.which(program):
            return f"`{program}` is not installed"
    tried = subprocess.run(
        [*_unshare(), "ip", "link", "add", TRAP, "type", "veth", "peer", "name", FAR_END],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if tried.returncode == 0 else f"no network namespace: {tried.stderr.strip()}"


def _unshare() -> list[str]:
    rights = [] if os.getuid() == 0 else ["--map-root-user"]
    return ["unshare", "--net", "--mount", *rights]


def run_alone(command: list[str], *, environment: dict[str, str]) -> Report:
    """Run a command with nobody to talk to but itself."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.json"
        done = subprocess.run(
            [*_unshare(), sys.executable, __file__, str(found), *command],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if not found.exists():
            raise RuntimeError(done.stdout)
        return Report(code=done.returncode, output=done.stdout, **json.loads(found.read_text()))


def _describe(frame: bytes, kind: int) -> str | None:
    if kind == _IPV4:
        start = (frame[0] & 15) * 4
        address, protocol = socket.inet_ntop(socket.AF_INET, frame[16:20]), frame[9]
    elif kind == _IPV6:
        start, protocol = 40, frame[6]
        address = socket.inet_ntop(socket.AF_INET6, frame[24:40])
        if protocol in (0, 58) and address.startswith("ff02:"):
            return None  # the link itself looking for neighbours
        if protocol == 58 and frame[40] in _NEIGHBOURS:
            return None
    else:
        return None  # ARP: the way to the next hop, not what is asked
    if protocol not in (6, 17):
        return f"{address} protocol {protocol}"
    (port,) = struct.unpack("!H", frame[start + 2 : start + 4])
    name = f" asks for {_question(frame[start + 8 :])}" if (protocol, port) == (17, 53) else ""
    return f"{address} {'tcp' if protocol == 6 else 'udp'} {port}{name}"


def _question(packet: bytes) -> str:
    labels, at = [], 12
    while at < len(packet) and packet[at]:
        labels.append(packet[at + 1 : at + 1 + packet[at]].decode("ascii", "replace"))
        at += 1 + packet[at]
    return ".".join(labels)


class Sniffer:
    """Everything that leaves through the trap, in words."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL))
        self.socket.bind((TRAP, 0))
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            frame, address = self.socket.recvfrom(65535)
            if address[2] == _OUTGOING:
                words = _describe(frame, address[1])
                if words:
                    self.seen.append(words)

    def take(self) -> list[str]:
        """Return what was seen since the last time, once the last packets are in."""
        time.sleep(0.5)
        seen, self.seen = self.seen, []
        return seen


def _build() -> None:
    far = "02:00:00:00:00:02"
    for line in (
        "link set lo up",
        f"link add {TRAP} type veth peer name {FAR_END} address {far}",
        f"link set {TRAP} up",
        f"link set {FAR_END} up",
        f"address add 192.0.2.1/24 dev {TRAP}",
        f"address add 2001:db8::1/64 dev {TRAP} nodad",
        # The next hop is known, so that packets leave at once instead of waiting for its answer.
        f"neighbour add 192.0.2.254 lladdr {far} dev {TRAP}",
        f"neighbour add {RESOLVER} lladdr {far} dev {TRAP}",
        f"neighbour add 2001:db8::fe lladdr {far} dev {TRAP}",
        "route add default via 192.0.2.254",
        f"-6 route add default via 2001:db8::fe dev {TRAP}",
    ):
        subprocess.run(["ip", *line.split()], check=True)
    resolver = Path(tempfile.mkdtemp()) / "resolv.conf"
    resolver.write_text(f"nameserver {RESOLVER}\noptions timeout:1 attempts:1\n")
    real = os.path.realpath("/etc/resolv.conf")
    subprocess.run(["mount", "--bind", str(resolver), real], check=True)


def _prove(sniffer: Sniffer) -> list[str]:
    """Ask the world on purpose, in each way that a page or a process would."""
    for family, address in ((socket.AF_INET, STRANGER), (socket.AF_INET6, STRANGER_6)):
        with socket.socket(family, socket.SOCK_STREAM) as stranger:
            stranger.setblocking(False)
            stranger.connect_ex((address, 443))
    with contextlib.suppress(OSError):
        socket.getaddrinfo(STRANGER_NAME, 443)
    return sniffer.take()


def main() -> int:
    """Build the network, prove the trap, run the command; write what was seen."""
    found, command = Path(sys.argv[1]), sys.argv[2:]
    _build()
    sniffer = Sniffer()
    proof = _prove(sniffer)
    sniffer.take()
    code = subprocess.run(command, check=False).returncode
    found.write_text(json.dumps({"proof": proof, "packets": sniffer.take()}))
    return code


if __name__ == "__main__":
    sys.exit(main())
