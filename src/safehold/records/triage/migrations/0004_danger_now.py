from django.db import migrations, models
from django.db.models import Q

NOW = {"danger-now", "followed-now"}


def mark_danger_now(apps, schema_editor):
    slips = apps.get_model("triage", "TriageSlip").objects.using(schema_editor.connection.alias)
    for slip in slips.filter(danger=True).iterator():
        if any(prompt.get("prompt") in NOW for prompt in slip.prompts):
            slip.danger_now = True
            slip.save(update_fields=["danger_now"])


class Migration(migrations.Migration):
    dependencies = [
        ("triage", "0003_confirmations"),
    ]

    operations = [
        migrations.AddField(
            model_name="triageslip",
            name="danger_now",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark_danger_now, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="triageslip", name="triage_slip_by_urgency"),
        migrations.AddIndex(
            model_name="triageslip",
            index=models.Index(
                fields=["state", "-danger", "received_at", "-danger_now", "arrival"],
                name="triage_slip_by_urgency",
            ),
        ),
        migrations.AddConstraint(
            model_name="triageslip",
            constraint=models.CheckConstraint(
                name="triage_slip_danger_now_is_danger",
                condition=Q(danger=True) | Q(danger_now=False),
            ),
        ),
    ]
