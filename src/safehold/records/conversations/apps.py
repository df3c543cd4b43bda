from django.apps import AppConfig


class ConversationsConfig(AppConfig):
    """What is said between the unit and holders of codes: how far each was read."""

    name = "safehold.records.conversations"
    label = "conversations"
