"""What was recorded of two people while they were held to be one: for somebody to move.

It stays with whom it was recorded of until then, so that taking a merge back loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Model, QuerySet

from safehold.records.cases import parties
from safehold.records.cases import queries as cases
from safehold.records.cases.models import CaseParty
from safehold.records.histories.models import SourceSearch
from safehold.records.incidents import queries as incidents
from safehold.records.incidents import ties
from safehold.records.incidents.models import Role as InIncident
from safehold.records.people import doors, finding, merging, moving
from safehold.records.people.facts import KINDS, FactNotFound
from safehold.records.people.models import Merge, Person
from safehold.records.people.models_of_persons import Fact
from safehold.records.staff.models import StaffMember


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What was recorded of the one who was kept, and what of the other was ended.

    `kept` and `other` are the two as they are now; they are one while the merge holds. A fact comes
    with its sort, as an address has it.
    """

    kept: UUID
    other: UUID
    facts: Sequence[tuple[str, Fact]]
    ended: Sequence[tuple[str, Fact]]
    roles: Sequence[InIncident]
    parties: Sequence[CaseParty]
    searches: Sequence[SourceSearch]

    @property
    def movable(self) -> list[str]:
        """Return the keys of what can be moved."""
        rows = (*(fact for _, fact in self.facts), *self.roles, *self.parties)
        return [key_of(row) for row in rows]

    @property
    def is_nothing(self) -> bool:
        """Tell whether nothing was recorded."""
        return not (self.facts or self.ended or self.roles or self.parties or self.searches)


def since_merge(merge: Merge, *, by: StaffMember, at: datetime) -> Meanwhile:
    """Return what was recorded since a merge, until it was taken back or until now.

    It is of the rows that did not come by the merge; of what the member may know of.
    """
    now = dict(
        Person.objects.filter(pk__in=[merge.kept, merge.folded]).values_list("pk", "identity")
    )
    kept = now[merge.kept]
    came = [UUID(key) for key in merge.moved]
    rows = finding.visible_to(by).filter(identity=kept).exclude(pk__in=came)
    between = (merge.at, merge.undone_at or at)
    roles = InIncident.objects.filter(person__in=rows, tied_at__range=between)
    in_cases = CaseParty.objects.filter(person__in=rows, added_at__range=between)
    searches = SourceSearch.objects.filter(identity__in=rows.values("pk"), at__range=between)
    return Meanwhile(
        kept=kept,
        other=now[merge.folded],
        facts=_facts(rows, ended_at=None, recorded_at__range=between),
        ended=_facts(finding.visible_to(by).filter(pk__in=came), ended_at__range=between),
        roles=list(
            roles.filter(incident__in=incidents.seen_by(by))
            .select_related("incident")
            .order_by("tied_at", "pk")
        ),
        parties=list(
            in_cases.filter(case__in=cases.seen_by(by))
            .select_related("case")
            .order_by("added_at", "pk")
        ),
        searches=list(searches.select_related("by").order_by("at", "pk")),
    )


def _facts(rows: QuerySet[Person], **where: object) -> list[tuple[str, Fact]]:
    found: list[tuple[str, Fact]] = []
    for what, kind in KINDS.items():
        of = kind._default_manager.filter(person__in=rows, **where)
        facts = list(of.select_related("recorded_by"))
        if what == "home":
            doors.give_addresses(facts)
        found += [(what, fact) for fact in facts]
    return sorted(found, key=lambda each: (each[1].recorded_at, str(each[1].pk)))


class NotTakenBack(Exception):
    """The merge holds: whatever was recorded since is of one person."""


@transaction.atomic
def move(*, merge_id: UUID, chosen: Iterable[str], why: str, by: StaffMember, at: datetime) -> int:
    """Move what was recorded meanwhile to the other person: all that was chosen, or nothing.

    `chosen` holds keys of `key_of`. Returns how many. Raises ReasonTooThin, Refused, MergeNotFound,
    NotTakenBack, FactNotFound for what is not on the list any more, or as each move does.
    """
    found = merging.merge_of(merge_id, by=by)
    if found.undone_at is None:
        raise NotTakenBack("Take the merge back first: until then it is one person.")
    listed = since_merge(found, by=by, at=at)
    act: dict[str, Any] = {"to": listed.other, "why": why, "by": by, "at": at}
    moves: dict[str, Callable[[], object]] = {
        **{
            key_of(fact): partial(moving.move_fact, what=what, fact_id=fact.pk, **act)
            for what, fact in listed.facts
        },
        **{
            key_of(role): partial(
                ties.move_role, incident_id=role.incident_id, role_id=role.pk, **act
            )
            for role in listed.roles
        },
        **{
            key_of(party): partial(parties.move_party, party_id=party.pk, **act)
            for party in listed.parties
        },
    }
    wanted = list(dict.fromkeys(chosen))
    if not set(wanted) <= set(moves):
        raise FactNotFound("Some of this was moved or ended meanwhile. Look again.")
    for key in wanted:
        moves[key]()
    return len(wanted)


def key_of(row: Model) -> str:
    """Name something that can be moved, for a form."""
    return f"{row._meta.model_name}-{row.pk}"
