"""Doing an act on an order out of a form, with one sentence in the form where it is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.forms import Form
from django.http import Http404

from safehold.domain.access import Refused
from safehold.records.cases.operations import Closed, NotForThem
from safehold.records.cases.queries import CaseNotFound
from safehold.records.incidents.queries import IncidentNotFound
from safehold.records.incidents.ties import NeverTied
from safehold.records.orders.breaking import BreachNotFound
from safehold.records.orders.keeping import Meanwhile, NotAnOrder
from safehold.records.orders.queries import OrderNotFound
from safehold.records.people.operations import PersonNotFound
from safehold.records.triage.reasons import ReasonTooThin

_ABSENT: Final = (OrderNotFound, BreachNotFound, CaseNotFound)
_REFUSED: Final = (
    NotAnOrder,
    Meanwhile,
    Closed,
    NotForThem,
    PersonNotFound,
    NeverTied,
    IncidentNotFound,
    ReasonTooThin,
    Refused,
)


def saved(form: Form, act: Callable[[], object]) -> bool:
    """Do an act; tell whether it was done.

    Raises Http404 for what the member may not know of, as for what is not there.
    """
    try:
        act()
    except _ABSENT as error:
        raise Http404(str(error)) from None
    except _REFUSED as error:
        field = getattr(error, "field", "")
        form.add_error(field if field in form.fields else None, str(error))
        return False
    return True
