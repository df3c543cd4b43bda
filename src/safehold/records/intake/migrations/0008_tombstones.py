from django.db import migrations, models

from safehold.records.append_only import allow_changes, refuse_changes
from safehold.records.removals import INTAKE_GUARDS, put_up, take_down


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0007_released_names'),
    ]

    operations = [
        migrations.CreateModel(
            name='SpentCode',
            fields=[
                ('find', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('last_day', models.DateField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Tombstone',
            fields=[
                ('report_id', models.UUIDField(primary_key=True, serialize=False)),
                ('act', models.UUIDField()),
                ('day', models.DateField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RunPython(
            refuse_changes("intake_tombstone", key="report_id"),
            allow_changes("intake_tombstone"),
        ),
        *(migrations.RunPython(put_up(guard), take_down(guard)) for guard in INTAKE_GUARDS),
    ]
