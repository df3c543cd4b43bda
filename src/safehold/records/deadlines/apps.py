from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Deadlines of cases."""

    name = "safehold.records.deadlines"
    label = "deadlines"
