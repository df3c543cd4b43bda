from django.apps import AppConfig


class SharesConfig(AppConfig):
    """What must not reach whom; later, what was passed to whom."""

    name = "safehold.records.shares"
    label = "shares"
