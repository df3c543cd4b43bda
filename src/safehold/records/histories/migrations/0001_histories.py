
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

from safehold.records.append_only import allow_changes, refuse_changes


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SourceSearch',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('identity', models.UUIDField()),
                ('source', models.CharField(choices=[('own', 'Our records here'), ('records', 'The force’s records system'), ('pnc', 'PNC'), ('pnd', 'PND'), ('marac', 'MARAC, the last twelve months'), ('orders', 'Court orders'), ('children', 'Children’s services'), ('adults', 'Adult services'), ('health', 'Health'), ('probation', 'Probation and MAPPA'), ('other_force', 'Another force')], max_length=16)),
                ('outcome', models.CharField(choices=[('found', 'Something found'), ('nothing', 'Nothing found'), ('not_done', 'Not searched, and why')], max_length=10)),
                ('words', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'source_search',
                'indexes': [models.Index(fields=['identity', 'source', 'at'], name='source_search_latest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('source__in', ['own', 'records', 'pnc', 'pnd', 'marac', 'orders', 'children', 'adults', 'health', 'probation', 'other_force'])), name='source_search_source_is_known'), models.CheckConstraint(condition=models.Q(('outcome__in', ['found', 'nothing', 'not_done'])), name='source_search_outcome_is_known'), models.CheckConstraint(condition=models.Q(('outcome', 'nothing'), models.Q(('words', ''), _negated=True), _connector='OR'), name='source_search_says_what_or_why')],
            },
        ),
        migrations.RunPython(
            refuse_changes("source_search", key="id", removable=True),
            allow_changes("source_search"),
        ),
    ]
