from django.apps import AppConfig


class ContactsConfig(AppConfig):
    """How people may be reached safely, and by when they have to be."""

    name = "safehold.records.contacts"
    label = "contacts"
