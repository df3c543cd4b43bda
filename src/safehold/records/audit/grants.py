"""What the application's role may do with the audit on PostgreSQL: add and read, no more."""

STAFF_ROLE = (("audit_auditevent", ("SELECT", "INSERT")),)
