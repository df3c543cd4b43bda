from django.db import migrations


def keep_reports(apps, editor):
    """Name the report of every incident taken in before; none of these may be tied to a person."""
    incident = apps.get_model("incidents", "Incident")
    report = apps.get_model("incidents", "IncidentReport")
    earlier = incident.objects.exclude(report_id=None).only(
        "report_id", "recorded_at", "recorded_by_id"
    )
    report.objects.bulk_create(
        [
            report(
                report_id=each.report_id,
                incident_id=each.pk,
                link_basis="not known",
                added_at=each.recorded_at,
                added_by_id=each.recorded_by_id,
            )
            for each in earlier
        ],
        batch_size=500,
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0004_whom_it_may_be_tied_to")]

    operations = [migrations.RunPython(keep_reports, migrations.RunPython.noop)]
