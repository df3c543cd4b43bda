from django.apps import AppConfig


class ConflictsConfig(AppConfig):
    """Colleagues and linked parties, kept by professional standards."""

    name = "safehold.records.conflicts"
    label = "conflicts"
