"""What the public role may do in this store on PostgreSQL: add to a number, never take one away."""

PUBLIC_ROLE = (("usage_weeklycount", ("SELECT", "INSERT", "UPDATE")),)
