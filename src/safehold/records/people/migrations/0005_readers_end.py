from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0004_contact_has_a_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("addressreader", "ended_at", models.DateTimeField(null=True)),
        migrations.AddField(
            "addressreader",
            "ended_by",
            models.ForeignKey(
                null=True,
                on_delete=models.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "addressreader", "ended_why", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.RemoveConstraint("addressreader", "address_reader_named_once"),
        migrations.AddConstraint(
            "addressreader",
            models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("address", "member"),
                name="address_reader_named_once",
            ),
        ),
        migrations.AddConstraint(
            "addressreader",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", True), ("ended_by__isnull", True), ("ended_why", "")),
                    models.Q(
                        ("ended_at__isnull", False),
                        ("ended_by__isnull", False),
                        models.Q(("ended_why", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="address_reader_ended_with_a_reason",
            ),
        ),
    ]
