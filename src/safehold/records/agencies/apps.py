from django.apps import AppConfig


class AgenciesConfig(AppConfig):
    """Partner agencies, and the keys to which files for them are sealed."""

    name = "safehold.records.agencies"
    label = "agencies"
