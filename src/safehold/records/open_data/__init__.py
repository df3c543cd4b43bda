"""Open data, apart from every record of a person: a Parquet store replaced month by month."""
