"""Films and pictures that an installation puts beside its words: files, and no table."""
