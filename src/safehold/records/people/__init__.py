"""People: their names, and whatever is recorded of them, each with where it came from."""
