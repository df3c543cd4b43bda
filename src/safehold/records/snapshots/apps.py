from django.apps import AppConfig


class SnapshotsConfig(AppConfig):
    """Published pages as the public site serves them."""

    name = "safehold.records.snapshots"
    label = "snapshots"
