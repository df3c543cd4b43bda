"""`safehold serve`, run as a person would: it answers, it looks after itself, it ends."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from safehold.config import scheduler
from tests.running.conftest import safehold
from tests.servers import ROOT, SAFEHOLD, _free_port, environment

pytestmark = pytest.mark.timeout(180)


class Server:
    """A served installation, what it prints, and its processes."""

    def __init__(self, data: Path, site: str, *arguments: str) -> None:
        self.data, self.port, self.log = data, _free_port(), data / "said.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                [SAFEHOLD, "serve", "--port", str(self.port), *arguments],
                env=environment(SAFEHOLD_DATA=str(data), SITE=site),
                cwd=ROOT,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.log.read_text()

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]  # kept for the test
        connection.close()
        return answer

    def wait(self, status: int = 200, seconds: float = 60) -> http.client.HTTPResponse:
        until = time.monotonic() + seconds
        while True:
            assert self.process.poll() is None, self.said()
            try:
                answer = self.get("/healthz")
                if answer.status == status:
                    return answer
            except OSError:
                pass
            assert time.monotonic() < until, self.said()
            time.sleep(0.1)

    def processes(self) -> dict[int, str]:
        """Every process below ours with the part that it plays."""
        listed = subprocess.run(
            ["ps", "-ww", "-eo", "pid,ppid,args"], capture_output=True, text=True, check=True
        ).stdout.splitlines()[1:]
        rows = [line.split(None, 2) for line in listed]
        below = {self.process.pid}
        for _ in range(4):
            below |= {int(pid) for pid, parent, _ in rows if int(parent) in below}
        found = {int(pid): command for pid, _, command in rows if int(pid) in below}
        return {
            pid: match.group(1)
            for pid, command in found.items()
            if (match := re.search(r"--only (\w+)", command))
        }

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(40)


@pytest.fixture
def start(installed: Path) -> Iterator:
    started: list[Server] = []

    def serve(site: str = "all", *arguments: str) -> Server:
        started.append(Server(installed, site, *arguments))
        return started[-1]

    yield serve
    for server in started:
        if server.process.poll() is None:
            server.process.terminate()
            server.process.wait(40)


@pytest.fixture(scope="module")
def house(_set_up: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Both sites in one process tree, for tests that leave it as it was."""
    data = tmp_path_factory.mktemp("house") / "data"
    shutil.copytree(_set_up, data)
    server = Server(data, "all")
    server.wait()
    yield server
    running = set(server.processes())
    assert server.end() == 0
    assert not [pid for pid in running if Path(f"/proc/{pid}").exists()]


def test_all_runs_web_urgent_worker_and_scheduler(house: Server) -> None:
    assert set(house.processes().values()) == {"web", "urgent", "worker", "scheduler"}
    assert f"Serving SITE=all on http://127.0.0.1:{house.port}" in house.said()


def test_the_scheduler_keeps_its_runs_in_the_store(house: Server) -> None:
    rows = wait_for_every_job(house)
    assert [name for name, _, error in rows if error] == []


def wait_for_every_job(server: Server) -> list[tuple]:
    """Wait until each job has run once: one killed in the middle keeps its lease for a while."""
    wanted = {job.name for job in scheduler.jobs()}
    until = time.monotonic() + 60
    while True:
        rows = scheduled(server.data)
        if {name for name, success, _ in rows if success} == wanted:
            return rows
        assert time.monotonic() < until, (rows, server.said())
        time.sleep(0.2)


def scheduled(data: Path) -> list[tuple]:
    with closing(sqlite3.connect(f"file:{data}/records.sqlite3?mode=ro", uri=True)) as store:
        return store.execute("SELECT name, last_success, error FROM scheduled_job").fetchall()


@pytest.mark.parametrize("part", ["scheduler", "urgent"])
def test_a_part_that_is_killed_comes_back_and_pages_stay(house: Server, part: str) -> None:
    wait_for_every_job(house)
    (victim,) = [pid for pid, name in house.processes().items() if name == part]

    os.kill(victim, signal.SIGKILL)

    until = time.monotonic() + 60
    while victim in house.processes() or part not in house.processes().values():
        assert house.get("/healthz").status == 200
        assert time.monotonic() < until
        time.sleep(0.2)
    assert f"{part} ended unasked" in house.said()


def web_master(server: Server) -> tuple[int, list[int]]:
    """The web process that others came from, and those that answer requests for it."""
    web = [pid for pid, part in server.processes().items() if part == "web"]
    parents = {
        pid: int(Path(f"/proc/{pid}/stat").read_text().split(") ")[1].split()[1]) for pid in web
    }
    (master,) = [pid for pid in web if parents[pid] not in web]
    return master, [pid for pid in web if parents[pid] == master]


def test_a_web_process_that_is_killed_takes_its_workers_along_and_comes_back(start) -> None:
    server = start("public")
    server.wait()
    master, workers = web_master(server)
    assert workers

    os.kill(master, signal.SIGKILL)

    until = time.monotonic() + 60
    while "again in" not in server.said() or any(map(_alive, workers)):
        assert time.monotonic() < until, server.said()
        time.sleep(0.1)
    server.wait()
    assert web_master(server)[0] != master
    assert "Address already in use" not in server.said()


def test_a_web_process_alone_that_is_killed_frees_its_port(start) -> None:
    server = start("public", "--only", "web")
    server.wait(503)  # nobody keeps house
    _, workers = web_master(server)

    server.process.kill()
    server.process.wait()

    until = time.monotonic() + 10
    while any(map(_alive, workers)):
        assert time.monotonic() < until, "a worker outlived its master"
        time.sleep(0.1)
    with closing(socket.socket()) as next_one:
        next_one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        next_one.bind(("127.0.0.1", server.port))


def _alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().split(") ")[1][0] != "Z"


def test_nothing_of_a_request_is_logged(house: Server) -> None:
    for path in ("/", "/no-such-page-4711/", "/staff/", "/return/?code=SECRET-CODE"):
        house.get(path, **{"User-Agent": "Telltale/1.0", "X-Forwarded-For": "203.0.113.9"})
    house.get("/", Host="evil.example")

    said = house.said()
    for trace in ("Telltale", "203.0.113.9", "4711", "SECRET-CODE", "GET", "evil.example"):
        assert trace not in said
    assert "127.0.0.1" not in said.replace(f"http://127.0.0.1:{house.port}", "")


def test_the_public_site_runs_web_and_housekeeping_and_ends_at_one_signal(start) -> None:
    server = start("public")
    answer = server.wait()

    assert answer.text == "ok\n"
    assert set(server.processes().values()) == {"web", "scheduler"}
    running = set(server.processes())
    assert server.end() == 0
    assert not [pid for pid in running if Path(f"/proc/{pid}").exists()]


def test_health_sets_no_cookie_is_not_stored_and_says_nothing(start) -> None:
    answer = start("public").wait()

    assert answer.getheader("Set-Cookie") is None
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.text == "ok\n"


@pytest.mark.parametrize("header", ["Content-Length: 3000001", "Transfer-Encoding: chunked"])
def test_a_body_that_is_too_long_or_of_unknown_length_is_refused(start, header: str) -> None:
    server = start("public")
    server.wait()
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=10)) as visitor:
        visitor.sendall(f"POST /report/ HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n".encode())
        visitor.sendall(b"5\r\nhello\r\n0\r\n\r\n" if "chunked" in header else b"x" * 1000)
        answer = visitor.recv(4096).decode()

    assert answer.startswith("HTTP/1.1 413")
    assert "/exit/" in answer
    assert server.wait().status == 200


def test_a_visitor_who_never_finishes_her_headers_is_let_go(start, monkeypatch) -> None:
    server = start("public")
    server.wait()
    began = time.monotonic()
    with closing(socket.create_connection(("127.0.0.1", server.port), timeout=30)) as visitor:
        visitor.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        while visitor.recv(4096):
            pass

    assert 5 < time.monotonic() - began < 20


def test_an_unsafe_start_is_refused_with_its_reasons_and_exit_code_2(start, installed) -> None:
    (installed / "keys" / "recipients.json").unlink()
    installed.chmod(0o755)
    server = start()

    assert server.process.wait(60) == 2
    lines = server.said().splitlines()
    assert len(lines) == 2
    assert all(line.startswith("safehold: ") for line in lines)
    assert not server.processes()


def test_the_demonstration_does_not_listen_for_others(installed) -> None:
    done = safehold(
        "serve", "--only", "web", "--host", "0.0.0.0", SAFEHOLD_DATA=str(installed), SITE="all"
    )

    assert done.returncode == 2
    assert done.stderr == (
        "safehold: The demonstration listens on this machine alone, not on 0.0.0.0.\n"
    )


def test_a_port_that_is_taken_is_one_line(installed) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = safehold("serve", "--port", str(port), SAFEHOLD_DATA=str(installed), SITE="all")

    assert done.returncode == 1
    assert done.stderr == f"Error: Cannot listen on 127.0.0.1:{port}: Address already in use.\n"


def test_the_public_site_has_no_worker(installed) -> None:
    done = safehold("serve", "--only", "worker", SAFEHOLD_DATA=str(installed), SITE="public")

    assert (done.returncode, done.stderr) == (1, "Error: SITE=public has no worker.\n")


def test_health_names_what_fails(start, installed) -> None:
    server = start("staff", "--only", "web")
    assert server.wait(503).text == "failing: urgent scheduler\n"

    with closing(sqlite3.connect(installed / "records.sqlite3")) as store:
        store.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
        store.commit()
    assert server.get("/healthz").text == "failing: schema\n"


def test_health_of_the_public_site_sees_its_housekeeping_stop(start, installed) -> None:
    server = start("public")
    server.wait()
    old = time.time() - 600
    os.utime(installed / "housekeeping", (old, old))

    assert server.get("/healthz").text == "failing: scheduler\n"
