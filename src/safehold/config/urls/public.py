"""Addresses of the public site."""

from django.urls import include, path

from safehold.config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("safehold.public.urls")),
]

handler400 = "safehold.public.errors.bad_request"
handler403 = "safehold.public.errors.refused"
handler404 = "safehold.public.errors.not_found"
handler500 = "safehold.public.errors.broken"
