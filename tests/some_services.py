"""Support services for tests: added as a clerk adds them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from safehold.domain.opening_hours import Hours, OnBankHolidays
from safehold.domain.services import Service
from safehold.records.audit.actors import System
from safehold.records.services import operations

LINE = Service(
    name="Harbour line",
    about="Talks with you about harm at home.",
    serves="women",
    harms=frozenset({"at_home", "control"}),
    phone="0808 157 0101",
    hours=Hours(always=True, on_bank_holidays=OnBankHolidays.OPEN),
)


def add(at: datetime, **told: Any) -> UUID:
    """Add a service that differs from LINE in what is told."""
    return operations.add(service=replace(LINE, **told), by=System("test"), at=at)
