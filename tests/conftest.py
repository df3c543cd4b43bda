"""One environment for every test: a practice force, a folder of its own, both stores."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest
from django.contrib.auth.hashers import ScryptPasswordHasher
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.stores import Stores

# How long an example takes says how busy the machine is, not whether the property holds.
for time_of_day, examples in (("day", 50), ("night", 500)):
    settings.register_profile(
        time_of_day,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        max_examples=examples,
    )
settings.load_profile(os.environ.get("SAFEHOLD_TESTED_BY", "day"))

ROOT = Path(__file__).resolve().parent.parent

_FOLDER = tempfile.mkdtemp(prefix="safehold-tests-")
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
for site in ("public", "staff", "all"):
    (Path(_FOLDER) / "static" / site).mkdir(parents=True)
os.environ["SITE"] = "all"
os.environ["SAFEHOLD_DATA"] = _FOLDER
os.environ["SAFEHOLD_DEMONSTRATION"] = "1"
os.environ["SAFEHOLD_FORCE"] = str(ROOT / "forces" / "mereshire.toml")
# Named here and not in pyproject.toml, where it would be read before the lines above.
os.environ["DJANGO_SETTINGS_MODULE"] = "safehold.config.settings"
os.environ.setdefault("SAFEHOLD_SHARED_DATA", str(ROOT.parent / "shared" / "data"))
django.setup()

from safehold.crypto import codes  # noqa: E402 - as the next
from tests.planted import watching  # noqa: E402 - it watches what the lines above set up

# Three quarters of the suite's time went into keeping passwords of members who never sign in. Real
# processes, and `tests/accounts/test_hashing.py`, keep them as they are kept.
REAL_WORK = ScryptPasswordHasher.work_factor
ScryptPasswordHasher.work_factor = 2
# As codes: each that was drawn or typed took a tenth of a second. `tests/crypto/test_codes.py`
# stretches them as they are stretched.
REAL_CODES = (codes.PASSES, codes.MEMORY)
codes.PASSES, codes.MEMORY = codes.argon2id.OPSLIMIT_MIN, codes.argon2id.MEMLIMIT_MIN

watching.begin(_FOLDER)

# What these screens show is held on SQLite. On PostgreSQL the operations below them run by day, the
# screens by night, but for those that lean on the engine: what waits for whom, how often it is
# asked, what is committed, and what a member of the unit sorts.
SCREENS = ("content", "partnership", "patrol", "protection", "public")
SCREENS_OF_CONFIG = ("test_pages_command", "test_pages_in_languages", "test_practice")
BY_DAY = ("test_hotspots", "test_long_lists", "test_publishing", "test_saving", "test_tabs_at_once")


# What they make for all their tests takes long: they come first, where no second worker takes some
# of them over and makes it once more.
MADE_ONCE = ("test_seized", "test_practice_filled")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the screens."""
    name = item.path.stem
    screen = any(item.path.is_relative_to(ROOT / "tests" / room) for room in SCREENS)
    if (screen and name not in BY_DAY) or name in SCREENS_OF_CONFIG:
        item.add_marker(pytest.mark.screen)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what is made once."""
    items.sort(key=lambda item: item.path.stem not in MADE_ONCE)


def pytest_configure(config: pytest.Config) -> None:
    """Have every session of tests fail where a planted word was written in clear."""
    config.pluginmanager.register(watching.Plugin(), "planted")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[Stores]:
    """Migrate both stores once; every test starts from there."""
    from tests.stores import open_stores

    with django_db_blocker.unblock():
        stores = open_stores()
    yield stores
    with django_db_blocker.unblock():
        stores.finish()


@pytest.fixture
def committed_stores(django_db_setup: Stores, django_db_blocker) -> Iterator[None]:
    """Both stores for a test that really commits: threads, processes, triggers, backups."""
    from tests.stores import own_copy

    with django_db_blocker.unblock(), own_copy(django_db_setup):
        yield


@pytest.fixture
def careless_connections(django_db_setup: Stores) -> Iterator[None]:
    """Let a test open a store without what is promised of it, which fails everywhere else."""
    from django.db.backends.signals import connection_created

    from tests.stores import refuse_a_careless_connection

    connection_created.disconnect(refuse_a_careless_connection)
    yield
    connection_created.connect(refuse_a_careless_connection)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real open data, or skip with the reason."""
    folder = Path(os.environ["SAFEHOLD_SHARED_DATA"])
    if not folder.is_dir():
        pytest.skip(f"real open data is not here ({folder}): SAFEHOLD_SHARED_DATA names it")
    return folder
