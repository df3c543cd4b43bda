from django.apps import AppConfig


class HistoriesConfig(AppConfig):
    """What was searched for a history."""

    name = "safehold.records.histories"
    label = "histories"
