from django.apps import AppConfig


class DvdsConfig(AppConfig):
    """Applications under Clare's Law, from arrival to what was told in person."""

    name = "safehold.records.dvds"
    label = "dvds"
