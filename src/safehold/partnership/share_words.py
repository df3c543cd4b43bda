"""Shares in words: where each stands, and what this member can do next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from safehold.design.words import moment
from safehold.domain import sharing
from safehold.domain.access import Permission, Subject
from safehold.domain.sharing import Eyes
from safehold.records.shares.queries import Who
from safehold.records.staff.queries import StaffMember


@dataclass(frozen=True, slots=True)
class Row:
    """One share of a list, in words."""

    share_id: str
    reference: str
    agency: str
    basis: str
    stands: str
    who: str
    when: str
    count: int


@dataclass(frozen=True, slots=True)
class MayDo:
    """What a member can do with one share now."""

    agree: bool
    make: bool
    fetch: bool
    note: bool
    review: bool


def row_of(share: Any, *, at: datetime) -> Row:
    """Say one share in words."""
    return Row(
        share_id=str(share.pk),
        reference=share.reference,
        agency=share.agency.name,
        basis=basis_words(share.basis),
        stands=stands(share, at=at),
        who=share.asked_by.name,
        when=moment(share.made_at or share.asked_at),
        count=len(share.parts),
    )


def basis_words(key: str) -> str:
    """Name a basis; one that the present rules do not have is shown as it is kept."""
    basis = sharing.bases().get(key)
    return basis.label if basis else key


def stands(share: Any, *, at: datetime) -> str:
    """Say where a share stands."""
    if share.agreed is False:
        return "Not agreed: nothing was shared"
    if share.made_at is None:
        return "Waits for a supervisor" if share.agreed is None else "Agreed: no file made yet"
    if share.taken_back_at is not None:
        return f"Taken back {moment(share.taken_back_at)}"
    if share.until > at:
        return f"Shared. The file can be fetched until {moment(share.until)}"
    return "Shared. The file here is gone"


def may_do(share: Any, *, by: StaffMember, at: datetime) -> MayDo:
    """Tell what a member can do with a share; each act checks it again."""
    subject = Subject(police_party=share.police_party)
    mine, made = share.asked_by_id == by.pk, share.made_at is not None
    shares, agrees = (
        by.may(permission, subject)
        for permission in (Permission.SHARE_REPORT, Permission.AGREE_SHARE)
    )
    basis = sharing.bases().get(share.basis)
    eyes = basis.eyes if basis else Eyes.NONE
    open_to_it = share.agreed is not False and not made and eyes is Eyes.BEFORE
    return MayDo(
        agree=agrees and not mine and open_to_it,
        make=shares and mine and share.agreed is True and not made,
        fetch=shares
        and mine
        and made
        and share.taken_back_at is None
        and share.until is not None
        and share.until > at,
        note=shares and made,
        review=agrees and not mine and eyes is Eyes.AFTER and share.reviewed_at is None,
    )


def statements_of(share: Any) -> list[tuple[str, str]]:
    """Say what was stated for the basis, each beside its question."""
    basis = sharing.bases().get(share.basis)
    labels = {one.key: one.label for one in basis.states} if basis else {}
    return [(labels.get(key, key), words) for key, words in share.statements.items() if words]


def answers_of(share: Any) -> list[tuple[str, str]]:
    """Say what was answered for each person on the list, without a name."""
    parts = dict(Who.choices)
    return [
        (parts.get(key, "A person whom the list names"), words)
        for key, words in share.answers.items()
    ]
