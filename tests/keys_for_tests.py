"""A fixture for rooms that seal and open: keys of the force, in a folder of the test's own."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.crypto.keyrings import new_keyring


@pytest.fixture(scope="session")
def _made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_keyring(tmp_path_factory.mktemp("unit") / "keys").folder


@pytest.fixture
def keys(settings: Any, tmp_path: Path, _made_once: Path) -> Path:
    """Every key of the force; a test may take one away."""
    folder = tmp_path / "keys"
    shutil.copytree(_made_once, folder)
    folder.chmod(0o700)
    settings.KEYS_FOLDER = folder
    return folder
