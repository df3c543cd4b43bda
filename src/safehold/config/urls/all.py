"""Addresses of both sites in one process: a laptop, the demonstration, most tests."""

from safehold.config.urls import public, staff

urlpatterns = [*staff.urlpatterns, *public.urlpatterns[1:]]

handler400 = public.handler400
handler403 = public.handler403
handler404 = public.handler404
handler500 = public.handler500
