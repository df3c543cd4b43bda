from django.db import migrations, models


class Migration(migrations.Migration):
    # Apart from the keys themselves: PostgreSQL changes no table with rows that wait to be checked.
    dependencies = [("people", "0003_contacts_by_key")]

    operations = [
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True), name="contact_has_a_key"
            ),
        ),
    ]
