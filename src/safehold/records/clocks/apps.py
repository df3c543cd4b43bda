from django.apps import AppConfig


class ClocksConfig(AppConfig):
    """Deadlines from rules: when each is due, and what stopped it."""

    name = "safehold.records.clocks"
    label = "clocks"
