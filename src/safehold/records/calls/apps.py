from django.apps import AppConfig


class CallsConfig(AppConfig):
    """Reports that members type for callers: who began which call."""

    name = "safehold.records.calls"
    label = "calls"
