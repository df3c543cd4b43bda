"""What happened before: of a person, a pair, an address or a child, and where it was looked for."""
