from django.urls import path

from safehold.public.report import calling, map_page, saving, views
from safehold.public.report.forms import ASK_FORM, HARM_FORM, PLACE_FORM

urlpatterns = [
    path("report/", views.ways, name="report"),
    path("report/place/", views.start, {"form": PLACE_FORM}, name="place"),
    path("report/tell/", views.start, {"form": HARM_FORM}, name="harm"),
    path("ask/", views.start, {"form": ASK_FORM}, name="ask"),
    path("report/<int:number>/", views.step, name="step"),
    path("report/save/", saving.save, name="save"),
    path("report/call/", calling.call, name="call"),
    path("report/call/again/", calling.again, name="call-again"),
    path("report/files/", views.files, name="files"),
    path("report/map/picture/", map_page.picture, name="picture"),
]
