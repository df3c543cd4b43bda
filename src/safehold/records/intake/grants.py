"""What each role may do in this store on PostgreSQL: pairs of a table and its privileges.

The public role can add a sealed report and never see one again. Of an address for nudges it sees
that there is one, and may replace it; staff can take one out, and put none in its place. Staff may
remove a report, a part of a file and a message only once a tombstone is there: triggers hold to it
(records/removals.py).
"""

PUBLIC_ROLE = (
    ("intake_draft", ("SELECT", "INSERT", "UPDATE", "DELETE")),
    ("intake_saveddraft", ("SELECT", "INSERT", "UPDATE", "DELETE")),
    ("intake_upload", ("SELECT", "INSERT", "UPDATE", "DELETE")),
    ("intake_uploadpart", ("SELECT", "INSERT", "DELETE")),
    ("intake_sentpart", ("INSERT",)),
    ("intake_returnplace", ("SELECT", "INSERT", "DELETE")),
    ("intake_said", ("SELECT", "INSERT")),
    ("intake_callpass", ("SELECT", "DELETE")),
    ("intake_startcode", ("SELECT", "INSERT", "UPDATE", "DELETE")),
    ("intake_sealedreport", ("INSERT",)),
    (
        "intake_nudge",
        ("SELECT (report_id)", "INSERT", "UPDATE (sealed, kept_since)", "DELETE"),
    ),
    ("intake_spentcode", ("SELECT",)),
    ("intake_namemarks", ("SELECT",)),
    ("intake_passedreport", ("SELECT",)),
    ("intake_intakeevent", ("INSERT",)),
    ("intake_intakehead", ("SELECT", "UPDATE")),
)
STAFF_ROLE = (
    ("intake_draft", ("SELECT", "UPDATE", "DELETE")),
    ("intake_saveddraft", ("SELECT", "UPDATE", "DELETE")),
    ("intake_upload", ("SELECT", "UPDATE", "DELETE")),
    ("intake_uploadpart", ("SELECT", "DELETE")),
    ("intake_sentpart", ("SELECT", "DELETE")),
    ("intake_returnplace", ("SELECT", "DELETE")),
    ("intake_said", ("SELECT", "INSERT", "DELETE")),
    ("intake_callpass", ("SELECT", "INSERT", "DELETE")),
    ("intake_startcode", ("SELECT", "DELETE")),
    ("intake_sealedreport", ("SELECT", "DELETE")),
    ("intake_nudge", ("SELECT", "UPDATE (sealed)", "DELETE")),  # overwritten, then deleted
    ("intake_tombstone", ("SELECT", "INSERT")),
    ("intake_spentcode", ("SELECT", "INSERT", "DELETE")),
    ("intake_namemarks", ("SELECT", "INSERT", "UPDATE")),
    ("intake_passedreport", ("SELECT", "INSERT", "UPDATE", "DELETE")),
    ("intake_intakeevent", ("SELECT", "INSERT")),
    ("intake_intakehead", ("SELECT", "UPDATE")),
)
