from django.db import migrations
from django.db.models import F


def give_keys(apps, schema_editor):
    """Give the key that a tie points at to every incident that may be tied to a person."""
    incidents = apps.get_model("incidents", "Incident").objects.using(schema_editor.connection.alias)
    incidents.filter(linkable=True).update(link_key=F("id"))


class Migration(migrations.Migration):
    dependencies = [("incidents", "0006_tied_to_a_person")]

    operations = [migrations.RunPython(give_keys, migrations.RunPython.noop)]
