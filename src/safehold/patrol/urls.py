from django.urls import path, re_path

from safehold.patrol import views

app_name = "patrol"

urlpatterns = [
    path("", views.page, name="hotspots"),
    re_path(r"^hotspots\.(?P<kind>csv|geojson|html|json)$", views.download, name="download"),
]
