"""Can what is stored still be opened, and what comes next? Asked without opening any of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from safehold.crypto.key_checks import check_held
from safehold.crypto.key_custody import given_up, kept_elsewhere
from safehold.crypto.recipients import SEALING, UNATTENDED, Listed, Purpose, read_list
from safehold.domain import key_reach
from safehold.domain.key_reach import Reach, Whereabouts
from safehold.records.keys.stored import Stored


@dataclass(frozen=True, slots=True)
class Findings:
    """What a check found: sentences of what is wrong, others to know, and reports that are lost."""

    troubles: tuple[str, ...]
    notes: tuple[str, ...]
    lost: int = 0
    reports: tuple[str, ...] = ()


def whereabouts(folder: Path) -> Whereabouts:
    """Return where every key is, as far as this machine knows. Raises KeyFileRefused."""
    return _whereabouts(folder, read_list(folder), check_held(folder).fit)


def check(folder: Path, stored: Stored | None) -> Findings:
    """Check the keys of a folder, against what is stored where that can be read.

    Raises KeyFileRefused where the folder lists no keys.
    """
    listed, held = read_list(folder), check_held(folder)
    where = _whereabouts(folder, listed, held.fit)
    troubles = [*held.faults, *_next(listed, where), *_unattended(listed, held.fit)]
    if listed.code_salt is None:
        troubles.append("No code works: recipients.json has no code_salt (safehold keys mend).")
    unlisted = held.fit - {key.key_id for key in listed.keys}
    notes = [f"A private key that nobody lists is here: {each.hex()}." for each in sorted(unlisted)]
    if stored is None:
        return Findings(tuple(troubles), tuple(notes))
    counts = key_reach.by_reach(stored.counts, where)
    lost = counts[Reach.LOST]
    if lost:
        troubles.append(
            f"{_envelopes(lost)} cannot be opened by any key that is here or known elsewhere."
        )
    if stored.damaged:
        troubles.append(f"{_envelopes(stored.damaged)} cannot be read at all: damaged.")
    if counts[Reach.ELSEWHERE]:
        notes.append(
            f"{_envelopes(counts[Reach.ELSEWHERE])} can be opened with keys kept elsewhere alone."
        )
    if counts[Reach.DESTROYED]:
        notes.append(
            f"{_envelopes(counts[Reach.DESTROYED])} can never be opened again: their keys were "
            "destroyed on purpose, or given up as lost."
        )
    return Findings(tuple(troubles), tuple(notes), lost, _reports(stored, where))


def _whereabouts(folder: Path, listed: Listed, fit: frozenset[bytes]) -> Whereabouts:
    destroyed = frozenset(key.key_id for key in listed.keys if key.destroyed)
    # A copy that outlived a key in somebody's safe is not to be counted on.
    elsewhere = frozenset(kept_elsewhere(folder)) - destroyed
    return Whereabouts(fit - destroyed, elsewhere, destroyed | given_up(folder))


def _next(listed: Listed, where: Whereabouts) -> list[str]:
    in_use = {
        str(purpose): frozenset(key.key_id for key in listed.in_use(purpose)) for purpose in SEALING
    }
    wanting = key_reach.sealed_into_nothing(map(str, SEALING), in_use, where)
    return [
        f"Nobody could open what is sealed next for {purpose}: no private key of it is here, and "
        "none is noted as kept elsewhere (safehold keys elsewhere)."
        for purpose in wanting
    ]


def _unattended(listed: Listed, fit: frozenset[bytes]) -> list[str]:
    return [
        f"No private key for {purpose} that is in use is here, and staff processes need one."
        for purpose in UNATTENDED
        if not fit & {key.key_id for key in listed.in_use(Purpose(purpose))}
    ]


def _reports(stored: Stored, where: Whereabouts) -> tuple[str, ...]:
    found = dict.fromkeys(
        report
        for recipients, reports in stored.reports.items()
        if key_reach.reach(recipients, where) is Reach.LOST
        for report in reports
    )
    return tuple(found)


def _envelopes(count: int) -> str:
    return "1 stored envelope" if count == 1 else f"{count:,} stored envelopes"
