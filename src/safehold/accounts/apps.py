from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Signing in."""

    name = "safehold.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Connect the audit to every way in and out."""
        from safehold.accounts import signals  # noqa: F401 - importing connects them
