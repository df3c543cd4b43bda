"""Telling in person, also that there is nothing to tell. What was said stays here.

No operation of this room sends, prints or exports; a test holds every other room to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from safehold.domain import dvds
from safehold.domain.dvds import Wanted
from safehold.records.audit.actions import Action
from safehold.records.dvds import deciding, queries
from safehold.records.dvds.acting import DoneBefore, TooEarly, locked, saved
from safehold.records.dvds.models import Application, Correction, Decision, Telling, Told
from safehold.records.staff.models import StaffMember
from safehold.records.triage.reasons import meaningful

NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Spoken:
    """Who was told, why and where; what was said; whether they keep it; and what follows."""

    whom: str
    why: str
    said: str
    private: str
    safety: str


@transaction.atomic
def tell(*, application_id: UUID, spoken: Spoken, by: StaffMember, at: datetime) -> Application:
    """Record that somebody was told in person what was decided, or that there is nothing to tell.

    Whoever may be the one who abuses is told neither. Raises ReasonTooThin, Refused,
    ApplicationNotFound, TooEarly, or DoneBefore.
    """
    why, said, safety = meaningful(spoken.why), meaningful(spoken.said), meaningful(spoken.safety)
    row = locked(application_id, by)
    if row.answered_at is not None:
        raise DoneBefore("It was told already.")
    _refuse(row, spoken)
    Telling.objects.create(
        application=row,
        whom=spoken.whom,
        nothing=row.decision == Decision.NOT_TELL,
        said=said,
        private=spoken.private,
        safety=safety,
        at=at,
        by=by,
    )
    row.answered_at = at
    if row.decision == Decision.TELL:
        row.told, row.told_by, row.told_at, row.told_why = Told(spoken.whom), by, at, why
    # Without words: the audit is read by more people than the page is.
    return saved(row, Action.APPLICATION_TOLD, by=by, at=at, detail={"told": spoken.whom})


def _refuse(row: Application, spoken: Spoken) -> None:
    made = deciding.held(row)
    if made is None:
        raise TooEarly("Nothing is told before that is decided.")
    if spoken.whom != NOBODY and not row.plan_rows.exists():
        raise TooEarly("Plan first where they are told, by whom, and who must not learn of it.")
    if (spoken.whom == NOBODY) != (spoken.private == "no_one"):
        raise TooEarly("Say whether they were asked to keep it to themselves.")
    if made.decision == Decision.TELL and spoken.whom != made.whom:
        whom = dvds.label("told", made.whom).lower()
        raise TooEarly(f"It was decided to tell {whom}. Take the decision back to tell another.")
    standing = deciding.standing_of(row)
    wanted = Wanted(made.decision, spoken.whom, third_why=made.third_why)
    if refused := dvds.not_told(standing, wanted):
        raise TooEarly(refused)


@transaction.atomic
def correct(
    *, application_id: UUID, act: str, why: str, by: StaffMember, at: datetime
) -> Application:
    """Record that an act was wrong and why; what was recorded stays, and the act is open again.

    Nothing is opened again on which something rests, nor once somebody was told: what was said
    cannot be taken back. Raises ReasonTooThin, TooEarly, Refused, or ApplicationNotFound.
    """
    stated = meaningful(why)
    row = locked(application_id, by)
    was, was_at, was_by = _was(row, act)
    if was_at is None or was_by is None:
        raise TooEarly("Nothing was recorded of this.")
    opens = row.answered_at is None
    if opens and act != "decision" and (row.decision or deciding.waiting_of(row)):
        raise TooEarly("A decision rests on it: take that back first, or let it be refused.")
    Correction.objects.create(
        application=row,
        act=act,
        was=was,
        was_at=was_at,
        was_by=was_by,
        why=stated,
        reopened=opens,
        at=at,
        by=by,
    )
    if opens:
        _open_again(row, act)
    detail = {"act": act, "reopened": opens}
    return saved(row, Action.APPLICATION_CORRECTED, by=by, at=at, reason=stated, detail=detail)


def _was(row: Application, act: str) -> tuple[str, datetime | None, StaffMember | None]:
    if act == "identity":
        return row.identity_how, row.identity_at, row.identity_by
    if act == "abuser":
        found = f"{row.get_abuser_display()}: {row.abuser_why}"
        return found, row.abuser_at, row.abuser_by
    if act == "first":
        contact = queries.contacts_of(row).select_related("by").first()
        return (contact.words, contact.at, contact.by) if contact else ("", None, None)
    if act == "decision":
        decided = f"{row.get_decision_display()}: {row.decided_why}"
        return decided, row.decided_at, row.decided_by
    spoken = Telling.objects.filter(application=row).select_related("by").first()
    if spoken is None:
        return "", None, None
    return spoken.get_whom_display(), spoken.at, spoken.by


def _open_again(row: Application, act: str) -> None:
    if act == "identity":
        row.identity_how, row.identity_at, row.identity_by = "", None, None
    elif act == "abuser":
        row.abuser, row.abuser_why, row.abuser_at, row.abuser_by = "", "", None, None
    elif act == "decision":
        row.decision, row.decided_why, row.decided_at, row.decided_by = "", "", None, None
