from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Scheduled work and when it last ran."""

    name = "safehold.records.jobs"
    label = "jobs"
