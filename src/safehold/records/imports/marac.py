"""Importing referrals to a MARAC. One that is refused leaves the months that it lies in open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from safehold.domain.extract_rows import Row
from safehold.records.imports.columns import Group, bring_up, kept
from safehold.records.imports.models import Imported
from safehold.records.imports.report import Weight
from safehold.records.imports.working import SOURCE, Kept, Work
from safehold.records.marac.models import Accused, Referral

_GROUPS = (
    Group(("victim_id",), ("victim",)),
    Group(("referred_on",), ("referred_on",)),
    Group(("meeting_on",), ("meeting_on",)),
    Group(("agency",), ("agency",)),
)


@dataclass
class Marac:
    """Rows that are referrals."""

    _stored: dict[Any, Referral] = field(default_factory=dict)

    def load(self, rows: Sequence[Row], work: Work) -> None:
        """Read the referrals that may change."""
        self._stored = Referral.objects.in_bulk([each.target for each in work.known.values()])

    def new(self, row: Row, work: Work) -> Kept | None:
        """Record a referral."""
        values = _values(row, work)
        referral = Referral(**values, source=SOURCE, batch=work.batch.pk, **work.written)
        work.insert(referral)
        accused, _ = work.refer(row, "accused")
        for _, person in accused:
            work.insert(Accused(referral=referral, person_id=person))
        made = {
            "columns": kept(values, _GROUPS),
            "accused": sorted(str(person) for _, person in accused),
        }
        return Kept(referral.pk, made)

    def change(self, row: Row, imported: Imported, work: Work) -> Kept | None:
        """Bring a referral up to what the source says; nobody is taken off one."""
        referral, had = self._stored[imported.target], set(imported.made["accused"])
        columns, changed = bring_up(
            referral, _values(row, work), row, imported, work=work, groups=_GROUPS
        )
        says = {str(person) for _, person in work.refer(row, "accused")[0]}
        for person in sorted(says - had):
            Accused.objects.get_or_create(referral=referral, person_id=person)
        if had - says and not work.doubtful(row, "accused"):
            text = "accuses one fewer than before; here it stays"
            work.tell(row, Weight.CONFLICT, "accused", text)
        made = {"columns": columns, "accused": sorted(says | had)}
        return Kept(referral.pk, made, changed=changed or bool(says - had))


def _values(row: Row, work: Work) -> dict[str, Any]:
    (_, victim), *_ = work.refer(row, "victim")[0]
    return {
        "victim_id": victim,
        "referred_on": row.one("referred_on"),
        "meeting_on": row.one("meeting_on"),
        "agency": row.one("agency", ""),
    }
