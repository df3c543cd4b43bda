from django.apps import AppConfig


class ServicesConfig(AppConfig):
    """The register of support services."""

    name = "safehold.records.services"
    label = "services"
