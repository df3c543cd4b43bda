import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from safehold.records.append_only import allow_changes, refuse_changes

WRITTEN_ONCE = (
    "safety_plan_version",
    "safety_plan_line",
    "safety_plan_copy",
    "safety_child_note",
    "address_marker_review",
)


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agencies', '0001_partner_agencies'),
        ('cases', '0001_cases'),
        ('people', '0001_people'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AddressMarker',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('urgent', 'Treat every call as urgent'), ('weapons', 'Weapons'), ('silent', 'Do not knock: come without lights and sound, and ask first'), ('children', 'Children live here'), ('protected_person', 'Somebody whom we protect lives here'), ('officers', 'Danger to officers')], max_length=20)),
                ('words', models.CharField(blank=True, max_length=200)),
                ('reason', models.TextField()),
                ('set_on', models.DateField()),
                ('set_at', models.DateTimeField()),
                ('expires', models.DateField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.TextField(blank=True)),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='markers', to='people.address')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='markers', to='cases.case')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'address_marker',
            },
        ),
        migrations.CreateModel(
            name='MarkerReview',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('before', models.DateField()),
                ('until', models.DateField()),
                ('why', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('marker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='safety.addressmarker')),
            ],
            options={
                'db_table': 'address_marker_review',
            },
        ),
        migrations.CreateModel(
            name='PlanVersion',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('made_with', models.CharField(choices=[('yes', 'Yes'), ('part', 'In part'), ('no', 'No')], max_length=10)),
                ('why_not', models.TextField(blank=True)),
                ('own_words', models.TextField(blank=True)),
                ('present', models.CharField(blank=True, max_length=200)),
                ('next_look', models.DateField()),
                ('written_at', models.DateTimeField()),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'safety_plan_version',
            },
        ),
        migrations.CreateModel(
            name='PlanLine',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('topic', models.CharField(choices=[('home', 'At home'), ('leaving', 'Leaving'), ('children', 'Children'), ('phone', 'Telephone and accounts'), ('work', 'Work and school'), ('money', 'Money and papers'), ('about', 'Getting about'), ('pets', 'Animals'), ('helps', 'Who helps'), ('if', 'What to do if')], max_length=12)),
                ('words', models.TextField()),
                ('acted_on', models.BooleanField(default=False)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='safety.planversion')),
            ],
            options={
                'db_table': 'safety_plan_line',
            },
        ),
        migrations.CreateModel(
            name='PlanCopy',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('how', models.CharField(choices=[('hand', 'Given to them by hand'), ('kept', 'Somebody they chose keeps it for them'), ('post', 'Sent by post'), ('email', 'Sent by email'), ('none', 'They want none, or none is safe')], max_length=10)),
                ('kept_safe', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='safety.planversion')),
            ],
            options={
                'db_table': 'safety_plan_copy',
            },
        ),
        migrations.CreateModel(
            name='SafetyAction',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('marac_referral', 'Refer to MARAC'), ('idva_referral', 'Refer to an IDVA'), ('outreach', 'Refer to outreach'), ('victim_care', 'Refer to victim care'), ('suicide_pathway', 'Suicide: follow the pathway'), ('children_told', 'Tell children’s social care'), ('talk', 'Talk to them'), ('home_security', 'Make a home safer'), ('alarm', 'Alarm, or telephone that calls for help'), ('marker', 'Mark an address'), ('order', 'Ask for an order'), ('housing', 'Housing or refuge'), ('accused', 'About whoever does it: arrest, visit, conditions'), ('check', 'Look something up, or ask another agency'), ('other', 'Something else')], max_length=20)),
                ('words', models.TextField(blank=True)),
                ('team', models.CharField(blank=True, max_length=80)),
                ('answers', models.CharField(blank=True, max_length=200)),
                ('due_at', models.DateTimeField()),
                ('origin', models.CharField(choices=[('typed', 'Written down'), ('plan', 'The safety plan'), ('assessment', 'An assessment'), ('grade', 'A grade'), ('handed', 'Handed on by whoever had it before')], max_length=12)),
                ('started_from', models.UUIDField(null=True)),
                ('started_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'Open'), ('done', 'Done'), ('not_done', 'Not done'), ('handed_on', 'Handed on')], default='open', max_length=10)),
                ('proof', models.CharField(blank=True, choices=[('seen', 'Whoever writes this did it, or saw it'), ('told', 'Somebody said so: who, and when'), ('paper', 'Read on paper or in a system: which')], max_length=10)),
                ('closed_words', models.TextField(blank=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('before', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='after', to='safety.safetyaction')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='safety_actions', to='cases.case')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='safety.planline')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'safety_action',
            },
        ),
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('service', models.UUIDField(null=True)),
                ('to', models.CharField(max_length=200)),
                ('purpose', models.TextField()),
                ('agreed', models.CharField(choices=[('yes', 'They agreed'), ('no', 'They did not agree'), ('raise_risk', 'Not asked: to ask would raise the risk')], max_length=12)),
                ('basis', models.CharField(choices=[('consent', 'They agreed to it'), ('vital', 'A life is at risk now'), ('safeguarding', 'Safeguarding, as a public task'), ('child', 'A legal duty to a child')], max_length=20)),
                ('why', models.TextField(blank=True)),
                ('made_at', models.DateTimeField()),
                ('answer_by', models.DateField()),
                ('answer', models.CharField(blank=True, choices=[('accepted', 'Accepted'), ('refused', 'Refused'), ('none', 'No answer came')], max_length=10)),
                ('answer_words', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('agency', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agencies.agency')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='people.person')),
                ('action', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='safety.safetyaction')),
            ],
            options={
                'db_table': 'safety_referral',
            },
        ),
        migrations.CreateModel(
            name='SafetyPlan',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('begun_at', models.DateTimeField()),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='safety_plans', to='cases.case')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='safety_plans', to='people.person')),
            ],
            options={
                'db_table': 'safety_plan',
            },
        ),
        migrations.AddField(
            model_name='planversion',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='safety.safetyplan'),
        ),
        migrations.CreateModel(
            name='ChildNote',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('lives', models.CharField(choices=[('protected', 'With the person whom the plan protects'), ('accused', 'With whoever is said to do it'), ('both', 'Now with the one, now with the other'), ('elsewhere', 'Somewhere else'), ('not_known', 'Not known')], max_length=12)),
                ('lives_words', models.CharField(blank=True, max_length=200)),
                ('school', models.CharField(choices=[('known', 'Known'), ('none', 'They go to none'), ('not_known', 'Not known yet')], max_length=12)),
                ('school_words', models.CharField(blank=True, max_length=200)),
                ('told', models.CharField(choices=[('done', 'Yes'), ('not_done', 'No')], max_length=10)),
                ('told_words', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='child_notes', to='cases.case')),
                ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='child_notes', to='people.person')),
                ('plan', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='safety.safetyplan')),
            ],
            options={
                'db_table': 'safety_child_note',
            },
        ),
        migrations.AddConstraint(
            model_name='addressmarker',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['urgent', 'weapons', 'silent', 'children', 'protected_person', 'officers'])), name='address_marker_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='addressmarker',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='address_marker_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='addressmarker',
            constraint=models.CheckConstraint(condition=models.Q(('expires__gte', models.F('set_on'))), name='address_marker_expires_after_it_is_set'),
        ),
        migrations.AddConstraint(
            model_name='addressmarker',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_why', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='address_marker_ended_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='addressmarker',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('address', 'kind', 'case'), name='address_marker_one_of_a_kind'),
        ),
        migrations.AddConstraint(
            model_name='markerreview',
            constraint=models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='address_marker_review_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='planline',
            constraint=models.UniqueConstraint(fields=('version', 'topic'), name='safety_line_once_a_topic'),
        ),
        migrations.AddConstraint(
            model_name='planline',
            constraint=models.CheckConstraint(condition=models.Q(('topic__in', ['home', 'leaving', 'children', 'phone', 'work', 'money', 'about', 'pets', 'helps', 'if'])), name='safety_line_topic_is_known'),
        ),
        migrations.AddConstraint(
            model_name='planline',
            constraint=models.CheckConstraint(condition=models.Q(('words', ''), _negated=True), name='safety_line_has_words'),
        ),
        migrations.AddConstraint(
            model_name='plancopy',
            constraint=models.CheckConstraint(condition=models.Q(('how__in', ['hand', 'kept', 'post', 'email', 'none'])), name='safety_copy_way_is_known'),
        ),
        migrations.AddConstraint(
            model_name='plancopy',
            constraint=models.CheckConstraint(condition=models.Q(('kept_safe', ''), _negated=True), name='safety_copy_says_how_it_is_kept'),
        ),
        migrations.AddIndex(
            model_name='safetyaction',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['owner', 'due_at', 'id'], name='action_open_of_owner'),
        ),
        migrations.AddIndex(
            model_name='safetyaction',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['team', 'due_at', 'id'], name='action_open_of_team'),
        ),
        migrations.AddIndex(
            model_name='safetyaction',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['due_at', 'id'], name='action_open_by_due'),
        ),
        migrations.AddConstraint(
            model_name='safetyaction',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['marac_referral', 'idva_referral', 'outreach', 'victim_care', 'suicide_pathway', 'children_told', 'talk', 'home_security', 'alarm', 'marker', 'order', 'housing', 'accused', 'check', 'other']), ('origin__in', ['typed', 'plan', 'assessment', 'grade', 'handed'])), name='safety_action_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='safetyaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agency__isnull', True), ('answers', '')), models.Q(('agency__isnull', False), models.Q(('answers', ''), _negated=True)), _connector='OR'), name='safety_action_of_an_agency_is_answered_for'),
        ),
        migrations.AddConstraint(
            model_name='safetyaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_by__isnull', True), ('closed_words', ''), ('proof', ''), ('state', 'open')), models.Q(('state__in', ['done', 'not_done', 'handed_on']), ('closed_at__isnull', False), ('closed_by__isnull', False), models.Q(('closed_words', ''), _negated=True)), _connector='OR'), name='safety_action_ends_in_words'),
        ),
        migrations.AddConstraint(
            model_name='safetyaction',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), ('proof__in', ['seen', 'told', 'paper'])), models.Q(models.Q(('state', 'done'), _negated=True), ('proof', '')), _connector='OR'), name='safety_action_done_has_a_proof'),
        ),
        migrations.AddConstraint(
            model_name='safetyaction',
            constraint=models.UniqueConstraint(condition=models.Q(('before__isnull', True)), fields=('started_from', 'kind'), name='safety_action_started_once'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agency__isnull', False), ('service__isnull', True)), models.Q(('agency__isnull', True), ('service__isnull', False)), _connector='OR'), name='safety_referral_is_to_one'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed', 'yes'), ('basis', 'consent'), ('why', '')), models.Q(('agreed__in', ['no', 'raise_risk']), models.Q(('why', ''), _negated=True), models.Q(('basis', 'consent'), _negated=True)), _connector='OR'), name='safety_referral_without_agreement_says_why'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(('basis__in', ['consent', 'vital', 'safeguarding', 'child'])), name='safety_referral_basis_is_known'),
        ),
        migrations.AddConstraint(
            model_name='referral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answer_words', ''), ('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answer__in', ['accepted', 'refused', 'none']), models.Q(('answer_words', ''), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='safety_referral_answered_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='safetyplan',
            constraint=models.UniqueConstraint(fields=('case', 'person'), name='safety_plan_once_a_person'),
        ),
        migrations.AddConstraint(
            model_name='planversion',
            constraint=models.UniqueConstraint(fields=('plan', 'number'), name='safety_plan_version_number'),
        ),
        migrations.AddConstraint(
            model_name='planversion',
            constraint=models.CheckConstraint(condition=models.Q(('made_with', 'yes'), models.Q(('made_with__in', ['part', 'no']), models.Q(('why_not', ''), _negated=True)), _connector='OR'), name='safety_plan_says_how_it_was_made'),
        ),
        migrations.AddConstraint(
            model_name='childnote',
            constraint=models.UniqueConstraint(fields=('case', 'child', 'number'), name='safety_child_note_number'),
        ),
        migrations.AddConstraint(
            model_name='childnote',
            constraint=models.CheckConstraint(condition=models.Q(('lives__in', ['protected', 'accused', 'both', 'elsewhere', 'not_known']), ('school__in', ['known', 'none', 'not_known']), ('told__in', ['done', 'not_done'])), name='safety_child_note_is_known'),
        ),
        migrations.AddConstraint(
            model_name='childnote',
            constraint=models.CheckConstraint(condition=models.Q(('told_words', ''), _negated=True), name='safety_child_note_says_who_was_told'),
        ),
        *(
            migrations.RunPython(
                refuse_changes(table, key="id", removable=True), allow_changes(table)
            )
            for table in WRITTEN_ONCE
        ),
    ]
