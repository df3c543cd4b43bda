from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Work on incidents."""

    name = "safehold.records.cases"
    label = "cases"
