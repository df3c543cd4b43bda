from django.db import migrations, models

HURT_NOW = "hurt-now"


def mark_hurt_now(apps, schema_editor):
    slips = apps.get_model("triage", "TriageSlip").objects.using(schema_editor.connection.alias)
    for slip in slips.filter(danger=True, danger_now=False).iterator():
        if any(prompt.get("prompt") == HURT_NOW for prompt in slip.prompts):
            slip.danger_now = True
            slip.save(update_fields=["danger_now"])


class Migration(migrations.Migration):

    dependencies = [
        ('triage', '0013_passed_on'),
    ]

    operations = [
        migrations.RunPython(mark_hurt_now, migrations.RunPython.noop),
        migrations.RemoveIndex(
            model_name='triageslip',
            name='triage_slip_by_team',
        ),
        migrations.RemoveIndex(
            model_name='triageslip',
            name='triage_slip_by_flood',
        ),
        migrations.RemoveIndex(
            model_name='triageslip',
            name='triage_slip_by_urgency',
        ),
        migrations.AddIndex(
            model_name='triageslip',
            index=models.Index(fields=['flood', 'piled', 'state', '-danger_now', 'received_at', 'arrival'], name='triage_slip_by_flood'),
        ),
        migrations.AddIndex(
            model_name='triageslip',
            index=models.Index(fields=['state', 'piled', '-danger', '-danger_now', 'received_at', 'arrival', 'party_is_police'], name='triage_slip_by_urgency'),
        ),
        migrations.AddIndex(
            model_name='triageslip',
            index=models.Index(fields=['state', 'team', '-danger', '-danger_now', 'received_at', 'arrival'], name='triage_slip_by_team'),
        ),
    ]
