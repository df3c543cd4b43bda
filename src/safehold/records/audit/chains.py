"""The two chains that the audit looks after: its own, and the intake store's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from safehold.domain.audit_chain import GENESIS, Link
from safehold.records import chain_rows
from safehold.records.audit.models import CHAIN, AuditEvent
from safehold.records.intake.models import CHAIN as INTAKE_CHAIN
from safehold.records.intake.models import IntakeEvent


@dataclass(frozen=True, slots=True)
class Chain:
    """A chain by its name, the model of its rows and the store they are in."""

    name: str
    model: type[models.Model]
    alias: str

    def end(self) -> tuple[int, str]:
        """Return the number and hash of the last row; 0 and the beginning where there is none."""
        rows = self.model._default_manager.using(self.alias)
        last = rows.order_by("-sequence").values_list("sequence", "hash").first()
        return last or (0, GENESIS)

    def links(self) -> Iterator[Link]:
        """Stream the rows in order."""
        return chain_rows.stored_links(self.model, using=self.alias)

    def count(self) -> int:
        """Return the number of rows."""
        return chain_rows.row_count(self.model, using=self.alias)


CHAINS = (
    Chain(CHAIN, AuditEvent, "default"),
    Chain(INTAKE_CHAIN, IntakeEvent, "intake"),
)
