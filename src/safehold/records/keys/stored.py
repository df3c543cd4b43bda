"""Which keys every stored envelope is sealed to, read from its header: nothing is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.db.models.functions import Substr

from safehold.crypto.envelopes import header_bytes, recipient_ids
from safehold.crypto.errors import HeaderCut, Tampered
from safehold.domain.key_reach import Ids
from safehold.records.contacts.models import Version
from safehold.records.exhibits.models import Exhibit
from safehold.records.intake.models import (
    CallPass,
    Nudge,
    ReturnPlace,
    Said,
    SavedDraft,
    SealedReport,
    StartCode,
)
from safehold.records.phones.models import PhoneAnswer
from safehold.records.shares.models import ListEntry
from safehold.records.triage.models import NameRequest, SealedAgain

_START = header_bytes(8)  # what most have fewer recipients than
_BATCH = 2_000
_EXAMPLES = 20  # named of each group: enough to look at, few enough to keep in memory
Progress = Callable[[str, int, Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Source:
    """A column that holds envelopes, and the way from its row to the report."""

    model: type[models.Model]
    column: str
    report: str
    alias: str
    says: str


SOURCES = (
    Source(SealedReport, "slip", "pk", "intake", "slips"),
    Source(SealedReport, "account", "pk", "intake", "accounts"),
    Source(SealedReport, "identity", "pk", "intake", "hidden names"),
    Source(SealedReport, "release", "pk", "intake", "names that may be released"),
    Source(Said, "for_us", "report_id", "intake", "messages"),
    Source(Nudge, "sealed", "report_id", "intake", "nudges"),
    Source(Exhibit, "sealed", "report_id", "default", "files"),
    Source(NameRequest, "sealed", "slip_id", "default", "names that were passed on"),
    Source(SealedAgain, "content", "report_id", "default", "envelopes that were passed on"),
    Source(ListEntry, "sealed", "matter", "default", "entries of who must not receive"),
    Source(Version, "sealed", "profile__report_id", "default", "safe contacts"),
    # Of no report: under its own key no report is found, so none is named.
    Source(PhoneAnswer, "sealed", "pk", "default", "answers from phones"),
)


@dataclass(slots=True)
class Stored:
    """Envelopes counted by the keys that they are sealed to, with some reports of each."""

    counts: Counter[Ids] = field(default_factory=Counter)
    reports: dict[Ids, list[str]] = field(default_factory=dict)
    damaged: int = 0

    def add(self, recipients: Ids, report: str) -> None:
        """Count one envelope; without a report it is of a person."""
        self.counts[recipients] += 1
        known = self.reports.setdefault(recipients, [])
        if report and len(known) < _EXAMPLES and report not in known:
            known.append(report)


def _quietly(says: str, total: int, rows: Iterable[Any]) -> Iterable[Any]:
    return rows


def count_stored(progress: Progress = _quietly) -> Stored:
    """Read the header of every envelope of both stores, in batches."""
    found = Stored()
    for source in SOURCES:
        rows = source.model._default_manager.using(source.alias)
        total = rows.count()
        for start, report, key in progress(source.says, total, _starts(source)):
            if not start:
                continue  # no hidden name, no clean copy
            try:
                found.add(_recipients(bytes(start), source, key), str(report or ""))
            except Tampered:
                found.damaged += 1
    return found


def _starts(source: Source) -> Iterator[tuple[Any, Any, Any]]:
    rows = source.model._default_manager.using(source.alias)
    start = Substr(source.column, 1, _START, output_field=models.BinaryField())
    named = rows.annotate(header=start).order_by("pk").values_list("header", source.report, "pk")
    yield from named.iterator(chunk_size=_BATCH)


def _recipients(start: bytes, source: Source, key: Any) -> Ids:
    try:
        return recipient_ids(start)
    except HeaderCut:
        rows = source.model._default_manager.using(source.alias)
        whole = rows.values_list(source.column, flat=True).get(pk=key)
        try:
            return recipient_ids(bytes(whole))
        except HeaderCut as error:
            raise Tampered("The envelope is cut short.") from error


def references_of(reports: Iterable[str]) -> list[str]:
    """Return what people call these reports, in order; those that are gone are left out."""
    rows = SealedReport.objects.using("intake").filter(pk__in=list(reports))
    return sorted(rows.values_list("reference", flat=True))


def leads_by_code() -> bool:
    """Tell whether anything is kept under a code, which only the salt of its day finds."""
    kept = (ReturnPlace, SavedDraft, StartCode, CallPass)
    return any(model.objects.using("intake").exists() for model in kept)
