"""What the staff's role may do here on PostgreSQL; the public's may read, and no more."""

STAFF_ROLE = (
    ("places_release", ("SELECT", "INSERT")),
    ("places_release_area", ("SELECT", "INSERT")),
    ("places_release_cell", ("SELECT", "INSERT")),
    ("places_answer", ("SELECT", "INSERT", "DELETE")),
)
