from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """What came from a records system."""

    name = "safehold.records.imports"
    label = "imports"
