from django.apps import AppConfig


class TriageConfig(AppConfig):
    """What arrived, before anybody has opened it."""

    name = "safehold.records.triage"
    label = "triage"
