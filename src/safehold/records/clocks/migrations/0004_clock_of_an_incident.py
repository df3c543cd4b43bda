from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('clocks', '0003_clock_of_a_message'),
    ]

    operations = [
        migrations.AddField(
            model_name='clock',
            name='of_incident',
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name='clock',
            constraint=models.CheckConstraint(condition=models.Q(('of_incident', False), ('waits', 'crime'), _connector='OR'), name='clock_of_an_incident_is_of_crime'),
        ),
    ]
