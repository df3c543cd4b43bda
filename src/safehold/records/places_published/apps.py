from django.apps import AppConfig


class PlacesPublishedConfig(AppConfig):
    """What was said about places and what was done, as the public may read it."""

    name = "safehold.records.places_published"
    label = "places_published"
