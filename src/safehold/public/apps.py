from django.apps import AppConfig


class PublicConfig(AppConfig):
    """What a visitor meets."""

    name = "safehold.public"
    label = "public"
