from django.apps import AppConfig


class ExportsConfig(AppConfig):
    """Cases that leave as a whole."""

    name = "safehold.records.exports"
    label = "exports"
