"""Each thing that makes a start unsafe is refused with exactly its own line."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.db.utils import ConnectionHandler

from safehold.config import demonstration_marker, static_storage, stores
from safehold.config.commands.setup import make_secrets
from safehold.config.environment import read
from safehold.config.startup import Ground, ground_of_settings, problems
from safehold.crypto.key_files import create_keys, private_key_paths
from tests.servers import ROOT
from tests.stores import SqliteStores

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
REAL = str(ROOT / "forces" / "hertfordshire.toml")
PUBLIC = {"site": "public", "hosts": ("report.example.uk",)}


@pytest.fixture(scope="module")
def installation(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup, django_db_blocker
) -> Path:
    """Everything that a start needs, made as `safehold setup` makes it."""
    if connections["default"].vendor != "sqlite":
        pytest.skip("the files of an installation on SQLite; PostgreSQL has tests of its own below")
    data = tmp_path_factory.mktemp("installation") / "data"
    data.mkdir(mode=0o700)
    create_keys(data / "keys", at=NOW)
    make_secrets(read({"SAFEHOLD_DATA": str(data), "SAFEHOLD_FORCE": REAL}))
    for site in ("staff", "public", "all"):
        static_storage.collect(data / "static" / site, site=site)
    assert isinstance(django_db_setup, SqliteStores)
    for alias, name in (("default", "records"), ("intake", "intake")):
        template = django_db_setup.template / f"{alias}.sqlite3"
        shutil.copyfile(template, data / f"{name}.sqlite3")
    return data


def open_stores(data: Path, *aliases: str) -> dict:
    urls = {"default": "records", "intake": "intake"}
    handler = ConnectionHandler(
        {"default": {}}
        | {alias: stores.database(f"sqlite:///{data}/{urls[alias]}.sqlite3") for alias in aliases}
    )
    return {alias: handler[alias] for alias in aliases}


def ground_on(data: Path) -> Ground:
    return Ground(
        site="staff",
        demonstration=False,
        laptop=False,
        invented=False,
        debug=False,
        https=True,
        hosts=("staff.example.uk",),
        bind="127.0.0.1",
        cache=settings.CACHES["default"],
        data=data,
        keys=data / "keys",
        secret_missing=False,
        audit_heads=(str(data.parent / "audit-heads"),),
        static_root=data / "static" / "staff",
        stores=open_stores(data, "default", "intake"),
        now=NOW,
    )


@pytest.fixture
def ready(installation: Path, tmp_path: Path, django_db_blocker) -> Iterator[Ground]:
    """A ground of its own, in production on the staff side, with nothing wrong."""
    data = tmp_path / "data"
    shutil.copytree(installation, data, copy_function=shutil.copy2)
    (tmp_path / "audit-heads").mkdir()
    with django_db_blocker.unblock():
        ground = ground_on(data)
        yield ground
        for store in ground.stores.values():
            store.close()


def public(ground: Ground) -> Ground:
    """The same installation as a public host has it: no key that opens, one store."""
    for path in (*private_key_paths(ground.keys), ground.keys / "secret-staff"):
        path.unlink(missing_ok=True)
    root = ground.data / "static" / "public"
    return replace(ground, **PUBLIC, static_root=root, stores={"intake": ground.stores["intake"]})


def test_nothing_is_refused_where_nothing_is_wrong(ready):
    assert problems(ready) == []


def test_nothing_is_refused_on_a_public_host(ready):
    assert problems(public(ready)) == []


def test_nothing_is_refused_on_a_laptop_that_only_it_can_reach(ready):
    assert problems(replace(all_on_loopback(ready), laptop=True)) == []


def all_on_loopback(ground: Ground) -> Ground:
    """What serving a folder on one's own machine looks like, whatever stands before it."""
    return replace(
        ground,
        site="all",
        hosts=("127.0.0.1", "localhost"),
        https=False,
        static_root=ground.data / "static" / "all",
    )


@pytest.mark.parametrize(
    "reachable",
    [{}, {"laptop": True, "bind": "0.0.0.0"}, {"laptop": True, "hosts": ("localhost", "*")}],
    ids=["nobody said laptop", "bound to every address", "answers to every name"],
)
def test_real_keys_are_in_production_unless_a_laptop_alone_is_answered(ready, reachable):
    found = problems(replace(all_on_loopback(ready), **reachable))

    assert any(line.startswith("SITE=all serves the public beside the keys") for line in found)
    assert any(line.startswith("SAFEHOLD_HTTPS is off") for line in found)
    assert any(line.startswith("SAFEHOLD_LAPTOP") for line in found) == bool(reachable)


@pytest.mark.parametrize("also", ["{outside}", "https://heads.example.uk/take"])
def test_one_place_of_heads_that_cannot_be_rewritten_from_here_is_enough(ready, also):
    (ready.data / "audit-heads").mkdir()
    heads = (str(ready.data / "audit-heads"), also.format(outside=ready.audit_heads[0]))

    assert problems(replace(ready, audit_heads=heads)) == []


def test_a_laptop_may_keep_its_heads_beside_its_stores(ready):
    (ready.data / "audit-heads").mkdir()
    alone = replace(all_on_loopback(ready), laptop=True)

    assert problems(replace(alone, audit_heads=(str(ready.data / "audit-heads"),))) == []


def test_nothing_is_refused_in_a_demonstration_on_loopback(ready):
    for store in ready.stores.values():
        demonstration_marker.mark(store)
    (ready.data / "DEMONSTRATION").touch()
    practice = {
        "demonstration": True,
        "invented": True,
        "hosts": ("127.0.0.1",),
        "https": False,
        "debug": True,
    }

    assert problems(replace(ready, **practice)) == []


Break = Callable[[Ground], Ground | None]


def no_recipients(ground: Ground) -> None:
    (ground.keys / "recipients.json").unlink()


def writable_recipients(ground: Ground) -> None:
    (ground.keys / "recipients.json").chmod(0o666)


def nobody_to_seal_identities_to(ground: Ground) -> None:
    path = ground.keys / "recipients.json"
    entry = json.loads(path.read_text())
    entry["keys"] = [key for key in entry["keys"] if key["purpose"] != "identity"]
    path.write_text(json.dumps(entry))


def nobody_to_release_names_to(ground: Ground) -> None:
    path = ground.keys / "recipients.json"
    entry = json.loads(path.read_text())
    entry["keys"] = [key for key in entry["keys"] if key["purpose"] != "release"]
    path.write_text(json.dumps(entry))


def no_salt_for_codes(ground: Ground) -> None:
    path = ground.keys / "recipients.json"
    entry = json.loads(path.read_text())
    del entry["code_salt"]
    path.write_text(json.dumps(entry))


def no_triage_key(ground: Ground) -> None:
    next(ground.keys.glob("triage-*.key")).unlink()


def open_key(ground: Ground) -> None:
    next(ground.keys.glob("audit-*.key")).chmod(0o640)


def secret_missing(ground: Ground) -> Ground:
    return replace(ground, secret_missing=True)


def open_secret(ground: Ground) -> None:
    (ground.keys / "secret-staff").chmod(0o644)


def laptop_for_others(ground: Ground) -> Ground:
    return replace(ground, laptop=True)


def laptop_on_every_address(ground: Ground) -> Ground:
    return replace(ground, laptop=True, hosts=("localhost",), bind="0.0.0.0")


def both_sites_in_production(ground: Ground) -> Ground:
    return replace(ground, site="all", static_root=ground.data / "static" / "all")


def public_with_opening_key(ground: Ground) -> Ground:
    ready = public(ground)
    create_keys(ground.data / "others", at=NOW)
    shutil.copy2(private_key_paths(ground.data / "others")[0], ground.keys)
    return ready


def public_with_the_staff_secret(ground: Ground) -> Ground:
    ready = public(ground)
    (ground.keys / "secret-staff").write_text("x" * 64)
    return ready


def demonstration_for_others(ground: Ground) -> Ground:
    return replace(ground, demonstration=True)


def demonstration_on_every_address(ground: Ground) -> Ground:
    return replace(ground, demonstration=True, hosts=("localhost",), bind="0.0.0.0")


def wording_that_does_not_fit(ground: Ground) -> None:
    (ground.data / "instruments").mkdir()
    (ground.data / "instruments" / "dash.toml").write_text('instrument = "dash"\nversion = "0"\n')


def invented_language(ground: Ground) -> Ground:
    return replace(ground, languages=("en-GB", "ar-XB"))


def invented_force(ground: Ground) -> Ground:
    return replace(ground, invented=True)


def folder_of_the_demonstration(ground: Ground) -> None:
    (ground.data / "DEMONSTRATION").touch()


def records_of_the_demonstration(ground: Ground) -> None:
    demonstration_marker.mark(ground.stores["default"])


def intake_of_the_demonstration(ground: Ground) -> Ground:
    ready = public(ground)
    demonstration_marker.mark(ground.stores["intake"])
    return ready


def debug(ground: Ground) -> Ground:
    return replace(ground, debug=True)


def plain_http(ground: Ground) -> Ground:
    return replace(ground, https=False)


def no_table_of_limits(ground: Ground) -> None:
    with ground.stores["default"].cursor() as cursor:
        cursor.execute("DROP TABLE shared_cache")


def no_heads_folder(ground: Ground) -> None:
    Path(ground.audit_heads[0]).rmdir()


def heads_beside_what_they_prove(ground: Ground) -> Ground:
    heads = [ground.data / name for name in ("audit-heads", "other-heads")]
    for folder in heads:
        folder.mkdir()
    return replace(ground, audit_heads=tuple(map(str, heads)))


def data_open_to_all(ground: Ground) -> None:
    ground.data.chmod(0o755)


def no_records(ground: Ground) -> None:
    (ground.data / "records.sqlite3").unlink()


def store_is_no_database(ground: Ground) -> None:
    ground.stores["intake"].close()
    for path in ground.data.glob("intake.sqlite3*"):
        path.write_bytes(b"This is not a database, however long it is. " * 200)


def lacking_migration(ground: Ground) -> None:
    with ground.stores["default"].cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")


def audit_without_a_trigger(ground: Ground) -> None:
    with ground.stores["default"].cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_auditevent_no_delete")


def newer_intake(ground: Ground) -> Ground:
    ready = public(ground)
    with ground.stores["intake"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('intake', '0999_later', %s)",
            [NOW],
        )
    return ready


def no_static(ground: Ground) -> None:
    shutil.rmtree(ground.static_root)


def clock_before_the_software(ground: Ground) -> Ground:
    return replace(ground, now=datetime(2025, 12, 31, tzinfo=UTC))


def clock_before_the_last_migration(ground: Ground) -> Ground:
    with ground.stores["default"].cursor() as cursor:
        cursor.execute("UPDATE django_migrations SET applied = '2028-02-02 00:00:00'")
    return ground


CONDITIONS: dict[Break, str] = {
    no_recipients: "Keys: {keys}/recipients.json cannot be read: No such file or directory. "
    "Reports could not be sealed; run `safehold setup`.",
    writable_recipients: "Keys: {keys}/recipients.json can be written by others than its owner. "
    "Reports could not be sealed; put it right, or bring back a copy.",
    nobody_to_seal_identities_to: "Keys: recipients.json lists no key for identity. "
    "Reports could not be sealed; run `safehold keys mend`.",
    nobody_to_release_names_to: "Keys: recipients.json lists no key for release. "
    "Nobody of the unit could see a hidden name in danger; run "
    "`safehold keys create --add release`.",
    no_salt_for_codes: "Keys: {keys}/recipients.json has no code_salt of 16 bytes in base64. "
    "Reports could not be sealed; run `safehold keys mend`.",
    no_triage_key: "Keys: {keys} holds no private key for triage.",
    open_key: "Keys: {audit_key} is open to others than its owner; make it 0600.",
    secret_missing: "Secret: {keys}/secret-staff is missing or empty; run `safehold setup`.",
    open_secret: "Secret: {keys}/secret-staff is open to others than its owner; make it 0600.",
    laptop_for_others: "SAFEHOLD_LAPTOP answers to this machine alone, "
    "not to staff.example.uk; unset it.",
    laptop_on_every_address: "SAFEHOLD_LAPTOP answers to this machine alone, "
    "not to 0.0.0.0; unset it.",
    both_sites_in_production: "SITE=all serves the public beside the keys that open reports; "
    "in production run SITE=public and SITE=staff apart.",
    public_with_opening_key: "Keys: the public site can read {opening_key}; "
    "leave it {keys}/recipients.json and secret-public only.",
    public_with_the_staff_secret: "Keys: the public site can read {keys}/secret-staff; "
    "leave it {keys}/recipients.json and secret-public only.",
    demonstration_for_others: "The demonstration answers to this machine alone, "
    "not to staff.example.uk.",
    demonstration_on_every_address: "The demonstration listens on this machine alone, "
    "not on 0.0.0.0.",
    wording_that_does_not_fit: "Licensed wording {data}/instruments/dash.toml: "
    "it is for version '0', not '1'.",
    invented_language: "The language ar-XB is made up for tests; "
    "outside the demonstration unset it.",
    invented_force: "SAFEHOLD_FORCE names an invented force; "
    "outside the demonstration name a real one.",
    folder_of_the_demonstration: "{data} holds the demonstration; "
    "set SAFEHOLD_DATA to another folder.",
    records_of_the_demonstration: "The records store holds the demonstration; "
    "give a store of its own.",
    intake_of_the_demonstration: "The intake store holds the demonstration; "
    "give a store of its own.",
    debug: "SAFEHOLD_DEBUG shows what people typed in its error pages; turn it off.",
    plain_http: "SAFEHOLD_HTTPS is off: what people send could be read on its way; turn it on.",
    no_table_of_limits: "The records store has no table shared_cache, "
    "in which limits on signing in are counted; run `safehold migrate`.",
    no_heads_folder: "{heads} is not there; run `safehold setup`.",
    heads_beside_what_they_prove: "SAFEHOLD_AUDIT_HEADS: every head is kept inside {data}, "
    "where whoever rewrites the audit can rewrite them; "
    "name a place that this machine cannot change.",
    data_open_to_all: "{data} is open to everyone on this machine; make it 0700.",
    no_records: "There is no records store yet; run `safehold setup`.",
    store_is_no_database: "The intake store does not answer (DatabaseError).",
    lacking_migration: "The records store lacks jobs.0001_scheduled_jobs, jobs.0002_urgent_jobs; "
    "run `safehold migrate`.",
    audit_without_a_trigger: "The records store lets audit_auditevent be rewritten: a trigger is "
    "gone or altered. Find out who did it; `safehold audit verify` says what else has changed.",
    newer_intake: "The intake store is newer than this code (intake.0999_later); "
    "install the version that made it.",
    no_static: "{data}/static/staff lacks {static} files of pages, such as {first_static}; "
    "run `safehold setup`.",
    clock_before_the_software: "The clock says 31 December 2025; "
    "set it: deadlines and audit depend on it.",
    clock_before_the_last_migration: "The clock says 01 March 2027, before the records store was "
    "last migrated (02 February 2028); set it.",
}


@pytest.mark.parametrize("broken", CONDITIONS, ids=lambda broken: broken.__name__)
def test_each_condition_alone_is_exactly_its_line(ready, broken):
    audit_key = next(ready.keys.glob("audit-*.key"))
    ground = broken(ready) or ready
    names = sorted(static_storage.our_names("staff") | {static_storage.MANIFEST})
    expected = CONDITIONS[broken].format(
        data=ready.data,
        heads=ready.audit_heads[0],
        keys=ready.keys,
        audit_key=audit_key,
        opening_key=next(iter(private_key_paths(ready.keys)), ""),
        static=len(names),
        first_static=names[0],
    )

    assert problems(ground) == [expected]


@pytest.mark.parametrize("backend", ["locmem.LocMemCache", "dummy.DummyCache"])
def test_limits_on_signing_in_that_each_worker_counts_alone_are_refused(ready, settings, backend):
    settings.CACHES = {"default": {"BACKEND": f"django.core.cache.backends.{backend}"}}
    settings.WORKERS = 4
    found = replace(ready, cache=ground_of_settings().cache)

    assert problems(found) == [
        f"Limits on signing in are counted in {backend.partition('.')[2]}, which web processes "
        "do not share; count them in the records store."
    ]
    assert problems(public(found)) == []


@pytest.mark.usefixtures("careless_connections")
def test_a_filesystem_that_refuses_the_log_is_named(ready, monkeypatch):
    store = ready.stores["intake"]
    with closing(sqlite3.connect(store.settings_dict["NAME"])) as file:
        store.close()
        file.execute("PRAGMA journal_mode=DELETE")
    asked = DatabaseWrapper.get_connection_params

    def without_shared_memory(self):
        database = f"file:{self.settings_dict['NAME']}?vfs=unix-dotfile"
        return {**asked(self), "database": database, "uri": True}

    monkeypatch.setattr(DatabaseWrapper, "get_connection_params", without_shared_memory)
    ready.stores["default"].close()
    only_intake = replace(public(ready), stores={"intake": store})

    assert problems(only_intake) == ["SQLite of the intake store has journal_mode=delete, not wal."]


@pytest.mark.usefixtures("careless_connections")
@pytest.mark.parametrize(
    ("lost", "line"),
    [
        ("synchronous=FULL", "synchronous=1, not 2"),
        ("secure_delete=ON", "secure_delete=0, not 1"),
    ],
)
def test_an_edit_that_forgets_how_stores_are_opened_is_refused(ready, lost, line):
    store = ready.stores["intake"]
    other = {"synchronous=FULL": "synchronous=NORMAL", "secure_delete=ON": "secure_delete=OFF"}
    start = stores.SQLITE_START.replace(lost, other[lost])
    store.settings_dict["OPTIONS"] = {**store.settings_dict["OPTIONS"], "init_command": start}

    assert problems(ready) == [f"SQLite of the intake store has {line}."]


def test_looking_again_opens_nothing_more(ready):
    assert problems(ready) == []
    opened = open_files(ready.data)
    assert problems(ready) == []

    assert opened
    assert open_files(ready.data) == opened


def open_files(folder: Path) -> list[str]:
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return sorted(
        name for link in links if (name := os.path.realpath(link)).startswith(str(folder))
    )


def test_a_folder_that_cannot_be_written_is_refused(ready, monkeypatch):
    # Not by its mode: the tests may run as root, whom no mode stops.
    monkeypatch.setattr(
        "safehold.config.startup.os.access", lambda path, mode: Path(path) != ready.data
    )

    assert problems(ready) == [f"{ready.data} cannot be written to."]


def test_everything_that_is_wrong_is_said_at_once(ready):
    no_recipients(ready)
    data_open_to_all(ready)
    lacking_migration(ready)

    assert len(problems(replace(ready, debug=True))) == 4


def test_every_pragma_of_the_stores_is_read_back():
    from safehold.config.startup import _PRAGMAS

    asked = {part.split("=")[0].split()[1] for part in stores.SQLITE_START.split(";") if part}

    # what only hardens the reading of a foreign file leaves nothing to lose
    assert asked - {"trusted_schema"} == set(_PRAGMAS)


def test_a_copy_of_a_store_is_still_marked(ready, tmp_path):
    demonstration_marker.mark(ready.stores["intake"])
    with (
        closing(sqlite3.connect(ready.data / "intake.sqlite3")) as source,
        closing(sqlite3.connect(tmp_path / "copy.sqlite3")) as target,
    ):
        source.backup(target)
        assert target.execute("PRAGMA application_id").fetchone()[0] == 0x50524143
