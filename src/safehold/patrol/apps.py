from django.apps import AppConfig


class PatrolConfig(AppConfig):
    """Hot spots and patrols."""

    name = "safehold.patrol"
    label = "patrol"
