"""Cases in bulk, with 200,000 open actions in them: beside the records of `bench._unit_records`."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from bench._unit_records import AT, Row, Store, incident_id, person_id

ACTIONS_OF_A_CASE = 5


def case_id(number: int) -> UUID:
    """Return the key of case `number`."""
    return UUID(int=(6 << 120) + number, version=4)


def fill_cases(store: Store, actions: int, people: int, officers: list[int]) -> None:
    """Write open actions, five of a case; a case has two incidents and whom it is about.

    Each is of one of the officers, who owns the case and has to do what is open in it.
    """
    from safehold.records.cases.models import Case, CaseIncident, CaseMember, CaseParty
    from safehold.records.safety.models import SafetyAction

    cases = range(actions // ACTIONS_OF_A_CASE)
    owners = [officers[number % len(officers)] for number in cases]
    store.take(Case, (_case(number, owners[number]) for number in cases))
    store.take(CaseMember, (_owner(number, owners[number]) for number in cases))
    store.take(
        CaseIncident,
        (
            _in_case(number, owners[number]) | {"incident_id": incident_id(2 * number + which)}
            for number in cases
            for which in (0, 1)
        ),
    )
    store.take(
        CaseParty,
        (
            _in_case(number, owners[number])
            | {"person_id": person_id((number + which * 7) % people), "part": part}
            for number in cases
            for which, part in enumerate(("victim", "suspect"))
        ),
    )
    store.take(
        SafetyAction,
        (
            _action(number, which, owners[number])
            for number in cases
            for which in range(ACTIONS_OF_A_CASE)
        ),
    )


def _case(number: int, by: int) -> Row:
    return {
        "id": case_id(number),
        "reference": f"C{number:08}",
        "kind": "protection",
        "team": "Eastmere",
        "opened_at": AT - timedelta(minutes=number),
        "opened_by_id": by,
        "opened_why": "She asked for somebody whom she knows",
    }


def _owner(number: int, by: int) -> Row:
    return {
        "id": UUID(int=(7 << 120) + number, version=4),
        "case_id": case_id(number),
        "member_id": by,
        "relation": "owner",
        "since": AT - timedelta(minutes=number),
        "named_by_id": by,
    }


def _in_case(number: int, by: int) -> Row:
    added = {"added_at": AT - timedelta(minutes=number), "added_by_id": by}
    return {"case_id": case_id(number), **added}


def _action(number: int, which: int, by: int) -> Row:
    return {
        "id": UUID(int=(8 << 120) + number * ACTIONS_OF_A_CASE + which, version=4),
        "case_id": case_id(number),
        "kind": "victim_care",
        "owner_id": by,
        "team": "Eastmere",
        "due_at": AT + timedelta(minutes=(number * 7_919 + which * 997) % 60_000 - 10_000),
        "origin": "typed",
        "started_at": AT - timedelta(days=10),
        "started_by_id": by,
    }
