

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from safehold.records.append_only import allow_changes, refuse_changes


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0001_cases'),
        ('people', '0001_people'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='InstrumentKept',
            fields=[
                ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('key', models.CharField(max_length=16)),
                ('version', models.CharField(max_length=16)),
                ('wording', models.CharField(max_length=12)),
                ('definition', models.JSONField()),
                ('kept_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'risk_instrument',
            },
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('started_at', models.DateTimeField()),
                ('submitted_at', models.DateTimeField(null=True)),
                ('accused', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assessed_from', to='people.person')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='cases.case')),
                ('follows', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='risk.assessment')),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('victim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessed', to='people.person')),
                ('instrument', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.instrumentkept')),
            ],
            options={
                'db_table': 'risk_assessment',
            },
        ),
        migrations.CreateModel(
            name='Grade',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('grade', models.CharField(choices=[('standard', 'Standard'), ('medium', 'Medium'), ('high', 'High')], max_length=10)),
                ('rationale', models.TextField()),
                ('aggressor', models.CharField(blank=True, choices=[('', 'No allegation goes the other way'), ('accused', 'Whoever is said to do it here'), ('victim', 'Whoever this assessment is about'), ('not_clear', 'Not clear yet')], max_length=10)),
                ('indicators', models.PositiveSmallIntegerField()),
                ('asked', models.PositiveSmallIntegerField()),
                ('left_open', models.PositiveSmallIntegerField()),
                ('suggested', models.CharField(blank=True, max_length=10)),
                ('prompts', models.JSONField(default=list)),
                ('routes', models.JSONField(default=list)),
                ('rules_version', models.CharField(max_length=16)),
                ('instead_of', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grades', to='risk.assessment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('lowers', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='risk.grade')),
            ],
            options={
                'db_table': 'risk_grade',
            },
        ),
        migrations.CreateModel(
            name='ItemAnswer',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('item', models.CharField(max_length=40)),
                ('given', models.CharField(blank=True, max_length=20)),
                ('options', models.JSONField(default=list)),
                ('words', models.TextField(blank=True)),
                ('instead_of', models.JSONField(default=list)),
                ('at', models.DateTimeField()),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='risk.assessment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'risk_answer',
            },
        ),
        migrations.CreateModel(
            name='Started',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=20)),
                ('due_at', models.DateTimeField()),
                ('why', models.TextField()),
                ('started_at', models.DateTimeField()),
                ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='started', to='risk.assessment')),
                ('grade', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='started', to='risk.grade')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'risk_started',
            },
        ),
        migrations.CreateModel(
            name='GradeAgreement',
            fields=[
                ('grade', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='agreement', serialize=False, to='risk.grade')),
                ('agreed', models.BooleanField()),
                ('rationale', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'risk_grade_agreement',
            },
        ),
        migrations.AddConstraint(
            model_name='grade',
            constraint=models.CheckConstraint(condition=models.Q(('grade__in', ('standard', 'medium', 'high'))), name='risk_grade_is_known'),
        ),
        migrations.AddConstraint(
            model_name='grade',
            constraint=models.CheckConstraint(condition=models.Q(('rationale', ''), _negated=True), name='risk_grade_has_a_rationale'),
        ),
        migrations.AddConstraint(
            model_name='grade',
            constraint=models.CheckConstraint(condition=models.Q(('aggressor__in', ['', 'accused', 'victim', 'not_clear'])), name='risk_grade_aggressor_is_known'),
        ),
        migrations.AddIndex(
            model_name='assessment',
            index=models.Index(fields=['victim', 'started_at'], name='risk_assessment_of_victim'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(('accused__isnull', True), models.Q(('accused', models.F('victim')), _negated=True), _connector='OR'), name='risk_assessment_is_about_two'),
        ),
        migrations.AddConstraint(
            model_name='assessment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('submitted_at__isnull', True), ('submitted_by__isnull', True)), models.Q(('submitted_at__isnull', False), ('submitted_by__isnull', False)), _connector='OR'), name='risk_assessment_submitted_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='itemanswer',
            index=models.Index(fields=['assessment', 'item'], name='risk_answer_of_an_item'),
        ),
        migrations.AddConstraint(
            model_name='itemanswer',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('given', 'not_asked'), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='risk_answer_not_asked_says_why'),
        ),
        migrations.AddConstraint(
            model_name='started',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['marac_referral', 'idva_referral', 'outreach', 'victim_care', 'suicide_pathway'])), name='risk_started_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='started',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('grade__isnull', True), ('kind', 'suicide_pathway')), models.Q(models.Q(('kind', 'suicide_pathway'), _negated=True), ('grade__isnull', False)), _connector='OR'), name='risk_started_by_a_grade_or_suicide'),
        ),
        migrations.AddConstraint(
            model_name='started',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'suicide_pathway')), fields=('assessment',), name='risk_suicide_pathway_once_an_assessment'),
        ),
        migrations.AddConstraint(
            model_name='gradeagreement',
            constraint=models.CheckConstraint(condition=models.Q(('rationale', ''), _negated=True), name='risk_grade_agreement_has_a_rationale'),
        ),
        migrations.RunPython(
            refuse_changes("risk_instrument", key="digest", removable=True),
            allow_changes("risk_instrument"),
        ),
        migrations.RunPython(
            refuse_changes("risk_answer", key="id", removable=True),
            allow_changes("risk_answer"),
        ),
        migrations.RunPython(
            refuse_changes("risk_grade", key="id", removable=True),
            allow_changes("risk_grade"),
        ),
        migrations.RunPython(
            refuse_changes("risk_grade_agreement", key="grade_id", removable=True),
            allow_changes("risk_grade_agreement"),
        ),
    ]
