"""Certificates: what was destroyed, in words that hold nothing of it, signed, and kept twice.

The second copy is a file beside the stores. A backup that is put back brings reports back that were
destroyed after it was made, and takes their certificates away: the files say what has to go again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from safehold.crypto.errors import BadSignature, CryptoError
from safehold.crypto.recipients import load_recipients
from safehold.crypto.signing import Signature, Signer, sign, verify
from safehold.domain import retention
from safehold.records.retention.models import Certificate, Destruction

_CONTEXT = b"certificate of destruction, version 1\0"
FOLDER = "certificates"


class BadCertificate(ValueError):
    """A file that is no certificate, or not one that we signed; the message says which."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate as it is kept: its text and the signature over it."""

    content: str
    key_id: str
    signature: str

    @property
    def fields(self) -> dict[str, Any]:
        """Return what the text says."""
        said: dict[str, Any] = json.loads(self.content)
        return said

    @property
    def certificate_id(self) -> UUID:
        """Return the certificate's id."""
        return UUID(self.fields["certificate"])

    @property
    def report_id(self) -> UUID:
        """Return the report that it is about."""
        return UUID(self.fields["report"])

    def row(self) -> Certificate:
        """Return the row that keeps it, not yet saved."""
        said = self.fields
        return Certificate(
            id=self.certificate_id,
            report_id=self.report_id,
            reference=said["reference"],
            police_party=said["police party"] is True,
            destroyed_on=date.fromisoformat(said["destroyed on"]),
            content=self.content,
            digest=hashlib.sha256(self.content.encode()).hexdigest(),
            key_id=self.key_id,
            signature=self.signature,
        )


def signed(row: Destruction, what: dict[str, Any], *, signer: Signer, at: datetime) -> Signed:
    """Say what is destroyed, and sign it. `what` is the inventory of both stores."""
    today = timezone.localdate(at)
    run = row.run
    content = json.dumps(
        {
            "certificate": str(row.pk),
            "report": str(row.report_id),
            "reference": row.reference,
            "police party": row.police_party,
            "rule": row.status,
            "rules version": row.rules_version,
            "kept until": row.until.isoformat(),
            "why": row.why,
            "reason": run.reason,
            "proposed by": _who(run.proposed_by),
            "confirmed by": _who(run.confirmed_by),
            "list": {"id": str(run.pk), "digest": run.digest},
            "destroyed on": today.isoformat(),
            "backups may hold it until": backups_until(today).isoformat(),
            "what": what,
        },
        ensure_ascii=False,
        sort_keys=True,
        indent=1,
    )
    signature = sign(_CONTEXT + content.encode(), signer=signer)
    return Signed(content, signature.key_id.hex(), signature.value.hex())


def backups_until(destroyed_on: date) -> date:
    """Return the last day on which a backup may still hold what was destroyed."""
    return destroyed_on + timedelta(days=retention.table().backup_days)


def of_row(row: Certificate) -> Signed:
    """Return a certificate as it is kept."""
    return Signed(row.content, row.key_id, row.signature)


def check(given: Signed) -> Signed:
    """Return a certificate that we signed. Raises BadCertificate."""
    try:
        signature = Signature(bytes.fromhex(given.key_id), bytes.fromhex(given.signature))
        trusted = load_recipients(settings.KEYS_FOLDER).keys
        verify(_CONTEXT + given.content.encode(), signature=signature, trusted=trusted)
        given.row()
    except BadSignature as error:
        raise BadCertificate(f"It is not signed by a key of ours: {error}") from error
    except CryptoError as error:
        raise BadCertificate(str(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadCertificate("It does not say what a certificate says.") from error
    return given


def folder() -> Path:
    """Name the folder of this installation's copies, beside the stores."""
    return Path(settings.SAFEHOLD_DATA) / FOLDER


def keep_file(given: Signed) -> Path:
    """Write a certificate beside the stores, in one step, where it is not there yet."""
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = place / f"{given.certificate_id}.json"
    if path.exists():
        return path
    beside = path.with_suffix(f".{os.getpid()}.tmp")
    text = json.dumps(
        {"content": given.content, "key": given.key_id, "signature": given.signature}, indent=1
    )
    with beside.open("w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return path


def keep_missing_files() -> int:
    """Write the files that a crash or another host left out; return how many."""
    there = {path.stem for path in folder().glob("*.json")}
    keys = Certificate.objects.order_by("pk").values_list("pk", flat=True)
    missing = [key for key in keys.iterator() if str(key) not in there]
    for key in missing:
        keep_file(of_row(Certificate.objects.get(pk=key)))
    return len(missing)


def unknown_in(place: Path) -> Iterator[Signed]:
    """Give the certificates in a folder that the records store does not have.

    Raises BadCertificate after the last, naming each file that is damaged or not signed by us.
    """
    bad: list[str] = []
    known = {str(key) for key in Certificate.objects.values_list("pk", flat=True)}
    for path in sorted(place.glob("*.json")):
        if path.stem in known:
            continue
        try:
            said = json.loads(path.read_text(encoding="utf-8"))
            found = check(Signed(said["content"], said["key"], said["signature"]))
        except BadCertificate as error:
            bad.append(f"{path.name}: {error}")
            continue
        except (OSError, ValueError, KeyError, TypeError):
            bad.append(f"{path.name}: it cannot be read.")
            continue
        if str(found.certificate_id) not in known:
            yield found
    if bad:
        raise BadCertificate(" ".join(bad))


def _who(member: Any) -> dict[str, str]:
    return {"id": str(member.pk), "name": member.name, "role": member.role}
