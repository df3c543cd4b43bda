"""The one order in which rows of the records store are locked.

Whoever changes rows of more than one table in a transaction locks them in this order, rows of one
table by their key, and writes the audit last. Nearly all begins with the slip of the report: who
holds it is alone with what hangs on it. What begins further down (a share, an incident that holds
several reports) never goes back up; where the slip is needed too it comes first, by a look without
a lock at whose it is. Two who take the same rows the other way round would wait for each other, and
PostgreSQL ends one of them in the middle of somebody's work.

Tables that are only ever written with the row that they hang on are not named. The tests of every
room are run under this order (tests/records/conftest.py).
"""

from __future__ import annotations

ORDER = (
    "work_case",
    "work_case_member",
    "protective_order",
    "retention_run",
    "triage_flood",
    "triage_slip",
    "retention_destruction",
    "retention_due",
    "retention_hold",
    "retention_keep",
    "contact_override",
    "contact_due",
    "contact_profile",
    "exhibit",
    "case_export",
    "share",
    "must_not_receive_entry",
    "feedback",
    "incident",
    "incident_role",
    "person",
    "person_merge",
    "safety_plan",
    "safety_action",
    "safety_referral",
    "address_marker",
    "dvds_application",
    "triage_name_request",
    "clock",
    "deadline",
    "duty_alarm",
    "nudge_due",
)
