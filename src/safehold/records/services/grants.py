"""What each role may do here on PostgreSQL: the public reads what stands, and not who wrote it."""

PUBLIC_ROLE = (("support_service", ("SELECT",)),)
STAFF_ROLE = (
    ("support_service", ("SELECT", "INSERT", "UPDATE")),
    ("support_service_version", ("SELECT", "INSERT")),
)
