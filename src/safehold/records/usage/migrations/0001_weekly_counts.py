import uuid

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="WeeklyCount",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("week", models.DateField()),
                ("page", models.CharField(max_length=200)),
                ("event", models.CharField(choices=[("opened", "Opened"), ("completed", "Went on from it")], max_length=10)),
                ("count", models.PositiveIntegerField(default=0)),
            ],
            options={
                "db_table": "usage_weeklycount",
                "constraints": [
                    models.UniqueConstraint(fields=("week", "page", "event"), name="page_is_counted_once_a_week"),
                    models.CheckConstraint(condition=models.Q(("event__in", ["opened", "completed"])), name="usage_event_is_known"),
                ],
            },
        ),
    ]
