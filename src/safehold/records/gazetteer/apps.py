from django.apps import AppConfig


class GazetteerConfig(AppConfig):
    """Streets, postcodes and boundaries."""

    name = "safehold.records.gazetteer"
    label = "gazetteer"
