
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from safehold.records.append_only import allow_changes, refuse_changes


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0001_cases'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseAct',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('act', models.CharField(choices=[('closed', 'Closed'), ('reopened', 'Opened again'), ('restricted', 'Restricted to those who work on it'), ('lifted', 'Shown to the unit again'), ('kept', 'To be kept longer')], max_length=12)),
                ('at', models.DateTimeField()),
                ('why', models.TextField()),
            ],
            options={
                'db_table': 'work_case_act',
            },
        ),
        migrations.AddField(
            model_name='case',
            name='kept_until',
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['-opened_at', 'id'], name='case_open_newest'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['-closed_at', 'id'], name='case_closed_newest'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['team', '-opened_at'], name='case_open_of_team'),
        ),
        migrations.AddField(
            model_name='caseact',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='caseact',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='cases.case'),
        ),
        migrations.AddConstraint(
            model_name='caseact',
            constraint=models.CheckConstraint(condition=models.Q(('act__in', ['closed', 'reopened', 'restricted', 'lifted', 'kept'])), name='case_act_is_known'),
        ),
        migrations.AddConstraint(
            model_name='caseact',
            constraint=models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='case_act_has_a_reason'),
        ),
        migrations.RunPython(
            refuse_changes("work_case_act", key="id", removable=True),
            allow_changes("work_case_act"),
        ),
    ]
