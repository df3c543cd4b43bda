"""Whether a report may be tied to a person. Nothing ties one that its reporter did not free for it.

Whoever gives a name openly can be asked, and can say no. Whoever hides it, or gives none, has
chosen it on a page that says what it means; a report about a place has no such page, so it never
is. Silence is a no.
"""

from __future__ import annotations

from enum import StrEnum

QUESTION, FIELD, YES = "others", "answer", "yes"


class Basis(StrEnum):
    """On what a report may be tied to a person, or why it may not."""

    NAMED = "named"
    CHOSEN = "chosen"
    NOT_CHOSEN = "not chosen"
    PLACE = "place"
    NOT_KNOWN = "not known"


SENTENCES = {
    Basis.NAMED: "Told with a name.",
    Basis.CHOSEN: "Told without an open name. The reporter chose, on a page of its own, that it may"
    " be put beside what others say of the same person.",
    Basis.NOT_CHOSEN: "Told without an open name, and the reporter did not choose it.",
    Basis.PLACE: "About a place, where nobody is asked.",
    Basis.NOT_KNOWN: "Taken in before it was asked.",
}


def basis_of(*, about_somebody: bool, how: str, name: str, said: str) -> Basis:
    """Say on what a report stands.

    `how` is how it was told (named, hidden or anonymous), `name` whatever was given openly as one,
    and `said` the answer to the question of its own. A name that was announced and never given is
    none.
    """
    if not about_somebody:
        return Basis.PLACE
    if how == "named" and name.strip():
        return Basis.NAMED
    return Basis.CHOSEN if said == YES else Basis.NOT_CHOSEN


def may_be_linked(basis: Basis) -> bool:
    """Tell whether a report on this basis may be tied to a person."""
    return basis in {Basis.NAMED, Basis.CHOSEN}
