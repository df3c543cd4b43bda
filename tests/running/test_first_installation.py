"""The steps of docs/running.md, walked in their order: to a first page and a first officer."""

from __future__ import annotations

import http.client
import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pyotp
import pytest

from tests.servers import ROOT, SAFEHOLD, _free_port
from tests.stores import SqliteStores

pytestmark = pytest.mark.timeout(240)

LOGIN = "/staff/account/login/"
SET_UP = "/staff/account/authenticator/"
PASSWORD = "three plain words"
SETTINGS = r"```sh\n(# all three\n.*?)```"
BACK = r"on a machine that has none of it:\n\n```sh\n(.*?)```"
STEPS = r"```sh\n(cd /\n.*?)```"


def block(pattern: str) -> str:
    """One block of the document."""
    match = re.search(pattern, (ROOT / "docs" / "running.md").read_text(), re.S)
    assert match is not None, pattern
    return match.group(1)


def profile(folder: Path) -> Path:
    """A force that has confirmed its two lines: until then nothing is published."""
    text = (ROOT / "forces" / "hertfordshire.toml").read_text()
    for line in ("all_hours", "sarc"):
        told = f'{{name = "{line}", number = "000 000", hours = "at any hour", serves = "anyone"}}'
        text = text.replace(f'{line} = "to_be_confirmed"', f"{line} = {told}")
        text += (
            f'\n[[sources]]\nfact = "phones.{line}"\nsource = "a test"\nverified_on = 2026-11-27\n'
        )
    written = folder / "force.toml"
    written.write_text(text)
    return written


def settings(folder: Path) -> dict[str, dict[str, str]]:
    """The three files of settings, with stores and places of this test."""
    here = {
        "SAFEHOLD_FORCE": str(profile(folder)),
        "SAFEHOLD_DATABASE_URL": f"sqlite:///{folder}/records.sqlite3",
        "SAFEHOLD_INTAKE_DATABASE_URL": f"sqlite:///{folder}/intake.sqlite3",
        "SAFEHOLD_AUDIT_HEADS": str(folder / "audit-heads"),
    }
    files: dict[str, dict[str, str]] = {"all three": {}}
    for line in block(SETTINGS).splitlines():
        if line.startswith("# "):
            current = files.setdefault(line[2:].removesuffix(".env"), {})
        else:
            name, _, value = line.partition("=")
            current[name] = here.get(name, value)
    shared = files.pop("all three")
    return {name: {**shared, **own} for name, own in files.items()}


def script(folder: Path, steps: str) -> str:
    """The steps themselves; only who runs them, and where, is another."""
    steps = re.sub(r"^run\(\) \{.*?\}$", "", steps, count=1, flags=re.S | re.M)
    steps = re.sub(r"-o \w+ -g \w+ ", "", steps)
    steps = steps.replace("/var/lib/", f"{folder}/")
    lines = [
        "set -euo pipefail",
        "cp() { :; }; systemctl() { :; }",
        f"systemd-ask-password() {{ echo {shlex.quote(PASSWORD)}; }}",
        "run() { user=$1 env=$2 data=$3; shift 3; "
        f'env -i PATH="$PATH" $(cat {folder}/$env.env) SAFEHOLD_DATA={folder}/safehold-$data '
        f'{SAFEHOLD} "$@"; }}',
        steps,
    ]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def walked(django_db_setup: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every step was done."""
    if not isinstance(django_db_setup, SqliteStores):
        pytest.skip("walked on SQLite")
    folder = tmp_path_factory.mktemp("machine")
    for name, mode in (("safehold-staff", 0o750), ("safehold-public", 0o700)):
        (folder / name).mkdir(mode=mode)
    for alias, name in (("default", "records"), ("intake", "intake")):  # saves `migrate` its time
        template = django_db_setup.template / f"{alias}.sqlite3"
        shutil.copyfile(template, folder / f"{name}.sqlite3")
    for name, own in settings(folder).items():
        (folder / f"{name}.env").write_text("\n".join(f"{k}={v}" for k, v in own.items()))
    done = subprocess.run(
        ["bash", "-c", script(folder, block(STEPS))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "a.okafor may sign in" in done.stdout
    (folder / "said").write_text(done.stdout)
    return folder


class Visitor:
    """Someone beyond the proxy, who does what a browser does with cookies and forms."""

    def __init__(self, port: int, host: str) -> None:
        self.port, self.host, self.cookies = port, host, SimpleCookie()

    def ask(self, path: str, form: Mapping[str, str] | None = None) -> http.client.HTTPResponse:
        origin = f"https://{self.host}"
        headers = {"Host": self.host, "X-Forwarded-Proto": "https", "Referer": origin + path}
        headers["Cookie"] = "; ".join(f"{k}={m.value}" for k, m in self.cookies.items())
        if form is not None:
            headers |= {"Origin": origin, "Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        body = urlencode(form) if form is not None else None
        connection.request("POST" if body else "GET", path, body, headers)
        answer = connection.getresponse()
        answer.text = answer.read().decode()  # type: ignore[attr-defined]  # kept for the test
        for line in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(line)
        connection.close()
        return answer

    def send(self, path: str, page: str, **form: str) -> http.client.HTTPResponse:
        """Fill in the form of a page that was asked for."""
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert found is not None
        return self.ask(path, {"csrfmiddlewaretoken": found.group(1), **form})


@contextmanager
def served(folder: Path, side: str) -> Iterator[Visitor]:
    """Serve one side as its unit does."""
    own, port = settings(folder)[side], _free_port()
    log = folder / f"{side}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [SAFEHOLD, "serve", "--only", "web", "--port", str(port)],
            env={
                "PATH": os.environ["PATH"],
                "SAFEHOLD_DATA": f"{folder}/safehold-{side}",
                **own,
            },
            cwd="/",
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    visitor = Visitor(port, own["SAFEHOLD_HOSTS"])
    try:
        until = time.monotonic() + 60
        while True:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            try:
                visitor.ask("/healthz")
                break
            except OSError:
                time.sleep(0.1)
        yield visitor
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(40)


def test_the_public_see_a_first_page(walked: Path) -> None:
    with served(walked, "public") as visitor:
        answer = visitor.ask("/")

    assert answer.status == 200
    assert "Hertfordshire" in answer.text
    assert "Practice site" not in answer.text


def test_the_first_officer_sets_up_an_authenticator_and_is_in(walked: Path) -> None:
    with served(walked, "staff") as officer:
        page = officer.ask(LOGIN).text
        officer.send(LOGIN, page, login="a.okafor", password=PASSWORD)
        led = officer.ask("/staff/")
        page = officer.ask(SET_UP).text
        secret = re.search(r"<code>([A-Z2-7]+)</code>", page)
        assert secret is not None, page
        officer.send(SET_UP, page, code=pyotp.TOTP(secret.group(1)).now())
        desk = officer.ask("/staff/")

    assert (led.status, led.getheader("Location")) == (302, SET_UP)
    assert desk.status == 200
    assert "Ada Okafor" in desk.text


def test_setting_up_lists_what_the_force_has_not_confirmed(walked: Path) -> None:
    said = (walked / "said").read_text().splitlines()
    lines = [line for line in said if line.startswith("Not confirmed by")]

    assert len(lines) == 2  # by staff, by public
    assert lines[0].startswith("Not confirmed by Hertfordshire police (")
    assert " when_reports_are_read, " in lines[0]
    assert " unit_name, " in lines[0]
    assert int(re.findall(r"\((\d+)\)", lines[0])[0]) == lines[0].count(", ") + 1


def test_a_backup_is_put_back_on_a_machine_that_has_nothing(walked: Path, tmp_path: Path) -> None:
    own = settings(walked)["owner"]
    done = subprocess.run(
        [SAFEHOLD, "backup", tmp_path / "backup", "--keys-to", tmp_path / "keys"],
        env={
            "PATH": os.environ["PATH"],
            "SAFEHOLD_DATA": f"{walked}/safehold-staff",
            **own,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for name, mode in (("safehold-staff", 0o750), ("safehold-public", 0o700)):
        (tmp_path / name).mkdir(mode=mode)
    for name, values in settings(tmp_path).items():
        (tmp_path / f"{name}.env").write_text("\n".join(f"{k}={v}" for k, v in values.items()))
    steps = block(BACK).replace("KEYS", f"{tmp_path}/keys").replace("FOLDER", f"{tmp_path}/backup")
    back = subprocess.run(
        ["bash", "-c", script(tmp_path, steps)], capture_output=True, text=True, check=False
    )
    assert back.returncode == 0, back.stdout + back.stderr

    with served(tmp_path, "public") as visitor:
        assert visitor.ask("/").status == 200
    with served(tmp_path, "staff") as officer:
        page = officer.ask(LOGIN).text
        # a wrong password would show the form again
        assert officer.send(LOGIN, page, login="a.okafor", password=PASSWORD).status == 302
