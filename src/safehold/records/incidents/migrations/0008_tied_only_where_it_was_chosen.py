from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("incidents", "0007_keys_of_what_may_be_tied")]

    operations = [
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('link_key', models.F('id')), ('link_key__isnull', False), ('linkable', True)), models.Q(('link_key__isnull', True), ('linkable', False)), _connector='OR'), name='incident_link_key_only_where_it_was_chosen'),
        ),
    ]
