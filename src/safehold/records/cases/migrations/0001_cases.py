
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('incidents', '0006_tied_to_a_person'),
        ('people', '0001_people'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('protection', 'Protection'), ('investigation', 'Investigation'), ('dvds', 'Clare’s Law'), ('place', 'A place to mend')], max_length=16)),
                ('team', models.CharField(blank=True, max_length=80)),
                ('restricted', models.BooleanField(default=False)),
                ('sealed_to', models.CharField(blank=True, max_length=40)),
                ('opened_at', models.DateTimeField()),
                ('opened_why', models.TextField()),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_why', models.TextField(blank=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'work_case',
            },
        ),
        migrations.CreateModel(
            name='CaseIncident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='cases.case')),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='incidents.incident')),
            ],
            options={
                'db_table': 'work_case_incident',
            },
        ),
        migrations.CreateModel(
            name='CaseMember',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('relation', models.CharField(choices=[('owner', 'Owns it'), ('team', 'Works on it'), ('supervisor', 'Supervises it'), ('advocate', 'Advocate of whoever it protects')], max_length=12)),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField(null=True)),
                ('ended_why', models.TextField(blank=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='cases.case')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='case_memberships', to=settings.AUTH_USER_MODEL)),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'work_case_member',
            },
        ),
        migrations.CreateModel(
            name='CaseParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('victim', 'The person it was done to'), ('suspect', 'Said to have done it'), ('witness', 'Saw or heard it'), ('reporter', 'Told us for someone else'), ('child', 'A child there')], max_length=10)),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='cases.case')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='people.person')),
            ],
            options={
                'db_table': 'work_case_party',
            },
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['protection', 'investigation', 'dvds', 'place'])), name='case_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('opened_why', ''), _negated=True), name='case_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), ('closed_why', '')), models.Q(('closed_at__isnull', False), ('closed_by__isnull', False), models.Q(('closed_why', ''), _negated=True)), _connector='OR'), name='case_closed_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='caseincident',
            constraint=models.UniqueConstraint(fields=('case', 'incident'), name='case_has_an_incident_once'),
        ),
        migrations.AddConstraint(
            model_name='casemember',
            constraint=models.UniqueConstraint(condition=models.Q(('relation', 'owner'), ('until__isnull', True)), fields=('case',), name='case_has_one_owner'),
        ),
        migrations.AddConstraint(
            model_name='casemember',
            constraint=models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('case', 'member', 'relation'), name='case_member_named_once'),
        ),
        migrations.AddConstraint(
            model_name='casemember',
            constraint=models.CheckConstraint(condition=models.Q(('relation__in', ['owner', 'team', 'supervisor', 'advocate'])), name='case_member_relation_is_known'),
        ),
        migrations.AddConstraint(
            model_name='casemember',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_by__isnull', True), ('ended_why', ''), ('until__isnull', True)), models.Q(('ended_by__isnull', False), ('until__isnull', False), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='case_member_ended_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='caseparty',
            constraint=models.UniqueConstraint(fields=('case', 'person', 'part'), name='case_party_has_a_part_once'),
        ),
        migrations.AddConstraint(
            model_name='caseparty',
            constraint=models.CheckConstraint(condition=models.Q(('part__in', ['victim', 'suspect', 'witness', 'reporter', 'child'])), name='case_party_part_is_known'),
        ),
    ]
