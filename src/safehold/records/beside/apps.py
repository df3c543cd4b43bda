from django.apps import AppConfig


class BesideConfig(AppConfig):
    """Reports put beside each other, and what somebody decided about them."""

    name = "safehold.records.beside"
    label = "beside"
