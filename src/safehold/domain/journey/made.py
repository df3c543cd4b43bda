"""What a journey makes of its answers: what goes into each envelope, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


class NotWhole(ValueError):
    """Answers without one that the report needs; the message says which, for our own people."""


@dataclass(frozen=True, slots=True)
class MadeReport:
    """A report ready to be sealed. `identity` is None where nothing is to be hidden apart."""

    slip: dict[str, Any]
    account: dict[str, Any]
    identity: dict[str, Any] | None = None
