"""All of one case as files that any program can read: JSON lines, CSV, a manifest, plain words.

Pure. Each kind of row is one file of either format; the manifest has the digest of each.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from safehold import rules

FORMAT: Final = "1"
MANIFEST, README = "manifest.json", "README.txt"
LEFT_OUT: Final = "Protected: left out"
# A spreadsheet runs what begins like this.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_ONE_DAY: Final = (1980, 1, 1, 0, 0, 0)  # so that what is alike makes files that are alike
_RULES: Final = rules.load("exports")

Rows = Sequence[Mapping[str, object]]

# In the order in which they are read, with what each holds.
KINDS: Final[Mapping[str, str]] = {
    "case": "the case",
    "members": "who worked on it, and from when to when",
    "incidents": "what it is work on",
    "roles": "who has which part in an incident, as it was told",
    "people": "whom it is about",
    "names": "their names",
    "births": "when they were born, between two dates",
    "contacts": "numbers and addresses online; whether one is safe to use is not said here",
    "homes": "where they live or lived",
    "needs": "what they need so that one can talk, meet or write",
    "traits": "what they say of themselves",
    "flags": "what whoever meets them must know",
    "searches": "where their history was looked for",
}


@dataclass(frozen=True, slots=True)
class Parcel:
    """What goes: the rows of each kind, and what is said of the whole in the manifest."""

    reference: str
    rows: Mapping[str, Rows] = field(repr=False)
    about: Mapping[str, Any] = field(repr=False)


def version() -> str:
    """Return the version of the rules that an export is made by."""
    return _RULES.version


def file_stays() -> timedelta:
    """Return how long the file can be fetched."""
    return timedelta(hours=_RULES.tables["file"]["hours"])


def look_within() -> timedelta:
    """Return within which time the auditor looks at an export."""
    return timedelta(days=_RULES.tables["file"]["look_within_days"])


def conditions() -> tuple[str, ...]:
    """Return the conditions of use that go with every export."""
    return tuple(_RULES.tables["conditions"]["lines"])


def bundle(parcel: Parcel) -> bytes:
    """Write everything into one zip file."""
    files: dict[str, bytes] = {}
    for kind in KINDS:
        rows = parcel.rows.get(kind, ())
        files[f"{kind}.jsonl"] = _lines(rows)
        files[f"{kind}.csv"] = _csv(rows)
    listed = [
        {
            "name": name,
            "rows": len(parcel.rows.get(name.partition(".")[0], ())),
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        for name, content in files.items()
    ]
    manifest = {"format": FORMAT, "export": parcel.reference, **parcel.about, "files": listed}
    files[README] = _readme(parcel).encode()
    files[MANIFEST] = json.dumps(manifest, ensure_ascii=False, indent=2).encode()
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name, _ONE_DAY), content, zipfile.ZIP_DEFLATED)
    return into.getvalue()


def _lines(rows: Rows) -> bytes:
    return "".join(f"{json.dumps(dict(row), ensure_ascii=False)}\n" for row in rows).encode()


def _csv(rows: Rows) -> bytes:
    into = io.StringIO()
    if rows:
        writer = csv.writer(into)
        writer.writerow(rows[0])
        writer.writerows([_cell(value) for value in row.values()] for row in rows)
    return into.getvalue().encode()


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _readme(parcel: Parcel) -> str:
    about = parcel.about
    lines = [
        f"Export {parcel.reference}: all of one case",
        "",
        f"From: {about['sender']}",
        f"For: {about['recipient']}",
        f"Purpose: {about['purpose']}",
        f"Asked for by {about['asked']['by']}, {about['asked']['at']}.",
        f"Agreed to by {about['agreed']['by']}, {about['agreed']['at']}: {about['agreed']['why']}",
        "",
        "Conditions",
        *(f"- {line}" for line in about["conditions"]),
        "",
        "What is in it",
        *(f"- {kind}: {says}" for kind, says in KINDS.items()),
        "",
        "Each is there twice: .jsonl has one JSON object on each line, .csv is a table. In a",
        "table, what begins with a sign that a spreadsheet would run has an apostrophe before it;",
        "the JSON has it as it is. Times are in UTC. manifest.json has the digest of each file.",
        "",
        "What is not in it",
        *(f"- {line}" for line in about["left_out"]),
        "",
        "Where their history was looked for, and where it was not, is in manifest.json. What was",
        "not searched may hold more.",
        "",
    ]
    return "\n".join(lines)
