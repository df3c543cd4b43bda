from django.urls import path

from safehold.domain.journey.place_questions import PLACE
from safehold.public.report import map_page, views

urlpatterns = [
    path("report/", views.ways, name="report"),
    path("report/place/", views.start, name="place"),
    path("report/place/check/", views.check, name="place-check"),
    path("report/place/sent/", views.sent, name="place-sent"),
    path("report/place/map/picture/", map_page.picture, name="place-picture"),
    *(
        path(
            f"report/place/{question.slug}/",
            views.question,
            {"key": question.key},
            name=f"place-{question.slug}",
        )
        for question in PLACE.questions
    ),
]
