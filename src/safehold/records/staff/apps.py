from django.apps import AppConfig


class StaffConfig(AppConfig):
    """People who work here: accounts, roles, teams."""

    name = "safehold.records.staff"
    label = "staff"
