from django.db import migrations


class Migration(migrations.Migration):
    """Where a place is in a reporter's own words stays in the sealed account."""

    dependencies = [
        ("places", "0001_places"),
    ]

    operations = [
        migrations.RemoveField(model_name="place", name="words"),
    ]
