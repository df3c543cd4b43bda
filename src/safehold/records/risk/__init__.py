"""Risk: instruments filled in, what was checked, and what a person made of it."""
