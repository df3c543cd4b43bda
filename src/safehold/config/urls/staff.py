"""Addresses of the staff site; everything but the health check lives under /staff/."""

from django.urls import include, path

from safehold.config.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("staff/account/", include("safehold.accounts.urls")),
    path("staff/content/", include("safehold.content.urls")),
    path("staff/hotspots/", include("safehold.patrol.urls")),
    path("staff/", include("safehold.partnership.urls")),
    path("staff/", include("safehold.protection.urls")),
]

handler400 = "safehold.accounts.errors.bad_request"
handler403 = "safehold.accounts.errors.refused"
handler404 = "safehold.accounts.errors.not_found"
handler500 = "safehold.accounts.errors.broken"
