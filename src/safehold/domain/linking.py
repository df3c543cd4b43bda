"""Whether a report may be tied to a person. Nothing ties one that its reporter did not free for it.

Everybody is asked on a page that says what it means; a report about a place has no such page, so it
never is tied. Of whoever hides a name, or gives none, silence is a no. A name given openly frees a
report unless its reporter says no there.
"""

from __future__ import annotations

from enum import StrEnum

QUESTION, FIELD, YES, NO = "others", "answer", "yes", "no"


class Basis(StrEnum):
    """On what a report may be tied to a person, or why it may not."""

    NAMED = "named"
    CHOSEN = "chosen"
    RECORDED = "recorded"
    NOT_CHOSEN = "not chosen"
    PLACE = "place"
    NOT_KNOWN = "not known"


SENTENCES = {
    Basis.NAMED: "Told with a name.",
    Basis.CHOSEN: "The reporter chose, on a page of its own, that it may"
    " be put beside what others say of the same person.",
    Basis.RECORDED: "Recorded by an officer, or taken from the force’s records system.",
    Basis.NOT_CHOSEN: "The reporter was asked on a page of its own, and did not choose it.",
    Basis.PLACE: "About a place, where nobody is asked.",
    Basis.NOT_KNOWN: "Taken in before it was asked.",
}


def basis_of(*, about_somebody: bool, how: str, name: str, said: str) -> Basis:
    """Say on what a report stands.

    `how` is how it was told (named, hidden or anonymous), `name` whatever was given openly as one,
    and `said` the answer to the question of its own. A name that was announced and never given is
    none. A plain no counts whatever else was said.
    """
    if not about_somebody:
        return Basis.PLACE
    if how == "named" and name.strip() and said != NO:
        return Basis.NAMED
    return Basis.CHOSEN if said == YES else Basis.NOT_CHOSEN


def may_be_linked(basis: Basis) -> bool:
    """Tell whether a report on this basis may be tied to a person."""
    return basis in {Basis.NAMED, Basis.CHOSEN, Basis.RECORDED}
