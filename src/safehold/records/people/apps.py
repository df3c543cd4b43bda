from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """People whom incidents and cases are about."""

    name = "safehold.records.people"
    label = "people"
