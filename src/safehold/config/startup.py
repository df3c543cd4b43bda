"""Refuse to start where something is missing or unsafe, and say all of it at once."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from safehold.config import demonstration_marker, policies, schema, static_storage
from safehold.config.environment import PUBLIC_KEYS, SECRETS
from safehold.config.processes import REFUSED
from safehold.config.startup_keys import key_problems
from safehold.config.stores import RECORDS
from safehold.crypto.key_files import private_key_paths
from safehold.domain.head_addresses import parse
from safehold.domain.languages import INVENTED

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
NAMES = {"default": "records", "intake": "intake"}
_OPEN_TO_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_EARLIEST, _LATEST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_OWNS = """
    SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
        OR EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = 'public'
                   AND pg_has_role(current_user, tableowner, 'MEMBER'))
"""
_SHARED_CACHE = "django.core.cache.backends.db.DatabaseCache"
_PRAGMAS = {  # as `stores.SQLITE_START` asks for them, as SQLite answers
    "journal_mode": "wal",
    "synchronous": 2,
    "secure_delete": 1,
    "foreign_keys": 1,
}


@dataclass(frozen=True, kw_only=True)
class Ground:
    """Everything that a start stands on."""

    site: str
    demonstration: bool
    laptop: bool  # of a developer, who says so
    invented: bool  # the force's profile is the demonstration's
    debug: bool
    https: bool
    hosts: tuple[str, ...]
    bind: str
    cache: Mapping[str, Any]  # as settings have it
    data: Path
    keys: Path
    secret_missing: bool
    audit_heads: tuple[str, ...]
    static_root: Path
    stores: Mapping[str, BaseDatabaseWrapper]
    now: datetime
    languages: tuple[str, ...] = ()  # that visitors may choose

    @property
    def reach(self) -> tuple[str, ...]:
        """Name the hosts and addresses through which others than this machine are answered."""
        named = (*self.hosts, self.bind) if self.bind else self.hosts
        return tuple(name for name in named if name not in LOOPBACK)

    @property
    def production(self) -> bool:
        """Tell whether to ask everything of a start: always, but for practice and a laptop.

        Hosts do not tell by themselves: behind a proxy that rewrites them, they are loopback.
        """
        if self.demonstration:
            return False  # and reaches nobody else: `_demonstration`
        return not self.laptop or bool(self.reach)


def _present(ground: Ground) -> Iterator[tuple[str, BaseDatabaseWrapper]]:
    """Leave out an SQLite file that is not there: to open it would be to make it."""
    for alias, store in ground.stores.items():
        if store.vendor != "sqlite" or Path(str(store.settings_dict["NAME"])).exists():
            yield alias, store


def _keys(ground: Ground) -> Iterator[str]:
    yield from key_problems(site=ground.site, keys=ground.keys)


def _secret(ground: Ground) -> Iterator[str]:
    path = ground.keys / SECRETS["public" if ground.site == "public" else "staff"]
    if ground.secret_missing:
        yield f"Secret: {path} is missing or empty; run `safehold setup`."
    elif path.exists() and path.stat().st_mode & _OPEN_TO_OTHERS:
        yield f"Secret: {path} is open to others than its owner; make it 0600."


def _apart(ground: Ground) -> Iterator[str]:
    if not ground.production:
        return
    if ground.site == "all":
        yield (
            "SITE=all serves the public beside the keys that open reports; "
            "in production run SITE=public and SITE=staff apart."
        )
    elif ground.site == "public":
        others = (*private_key_paths(ground.keys), ground.keys / SECRETS["staff"])
        readable = [path for path in others if os.access(path, os.R_OK)]
        if readable:
            left = " and ".join(PUBLIC_KEYS)
            yield (
                f"Keys: the public site can read {readable[0]}; leave it {ground.keys}/{left} only."
            )


def _demonstration(ground: Ground) -> Iterator[str]:
    if ground.demonstration:
        outside = [host for host in ground.hosts if host not in LOOPBACK]
        if outside:
            yield f"The demonstration answers to this machine alone, not to {outside[0]}."
        if ground.bind and ground.bind not in LOOPBACK:
            yield f"The demonstration listens on this machine alone, not on {ground.bind}."
        return
    if (ground.data / demonstration_marker.FILE).exists():
        yield f"{ground.data} holds the demonstration; set SAFEHOLD_DATA to another folder."
    for alias, store in _present(ground):
        try:
            marked = demonstration_marker.is_marked(store)
        except DatabaseError:
            continue  # `_stores` says that it does not answer
        if marked:
            yield f"The {NAMES[alias]} store holds the demonstration; give a store of its own."


def _laptop(ground: Ground) -> Iterator[str]:
    if ground.laptop and ground.reach and not ground.demonstration:
        yield f"SAFEHOLD_LAPTOP answers to this machine alone, not to {ground.reach[0]}; unset it."


def _force(ground: Ground) -> Iterator[str]:
    if ground.invented and not ground.demonstration:
        yield "SAFEHOLD_FORCE names an invented force; outside the demonstration name a real one."


def _wordings(ground: Ground) -> Iterator[str]:
    if ground.site != "public":
        from safehold.records.risk import wordings  # the public site never loads it

        yield from wordings.problems(ground.data)


def _languages(ground: Ground) -> Iterator[str]:
    made_up = sorted(set(ground.languages) & set(INVENTED))
    if made_up and not ground.demonstration:
        yield f"The language {made_up[0]} is made up for tests; outside the demonstration unset it."


def _exposure(ground: Ground) -> Iterator[str]:
    if ground.debug and not ground.demonstration:
        yield "SAFEHOLD_DEBUG shows what people typed in its error pages; turn it off."
    if ground.production and not ground.https:
        yield "SAFEHOLD_HTTPS is off: what people send could be read on its way; turn it on."


def _cache(ground: Ground) -> Iterator[str]:
    """Look for the one cache in which all web processes count failed sign-ins together."""
    if ground.site == "public":
        return  # nobody signs in, and nothing is counted
    backend = ground.cache["BACKEND"]
    if backend != _SHARED_CACHE:
        yield (
            f"Limits on signing in are counted in {backend.rpartition('.')[2]}, which web "
            "processes do not share; count them in the records store."
        )
        return
    store, table = dict(_present(ground)).get("default"), ground.cache["LOCATION"]
    try:
        if store and table not in store.introspection.table_names():
            yield (
                f"The records store has no table {table}, in which limits on signing in are "
                "counted; run `safehold migrate`."
            )
    except DatabaseError:
        return  # `_stores` says that it does not answer


def _folders(ground: Ground) -> Iterator[str]:
    needed = {ground.data}
    if ground.site != "public":
        needed |= {one.folder for one in map(parse, ground.audit_heads) if one.folder}
    for store in ground.stores.values():
        if store.vendor == "sqlite":
            needed.add(Path(str(store.settings_dict["NAME"])).parent)
    for folder in sorted(needed):
        if not folder.is_dir():
            yield f"{folder} is not there; run `safehold setup`."
        elif not os.access(folder, os.W_OK | os.X_OK):
            yield f"{folder} cannot be written to."
    if ground.data.is_dir() and ground.data.stat().st_mode & stat.S_IRWXO:
        yield f"{ground.data} is open to everyone on this machine; make it 0700."


def _heads(ground: Ground) -> Iterator[str]:
    if not ground.production or ground.site == "public":
        return
    if all(parse(head).is_inside(ground.data) for head in ground.audit_heads):
        yield (
            f"SAFEHOLD_AUDIT_HEADS: every head is kept inside {ground.data}, where whoever "
            "rewrites the audit can rewrite them; name a place that this machine cannot change."
        )


def _stores(ground: Ground) -> Iterator[str]:
    present = dict(_present(ground))
    for alias, store in ground.stores.items():
        if alias not in present:
            yield f"There is no {NAMES[alias]} store yet; run `safehold setup`."
            continue
        try:
            if store.vendor == "sqlite":
                yield from _pragmas(alias, store)
            elif ground.production:
                yield from _rights(ground, alias, store)
            misfits = list(_schema(ground, alias, store))
            yield from misfits or _guards(alias, store)
        except DatabaseError as error:
            yield f"The {NAMES[alias]} store does not answer ({type(error).__name__})."


def _pragmas(alias: str, store: BaseDatabaseWrapper) -> Iterator[str]:
    """Open a store anew and read back what `stores.SQLITE_START` asked of it.

    A filesystem without shared memory, such as many a network share, refuses the log without an
    error and keeps `delete`. The other three every SQLite grants that was built with them: they
    stand here against a build without them, and against an edit of SQLITE_START.
    """
    fresh = store.copy()
    try:
        with fresh.cursor() as cursor:
            for name, wanted in _PRAGMAS.items():
                cursor.execute(f"PRAGMA {name}")
                row = cursor.fetchone()
                found = row[0] if row else "nothing"
                if found != wanted:
                    yield f"SQLite of the {NAMES[alias]} store has {name}={found}, not {wanted}."
    finally:
        fresh.close()


def _rights(ground: Ground, alias: str, store: BaseDatabaseWrapper) -> Iterator[str]:
    """Look for what the role could do that it must not, whatever its name."""
    with store.cursor() as cursor:
        cursor.execute(_OWNS)
        if cursor.fetchone()[0]:
            yield (
                f"The role that opens the {NAMES[alias]} store owns it and could change its audit; "
                "use another, and the owner's address for `safehold migrate` alone."
            )
        elif ground.site == "public":
            cursor.execute("SELECT has_table_privilege('intake_sealedreport', 'SELECT')")
            if cursor.fetchone()[0]:
                yield "The public site's role can read sealed reports; run `safehold migrate`."
    if alias == RECORDS and (bare := policies.lacking(store)):
        yield f"These tables have no row policy: {', '.join(bare)}; run `safehold migrate`."


def _schema(ground: Ground, alias: str, store: BaseDatabaseWrapper) -> Iterator[str]:
    lacking, unknown = schema.differences(store)
    if lacking:
        yield (
            f"The {NAMES[alias]} store lacks {schema.describe(lacking)}; run `safehold migrate`."
        )
    if unknown:
        yield (
            f"The {NAMES[alias]} store is newer than this code "
            f"({schema.describe(unknown)}); install the version that made it."
        )


def _guards(alias: str, store: BaseDatabaseWrapper) -> Iterator[str]:
    # Not at the top: it defines models, and this module is read before the apps are.
    from safehold.records.append_only import missing_triggers
    from safehold.records.decided import missing_decided

    for table in (*missing_triggers(store), *missing_decided(store)):
        yield (
            f"The {NAMES[alias]} store lets {table} be rewritten: a trigger is gone or altered. "
            "Find out who did it; `safehold audit verify` says what else has changed."
        )


def _static(ground: Ground) -> Iterator[str]:
    missing = static_storage.missing_files(ground.static_root, site=ground.site)
    if missing:
        yield (
            f"{ground.static_root} lacks {len(missing)} files of pages, such as {missing[0]}; "
            "run `safehold setup`."
        )


def _clock(ground: Ground) -> Iterator[str]:
    if not _EARLIEST < ground.now < _LATEST:
        yield f"The clock says {ground.now:%d %B %Y}; set it: deadlines and audit depend on it."
        return
    for alias, store in _present(ground):
        try:
            made = schema.last_applied(store)
        except DatabaseError:
            continue  # `_stores` says that it does not answer
        if made and ground.now < made - timedelta(days=1):
            yield (
                f"The clock says {ground.now:%d %B %Y}, before the {NAMES[alias]} store was "
                f"last migrated ({made:%d %B %Y}); set it."
            )


CHECKS: tuple[Callable[[Ground], Iterator[str]], ...] = (
    _keys,
    _secret,
    _apart,
    _demonstration,
    _laptop,
    _force,
    _wordings,
    _languages,
    _exposure,
    _cache,
    _folders,
    _heads,
    _stores,
    _static,
    _clock,
)


def problems(ground: Ground) -> list[str]:
    """Return one line for each thing that makes a start unsafe; [] where it is safe."""
    return [line for check in CHECKS for line in check(ground)]


def ground_of_settings() -> Ground:
    """Read the ground from Django's settings and the clock."""
    from django.conf import settings
    from django.db import connections

    aliases = ["intake"] if settings.SITE == "public" else ["default", "intake"]
    return Ground(
        site=settings.SITE,
        demonstration=settings.DEMONSTRATION,
        laptop=settings.LAPTOP,
        invented=settings.FORCE.demonstration,
        debug=settings.DEBUG,
        https=settings.HTTPS,
        hosts=tuple(settings.ALLOWED_HOSTS),
        bind=settings.BIND,
        cache=settings.CACHES["default"],
        data=settings.SAFEHOLD_DATA,
        keys=settings.KEYS_FOLDER,
        secret_missing=settings.SECRET_KEY_MISSING,
        audit_heads=tuple(settings.AUDIT_HEADS),
        static_root=Path(settings.STATIC_ROOT),
        stores={alias: connections[alias] for alias in aliases},
        now=datetime.now(UTC),
        languages=tuple(each.code for each in settings.LANGUAGES_OFFERED),
    )


def refuse_unless_ready() -> None:
    """End the process with exit code 2 and a line for each problem, unless there is none."""
    found = problems(ground_of_settings())
    for line in found:
        print(f"safehold: {line}", file=sys.stderr)
    if found:
        raise SystemExit(REFUSED)
