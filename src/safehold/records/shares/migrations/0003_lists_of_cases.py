
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agencies', '0001_partner_agencies'),
        ('people', '0001_people'),
        ('shares', '0002_shares_and_list'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='listentry',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person'),
        ),
        migrations.AddConstraint(
            model_name='listentry',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('person__isnull', False)), fields=('matter', 'person'), name='must_not_entry_person_once'),
        ),
        migrations.AddConstraint(
            model_name='listentry',
            constraint=models.CheckConstraint(condition=models.Q(('agency__isnull', True), ('person__isnull', True), _connector='OR'), name='must_not_entry_is_of_one'),
        ),
    ]
