from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0006_nudges'),
    ]

    # A column that may be empty is added in place, on either engine: the triggers of a table that
    # is written once stay where they are.
    operations = [
        migrations.AddField(
            model_name='sealedreport',
            name='release',
            field=models.BinaryField(null=True),
        ),
    ]
