from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Who looked and who changed what."""

    name = "safehold.records.audit"
    label = "audit"
