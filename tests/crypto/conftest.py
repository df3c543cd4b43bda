import pytest

from tests.crypto.keyrings import Keyring, new_keyring


@pytest.fixture(scope="session")
def keyring(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return new_keyring(tmp_path_factory.mktemp("keyring") / "keys")


@pytest.fixture(scope="session")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Keyring:
    return new_keyring(tmp_path_factory.mktemp("strangers") / "keys")
