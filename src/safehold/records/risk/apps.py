from django.apps import AppConfig


class RiskConfig(AppConfig):
    """Risk of one person from another."""

    name = "safehold.records.risk"
    label = "risk"
