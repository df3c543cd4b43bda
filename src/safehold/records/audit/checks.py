"""Checking the chains against themselves and against the heads kept elsewhere."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.db.models import TextField
from django.db.models.functions import Cast

from safehold.crypto.recipients import load_recipients
from safehold.domain.audit_chain import Head, Link, Verdict, verify
from safehold.records.append_only import missing_triggers
from safehold.records.audit import heads
from safehold.records.audit.actions import Action
from safehold.records.audit.chains import CHAINS, Chain
from safehold.records.audit.models import AuditEvent
from safehold.records.decided import missing_decided
from safehold.records.intake.queries import envelopes_not_as_received
from safehold.records.intake.tombstones import unexplained
from safehold.records.removals import missing_guards

OLDEST_HEAD = timedelta(hours=25)  # one is published every hour; a day away must not go unseen
_ACTS = (Action.DESTRUCTION_BEGUN, Action.FEEDBACK_FORGOTTEN)
Progress = Callable[[Chain, Iterator[Link]], Iterable[Link]]


@dataclass(frozen=True, slots=True)
class Result:
    """What was found in one chain, against how many heads, and the newest of those."""

    chain: str
    verdict: Verdict
    heads: int
    newest: Head | None

    @property
    def lacks_heads(self) -> bool:
        """Tell whether there are rows and nothing that could show an end cut off."""
        return self.verdict.sequence > 0 and not self.heads

    def outlives_heads(self, at: datetime) -> bool:
        """Tell whether rows were added and no head has been published for over a day."""
        return (
            self.newest is not None
            and self.verdict.sequence > self.newest.sequence
            and at - self.newest.at > OLDEST_HEAD
        )

    @property
    def holds(self) -> bool:
        """Tell whether every row held and reached every head."""
        return self.verdict.broken is None

    def in_words(self) -> str:
        """Return the finding as one sentence."""
        found = self.verdict.broken
        if found is not None:
            return f"{self.chain}: row {found.sequence:,} is {found.fault}: {found.reason}."
        if not self.heads:
            return (
                f"{self.chain}: every row holds ({self.verdict.rows:,}); no head was there to "
                "compare, so an end cut off would not show."
            )
        return (
            f"{self.chain}: every row holds ({self.verdict.rows:,}), "
            f"every head agrees ({self.heads:,})."
        )

    def as_detail(self) -> dict[str, object]:
        """Return the finding as the detail of an audit row."""
        found = self.verdict.broken
        return {
            "rows": self.verdict.rows,
            "heads": self.heads,
            "row": found.sequence if found else None,
            "fault": str(found.fault) if found else None,
        }


def _plain(chain: Chain, links: Iterator[Link]) -> Iterable[Link]:
    return links


def verify_all(
    *, copies: Iterable[Path] = (), keys_folder: Path | None = None, progress: Progress = _plain
) -> list[Result]:
    """Check both chains against every head in the configured folders and in `copies`.

    `copies` are folders of heads brought from elsewhere, `keys_folder` one whose public keys to
    believe instead of this host's. Raises BadHead where a head is damaged or not signed by us.
    """
    trusted = load_recipients(keys_folder or settings.KEYS_FOLDER).keys
    # Heads are read before rows: a head written meanwhile would reach beyond the rows read.
    published: dict[str, list[Head]] = {chain.name: [] for chain in CHAINS}
    for folder in dict.fromkeys([*heads.folders(), *copies]):
        for signed in heads.read_folder(folder, trusted=trusted):
            if signed.chain not in published:
                raise heads.BadHead(f"{folder} holds a head of a chain called {signed.chain!r}.")
            published[signed.chain].append(signed.head)
    return [
        Result(
            chain.name,
            verify(progress(chain, chain.links()), chain=chain.name, heads=published[chain.name]),
            len(published[chain.name]),
            max(published[chain.name], key=lambda head: head.at, default=None),
        )
        for chain in CHAINS
    ]


def replaced_reports() -> list[str]:
    """Return the id of each report whose envelopes are not those that the intake chain names."""
    return [str(report_id) for report_id in envelopes_not_as_received()]


def reports_gone() -> list[str]:
    """Return the id of each report that is gone without having been destroyed by an act we know."""
    rows = AuditEvent.objects.filter(action__in=_ACTS)
    # As text: a row that somebody damaged is named where the chain is checked.
    found = rows.annotate(said=Cast("detail", TextField())).values_list("said", flat=True)
    acts = {act for said in found.iterator(chunk_size=2_000) for act in _acts(said)}
    return [str(report_id) for report_id in unexplained(acts)]


def _acts(said: str) -> list[str]:
    try:
        detail = json.loads(said)
        return [str(act) for act in [*detail.get("acts", []), detail.get("act", "")]]
    except (ValueError, AttributeError, TypeError):
        return []


def unguarded_tables() -> list[str]:
    """Return each table of either store that is guarded and could be changed unrefused."""
    return [
        table
        for chain in CHAINS
        for missing in (missing_triggers, missing_decided, missing_guards)
        for table in missing(connections[chain.alias])
    ]


def in_words(
    results: Iterable[Result],
    *,
    replaced: Iterable[str],
    unguarded: Iterable[str],
    gone: Iterable[str] = (),
) -> list[str]:
    """Return one sentence for each thing that does not hold."""
    return [
        *(result.in_words() for result in results if not result.holds),
        *(
            f"intake: the envelopes of report {report_id} are not those that arrived."
            for report_id in replaced
        ),
        *(
            f"intake: report {report_id} is gone, and nothing says that it was destroyed."
            for report_id in gone
        ),
        *(
            f"Rows of {table} could be changed: its triggers are gone or altered."
            for table in unguarded
        ),
    ]


def doubts(results: Iterable[Result], *, at: datetime) -> list[str]:
    """Return why the heads cannot vouch for the ends of the chains; [] where they do.

    A chain without any head that could be read here, and one whose newest is older than
    OLDEST_HEAD although rows were added since.
    """
    found = list(results)
    lines = []
    if lacking := [result.chain for result in found if result.lacks_heads]:
        lines.append(
            f"No head could be checked ({', '.join(lacking)}), so an end cut off would not show."
        )
    lines += [
        f"{result.chain}: rows were added after the newest head, which is of "
        f"{result.newest.at:%d %B %Y %H:%M %Z} and over {OLDEST_HEAD // timedelta(hours=1)} hours "
        "old."
        for result in found
        if result.newest is not None and result.outlives_heads(at)
    ]
    return lines
