"""What a case holds, as rows of each kind, of what one member may know of it.

What that member may not see, somebody sealed to another role above all, is not there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from safehold.domain import persons
from safehold.domain.case_files import LEFT_OUT
from safehold.records.cases.models import Case, CaseMember
from safehold.records.cases.models import CaseParty as Party
from safehold.records.histories import queries as histories
from safehold.records.incidents import queries as incidents
from safehold.records.incidents.models import Incident
from safehold.records.incidents.models import Role as InIncident
from safehold.records.people import doors, finding
from safehold.records.people.facts import KINDS
from safehold.records.people.models import Address, AddressReader, Person
from safehold.records.people.models_of_persons import Fact
from safehold.records.staff.models import StaffMember

Row = dict[str, object]
_SORTS = {
    "name": "names",
    "birth": "births",
    "contact": "contacts",
    "home": "homes",
    "need": "needs",
    "trait": "traits",
    "flag": "flags",
}
_LISTS = {
    "name": "names",
    "contact": "contacts",
    "need": "needs",
    "trait": "characteristics",
    "flag": "flags",
}


@dataclass(frozen=True, slots=True)
class Contents:
    """The rows of a case by kind; `looked` says of each person where their history was sought."""

    rows: dict[str, list[Row]] = field(repr=False)
    looked: dict[str, dict[str, list[str]]] = field(repr=False)


def contents_of(case: Case, *, opened: frozenset[UUID], by: StaffMember) -> Contents:
    """Return all that a member may know of a case. Of protected addresses, those `opened` alone."""
    found = list(
        incidents.seen_by(by)
        .filter(cases__case=case)
        .select_related("place", "crime_decided_by")
        .order_by("recorded_at", "pk")
    )
    doors.give_addresses(found)
    roles = list(
        InIncident.objects.filter(incident__in=found)
        .select_related("incident", "person")
        .order_by("incident__recorded_at", "part", "pk")
    )
    known = _people(case, roles, by)
    looked = {known[key]: _looked_for(key) for key in known}
    rows: dict[str, list[Row]] = {
        "case": [_case(case)],
        "members": [_member(row) for row in _members(case)],
        "incidents": [_incident(row, opened) for row in found],
        "roles": [_role(row, known) for row in roles],
        "people": [{"person": reference} for reference in known.values()],
        **_facts(known, opened, by),
        "searches": [
            {"person": known[key], **_search(each)}
            for key in known
            for each in histories.looked_for([key])
            if each.outcome
        ],
    }
    return Contents(rows, looked)


def opened_to(member: StaffMember) -> frozenset[UUID]:
    """Return the protected addresses that a member was named to read."""
    rows = AddressReader.objects.filter(member=member, address__protected=True)
    return frozenset(rows.values_list("address_id", flat=True))


def _people(case: Case, roles: Iterable[InIncident], by: StaffMember) -> dict[UUID, str]:
    """Return whom a case is about or who has a part in it: identity and reference."""
    rows = {role.person_id for role in roles if role.person_id is not None}
    rows |= set(Party.objects.filter(case=case).values_list("person_id", flat=True))
    seen = finding.visible_to(by).filter(pk__in=rows).values("identity")
    found = Person.objects.filter(pk__in=seen).order_by("recorded_at", "pk")
    return dict(found.values_list("pk", "reference"))


def _facts(
    known: dict[UUID, str], opened: frozenset[UUID], by: StaffMember
) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    of = finding.visible_to(by).filter(identity__in=known)
    for what, kind in KINDS.items():
        rows = kind._default_manager.filter(person__in=of, ended_at=None)
        facts = list(rows.select_related("person", "recorded_by").order_by("recorded_at", "pk"))
        if what == "home":
            doors.give_addresses(facts)
        found[_SORTS[what]] = [
            {"person": known[fact.person.identity], **_says(what, fact, opened), **_origin(fact)}
            for fact in facts
        ]
    return found


def _says(what: str, fact: Any, opened: frozenset[UUID]) -> Row:
    if what == "birth":
        certain = persons.label("birth_certainties", fact.certainty)
        return {"earliest": _day(fact.earliest), "latest": _day(fact.latest), "certainty": certain}
    if what == "home":
        return {
            **_address(fact.address, opened),
            "since": _day(fact.since),
            "until": _day(fact.until),
        }
    said: Row = {"kind": persons.label(_LISTS[what], fact.kind)}
    if what == "name":
        return said | {"name": fact.written}
    if what == "contact":
        return said | {"value": fact.value}
    if what == "trait":
        answer = persons.label("answers", fact.answer)
        options = persons.CHARACTERISTICS[fact.kind].options
        return said | {"answer": answer, "value": options.get(fact.value, fact.value)}
    if what == "flag":
        return said | {"words": fact.words, "look_again": _day(fact.until)}
    return said | {"words": fact.words}


def _origin(fact: Fact) -> Row:
    return {
        "source": persons.label("sources", fact.source),
        "source_words": fact.source_words,
        "recorded_at": _moment(fact.recorded_at),
        "recorded_by": fact.recorded_by.name,
    }


def _address(address: Address | None, opened: frozenset[UUID]) -> Row:
    if address is None:
        return {"line": "", "town": "", "postcode": ""}
    if address.protected and address.pk not in opened:
        return {"line": LEFT_OUT, "town": "", "postcode": ""}
    return {"line": address.line, "town": address.town, "postcode": address.postcode}


def _case(case: Case) -> Row:
    return {
        "case": case.reference,
        "kind": case.get_kind_display(),
        "opened_at": _moment(case.opened_at),
        "opened_why": case.opened_why,
        "closed_at": _moment(case.closed_at),
        "closed_why": case.closed_why,
    }


def _members(case: Case) -> list[CaseMember]:
    rows = CaseMember.objects.filter(case=case).select_related("member")
    return list(rows.order_by("since", "pk"))


def _member(row: CaseMember) -> Row:
    return {
        "member": row.member.name,
        "relation": row.get_relation_display(),
        "since": _moment(row.since),
        "until": _moment(row.until),
    }


def _incident(row: Incident, opened: frozenset[UUID]) -> Row:
    return {
        "incident": row.reference,
        "kind": row.get_classification_display(),
        "starts_at": _moment(row.starts_at),
        "ends_at": _moment(row.ends_at),
        "time_is_known": row.get_time_precision_display(),
        "note": row.note,
        "crime": row.get_crime_decision_display(),
        "crime_reason": row.crime_reason,
        "crime_decided_at": _moment(row.crime_decided_at),
        "offence": row.offence,
        "setting": row.get_setting_display(),
        "acquainted": row.get_acquainted_display(),
        "online": row.get_online_display(),
        "alcohol_or_drugs": row.get_alcohol_or_drugs_display(),
        "night_time": row.get_night_time_display(),
        **_address(row.address, opened),
        "recorded_at": _moment(row.recorded_at),
    }


def _role(row: InIncident, known: dict[UUID, str]) -> Row:
    return {
        "incident": row.incident.reference,
        "part": row.get_part_display(),
        "in_law": row.get_category_display(),
        "relationship": row.get_relationship_display(),
        "child": row.get_child_display(),
        "person": known.get(row.person.identity, "") if row.person else "",
    }


def _search(each: histories.Looked) -> Row:
    return {
        "source": each.source.label,
        "outcome": each.outcome,
        "words": each.words,
        "at": _moment(each.at),
        "by": each.by,
    }


def _looked_for(identity: UUID) -> dict[str, list[str]]:
    looked = histories.looked_for([identity])
    done = [each.source.label for each in looked if each.outcome in {"found", "nothing"}]
    return {
        "searched": ["Our records here", *done],
        "not searched": [each.source.label for each in looked if each.source.label not in done],
    }


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds") if at else ""


def _day(on: date | None) -> str:
    return on.isoformat() if on else ""
