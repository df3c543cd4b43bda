from django.urls import path

from safehold.protection import (
    desk,
    dvds,
    feedback,
    identities,
    incidents,
    oversight,
    places,
    publication,
    reports,
    usage,
)

app_name = "protection"

# Ids say nothing: no name and no place ever stands in an address or a title.
urlpatterns = [
    path("", desk.work, name="work"),
    path("reports/", desk.inbox, name="inbox"),
    path("reports/<uuid:report_id>/", reports.report, name="report"),
    path("reports/<uuid:report_id>/take/", reports.take, name="take"),
    path("reports/<uuid:report_id>/account/", reports.account, name="account"),
    path("reports/<uuid:report_id>/name/", identities.identity, name="identity"),
    path("reports/<uuid:report_id>/clares-law/", dvds.open_application, name="open_application"),
    path("clares-law/", dvds.listing, name="applications"),
    path("clares-law/<uuid:application_id>/", dvds.application, name="application"),
    path("clares-law/<uuid:application_id>/<str:what>/", dvds.act, name="application_act"),
    path("hidden-names/", identities.listing, name="identities"),
    path("hidden-names/<int:opening_id>/", identities.review, name="review_identity"),
    path("reports/<uuid:report_id>/accept/", reports.accept, name="accept"),
    path("reports/<uuid:report_id>/set-aside/", reports.set_aside, name="set_aside"),
    path("reports/<uuid:report_id>/confirm/", reports.confirm, name="confirm"),
    path("incidents/<uuid:incident_id>/", incidents.incident, name="incident"),
    path("incidents/<uuid:incident_id>/crime/", incidents.decide_crime, name="decide_crime"),
    path("places/", places.listing, name="places"),
    path("places/<uuid:place_id>/", places.place, name="place"),
    path("feedback/", feedback.listing, name="feedback"),
    path("feedback/notes/", feedback.notes, name="feedback_notes"),
    path("feedback/<uuid:report_id>/", feedback.one, name="one_feedback"),
    path("feedback/<uuid:report_id>/open/", feedback.opened, name="open_feedback"),
    path("feedback/<uuid:report_id>/read/", feedback.mark_as_read, name="feedback_read"),
    path("feedback/<uuid:report_id>/report/", feedback.make_a_report, name="feedback_report"),
    path("places/<uuid:place_id>/sort/", places.decide_kind, name="place_kind"),
    path("places/<uuid:place_id>/answer/", places.answer, name="answer_place"),
    path("publication/", publication.prepare, name="publication"),
    path("publication/publish/", publication.publish, name="publish"),
    path("publication/correct/", publication.correct, name="correct"),
    path(
        "publication/answers/<uuid:answer_id>/publish/",
        publication.publish_answer,
        name="publish_answer",
    ),
    path(
        "publication/answers/<uuid:matter>/withdraw/",
        publication.withdraw_answer,
        name="withdraw_answer",
    ),
    path("usage/", usage.show, name="usage"),
    path("looks/", oversight.looks, name="looks"),
    path("trouble/", oversight.trouble, name="trouble"),
    path("trouble/<uuid:report_id>/again/", oversight.try_again, name="try_again"),
]
