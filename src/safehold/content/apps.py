from django.apps import AppConfig


class ContentConfig(AppConfig):
    """Guidance pages."""

    name = "safehold.content"
    label = "content"

    def ready(self) -> None:
        """Publish snapshots whenever an editor publishes."""
        from safehold.content import publishing

        publishing.connect()
