"""Marks of names, with which this process compares what was sent before it is sealed.

Staff write them; the public process reads them and learns of a text only whether one is in it,
never which. They are all made anew under a fresh key whenever the register changes, among random
ones to a round number, so that neither their count nor an older copy tells what changed.

Long texts take long to compare, and SQLite has one writer. So they are compared before the
transaction that records them, and in it only whether the marks are still the same: what was met
under others is held against those of the moment.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

from django.db import DatabaseError, connections, transaction

from safehold.domain import names, triage_slip
from safehold.domain.triage_slip import TriageSlip
from safehold.records.intake.chain import INTAKE
from safehold.records.intake.models import NameMarks

log = logging.getLogger(__name__)

MARK_BYTES = 16
KEY_BYTES = 32
ROUND_NUMBER = 4096
_ROW = 1


@dataclass(frozen=True, slots=True)
class Marks:
    """Every mark, and the key that they were made under; neither is ever shown."""

    version: UUID
    key: bytes = field(repr=False)
    marks: frozenset[bytes] = field(repr=False)

    def meet(self, forms: Iterable[str]) -> bool:
        """Tell whether one of the forms is marked; every one is looked at, whatever is found."""
        return bool(self.marks & {mark(form, key=self.key) for form in forms})


def mark(form: str, *, key: bytes) -> bytes:
    """Return what stands for a form under a key."""
    return hashlib.blake2b(
        form.encode(), key=key, digest_size=MARK_BYTES, person=b"name-mark"
    ).digest()


@dataclass(frozen=True, slots=True)
class Compared:
    """What is sent, held against the marks of one version; `said` is the slip as it came."""

    said: TriageSlip
    version: UUID | None = None
    met: bool = field(default=False, repr=False)
    forms: frozenset[str] = field(default=frozenset(), repr=False)

    def slip(self, *, files: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
        """Return the slip as it is sealed, inside the transaction that records it.

        It says so where a name is marked by the marks of the moment; those of `files`, which are
        known no sooner, are compared here. Where there are no marks, or they cannot be read, it
        is as it was without them: a report is never refused for it, and supervisors see that
        names are not compared.
        """
        marks = None if self.said.for_standards else _present()
        met = self.met
        if marks is not None:
            forms = names.forms_in(names.texts_of(files))
            same = marks.version == self.version
            met = self.met or marks.meet(forms) if same else marks.meet(self.forms | forms)
        return (self.said.with_a_name() if met else self.said).as_mapping()


def compare(
    slip: Mapping[str, Any], *, account: Mapping[str, Any], identity: Mapping[str, Any] | None
) -> Compared:
    """Hold what is to be sent against the marks, before anything is locked. Raises BadSlip."""
    said = triage_slip.from_mapping(slip)
    if said.for_standards:
        return Compared(said)
    forms = names.forms_in([*names.texts_of(account), *names.texts_of(identity or {})])
    marks = _present()
    if marks is None:
        return Compared(said, forms=forms)
    return Compared(said, marks.version, marks.meet(forms), forms)


@transaction.atomic(using=INTAKE)
def replace_marks(forms: Iterable[str]) -> UUID:
    """Put marks of these forms, under a fresh key, in the place of all; return the version."""
    key, version = secrets.token_bytes(KEY_BYTES), uuid4()
    made = {mark(form, key=key) for form in forms}
    while not made or len(made) % ROUND_NUMBER:
        made.add(secrets.token_bytes(MARK_BYTES))
    NameMarks.objects.using(INTAKE).update_or_create(
        id=_ROW, defaults={"version": version, "key": key, "marks": b"".join(sorted(made))}
    )
    return version


def version_of_marks() -> UUID | None:
    """Return which marks are in the store, None where there are none."""
    found = NameMarks.objects.using(INTAKE).filter(id=_ROW).values_list("version", flat=True)
    return found.first()


def _present() -> Marks | None:
    try:
        with _savepoint():
            version = version_of_marks()
            return None if version is None else _read_or_newer(version)
    except (DatabaseError, NameMarks.DoesNotExist):
        log.exception("Names could not be compared; what was sent is taken all the same")
        return None


def _savepoint() -> AbstractContextManager[object]:
    # So that a failure leaves the transaction whole. Outside of one it would begin one, and lock.
    inside = connections[INTAKE].in_atomic_block
    return transaction.atomic(using=INTAKE) if inside else nullcontext()


def _read_or_newer(version: UUID) -> Marks:
    try:
        return _read(version)
    except NameMarks.DoesNotExist:
        # Replaced since its version was read: there are marks all the same, and they count.
        return _as_marks(NameMarks.objects.using(INTAKE).get(id=_ROW))


@lru_cache(maxsize=1)
def _read(version: UUID) -> Marks:
    return _as_marks(NameMarks.objects.using(INTAKE).get(version=version))


def _as_marks(row: NameMarks) -> Marks:
    marks = bytes(row.marks)
    return Marks(
        row.version,
        bytes(row.key),
        frozenset(marks[at : at + MARK_BYTES] for at in range(0, len(marks), MARK_BYTES)),
    )
