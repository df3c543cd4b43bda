from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """What people say about the site, before and after somebody has read it."""

    name = "safehold.records.feedback"
    label = "feedback"
