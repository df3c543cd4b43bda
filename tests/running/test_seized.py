"""Who seizes what can read what: a real installation, real journeys, and every lock tried.

The table of docs/threat-model.md is what is expected here. It fails where a run shows more than
the document says, and where it shows less.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from safehold.config.environment import PUBLIC_KEYS
from tests.seized import stores
from tests.seized.acts import done, lay_out
from tests.seized.holders import HOLDERS, PHONE, Seizure
from tests.seized.hosts import PUBLIC, UNIT, Installation
from tests.seized.people import HERS, Public, Told, Unit
from tests.seized.prying import pry
from tests.seized.secrets import SECRETS, Case
from tests.seized.table import Can, Cells, block, cells, compare, holders
from tests.stores import Stores

pytestmark = [pytest.mark.timeout(300), pytest.mark.database]
NAMES = [secret.name for secret in SECRETS]


@pytest.fixture(scope="module")
def seizure(
    django_db_setup: Stores,
    django_db_blocker: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Seizure]:
    """Everything of an installation in which people told, and officers read."""
    folder = tmp_path_factory.mktemp("seized")
    with django_db_blocker.unblock(), stores.made(django_db_setup, folder) as made:
        installation, told = Installation(folder, made.addresses), Told()
        installation.set_up()
        names = folder / "names.csv"
        names.write_text(HERS["compared"] + "\n")
        installation.type(UNIT, "staff", "names", names)
        names.unlink()
        with installation.running() as sites:
            public = Public(sites[PUBLIC], told)
            made.waits_for_marks()
            public.names_herself()
            installation.rotate_account_key()
            public.come()
            unit = Unit(installation, sites, told)
            unit.waits_for_slips(public.on_the_desk)
            unit.work()
            public.look_again()
            told.ids = made.ids(told.references)
            lay_out(
                folder / "partner",
                done(
                    installation.environment(UNIT),
                    str(told.ids["shared"]),
                    str(told.ids["destroyed"]),
                ),
            )
            installation.type(
                "owner", "backup", folder / "backup", "--keys-to", folder / "backup-keys"
            )
            yield Seizure(installation, told, made.tables(folder))


@pytest.fixture(scope="module")
def seen(seizure: Seizure) -> Cells:
    """What every attacker can do with every secret."""
    found: Cells = {}
    for letter in HOLDERS:
        case = Case(pry(seizure.loot(letter)), seizure.told)
        found |= {(secret.name, letter): secret.of(case) for secret in SECRETS}
    return found


def test_whoever_seizes_a_part_reads_what_the_document_says_and_no_more(seen: Cells) -> None:
    compare(seen, NAMES)


def test_the_search_finds_what_lies_open(seizure: Seizure, seen: Cells) -> None:
    """Nothing is proven by a search that finds nothing: with every key all of it is read."""
    everything = {name for (name, letter), can in seen.items() if can is Can.READ}
    never = {name for name in NAMES if name not in everything}
    assert never == {"That our site was visited", "In which minute", UNFINISHED, DESTROYED}
    half = pry(seizure.hold(PUBLIC, "intake", pages=tuple(seizure.told.cookies.values())))
    assert half.reads((HERS["unfinished"],)), "with both halves the form opens"


UNFINISHED = "A form that she did not finish"
DESTROYED = "What she told, before it was destroyed"


def test_every_row_and_every_holder_of_the_document_is_tried() -> None:
    text = block()
    letters = [*HOLDERS, *PHONE]
    assert list(holders(text)) == letters
    assert {name for name, _ in cells(text)} == set(NAMES)
    assert {letter for _, letter in cells(text)} == set(letters)


def test_the_public_host_holds_the_list_of_keys_and_no_key(seizure: Seizure) -> None:
    held = {path.name for path in (Path(seizure.folder) / PUBLIC / "keys").iterdir()}
    assert held == set(PUBLIC_KEYS) == {"recipients.json", "secret-public"}
