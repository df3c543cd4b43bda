from django.apps import AppConfig


class MaracConfig(AppConfig):
    """Referrals to a MARAC."""

    name = "safehold.records.marac"
    label = "marac"
