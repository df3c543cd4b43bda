from django.db import migrations, models

from safehold.domain.audit_chain import GENESIS
from safehold.records.append_only import allow_changes, refuse_changes


def begin_chain(apps, editor):
    """Make the one row that holds the chain's end: the public role may not insert it."""
    heads = apps.get_model("intake", "IntakeHead").objects.using(editor.connection.alias)
    heads.create(id=1, sequence=0, hash=GENESIS)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('server_half', models.BinaryField(max_length=32)),
                ('content', models.BinaryField()),
                ('last_used_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='IntakeEvent',
            fields=[
                ('sequence', models.BigIntegerField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=150)),
                ('action', models.CharField(max_length=60)),
                ('report_id', models.CharField(db_index=True, max_length=36)),
                ('detail', models.JSONField(default=dict)),
                ('previous', models.CharField(max_length=64)),
                ('hash', models.CharField(max_length=64, unique=True)),
            ],
            options={
                'ordering': ['sequence'],
            },
        ),
        migrations.CreateModel(
            name='IntakeHead',
            fields=[
                ('id', models.SmallIntegerField(primary_key=True, serialize=False)),
                ('sequence', models.BigIntegerField()),
                ('hash', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='intake_head_is_one_row')],
            },
        ),
        migrations.CreateModel(
            name='SealedReport',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=9)),
                ('received_at', models.DateTimeField()),
                ('slip', models.BinaryField()),
                ('account', models.BinaryField()),
                ('identity', models.BinaryField(null=True)),
                ('submission', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('reference',), name='sealed_report_reference'), models.UniqueConstraint(fields=('submission',), name='sealed_report_submission')],
            },
        ),
        migrations.RunPython(begin_chain, migrations.RunPython.noop),
        migrations.RunPython(
            refuse_changes("intake_intakeevent", key="sequence"),
            allow_changes("intake_intakeevent"),
        ),
        migrations.RunPython(
            refuse_changes("intake_sealedreport", key="id", removable=True),
            allow_changes("intake_sealedreport"),
        ),
    ]
