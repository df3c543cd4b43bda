"""What becomes of each table that may hold something of a report, once the report is destroyed.

A table that leads to a report and is not named here fails a test, so that none is forgotten.
"""

from __future__ import annotations

from enum import StrEnum


class Fate(StrEnum):
    """What becomes of a table's rows."""

    DESTROYED = "destroyed"
    CLEARED = "cleared"  # the row stays, without words
    KEPT = "kept"  # it holds no word of anybody


TABLES = {
    "intake_sealedreport": Fate.DESTROYED,
    "intake_sentpart": Fate.DESTROYED,
    "intake_said": Fate.DESTROYED,
    "intake_returnplace": Fate.DESTROYED,
    "intake_nudge": Fate.DESTROYED,
    "intake_intakeevent": Fate.KEPT,  # digests, in a chain
    "intake_tombstone": Fate.KEPT,
    "triage_slip": Fate.CLEARED,
    "triage_opening": Fate.CLEARED,
    "triage_identity_opening": Fate.CLEARED,
    "incident": Fate.CLEARED,
    "incident_role": Fate.KEPT,  # parts as they are counted
    "dvds_application": Fate.CLEARED,
    "must_not_receive": Fate.KEPT,  # that somebody must not, by their part
    "contact_profile": Fate.DESTROYED,
    "contact_version": Fate.DESTROYED,
    "contact_due": Fate.DESTROYED,
    "contact_opening": Fate.DESTROYED,
    "contact_override": Fate.DESTROYED,
    "exhibit": Fate.DESTROYED,
    "exhibit_cleaned_part": Fate.DESTROYED,
    "conversation_read": Fate.DESTROYED,
    "conversation_key": Fate.DESTROYED,
    "nudge_due": Fate.DESTROYED,
    "feedback": Fate.DESTROYED,
    "feedback_reading": Fate.DESTROYED,
    "retention_hold": Fate.DESTROYED,
    "retention_keep": Fate.DESTROYED,
    "retention_due": Fate.DESTROYED,
    "retention_destruction": Fate.KEPT,
    "retention_certificate": Fate.KEPT,
}
