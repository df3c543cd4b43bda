"""What the environment says: read once, refused in one clear sentence each."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from safehold.domain import head_addresses
from safehold.domain.force import Force, parse

SITES = ("public", "staff", "all")
# Beside the sources, wherever the command is run from.
INVENTED_FORCE = Path(__file__).resolve().parents[3] / "forces" / "mereshire.toml"


class BadEnvironment(ValueError):
    """The environment asks for something that cannot be; the message says what to set."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Everything that configuration may decide; nothing else reads `os.environ`."""

    site: str
    data: Path
    force_file: Path
    records_url: str
    intake_url: str
    records_owner_url: str
    intake_owner_url: str
    hosts: tuple[str, ...]
    https: bool
    debug: bool
    demonstration: bool
    laptop: bool
    audit_heads: tuple[str, ...]
    keys: Path
    workers: int
    bind: str
    staff_role: str
    public_role: str
    invented_languages: Path | None
    clamd_socket: str


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _switch(env: Mapping[str, str], name: str, default: bool) -> bool:
    text = env.get(name, "1" if default else "0").strip().lower()
    if text in {"1", "true", "yes", "on"}:
        return True
    if text in {"", "0", "false", "no", "off"}:
        return False
    raise BadEnvironment(f"{name} must be 1 or 0.")


def _whole(env: Mapping[str, str], name: str, default: int) -> int:
    try:
        return int(env.get(name, str(default)))
    except ValueError:
        raise BadEnvironment(f"{name} must be a whole number.") from None


def _heads(env: Mapping[str, str]) -> tuple[str, ...]:
    words = _words(env.get("SAFEHOLD_AUDIT_HEADS", ""))
    try:
        return tuple(head_addresses.parse(word).text for word in words)
    except head_addresses.BadAddress as error:
        raise BadEnvironment(f"SAFEHOLD_AUDIT_HEADS: {error}") from None


def _sqlite(path: Path) -> str:
    return f"sqlite:///{path}"


def _force_file(env: Mapping[str, str], *, demonstration: bool) -> Path:
    # Only practice has a force of its own accord: no real site may speak for one nobody named.
    if named := env.get("SAFEHOLD_FORCE"):
        return Path(named)
    if demonstration:
        return INVENTED_FORCE
    raise BadEnvironment("SAFEHOLD_FORCE: name the force's profile.")


def _invented_languages(env: Mapping[str, str], *, demonstration: bool) -> Path | None:
    named = env.get("SAFEHOLD_INVENTED_LANGUAGES")
    if named and not demonstration:
        raise BadEnvironment("SAFEHOLD_INVENTED_LANGUAGES is for practice and tests; unset it.")
    return Path(named).resolve() if named else None


def _folder_of(force_file: Path) -> str:
    # A force that exists must never lie in one store with invented events.
    force = load_force(force_file)
    return "var" if force.demonstration else f"var/{force.key}"


def read(env: Mapping[str, str] | None = None) -> Environment:
    """Read the environment variables that DESIGN section 6 and the README list.

    Raises BadEnvironment naming the variable that is wrong.
    """
    env = os.environ if env is None else env
    site = env.get("SITE", "all")
    if site not in SITES:
        raise BadEnvironment("SITE must be public, staff or all.")
    demonstration = _switch(env, "SAFEHOLD_DEMONSTRATION", False)
    force_file = _force_file(env, demonstration=demonstration)
    laptop = _switch(env, "SAFEHOLD_LAPTOP", False)
    data = Path(env.get("SAFEHOLD_DATA") or _folder_of(force_file)).resolve()
    records_url = env.get("SAFEHOLD_DATABASE_URL") or _sqlite(data / "records.sqlite3")
    intake_url = env.get("SAFEHOLD_INTAKE_DATABASE_URL") or _sqlite(data / "intake.sqlite3")
    return Environment(
        site=site,
        data=data,
        force_file=force_file,
        records_url=records_url,
        intake_url=intake_url,
        records_owner_url=env.get("SAFEHOLD_DATABASE_OWNER_URL") or records_url,
        intake_owner_url=env.get("SAFEHOLD_INTAKE_DATABASE_OWNER_URL") or intake_url,
        hosts=_words(env.get("SAFEHOLD_HOSTS", "")) or ("127.0.0.1", "localhost", "[::1]"),
        https=_switch(env, "SAFEHOLD_HTTPS", not (demonstration or laptop)),
        debug=_switch(env, "SAFEHOLD_DEBUG", False),
        demonstration=demonstration,
        laptop=laptop,
        audit_heads=_heads(env) or (str(data / "audit-heads"),),
        keys=Path(env.get("SAFEHOLD_KEYS", str(data / "keys"))).resolve(),
        workers=_whole(env, "SAFEHOLD_WORKERS", 1),
        bind=env.get("SAFEHOLD_BIND", ""),
        staff_role=env.get("SAFEHOLD_STAFF_ROLE", "safehold_staff"),
        public_role=env.get("SAFEHOLD_PUBLIC_ROLE", "safehold_public"),
        invented_languages=_invented_languages(env, demonstration=demonstration),
        clamd_socket=env.get("SAFEHOLD_CLAMD", ""),
    )


def load_force(path: Path) -> Force:
    """Read a force's profile; raises BadEnvironment naming the file and what is wrong in it."""
    try:
        with path.open("rb") as file:
            return parse(tomllib.load(file))
    except OSError:
        raise BadEnvironment(f"SAFEHOLD_FORCE: there is no profile at {path}.") from None
    except ValueError as error:
        raise BadEnvironment(f"SAFEHOLD_FORCE: {path}: {error}") from None
