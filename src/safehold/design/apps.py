from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Page components."""

    name = "safehold.design"
    label = "design"
