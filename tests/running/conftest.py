"""An installation as `safehold setup` leaves it, without its twenty seconds of migrations."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.servers import ROOT, SAFEHOLD, environment
from tests.stores import SqliteStores


def safehold(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, and return what it said."""
    return subprocess.run(
        [SAFEHOLD, *arguments],
        env=environment(**changes),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session")
def _set_up(django_db_setup: object, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if not isinstance(django_db_setup, SqliteStores):
        pytest.skip("the files of an installation on SQLite")
    data = tmp_path_factory.mktemp("installed") / "data"
    data.mkdir(mode=0o700)
    for alias, name in (("default", "records"), ("intake", "intake")):
        template = django_db_setup.template / f"{alias}.sqlite3"
        shutil.copyfile(template, data / f"{name}.sqlite3")
    done = safehold("setup", SAFEHOLD_DATA=str(data), SITE="all")
    assert done.returncode == 0, done.stdout + done.stderr
    return data


@pytest.fixture
def installed(_set_up: Path, tmp_path: Path) -> Path:
    """A folder of the test's own with stores, keys, secrets and static files."""
    data = tmp_path / "data"
    shutil.copytree(_set_up, data)
    return data
