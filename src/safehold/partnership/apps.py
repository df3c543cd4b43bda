from django.apps import AppConfig


class PartnershipConfig(AppConfig):
    """Screens of the work that is shared with others."""

    name = "safehold.partnership"
    label = "partnership"
