from django.apps import AppConfig


class PlacesConfig(AppConfig):
    """Places that matter, wherever they were first named."""

    name = "safehold.records.places"
    label = "places"
