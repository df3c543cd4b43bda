"""Importing the parts that people have in incidents, each tied through what its incident allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from safehold.domain.extract_rows import Row
from safehold.records.imports.columns import Group, bring_up, kept
from safehold.records.imports.models import Imported
from safehold.records.imports.report import Weight
from safehold.records.imports.working import Kept, Work
from safehold.records.incidents.models import Part, Role, Sure
from safehold.records.incidents.recording import CHILD_PROMPT
from safehold.records.incidents.ties import CATEGORIES

_GROUPS = (
    Group(
        ("part", "child", "prompt", "category", "relationship", "person_id"),
        ("person", "part", "category", "relationship"),
    ),
)


@dataclass
class Roles:
    """Rows that are somebody's part in an incident."""

    _stored: dict[Any, Role] = field(default_factory=dict)

    def load(self, rows: Sequence[Row], work: Work) -> None:
        """Read the parts that may change."""
        self._stored = Role.objects.in_bulk([each.target for each in work.known.values()])

    def new(self, row: Row, work: Work) -> Kept | None:
        """Write a part and tie it."""
        incident, values = _incident(row, work), _values(row, work)
        role = Role(
            incident_id=incident,
            link_key_id=incident,
            tied_at=work.at,
            tied_by=work.by,
            **values,
        )
        work.insert(role)
        return Kept(role.pk, {"columns": kept(values, _GROUPS)})

    def change(self, row: Row, imported: Imported, work: Work) -> Kept | None:
        """Bring a part up to what the source says, unless somebody untied or tied it here."""
        role = self._stored[imported.target]
        if role.incident_id != _incident(row, work):
            work.tell(row, Weight.REFUSED, "incident", "is a part in another incident than before")
            return None
        columns, changed = bring_up(
            role, _values(row, work), row, imported, work=work, groups=_GROUPS
        )
        return Kept(role.pk, {"columns": columns}, changed=changed)


def _incident(row: Row, work: Work) -> UUID:
    found, _ = work.refer(row, "incident")
    return found[0][1]


def _values(row: Row, work: Work) -> dict[str, Any]:
    (_, person), *_ = work.refer(row, "person")[0]
    part = Part(row.one("part"))
    fits = CATEGORIES[part]
    category = row.one("category") or fits[0]
    if category not in fits:
        work.tell(
            row,
            Weight.FIELD,
            "category",
            "a category that does not fit the part; left as the part says",
        )
        category = fits[0]
    child = part == Part.CHILD
    return {
        "part": part.value,
        "child": Sure.YES.value if child else "",
        "prompt": CHILD_PROMPT if child else "",
        "category": category,
        "relationship": row.one("relationship", ""),
        "person_id": person,
    }
