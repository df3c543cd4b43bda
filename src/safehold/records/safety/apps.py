from django.apps import AppConfig


class SafetyConfig(AppConfig):
    """What is done so that somebody is safe."""

    name = "safehold.records.safety"
    label = "safety"

    def ready(self) -> None:
        """Let a case that is to be closed be asked for what is still open for somebody's safety."""
        from safehold.records.cases import holding
        from safehold.records.safety.queries import open_in

        holding.ask(open_in)
