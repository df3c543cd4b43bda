from django.apps import AppConfig


class OrdersConfig(AppConfig):
    """Orders that protect somebody."""

    name = "safehold.records.orders"
    label = "orders"
