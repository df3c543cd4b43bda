from django.urls import path

from safehold.public.about_cookies import views as about_cookies
from safehold.public.exit import views as leaving
from safehold.public.report import urls as report

app_name = "public"

urlpatterns = [
    path("exit/", leaving.leave, name="exit"),
    path("cookies/", about_cookies.show, name="cookies"),
    *report.urlpatterns,
]
