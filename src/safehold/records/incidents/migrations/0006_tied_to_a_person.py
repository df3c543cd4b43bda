import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from safehold.records.append_only import refuse_changes


def guard_again(apps, editor):
    """Set the guards again: rebuilding a table takes them along on SQLite."""
    if editor.connection.vendor == "sqlite":
        refuse_changes("incident_report", key="report_id", removable=True)(apps, editor)


class Migration(migrations.Migration):

    dependencies = [
        ('incidents', '0005_reports_of_earlier_incidents'),
        ('people', '0001_people'),
        ('places', '0003_answers'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='incident',
            name='incident_linkable_only_where_it_was_chosen',
        ),
        migrations.RemoveConstraint(
            model_name='incidentreport',
            name='incident_report_linked_only_where_it_was_chosen',
        ),
        migrations.AddField(
            model_name='incident',
            name='acquainted',
            field=models.CharField(choices=[('stranger', 'A stranger'), ('known', 'Known to the person'), ('not_known', 'Not known'), ('not_asked', 'Not asked')], default='not_asked', max_length=10),
        ),
        migrations.AddField(
            model_name='incident',
            name='address',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='people.address'),
        ),
        migrations.AddField(
            model_name='incident',
            name='alcohol_or_drugs',
            field=models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('not_known', 'Not known'), ('not_asked', 'Not asked')], default='not_asked', max_length=10),
        ),
        migrations.AddField(
            model_name='incident',
            name='link_key',
            field=models.UUIDField(null=True, unique=True),
        ),
        migrations.AddField(
            model_name='incident',
            name='night_time',
            field=models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('not_known', 'Not known'), ('not_asked', 'Not asked')], default='not_asked', max_length=10),
        ),
        migrations.AddField(
            model_name='incident',
            name='offence',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name='incident',
            name='online',
            field=models.CharField(choices=[('yes', 'Yes'), ('no', 'No'), ('not_known', 'Not known'), ('not_asked', 'Not asked')], default='not_asked', max_length=10),
        ),
        migrations.AddField(
            model_name='incident',
            name='setting',
            field=models.CharField(choices=[('public', 'In public'), ('private', 'In private'), ('online', 'Online alone'), ('not_known', 'Not known'), ('not_asked', 'Not asked')], default='not_asked', max_length=10),
        ),
        migrations.AddField(
            model_name='role',
            name='category',
            field=models.CharField(blank=True, choices=[('suspect', 'Suspected'), ('convicted', 'Convicted'), ('victim', 'Victim, or may be one'), ('witness', 'Witness, or knows something')], max_length=12),
        ),
        migrations.AddField(
            model_name='role',
            name='link_key',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='incidents.incident', to_field='link_key'),
        ),
        migrations.AddField(
            model_name='role',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='people.person'),
        ),
        migrations.AddField(
            model_name='role',
            name='relationship',
            field=models.CharField(blank=True, choices=[('partner', 'Partner, husband or wife'), ('ex_partner', 'Former partner, husband or wife'), ('parent', 'Parent or step-parent'), ('child', 'Son, daughter or step-child'), ('family', 'Somebody else of the family'), ('carer', 'Carer, or cared for'), ('acquaintance', 'Known in another way'), ('stranger', 'Stranger'), ('not_known', 'Not known')], max_length=16),
        ),
        migrations.AddField(
            model_name='role',
            name='tied_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='role',
            name='tied_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='incident',
            name='link_basis',
            field=models.CharField(choices=[('named', 'named'), ('chosen', 'chosen'), ('recorded', 'recorded'), ('not chosen', 'not chosen'), ('place', 'place'), ('not known', 'not known')], default='not known', max_length=12),
        ),
        migrations.AlterField(
            model_name='incidentreport',
            name='link_basis',
            field=models.CharField(choices=[('named', 'named'), ('chosen', 'chosen'), ('recorded', 'recorded'), ('not chosen', 'not chosen'), ('place', 'place'), ('not known', 'not known')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('link_basis__in', ['named', 'chosen', 'recorded']), ('linkable', True), ('place__isnull', True)), models.Q(('link_basis__in', ['not chosen', 'place', 'not known']), ('linkable', False)), _connector='OR'), name='incident_linkable_only_where_it_was_chosen'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('address__isnull', True), ('linkable', True), _connector='OR'), name='incident_address_only_where_it_may_be_linked'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('setting__in', ['public', 'private', 'online', 'not_known', 'not_asked'])), name='incident_setting_is_known'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('acquainted__in', ['stranger', 'known', 'not_known', 'not_asked'])), name='incident_acquainted_is_known'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('online__in', ['yes', 'no', 'not_known', 'not_asked'])), name='incident_online_is_known'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('alcohol_or_drugs__in', ['yes', 'no', 'not_known', 'not_asked'])), name='incident_alcohol_or_drugs_is_known'),
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('night_time__in', ['yes', 'no', 'not_known', 'not_asked'])), name='incident_night_time_is_known'),
        ),
        migrations.AddConstraint(
            model_name='incidentreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('link_basis__in', ['named', 'chosen', 'recorded']), ('link_key', models.F('report_id')), ('link_key__isnull', False)), models.Q(('link_basis__in', ['not chosen', 'place', 'not known']), ('link_key__isnull', True)), _connector='OR'), name='incident_report_linked_only_where_it_was_chosen'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('link_key__isnull', True), ('person__isnull', True), ('tied_at__isnull', True), ('tied_by__isnull', True)), models.Q(('link_key', models.F('incident')), ('link_key__isnull', False), ('person__isnull', False), ('tied_at__isnull', False), ('tied_by__isnull', False), models.Q(('category', ''), _negated=True)), _connector='OR'), name='incident_role_tied_only_where_it_was_chosen'),
        ),
        migrations.AddConstraint(
            model_name='role',
            constraint=models.CheckConstraint(condition=models.Q(('relationship__in', ['', 'partner', 'ex_partner', 'parent', 'child', 'family', 'carer', 'acquaintance', 'stranger', 'not_known']), ('category__in', ['', 'suspect', 'convicted', 'victim', 'witness'])), name='incident_role_words_are_known'),
        ),
        migrations.RunPython(guard_again, migrations.RunPython.noop),
    ]
