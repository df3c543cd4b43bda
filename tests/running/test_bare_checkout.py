"""Before anything is set up, a command says what comes first and leaves nothing behind."""

import stat
from pathlib import Path

import pytest

from safehold.config.commands.setup import make_folder
from tests.running.conftest import safehold
from tests.servers import ROOT

REAL = str(ROOT / "forces" / "hertfordshire.toml")


@pytest.mark.parametrize(
    "arguments",
    [
        ("import", "crimes", "."),
        ("import", "boundaries", "README.md", "--kind", "force", "--name-field", "name"),
        ("import", "gazetteer", "README.md", "--kind", "street", "--column", "name=name"),
        ("hotspots",),
    ],
    ids=lambda arguments: " ".join(arguments[:2]),
)
def test_a_command_that_needs_the_stores_says_to_set_up(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    data = tmp_path / "var" / "data"
    done = safehold(*arguments, SAFEHOLD_DATA=str(data), SAFEHOLD_FORCE=REAL)
    assert done.returncode == 1
    assert done.stderr == (
        f"Error: Nothing is set up in {data} yet: "
        "run `safehold setup` first, or `make demo` to practise.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_real_force_first_leaves_room_for_the_invented_one(tmp_path: Path) -> None:
    make_folder(tmp_path / "var" / "hertfordshire")
    for folder in (tmp_path / "var", tmp_path / "var" / "hertfordshire"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
