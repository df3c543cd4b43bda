"""The loss drill of docs/running.md, run from its own commands on a real installation."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import click
import pytest

from safehold.config.cli import main_group
from tests.running import test_first_installation as installation
from tests.running.test_first_installation import block, script, settings
from tests.servers import SAFEHOLD
from tests.stores import SqliteStores

pytestmark = pytest.mark.timeout(300)

SECTION = r"## If keys are lost or taken\n(.*?)\n## "
PYTHON = Path(SAFEHOLD).parent / "python"
WORDS = "seven quiet herons cross the weir"
SEND = """
import sys, django; django.setup()
from datetime import UTC, datetime
from safehold.records.intake import operations as intake
at = datetime.now(UTC)
ticket = intake.start_draft(journey="place", at=at)
slip = {"kind": "place", "danger": [], "party_is_police": sys.argv[2]}
intake.submit(ticket=ticket, slip=slip, account={"words": sys.argv[1]}, identity=None, at=at)
"""
READ = """
import json, django; django.setup()
from django.conf import settings
from safehold.crypto.envelopes import Kind
from safehold.crypto.errors import CryptoError
from safehold.crypto.opening import load_opening_keys, open_envelope
from safehold.crypto.recipients import Purpose
from safehold.records.intake.models import SealedReport
held = {}
for purpose in (Purpose.ACCOUNT, Purpose.STANDARDS):
    try:
        held |= load_opening_keys(settings.KEYS_FOLDER, purposes=[purpose]).by_id
    except CryptoError:
        pass
from safehold.crypto.opening import OpeningKeys
for report in SealedReport.objects.using("intake"):
    try:
        opened = open_envelope(
            bytes(report.account), kind=Kind.ACCOUNT, subject=str(report.id), keys=OpeningKeys(held)
        )
        print(json.loads(opened)["words"])
    except CryptoError:
        pass
"""


def drill_blocks() -> dict[str, str]:
    """Every block of the section that is marked as part of the drill, by its name."""
    found = re.findall(r"```sh drill (\w+)\n(.*?)```", block(SECTION), re.S)
    assert len(dict(found)) == len(found), "two blocks have one name"
    return dict(found)


class Machine:
    """An installation in a folder, and the drill's commands run on it as a person types them."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.blocks, self.done = folder, drill_blocks(), set()
        self.staff, self.public = folder / "safehold-staff", folder / "safehold-public"
        self.backup = folder / "backup"
        self.environment = settings(folder)

    def new(self) -> None:
        """A machine as it is after the steps up to its databases and settings."""
        for path, mode in ((self.staff, 0o750), (self.public, 0o700)):
            path.mkdir(mode=mode)

    def type(self, steps: str, *, fails: bool = False) -> str:
        steps = steps.replace("/mnt/safe", f"{self.folder}/safe").replace(
            "BACKUP", f"{self.backup}"
        )
        done = subprocess.run(
            ["bash", "-c", script(self.folder, steps)], capture_output=True, text=True, check=False
        )
        assert (done.returncode != 0) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr

    def drill(self, name: str, *, fails: bool = False, **placeholders: object) -> str:
        steps = self.blocks[name]
        for word, value in placeholders.items():
            assert re.search(rf"\b{word}\b", steps), f"{name} has no {word}"
            steps = re.sub(rf"\b{word}\b", str(value), steps)
        assert not re.search(r"\b(ID|N)\b", steps), steps
        self.done.add(name)
        return self.type(steps, fails=fails)

    def keys(self) -> list[list[str]]:
        """The lines of `keys list`: purpose, id, and the rest in words."""
        said = self.type("run safehold_staff staff staff keys list --quick")
        return [line.split(maxsplit=3) for line in said.splitlines()]

    def ids(self, purpose: str, containing: str = "") -> list[str]:
        return [key[1] for key in self.keys() if key[0] == purpose and containing in key[3]]

    def run_program(self, program: str, *arguments: str) -> str:
        own = {**self.environment["staff"], "SAFEHOLD_DATA": str(self.staff)}
        own |= {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "safehold.config.settings"}
        done = subprocess.run(
            [PYTHON, "-c", program, *arguments],
            env=own,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def send(self, words: str, *, police: str = "no") -> None:
        self.run_program(SEND, words, police)

    def readable(self) -> set[str]:
        return set(self.run_program(READ).split())


@pytest.fixture
def machine(django_db_setup: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """A set-up staff machine and public host, whose keepers type one passphrase."""
    if not isinstance(django_db_setup, SqliteStores):
        pytest.skip("walked on SQLite")
    monkeypatch.setattr(installation, "PASSWORD", WORDS)
    made = Machine(tmp_path)
    made.new()
    for alias, name in (("default", "records"), ("intake", "intake")):  # saves `migrate` its time
        shutil.copyfile(django_db_setup.template / f"{alias}.sqlite3", tmp_path / f"{name}.sqlite3")
    for name, own in made.environment.items():
        (tmp_path / f"{name}.env").write_text("\n".join(f"{k}={v}" for k, v in own.items()))
    (tmp_path / "safe").mkdir()
    made.type("run safehold_staff staff staff setup")
    made.drill("public")
    return made


def test_every_command_of_the_drill_is_one_that_there_is() -> None:
    """What each does is held by `tests/config/test_key_commands.py`; the drill itself by night."""
    tried = set()
    for steps in drill_blocks().values():
        for typed in re.findall(r"\brun \w+ \w+ \w+ (.*)", steps.replace("\\\n", " ")):
            command: click.Command = main_group
            context, words = click.Context(command), shlex.split(typed)
            while isinstance(command, click.Group):
                name, found, words = command.resolve_command(context, words)
                assert found is not None
                command, context = found, click.Context(found, parent=context, info_name=name)
            # This raises where no option has that name.
            command.make_parser(context).parse_args(args=words)
            tried.add(context.command_path)
    assert len(tried) > 9


@pytest.mark.slow
def test_the_drill_as_the_document_has_it(machine: Machine) -> None:
    # Before anything is lost: a second recipient in the safe, and copies of all the others.
    machine.drill("second")
    first, second = machine.ids("account")
    machine.drill("move", ID=second)
    for purpose in ("triage", "account", "identity", "standards", "release", "audit"):
        machine.drill("copy", ID=machine.ids(purpose, "private half here")[0])
    machine.drill("publish")
    machine.send("before")
    machine.type("run safehold_owner owner staff backup BACKUP")

    # The staff machine is gone: its stores, its keys, everything that was on it.
    shutil.rmtree(machine.staff)
    for path in machine.folder.glob("*.sqlite3*"):
        path.unlink()
    machine.staff.mkdir(mode=0o750)
    said = machine.drill("machine")
    assert "Both audit chains hold" in said
    assert "Every key that should be here is, and opens what it should." in said
    assert machine.readable() == {"before"}
    for one in (first, second):  # each recipient alone
        others = [path for path in machine.staff.glob("keys/account-*.key") if one not in path.name]
        for path in others:
            path.rename(path.with_suffix(".away"))
        assert machine.readable() == {"before"}
        for path in others:
            path.with_suffix(".away").rename(path)

    # The public host is gone.
    shutil.rmtree(machine.public)
    machine.public.mkdir(mode=0o700)
    machine.drill("public")

    # The keys folder is gone, the stores are there.
    shutil.rmtree(machine.staff / "keys")
    machine.drill("folder")
    assert machine.readable() == {"before"}

    # A private key was copied by somebody.
    machine.drill("taken")
    machine.send("after")
    assert machine.readable() == {"before", "after"}
    (new,) = machine.ids("account", "in use")
    assert new not in (first, second)
    public = (machine.public / "keys" / "recipients.json").read_text()
    assert public == (machine.staff / "keys" / "recipients.json").read_text()
    machine.drill("copy", ID=new)

    # Its reports are no longer needed. While another key opens them, nothing is lost.
    assert "leave --although out" in machine.drill("destroy", fails=True, ID=first, N=1)
    machine.drill("destroy", ID=first, N=0)
    assert machine.readable() == {"before", "after"}
    assert "say --although 1" in machine.drill("destroy", fails=True, ID=second, N=7)
    assert "1 stored envelopes can never be opened again" in machine.drill(
        "destroy", ID=second, N=1
    )
    assert machine.readable() == {"after"}

    # The key of professional standards is lost.
    machine.send("colleague", police="yes")
    (lost,) = machine.ids("standards")
    (machine.staff / "keys" / f"standards-{lost}.key").unlink()
    machine.type("run safehold_staff staff staff keys check", fails=True)
    machine.drill("standards", ID=lost)
    machine.send("colleague-again", police="yes")
    assert machine.readable() == {"after", "colleague-again"}
    assert "say --although 1" in machine.drill("lost", fails=True, ID=lost, N=9)
    machine.drill("lost", ID=lost, N=1)
    assert "or given up as lost" in machine.type("run safehold_staff staff staff keys check")

    # A passphrase is lost.
    machine.drill("passphrase", ID=new)
    assert (machine.folder / "safe" / "again.copy").exists()

    # All of it stands in the audit, which still holds, and nothing in the document was left out.
    machine.type("run safehold_staff staff staff audit verify --without-heads")
    assert machine.done == set(machine.blocks)
