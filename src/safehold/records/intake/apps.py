from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """What visitors send, sealed."""

    name = "safehold.records.intake"
    label = "intake"
