"""Importing incidents: what a records system has of each, as somebody recorded it there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from safehold.domain.access import Role
from safehold.domain.addresses import tidy_postcode
from safehold.domain.extract_rows import Row, When
from safehold.domain.linking import Basis
from safehold.records.imports.columns import Group, bring_up, kept
from safehold.records.imports.doors import Door, Doors
from safehold.records.imports.models import Imported
from safehold.records.imports.report import Weight
from safehold.records.imports.working import Kept, Work
from safehold.records.incidents.models import (
    Acquainted,
    Answered,
    Classification,
    CrimeDecision,
    Incident,
    Setting,
    TimePrecision,
)
from safehold.records.incidents.references import new_reference

DECIDED_THERE = "Decided in the records system, before the import"
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_GROUPS = (
    Group(("starts_at", "ends_at", "time_precision"), ("began", "ended")),
    Group(("classification",), ("classification",)),
    Group(("setting",), ("setting",)),
    Group(("acquainted",), ("acquainted",)),
    Group(("online",), ("online",)),
    Group(("alcohol_or_drugs",), ("alcohol_or_drugs",)),
    Group(("night_time",), ("night_time",)),
    Group(("offence",), ("offence",)),
    Group(("note",), ("note",)),
    Group(("address_id",), ("address_line", "address_town", "address_postcode")),
    Group(
        ("crime_decision", "crime_reason"),
        ("crime",),
        also=("crime_decided_at", "crime_decided_by_id"),
    ),
)


@dataclass
class Incidents:
    """Rows that are incidents."""

    doors: Doors = field(default_factory=Doors)
    _stored: dict[Any, Incident] = field(default_factory=dict)

    def load(self, rows: Sequence[Row], work: Work) -> None:
        """Read the incidents that may change, and the addresses that the rows name."""
        self.doors.load((_door(row) for row in rows if row.one("address_line")), by=work.by)
        self._stored = Incident.objects.in_bulk([each.target for each in work.known.values()])

    def new(self, row: Row, work: Work) -> Kept | None:
        """Record an incident. It may be tied to people, as one that an officer records."""
        values, colleague = self._values(row, work), bool(row.one("colleague"))
        incident = Incident(
            reference=work.reference(Incident, new_reference),
            linkable=True,
            link_basis=Basis.RECORDED,
            police_party=colleague,
            crime_rests_with=Role.PROFESSIONAL_STANDARDS if colleague else Role.SUPERVISOR,
            **values,
            **work.written,
        )
        incident.link_key = incident.pk
        work.insert(incident)
        return Kept(incident.pk, {"columns": kept(values, _GROUPS)})

    def change(self, row: Row, imported: Imported, work: Work) -> Kept | None:
        """Bring an incident up to what the source says, but for what was decided here."""
        incident = self._stored[imported.target]
        values = self._values(row, work)
        columns, changed = bring_up(incident, values, row, imported, work=work, groups=_GROUPS)
        if row.one("colleague") and not incident.police_party:
            incident.police_party = changed = True
            incident.crime_rests_with = Role.PROFESSIONAL_STANDARDS
            incident.save(update_fields=["police_party", "crime_rests_with"])
        elif incident.police_party and work.mapped("colleague") and not row.one("colleague"):
            says = "no longer says that it is about a colleague; here it stays sealed"
            work.tell(row, Weight.CONFLICT, "colleague", says)
        return Kept(incident.pk, {"columns": columns}, changed=changed)

    def _values(self, row: Row, work: Work) -> dict[str, Any]:
        address = self.doors.of(_door(row), work).pk if row.one("address_line") else None
        return {
            **_times(row, work),
            **_crime(row, work),
            "classification": row.one("classification", Classification.NOT_CLASSIFIED.value),
            "setting": row.one("setting", Setting.NOT_ASKED.value),
            "acquainted": row.one("acquainted", Acquainted.NOT_ASKED.value),
            **{
                name: row.one(name, Answered.NOT_ASKED.value)
                for name in ("online", "alcohol_or_drugs", "night_time")
            },
            "offence": row.one("offence", ""),
            "note": row.one("note", ""),
            "address_id": address,
        }


def _door(row: Row) -> Door:
    line = " ".join(str(row.one("address_line")).split())
    return line, row.one("address_town", ""), tidy_postcode(row.one("address_postcode", ""))


def _times(row: Row, work: Work) -> dict[str, Any]:
    began: When | None = row.one("began")
    ended: When | None = row.one("ended")
    if began and ended and _last(ended) < began.at:
        work.tell(row, Weight.FIELD, "ended", "an end that lies before the start")
        ended = None
    if began is None and ended is None:
        return _interval(None, None, TimePrecision.NOT_SAID)
    if began is None and ended is not None:
        return _interval(None, _last(ended), TimePrecision.BEFORE)
    first = began or ended
    assert first is not None  # noqa: S101 - one of the two is there
    start, end = first.at, _last(ended or first)
    if end - start > _WEEK + _DAY:
        return _interval(start, end, TimePrecision.BEFORE)
    whole_day = first.whole_day or (ended is not None and ended.whole_day)
    if end - start > _DAY:
        return _interval(start, end, TimePrecision.WEEK)
    return _interval(start, end, TimePrecision.DAY if whole_day else TimePrecision.HOURS)


def _last(when: When) -> datetime:
    return when.at + _DAY - timedelta(minutes=1) if when.whole_day else when.at


def _interval(start: datetime | None, end: datetime | None, how: TimePrecision) -> dict[str, Any]:
    return {"starts_at": start, "ends_at": end, "time_precision": how.value}


def _crime(row: Row, work: Work) -> dict[str, Any]:
    crime = row.one("crime")
    if crime is None:
        nobody = {"crime_decided_at": None, "crime_decided_by_id": None}
        return {"crime_decision": CrimeDecision.NOT_YET.value, "crime_reason": "", **nobody}
    return {
        "crime_decision": (CrimeDecision.CRIME if crime else CrimeDecision.NOT_CRIME).value,
        "crime_reason": DECIDED_THERE,
        "crime_decided_at": work.at,
        "crime_decided_by_id": work.by.pk,
    }
