from django.apps import AppConfig


class ProtectionConfig(AppConfig):
    """The unit's screens."""

    name = "safehold.protection"
    label = "protection"
