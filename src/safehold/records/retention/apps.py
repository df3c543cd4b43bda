from django.apps import AppConfig


class RetentionConfig(AppConfig):
    """How long reports are kept, what is on hold, and how what is over is destroyed."""

    name = "safehold.records.retention"
    label = "retention"
