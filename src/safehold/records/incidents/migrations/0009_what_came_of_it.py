import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from safehold.records.append_only import refuse_changes


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0008_tied_only_where_it_was_chosen'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='IncidentOutcome',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('outcome', models.CharField(max_length=4)),
                ('given_on', models.DateField()),
                ('source', models.CharField(choices=[('police', 'Decided by the police'), ('cps', 'Decided by the Crown Prosecution Service'), ('court', 'Told by a court'), ('other', 'Told by another body'), ('records', 'Taken from the force’s records system')], max_length=12)),
                ('why', models.TextField()),
                ('no_support_why', models.JSONField(default=list)),
                ('would_have_helped', models.JSONField(default=list)),
                ('rules_version', models.CharField(max_length=20)),
                ('batch', models.UUIDField(null=True)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'incident_outcome',
            },
        ),
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_time_precision_is_known',
        ),
        migrations.AlterField(
            model_name='incident',
            name='time_precision',
            field=models.CharField(choices=[('hours', 'Within some hours'), ('day', 'Within a day'), ('week', 'Within a week'), ('between', 'Some time between two days'), ('before', 'Some time before'), ('often', 'Often, or always'), ('not said', 'Not said')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('time_precision__in', ['hours', 'day', 'week', 'between', 'before', 'often', 'not said'])), name='incident_time_precision_is_known'),
        ),
        migrations.AddField(
            model_name='incidentoutcome',
            name='incident',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='incidents.incident'),
        ),
        migrations.AddField(
            model_name='incidentoutcome',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='incidentoutcome',
            constraint=models.UniqueConstraint(fields=('incident', 'number'), name='outcome_in_its_order'),
        ),
        migrations.AddConstraint(
            model_name='incidentoutcome',
            constraint=models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='incident_outcome_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='incidentoutcome',
            constraint=models.CheckConstraint(condition=models.Q(('outcome', ''), _negated=True), name='incident_outcome_is_a_type'),
        ),
        migrations.AddConstraint(
            model_name='incidentoutcome',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['police', 'cps', 'court', 'other', 'records'])), name='incident_outcome_source_is_known'),
        ),
        migrations.RunPython(
            refuse_changes('incident_outcome', key='id', removable=True),
            migrations.RunPython.noop,
        ),
    ]
