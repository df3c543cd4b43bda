from typing import Any

import pytest

from tests.crypto.keyrings import Keyring, new_keyring


@pytest.fixture(scope="session")
def forces_keys(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return new_keyring(tmp_path_factory.mktemp("force") / "keys")


@pytest.fixture(autouse=True)
def keyring(forces_keys: Keyring, settings: Any) -> Keyring:
    settings.KEYS_FOLDER = forces_keys.folder
    return forces_keys
