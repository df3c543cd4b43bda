"""The public report journeys."""
