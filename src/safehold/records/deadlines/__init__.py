"""Deadlines of cases: by when something has to happen, why, who sees to it, and what proved it."""
