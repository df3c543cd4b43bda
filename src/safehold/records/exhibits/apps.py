from django.apps import AppConfig


class ExhibitsConfig(AppConfig):
    """Files that came with reports: what they are, and a clean copy of each."""

    name = "safehold.records.exhibits"
    label = "exhibits"
