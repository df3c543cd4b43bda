from django.urls import path

from safehold.protection import desk, incidents, oversight, places, reports

app_name = "protection"

# Ids say nothing: no name and no place ever stands in an address or a title.
urlpatterns = [
    path("", desk.work, name="work"),
    path("reports/", desk.inbox, name="inbox"),
    path("reports/<uuid:report_id>/", reports.report, name="report"),
    path("reports/<uuid:report_id>/take/", reports.take, name="take"),
    path("reports/<uuid:report_id>/account/", reports.account, name="account"),
    path("reports/<uuid:report_id>/accept/", reports.accept, name="accept"),
    path("reports/<uuid:report_id>/set-aside/", reports.set_aside, name="set_aside"),
    path("reports/<uuid:report_id>/confirm/", reports.confirm, name="confirm"),
    path("incidents/<uuid:incident_id>/", incidents.incident, name="incident"),
    path("incidents/<uuid:incident_id>/crime/", incidents.decide_crime, name="decide_crime"),
    path("places/", places.listing, name="places"),
    path("places/<uuid:place_id>/", places.place, name="place"),
    path("looks/", oversight.looks, name="looks"),
    path("trouble/", oversight.trouble, name="trouble"),
    path("trouble/<uuid:report_id>/again/", oversight.try_again, name="try_again"),
]
