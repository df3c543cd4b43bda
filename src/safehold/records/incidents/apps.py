from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Things that happened."""

    name = "safehold.records.incidents"
    label = "incidents"
