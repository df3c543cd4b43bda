"""Who acts, and on what: values copied into the audit, so that a row outlives both."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class AnonymousActor(ValueError):
    """An act without somebody to answer for it."""


class ActorKind(StrEnum):
    """Whether a person acted or a process did."""

    PERSON = "person"
    SYSTEM = "system"


class Member(Protocol):
    """What the audit reads of a member of staff."""

    @property
    def pk(self) -> Any:
        """The member's key, kept although the row of the member may go."""

    @property
    def is_authenticated(self) -> Any:
        """Whether somebody is really there."""

    @property
    def username(self) -> Any:
        """The name they sign in with."""

    @property
    def agency(self) -> Any:
        """Whom they work for; empty for the force itself."""


@dataclass(frozen=True, slots=True)
class System:
    """A process that acts by itself, by its name: "scheduler", "command line"."""

    name: str


@dataclass(frozen=True, slots=True)
class About:
    """What an act is about: a kind ("report", "member") and the identifier of one of them."""

    kind: str
    identifier: str

    def __str__(self) -> str:
        """Return both as a reader meets them."""
        return f"{self.kind} {self.identifier}".strip()


def actor_fields(by: Member | System) -> dict[str, str]:
    """Return the columns that say who acted. Raises AnonymousActor where nobody did."""
    if isinstance(by, System):
        if not by.name:
            raise AnonymousActor("A process that acts needs a name.")
        return {"actor": by.name, "actor_id": "", "actor_kind": ActorKind.SYSTEM, "agency": ""}
    if by is None or not by.is_authenticated or by.pk is None:
        raise AnonymousActor("An act needs somebody who is signed in, or a process by name.")
    return {
        "actor": str(by.username),
        "actor_id": str(by.pk),
        "actor_kind": ActorKind.PERSON,
        "agency": str(by.agency),
    }
