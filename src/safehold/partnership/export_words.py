"""Exports of cases in words: where each stands, what a member can do, and a case to be printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from safehold.design.words import moment
from safehold.domain.access import Permission
from safehold.domain.case_files import KINDS
from safehold.records.exports.contents import Contents
from safehold.records.staff.queries import StaffMember

_LABELS: Mapping[str, str] = {
    "in_law": "In law",
    "look_again": "To be looked at again",
    "time_is_known": "How well the time is known",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One export of a list, in words."""

    export_id: str
    reference: str
    case: str
    agency: str
    purpose: str
    stands: str
    who: str
    size: str


@dataclass(frozen=True, slots=True)
class MayDo:
    """What a member can do with one export now."""

    agree: bool
    make: bool
    fetch: bool
    review: bool


@dataclass(frozen=True, slots=True)
class Printed:
    """One kind of a printed case: what each row says, label by label."""

    title: str
    rows: tuple[tuple[tuple[str, str], ...], ...]


def row_of(export: Any, *, at: datetime) -> Row:
    """Say one export in words."""
    agreed = f"; agreed by {export.agreed_by.name}" if export.agreed else ""
    return Row(
        export_id=str(export.pk),
        reference=export.reference,
        case=export.case.reference,
        agency=export.agency.name,
        purpose=export.purpose,
        stands=_stands(export, at=at),
        who=f"Asked for by {export.asked_by.name}, {moment(export.asked_at)}{agreed}",
        size=_size(export.size),
    )


def may_do(export: Any, *, by: StaffMember, at: datetime) -> MayDo:
    """Tell what a member can do with an export; each act checks it again."""
    mine, made = export.asked_by_id == by.pk, export.made_at is not None
    exports = mine and by.may(Permission.EXPORT_CASE)
    apart = by.pk not in {export.asked_by_id, export.agreed_by_id}
    return MayDo(
        agree=by.may(Permission.AGREE_EXPORT)
        and not mine
        and not made
        and export.agreed is not False,
        make=exports and export.agreed is True and not made,
        fetch=exports and made and export.until > at,
        review=by.may(Permission.REVIEW_EXPORT) and made and export.reviewed_at is None and apart,
    )


def printed(contents: Contents) -> list[Printed]:
    """Say a case kind by kind; what is empty is left out."""
    return [
        Printed(_title(kind), tuple(_cells(row) for row in contents.rows[kind]))
        for kind in KINDS
        if kind != "people" and contents.rows.get(kind)
    ]


def _title(kind: str) -> str:
    says = KINDS[kind].partition(";")[0]
    return says[:1].upper() + says[1:]


def _cells(row: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple((_label(name), str(value)) for name, value in row.items() if value)


def _label(name: str) -> str:
    return _LABELS.get(name) or name.replace("_", " ").capitalize()


def _stands(export: Any, *, at: datetime) -> str:
    if export.agreed is False:
        return "Not agreed: nothing left"
    if export.made_at is None:
        return "Waits for somebody to agree" if export.agreed is None else "Agreed: no file yet"
    looked = "" if export.reviewed_at else ". Nobody apart has looked at it"
    if export.until > at:
        return f"Made. The file can be fetched until {moment(export.until)}{looked}"
    return f"{'Fetched' if export.fetched_at else 'Never fetched'}. The file here is gone{looked}"


def _size(count: int | None) -> str:
    if count is None:
        return ""
    return f"{count:,} bytes" if count < 10_000 else f"{count // 1_000:,} kB"
