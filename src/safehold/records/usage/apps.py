from django.apps import AppConfig


class UsageConfig(AppConfig):
    """Counts of pages by week."""

    name = "safehold.records.usage"
    label = "usage"
