from django.apps import AppConfig


class DutyConfig(AppConfig):
    """Who holds the watch at this hour, and what they are alarmed about."""

    name = "safehold.records.duty"
    label = "duty"
