from django.db import migrations


def as_rows(apps, editor):
    """Write how an order was served, as an import brought it, as a row of its own."""
    # What a notice's end rests on is reckoned, not stored in rows: the rules of today say when.
    from safehold.domain import order_states, orders
    from safehold.domain.order_states import Served

    order_model = apps.get_model("orders", "Order")
    service = apps.get_model("orders", "Service")
    for order in order_model.objects.exclude(served_at=None, served_how="").iterator():
        service.objects.create(
            order=order,
            came="served",
            at=order.served_at,
            precision=order.served_precision,
            how=order.served_how,
            by_whom=order.served_by,
            proof=order.proof,
            batch=order.batch,
            recorded_at=order.recorded_at,
            recorded_by=order.recorded_by,
        )
        served = [Served(order.served_at, order.served_precision == "day")]
        lapses = order_states.lapse(orders.ORDERS[order.kind], served)
        if lapses is not None:
            order.lapses_from, order.lapses_at = lapses
            order.save(update_fields=["lapses_from", "lapses_at"])


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_history_of_orders")]

    operations = [migrations.RunPython(as_rows, migrations.RunPython.noop)]
