"""What the application's role may do with certificates on PostgreSQL: add and read, no more."""

STAFF_ROLE = (("retention_certificate", ("SELECT", "INSERT")),)
