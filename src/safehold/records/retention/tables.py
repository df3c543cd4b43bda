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
    "intake_passedreport": Fate.DESTROYED,
    "intake_intakeevent": Fate.KEPT,  # digests, in a chain
    "intake_tombstone": Fate.KEPT,
    "triage_slip": Fate.CLEARED,
    "triage_opening": Fate.CLEARED,
    "triage_identity_opening": Fate.CLEARED,
    "incident": Fate.CLEARED,
    "incident_role": Fate.CLEARED,  # parts as they are counted, nobody's any more
    "incident_outcome": Fate.CLEARED,
    "work_case_incident": Fate.KEPT,  # that the incident is in a case, which has an end of its own
    "protective_order_breach": Fate.KEPT,  # of an order, which has an end of its own
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
    "clock": Fate.KEPT,  # when what was due, and what stopped it
    "duty_alarm": Fate.KEPT,
    "triage_name_request": Fate.DESTROYED,
    "triage_account_mark": Fate.DESTROYED,
    "triage_passing": Fate.DESTROYED,
    "triage_sealed_again": Fate.DESTROYED,
    "conflict_recusal": Fate.KEPT,  # who was kept from it
    "incident_report": Fate.DESTROYED,
    "report_comparison": Fate.DESTROYED,
    "must_not_receive_entry": Fate.DESTROYED,
    "share": Fate.CLEARED,
    "share_act": Fate.KEPT,  # how a file was handed over, of which nothing is left
    "retention_hold": Fate.DESTROYED,
    "retention_keep": Fate.DESTROYED,
    "retention_due": Fate.DESTROYED,
    "retention_destruction": Fate.KEPT,
    "retention_certificate": Fate.KEPT,
    "dvds_clock": Fate.KEPT,  # when what was due, and when that was done
    "dvds_characteristics": Fate.KEPT,  # as it is counted, nobody's any more
    "dvds_link": Fate.DESTROYED,
    "dvds_first_contact": Fate.DESTROYED,
    "dvds_search": Fate.DESTROYED,
    "dvds_view": Fate.DESTROYED,
    "dvds_proposal": Fate.DESTROYED,
    "dvds_second": Fate.DESTROYED,
    "dvds_plan": Fate.DESTROYED,
    "dvds_telling": Fate.DESTROYED,
    "dvds_correction": Fate.DESTROYED,
}
