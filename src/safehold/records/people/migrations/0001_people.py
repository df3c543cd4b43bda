
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NameWord',
            fields=[
                ('word', models.CharField(max_length=40, primary_key=True, serialize=False)),
            ],
            options={
                'db_table': 'person_name_word',
            },
        ),
        migrations.CreateModel(
            name='Address',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('line', models.CharField(max_length=200)),
                ('town', models.CharField(blank=True, max_length=80)),
                ('postcode', models.CharField(blank=True, max_length=10)),
                ('key', models.CharField(db_index=True, max_length=120)),
                ('protected', models.BooleanField(default=False)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'address',
            },
        ),
        migrations.CreateModel(
            name='AddressReader',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('named_at', models.DateTimeField()),
                ('why', models.TextField()),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='readers', to='people.address')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'address_reader',
            },
        ),
        migrations.CreateModel(
            name='Apart',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('one', models.UUIDField()),
                ('other', models.UUIDField()),
                ('why', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'person_apart',
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('kept', models.UUIDField(db_index=True)),
                ('folded', models.UUIDField(db_index=True)),
                ('moved', models.JSONField()),
                ('why', models.TextField()),
                ('at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(null=True)),
                ('undone_why', models.TextField(blank=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undone_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'person_merge',
            },
        ),
        migrations.CreateModel(
            name='NameKey',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.BigIntegerField()),
                ('word', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='people.nameword')),
            ],
            options={
                'db_table': 'person_name_key',
            },
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('identity', models.UUIDField(db_index=True)),
                ('sealed_to', models.CharField(blank=True, max_length=40)),
                ('recorded_at', models.DateTimeField()),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'person',
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(choices=[('themselves', 'They said so'), ('somebody', 'Somebody else said so'), ('seen', 'An officer saw or read it'), ('partner', 'A partner agency said so'), ('records', 'Taken from the force’s records system')], max_length=12)),
                ('source_words', models.CharField(blank=True, max_length=200)),
                ('batch', models.UUIDField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.TextField(blank=True)),
                ('kind', models.CharField(choices=[('interpreter', 'Interpreter'), ('sign_language', 'Sign language'), ('hearing', 'Hearing'), ('sight', 'Sight'), ('mobility', 'Moving about'), ('learning', 'Learning or reading'), ('mind', 'Mental health'), ('intermediary', 'Registered intermediary'), ('officer_gender', 'Officer of a gender they choose'), ('other', 'Something else')], max_length=16)),
                ('words', models.CharField(blank=True, max_length=200)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.person')),
            ],
            options={
                'db_table': 'person_need',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Home',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(choices=[('themselves', 'They said so'), ('somebody', 'Somebody else said so'), ('seen', 'An officer saw or read it'), ('partner', 'A partner agency said so'), ('records', 'Taken from the force’s records system')], max_length=12)),
                ('source_words', models.CharField(blank=True, max_length=200)),
                ('batch', models.UUIDField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.TextField(blank=True)),
                ('since', models.DateField(null=True)),
                ('until', models.DateField(null=True)),
                ('address', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='homes', to='people.address')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.person')),
            ],
            options={
                'db_table': 'person_home',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(choices=[('themselves', 'They said so'), ('somebody', 'Somebody else said so'), ('seen', 'An officer saw or read it'), ('partner', 'A partner agency said so'), ('records', 'Taken from the force’s records system')], max_length=12)),
                ('source_words', models.CharField(blank=True, max_length=200)),
                ('batch', models.UUIDField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.TextField(blank=True)),
                ('kind', models.CharField(choices=[('mobile', 'Mobile'), ('telephone', 'Telephone at home or at work'), ('email', 'E-mail address'), ('account', 'Account on a site or app'), ('other', 'Another way')], max_length=12)),
                ('value', models.CharField(max_length=200)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.person')),
            ],
            options={
                'db_table': 'person_contact',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='BirthDate',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(choices=[('themselves', 'They said so'), ('somebody', 'Somebody else said so'), ('seen', 'An officer saw or read it'), ('partner', 'A partner agency said so'), ('records', 'Taken from the force’s records system')], max_length=12)),
                ('source_words', models.CharField(blank=True, max_length=200)),
                ('batch', models.UUIDField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.TextField(blank=True)),
                ('earliest', models.DateField()),
                ('latest', models.DateField()),
                ('certainty', models.CharField(choices=[('document', 'Read on a document'), ('said', 'As it was said'), ('guessed', 'Guessed from how old they look')], max_length=12)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.person')),
            ],
            options={
                'db_table': 'person_birth_date',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PersonFlag',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(choices=[('themselves', 'They said so'), ('somebody', 'Somebody else said so'), ('seen', 'An officer saw or read it'), ('partner', 'A partner agency said so'), ('records', 'Taken from the force’s records system')], max_length=12)),
                ('source_words', models.CharField(blank=True, max_length=200)),
                ('batch', models.UUIDField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.TextField(blank=True)),
                ('kind', models.CharField(choices=[('child', 'Under 18'), ('at_risk_adult', 'Adult with care and support needs'), ('suicide', 'May harm themselves'), ('weapons', 'May have weapons'), ('do_not_visit', 'Do not go to the door'), ('missing', 'Has gone missing before')], max_length=16)),
                ('words', models.CharField(blank=True, max_length=200)),
                ('until', models.DateField(null=True)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.person')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'person_flag',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PersonName',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(choices=[('themselves', 'They said so'), ('somebody', 'Somebody else said so'), ('seen', 'An officer saw or read it'), ('partner', 'A partner agency said so'), ('records', 'Taken from the force’s records system')], max_length=12)),
                ('source_words', models.CharField(blank=True, max_length=200)),
                ('batch', models.UUIDField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.TextField(blank=True)),
                ('kind', models.CharField(choices=[('usual', 'The name they go by'), ('legal', 'Name on documents'), ('birth', 'Name at birth, or before a marriage'), ('alias', 'Another name they use, or used'), ('spelling', 'Another spelling')], max_length=12)),
                ('written', models.CharField(max_length=120)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.person')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'person_name',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='NamePair',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.BigIntegerField()),
                ('name', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pairs', to='people.personname')),
            ],
            options={
                'db_table': 'person_name_pair',
            },
        ),
        migrations.CreateModel(
            name='Trait',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('source', models.CharField(choices=[('themselves', 'They said so'), ('somebody', 'Somebody else said so'), ('seen', 'An officer saw or read it'), ('partner', 'A partner agency said so'), ('records', 'Taken from the force’s records system')], max_length=12)),
                ('source_words', models.CharField(blank=True, max_length=200)),
                ('batch', models.UUIDField(null=True)),
                ('recorded_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_why', models.TextField(blank=True)),
                ('kind', models.CharField(choices=[('sex', 'Sex'), ('gender', 'Gender, in their words'), ('ethnicity', 'Ethnic background, as they say it'), ('ethnicity_seen', 'Ethnic appearance, as an officer saw it'), ('disability', 'Disabled'), ('orientation', 'Sexual orientation, in their words'), ('religion', 'Religion or belief, in their words')], max_length=16)),
                ('answer', models.CharField(choices=[('said', 'Said'), ('rather_not', 'Rather not say'), ('not_asked', 'Not asked, and why')], max_length=12)),
                ('value', models.CharField(blank=True, max_length=200)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='people.person')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'person_trait',
                'abstract': False,
            },
        ),
        migrations.AddConstraint(
            model_name='address',
            constraint=models.CheckConstraint(condition=models.Q(('line', ''), _negated=True), name='address_has_a_line'),
        ),
        migrations.AddConstraint(
            model_name='addressreader',
            constraint=models.UniqueConstraint(fields=('address', 'member'), name='address_reader_named_once'),
        ),
        migrations.AddConstraint(
            model_name='addressreader',
            constraint=models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='address_reader_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='apart',
            constraint=models.UniqueConstraint(fields=('one', 'other'), name='person_apart_decided_once'),
        ),
        migrations.AddConstraint(
            model_name='apart',
            constraint=models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='person_apart_in_order'),
        ),
        migrations.AddConstraint(
            model_name='apart',
            constraint=models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='person_apart_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(('kept', models.F('folded')), _negated=True), name='person_merge_of_two'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(('why', ''), _negated=True), name='person_merge_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('undone_at__isnull', True), ('undone_by__isnull', True), ('undone_why', '')), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False), models.Q(('undone_why', ''), _negated=True)), _connector='OR'), name='person_merge_undone_with_a_reason'),
        ),
        migrations.AddIndex(
            model_name='namekey',
            index=models.Index(fields=['key', 'word'], name='name_word_by_key'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_why', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='need_ended_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['themselves', 'somebody', 'seen', 'partner', 'records'])), name='need_source_is_known'),
        ),
        migrations.AddConstraint(
            model_name='need',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['interpreter', 'sign_language', 'hearing', 'sight', 'mobility', 'learning', 'mind', 'intermediary', 'officer_gender', 'other'])), name='need_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='home',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_why', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='home_ended_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='home',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['themselves', 'somebody', 'seen', 'partner', 'records'])), name='home_source_is_known'),
        ),
        migrations.AddConstraint(
            model_name='home',
            constraint=models.CheckConstraint(condition=models.Q(('since__isnull', True), ('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='home_is_in_order'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_why', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='contact_ended_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['themselves', 'somebody', 'seen', 'partner', 'records'])), name='contact_source_is_known'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['mobile', 'telephone', 'email', 'account', 'other'])), name='contact_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='contact',
            constraint=models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='contact_has_a_value'),
        ),
        migrations.AddConstraint(
            model_name='birthdate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_why', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='birthdate_ended_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='birthdate',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['themselves', 'somebody', 'seen', 'partner', 'records'])), name='birthdate_source_is_known'),
        ),
        migrations.AddConstraint(
            model_name='birthdate',
            constraint=models.CheckConstraint(condition=models.Q(('latest__gte', models.F('earliest'))), name='birth_date_is_in_order'),
        ),
        migrations.AddConstraint(
            model_name='birthdate',
            constraint=models.CheckConstraint(condition=models.Q(('certainty__in', ['document', 'said', 'guessed'])), name='birth_date_certainty_is_known'),
        ),
        migrations.AddConstraint(
            model_name='personflag',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_why', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='personflag_ended_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='personflag',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['themselves', 'somebody', 'seen', 'partner', 'records'])), name='personflag_source_is_known'),
        ),
        migrations.AddConstraint(
            model_name='personflag',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['child', 'at_risk_adult', 'suicide', 'weapons', 'do_not_visit', 'missing'])), name='personflag_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='personflag',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('person', 'kind'), name='person_has_one_flag_of_a_concept'),
        ),
        migrations.AddConstraint(
            model_name='personname',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_why', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='personname_ended_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='personname',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['themselves', 'somebody', 'seen', 'partner', 'records'])), name='personname_source_is_known'),
        ),
        migrations.AddConstraint(
            model_name='personname',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['usual', 'legal', 'birth', 'alias', 'spelling'])), name='person_name_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='personname',
            constraint=models.CheckConstraint(condition=models.Q(('written', ''), _negated=True), name='person_name_is_written'),
        ),
        migrations.AddIndex(
            model_name='namepair',
            index=models.Index(fields=['key', 'name'], name='name_by_pair'),
        ),
        migrations.AddConstraint(
            model_name='trait',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_why', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('ended_why', ''), _negated=True)), _connector='OR'), name='trait_ended_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='trait',
            constraint=models.CheckConstraint(condition=models.Q(('source__in', ['themselves', 'somebody', 'seen', 'partner', 'records'])), name='trait_source_is_known'),
        ),
        migrations.AddConstraint(
            model_name='trait',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['sex', 'gender', 'ethnicity', 'ethnicity_seen', 'disability', 'orientation', 'religion'])), name='trait_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='trait',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer__in', ['said', 'not_asked']), models.Q(('value', ''), _negated=True)), models.Q(('answer', 'rather_not'), ('value', '')), _connector='OR'), name='trait_answer_is_whole'),
        ),
    ]
