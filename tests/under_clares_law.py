"""Applications under Clare's Law for tests, as far as somebody wants them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from safehold.domain import dvds as rules
from safehold.domain.access import Role
from safehold.records.dvds import deciding, operations, steps, telling
from safehold.records.dvds.models import Application, Proposal
from safehold.records.staff.models import StaffMember
from tests.desk import AT, member

WHY = "She is in danger from somebody who did it before"


def ready(
    row: Application, *, by: StaffMember, at: datetime = AT, asker: str = "self", found: str = "no"
) -> None:
    """Do all that comes before a decision."""
    to: dict[str, Any] = {"application_id": row.pk, "by": by, "at": at}
    steps.contact_first(asker=asker, danger=False, words="Safe for now, she says", **to)
    operations.check_identity(how="Passport and a letter", **to)
    operations.check_abuser(found=found, why="Own records and PND, today", **to)
    for source, _ in rules.choices("sources"):
        steps.search(source=source, on=at.date(), words="Searched, there is something", **to)
    steps.hear(
        agency="advocates",
        asked_on=at.date(),
        view="tell",
        attended=True,
        words="She can protect herself then",
        **to,
    )


def propose(
    row: Application,
    decision: str = "tell",
    whom: str = "at_risk",
    *,
    by: StaffMember,
    at: datetime = AT,
    **more: str,
) -> Proposal:
    """Propose a decision."""
    proposed = deciding.Proposed(decision, WHY, WHY, WHY, whom=whom, **more)
    deciding.propose(application_id=row.pk, proposed=proposed, by=by, at=at)
    return Proposal.objects.filter(application=row).latest("at")


def second(
    made: Proposal, *, by: StaffMember | None = None, agreed: bool = True, at: datetime = AT
) -> None:
    """Agree to a proposal, or not, as somebody else."""
    by = by or member(Role.SUPERVISOR, name="Second Person")
    deciding.second(proposal_id=made.pk, agreed=agreed, why=WHY, by=by, at=at)


def decided(
    row: Application,
    decision: str = "tell",
    whom: str = "at_risk",
    *,
    by: StaffMember,
    at: datetime = AT,
    **more: str,
) -> None:
    """Let two people decide."""
    second(propose(row, decision, whom, by=by, at=at, **more), at=at)


def tell(
    row: Application, whom: str = "at_risk", *, by: StaffMember, at: datetime = AT, said: str = WHY
) -> None:
    """Plan and record that somebody was told."""
    to: dict[str, Any] = {"application_id": row.pk, "by": by, "at": at}
    if whom != "nobody":
        steps.plan(
            place="At the clinic in the morning",
            goes="Two of us, one known to her",
            not_learn="Nobody of his family either",
            reached="call",
            **to,
        )
    private = "no_one" if whom == "nobody" else "said"
    spoken = telling.Spoken(whom, "She can leave; at the clinic", said, private, WHY)
    telling.tell(spoken=spoken, **to)
