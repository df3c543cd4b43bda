from django.apps import AppConfig


class NudgesConfig(AppConfig):
    """Nudges: who has to be told that there is something new, and what became of it."""

    name = "safehold.records.nudges"
    label = "nudges"
