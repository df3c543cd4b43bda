"""The staff side of `bench.officers_at_once`: records in bulk, and officers who are signed in.

python -m bench._officers PEOPLE INCIDENTS ACTIONS OWNER
"""

from __future__ import annotations

import json
import sys

import django

OFFICERS = 50


def main(people: int, incidents: int, actions: int, owner: str) -> None:
    """Fill the store, sign everybody in, and print each one's cookies and what they ask for."""
    django.setup()
    from django.test import Client

    from bench import _unit_cases as unit_cases
    from bench import _unit_pages as unit
    from bench import _unit_records as records
    from tests.desk import member, sign_in

    members = [member(name=f"Officer {number}") for number in range(OFFICERS)]
    unit.filled(records, (people, incidents, actions), owner, [each.pk for each in members])
    told = []
    for number, each in enumerate(members):
        client = Client(SERVER_NAME="127.0.0.1")
        sign_in(client, each)
        told.append(
            {
                "cookies": {name: morsel.value for name, morsel in client.cookies.items()},
                "name": records.name_of(number * 7),
                "people": [str(records.person_id(number * 20 + one)) for one in range(20)],
                "cases": [str(unit_cases.case_id(number * 8 + one)) for one in range(8)],
            }
        )
    print(json.dumps(told))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:4]), sys.argv[4])
