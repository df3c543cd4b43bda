from django.db import migrations, models

from safehold.records.append_only import allow_changes, refuse_changes


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEvent',
            fields=[
                ('sequence', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=150)),
                ('actor_id', models.CharField(blank=True, max_length=40)),
                ('actor_kind', models.CharField(max_length=10)),
                ('agency', models.CharField(blank=True, max_length=80)),
                ('action', models.CharField(max_length=60)),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject_id', models.CharField(blank=True, max_length=200)),
                ('reason', models.TextField(blank=True)),
                ('detail', models.JSONField(default=dict)),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64, unique=True)),
            ],
            options={
                'ordering': ['sequence'],
                'indexes': [models.Index(fields=['subject_kind', 'subject_id', 'sequence'], name='audit_by_subject'), models.Index(fields=['actor_id', 'sequence'], name='audit_by_actor')],
            },
        ),
        migrations.RunPython(
            refuse_changes("audit_auditevent", key="sequence"),
            allow_changes("audit_auditevent"),
        ),
    ]
