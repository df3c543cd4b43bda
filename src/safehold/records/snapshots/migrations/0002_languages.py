from django.db import migrations, models


class Migration(migrations.Migration):
    """A page stands once in each language; what is there is in English."""

    dependencies = [
        ("snapshots", "0001_published_pages"),
    ]

    operations = [
        migrations.AddField(
            model_name="snapshot",
            name="language",
            field=models.CharField(default="en-GB", max_length=8),
        ),
        migrations.AlterField(
            model_name="snapshot",
            name="path",
            field=models.CharField(max_length=200),
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.UniqueConstraint(
                fields=("path", "language"), name="snapshot_stands_once_in_a_language"
            ),
        ),
    ]
