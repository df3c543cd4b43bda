"""Importing open cases: what each is work on, whom it is about, and who owns it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from safehold.domain.access import Permission
from safehold.domain.access import Role as StaffRole
from safehold.domain.extract_rows import Row
from safehold.records.cases.models import Case, CaseIncident, CaseMember, CaseParty, Relation
from safehold.records.cases.references import new_reference
from safehold.records.imports.columns import CORRECTED, Group, bring_up, kept
from safehold.records.imports.models import Imported
from safehold.records.imports.report import Weight
from safehold.records.imports.working import SAYS_OTHERWISE, Kept, Work
from safehold.records.incidents.models import Incident
from safehold.records.incidents.models import Role as InIncident
from safehold.records.staff.models import StaffMember

OPEN_THERE = "Open in the records system when it was imported"
_GROUPS = (
    Group(("kind",), ("kind",)),
    Group(("team",), ("team",)),
    Group(("restricted",), ("restricted",)),
)
_STAYS = "names one fewer than before; here it stays"


@dataclass
class Cases:
    """Rows that are open cases."""

    _stored: dict[Any, Case] = field(default_factory=dict)
    _owners: dict[str, StaffMember] = field(default_factory=dict)
    _sealed: set[Any] = field(default_factory=set)

    def load(self, rows: Sequence[Row], work: Work) -> None:
        """Read the cases that may change, the members who are named, and colleagues' incidents."""
        self._stored = Case.objects.in_bulk([each.target for each in work.known.values()])
        self._owners = _members(row.one("owner", "") for row in rows)
        about = Incident.objects.filter(pk__in=set(work.targets.values()), police_party=True)
        self._sealed = set(about.values_list("pk", flat=True))

    def new(self, row: Row, work: Work) -> Kept | None:
        """Open a case. One that is restricted is not shown to more people for want of an owner."""
        incidents, lacks = work.refer(row, "incident")
        parties, lacks_too = work.refer(row, "party")
        sealed = bool(row.one("colleague")) or any(key in self._sealed for _, key in incidents)
        owner = self._owner(row, work, sealed=sealed)
        values = _values(row)
        if values["restricted"] and owner is None:
            says = "is restricted and names no owner who may see it here"
            work.tell(row, Weight.REFUSED, "owner", says)
            return None
        opened = row.one("opened")
        case = Case(
            reference=work.reference(Case, new_reference),
            sealed_to=StaffRole.PROFESSIONAL_STANDARDS if sealed else "",
            opened_at=opened.at if opened else work.at,
            opened_by=work.by,
            opened_why=OPEN_THERE,
            **values,
        )
        work.insert(case)
        self._add(case, {key for _, key in incidents}, set(parties), work)
        if owner is not None:
            work.insert(_owns(case, owner, work))
        made = {"columns": kept(values, _GROUPS), **_named(owner, incidents, parties)}
        return Kept(case.pk, made, lacks or lacks_too)

    def change(self, row: Row, imported: Imported, work: Work) -> Kept | None:
        """Add what the source says now; nobody and nothing is taken out of a case by an import."""
        case = self._stored[imported.target]
        if case.closed_at is not None:
            says = "is open in the source and was closed here; nothing of it was changed"
            work.tell(row, Weight.CONFLICT, "kind", says)
            return Kept(case.pk, imported.made, imported.waits, changed=False)
        incidents, lacks = work.refer(row, "incident")
        parties, lacks_too = work.refer(row, "party")
        owner = self._owner(row, work, sealed=bool(case.sealed_to))
        values, before = _values(row), imported.made
        if values["restricted"] and not (owner or _owner_of(case)):
            says = "is restricted and names no owner who may see it here"
            work.tell(row, Weight.REFUSED, "owner", says)
            return None
        columns, changed = bring_up(case, values, row, imported, work=work, groups=_GROUPS)
        colleague = row.one("colleague") or any(key in self._sealed for _, key in incidents)
        if colleague and not case.sealed_to:
            case.sealed_to, changed = StaffRole.PROFESSIONAL_STANDARDS, True
            case.save(update_fields=["sealed_to"])
        named = _named(owner, incidents, parties)
        changed = self._changed_owner(case, owner, row, imported, work) or changed
        had = (set(before["incidents"]), {tuple(each) for each in before["parties"]})
        has = (set(named["incidents"]), {tuple(each) for each in named["parties"]})
        for name, earlier, now in zip(("incident", "party"), had, has, strict=True):
            if earlier - now and not (lacks or lacks_too or work.doubtful(row, name)):
                work.tell(row, Weight.CONFLICT, name, _STAYS)
        fresh = {key for _, key in incidents if str(key) not in had[0]}
        new_parties = {(part, key) for part, key in parties if (part, str(key)) not in had[1]}
        changed = self._add(case, fresh, new_parties, work) or changed
        made = {
            "columns": columns,
            "owner": named["owner"] or before["owner"],
            "incidents": sorted(had[0] | has[0]),
            "parties": sorted(map(list, had[1] | has[1])),
        }
        return Kept(case.pk, made, lacks or lacks_too, changed=changed)

    def _add(self, case: Case, incidents: set[Any], parties: set[Any], work: Work) -> bool:
        added = {"added_at": work.at, "added_by": work.by}
        here = set(
            CaseIncident.objects.filter(case_id=case.pk).values_list("incident_id", flat=True)
        )
        for incident in sorted(incidents - here):
            work.insert(CaseIncident(case=case, incident_id=incident, **added))
        tied = InIncident.objects.filter(incident_id__in=incidents).exclude(person=None)
        parties = parties | set(tied.values_list("part", "person_id"))
        known = set(CaseParty.objects.filter(case_id=case.pk).values_list("part", "person_id"))
        for part, person in sorted(parties - known):
            work.insert(CaseParty(case=case, person_id=person, part=part, **added))
        return bool(incidents - here or parties - known)

    def _owner(self, row: Row, work: Work, *, sealed: bool) -> StaffMember | None:
        said = row.one("owner", "")
        if not said:
            return None
        member = self._owners.get(said.casefold())
        works = member is not None and member.may(Permission.SEE_CASES)
        if sealed and member is not None:
            works = works and member.role == StaffRole.PROFESSIONAL_STANDARDS
        if not works:
            says = "names an owner who does not work on such cases here; it has none"
            work.tell(row, Weight.FIELD, "owner", says)
            return None
        return member

    def _changed_owner(
        self, case: Case, owner: StaffMember | None, row: Row, imported: Imported, work: Work
    ) -> bool:
        stands, written = _owner_of(case), imported.made["owner"]
        if owner is None or (stands and stands.member_id == owner.pk):
            return False
        if str(owner.pk) == written:
            return False  # as before: whoever owns it now was named here
        if (str(stands.member_id) if stands else None) != written:
            work.tell(row, Weight.CONFLICT, "owner", CORRECTED)
            return False
        if stands:
            stands.until, stands.ended_by, stands.ended_why = work.at, work.by, SAYS_OTHERWISE
            stands.save(update_fields=["until", "ended_by", "ended_why"])
        work.insert(_owns(case, owner, work))
        return True


def _values(row: Row) -> dict[str, Any]:
    return {
        "kind": row.one("kind"),
        "team": row.one("team", ""),
        "restricted": bool(row.one("restricted")),
    }


def _named(owner: StaffMember | None, incidents: Any, parties: Any) -> dict[str, Any]:
    return {
        "owner": str(owner.pk) if owner else None,
        "incidents": sorted(str(key) for _, key in incidents),
        "parties": sorted([part, str(key)] for part, key in parties),
    }


def _owns(case: Case, member: StaffMember, work: Work) -> CaseMember:
    return CaseMember(
        case=case, member=member, relation=Relation.OWNER, since=work.at, named_by=work.by
    )


def _owner_of(case: Case) -> CaseMember | None:
    found = CaseMember.objects.filter(case=case, relation=Relation.OWNER, until=None)
    return found.first()


def _members(said: Any) -> dict[str, StaffMember]:
    """Return members by the sign-in name, the address or the name that a row gives; none of two."""
    wanted = {text.casefold() for text in said if text}
    found: dict[str, StaffMember] = {}
    twice = set[str]()
    for member in StaffMember.objects.filter(~Q(role=""), is_active=True):
        for text in {member.username, member.email, member.name}:
            folded = text.casefold()
            if folded in wanted:
                twice |= {folded} if folded in found else set()
                found[folded] = member
    return {text: member for text, member in found.items() if text not in twice}
