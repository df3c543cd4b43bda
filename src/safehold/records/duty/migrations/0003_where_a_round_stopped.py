from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('duty', '0002_alarm_of_a_pile'),
    ]

    operations = [
        migrations.AddField(
            model_name='reach',
            name='tried_at',
            field=models.DateTimeField(null=True),
        ),
    ]
