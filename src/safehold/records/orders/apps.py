from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Orders that protect somebody."""

    name = "safehold.records.orders"
    label = "orders"

    def ready(self) -> None:
        """Let what was done with an order stand in the timeline of each case that it is in."""
        from safehold.records.cases import timeline
        from safehold.records.orders.told import in_case

        timeline.add_source("orders", in_case)
