"""What the environment says: read once, refused in one clear sentence each."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from safehold.crypto.recipients import FILE_NAME as RECIPIENTS
from safehold.domain import gateways, head_addresses
from safehold.domain.force import Force, parse
from safehold.domain.gateways import Sender, SmsGateway, SmtpServer
from safehold.domain.nudging import BadWordings, Channel, wordings

SITES = ("public", "staff", "all")
# One secret a side: the public process can sign nothing that staff pages would believe.
SECRETS = {"public": "secret-public", "staff": "secret-staff"}
# All that a public host holds in its folder of keys; none of it opens a report.
PUBLIC_KEYS = (RECIPIENTS, SECRETS["public"])
# Beside the sources, wherever the command is run from.
INVENTED_FORCE = Path(__file__).resolve().parents[3] / "forces" / "mereshire.toml"


class BadEnvironment(ValueError):
    """The environment asks for something that cannot be; the message says what to set."""


@dataclass(frozen=True, kw_only=True)
class Nudges:
    """By what nudges go; nothing is set up unless somebody says so.

    The public side knows the channels that it may offer, and nothing of how they are reached.
    """

    channels: frozenset[str]
    smtp: SmtpServer | None = None
    sender: Sender | None = None
    sms: SmsGateway | None = None
    texts: Mapping[str, Any] | None = None


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
    nudges: Nudges


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


_NUDGES_OF_STAFF = (
    "SAFEHOLD_SMTP_URL",
    "SAFEHOLD_NUDGE_FROM",
    "SAFEHOLD_SMS_URL",
    "SAFEHOLD_SMS_TOKEN",
    "SAFEHOLD_NUDGE_TEXTS",
)
_TELLING = ("police", "constabulary", "safehold")  # besides the force's own names


def _nudges(env: Mapping[str, str], *, site: str, force_file: Path, demonstration: bool) -> Nudges:
    named = frozenset(_words(env.get("SAFEHOLD_NUDGES", "")))
    if unknown := sorted(named - set(Channel)):
        raise BadEnvironment(f"SAFEHOLD_NUDGES: {unknown[0]} is neither email nor text.")
    if site == "public":
        if held := [name for name in _NUDGES_OF_STAFF if env.get(name)]:
            raise BadEnvironment(
                f"{held[0]} is for the staff side; the public side names channels in "
                "SAFEHOLD_NUDGES."
            )
        return Nudges(channels=named)
    made = Nudges(
        channels=named,
        smtp=_smtp(env, demonstration=demonstration),
        sender=_sender(env, force_file),
        sms=_sms(env, demonstration=demonstration),
        texts=_nudge_texts(env),
    )
    if (made.smtp is None) is not (made.sender is None):
        raise BadEnvironment("SAFEHOLD_SMTP_URL and SAFEHOLD_NUDGE_FROM go together; set both.")
    there = {Channel.EMAIL: made.smtp, Channel.TEXT: made.sms}
    channels = frozenset(str(channel) for channel, way in there.items() if way is not None)
    if lacking := sorted(named - channels):
        raise BadEnvironment(f"SAFEHOLD_NUDGES names {lacking[0]}, and nothing carries it.")
    return replace(made, channels=channels)


def _smtp(env: Mapping[str, str], *, demonstration: bool) -> SmtpServer | None:
    if not (text := env.get("SAFEHOLD_SMTP_URL")):
        return None
    try:
        server = gateways.smtp_server(text)
    except gateways.BadGateway as error:
        raise BadEnvironment(f"SAFEHOLD_SMTP_URL: {error}") from None
    if demonstration and not server.here:
        raise BadEnvironment("SAFEHOLD_SMTP_URL: practice sends nothing beyond this machine.")
    return server


def _sms(env: Mapping[str, str], *, demonstration: bool) -> SmsGateway | None:
    if not (url := env.get("SAFEHOLD_SMS_URL")):
        return None
    try:
        gateway = gateways.sms_gateway(url, env.get("SAFEHOLD_SMS_TOKEN", ""))
    except gateways.BadGateway as error:
        raise BadEnvironment(f"SAFEHOLD_SMS_URL: {error}") from None
    if demonstration and not gateway.here:
        raise BadEnvironment("SAFEHOLD_SMS_URL: practice sends nothing beyond this machine.")
    return gateway


def _nudge_texts(env: Mapping[str, str]) -> Mapping[str, Any] | None:
    if not (path := env.get("SAFEHOLD_NUDGE_TEXTS")):
        return None
    try:
        with Path(path).open("rb") as file:
            tables = tomllib.load(file)
        for channel in Channel:
            wordings(channel, tables)
    except (OSError, tomllib.TOMLDecodeError):
        raise BadEnvironment(f"SAFEHOLD_NUDGE_TEXTS: {path} is not a TOML file.") from None
    except BadWordings as error:
        raise BadEnvironment(f"SAFEHOLD_NUDGE_TEXTS: {error}") from None
    return tables


def _sender(env: Mapping[str, str], force_file: Path) -> Sender | None:
    if not (text := env.get("SAFEHOLD_NUDGE_FROM")):
        return None
    force = load_force(force_file)
    try:
        return gateways.sender(text, never=(*_TELLING, force.name, force.short_name))
    except gateways.BadGateway as error:
        raise BadEnvironment(f"SAFEHOLD_NUDGE_FROM: {error}") from None


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
        nudges=_nudges(env, site=site, force_file=force_file, demonstration=demonstration),
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
