"""What a public host holds of the keys: one list of the product, kept by tests and document."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from safehold.config.environment import PUBLIC_KEYS, SECRETS
from safehold.crypto.key_files import add_key, create_keys, private_key_paths
from safehold.crypto.recipients import Purpose, read_list
from tests.servers import ROOT, public_keys_only

AT = datetime(2026, 7, 1, tzinfo=UTC)
RUNNING = (ROOT / "docs" / "running.md").read_text()


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    """The keys folder of a laptop: every key, both secrets, and where copies are."""
    folder = tmp_path / "keys"
    create_keys(folder, at=AT)
    add_key(folder, purpose=Purpose.ACCOUNT, at=AT)
    for name in (*SECRETS.values(), "elsewhere.json", "a-copy.age"):
        (folder / name).write_text(name)
    return folder


def test_a_public_host_of_the_tests_holds_what_a_public_host_holds(keys: Path) -> None:
    held = keys.parent / "public-keys"
    public_keys_only(keys, held)
    assert {path.name for path in held.iterdir()} == set(PUBLIC_KEYS)
    assert {each.purpose for each in read_list(held).keys} == set(Purpose)
    assert not private_key_paths(held)
    assert SECRETS["staff"] not in PUBLIC_KEYS


def test_the_document_gives_a_public_host_nothing_else() -> None:
    """Its own secret is made on the host; what is copied there is the rest of the list."""
    copied = re.findall(r"^install .*?(\S+) /var/lib/safehold-public/keys/$", RUNNING, re.M)
    assert copied
    assert {Path(each).name for each in copied} == set(PUBLIC_KEYS) - {SECRETS["public"]}
    assert "`recipients.json` and its own secret; no key that opens a report" in RUNNING
