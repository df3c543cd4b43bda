from django.db import migrations, models

from safehold.domain.reachable import LONGEST_KEY, key_of


def give_keys(apps, schema_editor):
    """Give every contact that is there the key that it is found by."""
    contacts = apps.get_model("people", "Contact").objects.using(schema_editor.connection.alias)
    some = []
    for contact in contacts.filter(key="").iterator(2_000):
        contact.key = key_of(contact.value) or contact.value
        some.append(contact)
        if len(some) == 2_000:
            contacts.bulk_update(some, ["key"])
            some = []
    contacts.bulk_update(some, ["key"])


class Migration(migrations.Migration):
    dependencies = [("people", "0002_alike_and_decided")]

    operations = [
        migrations.AddField(
            model_name="contact",
            name="key",
            field=models.CharField(db_index=True, default="", max_length=LONGEST_KEY),
            preserve_default=False,
        ),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
    ]
