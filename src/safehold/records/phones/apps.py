from django.apps import AppConfig


class PhonesConfig(AppConfig):
    """Assessments on an enrolled phone."""

    name = "safehold.records.phones"
    label = "phones"

    def ready(self) -> None:
        """Let an assessment wait for what is still on a phone, or sealed."""
        from safehold.records.phones.queries import what_is_out
        from safehold.records.risk import holding

        holding.ask(what_is_out)
