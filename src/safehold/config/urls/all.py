"""Addresses of both sites in one process: a laptop, the demonstration, most tests."""

from django.http import HttpRequest, HttpResponse

from safehold.accounts import errors as staff_errors
from safehold.config.staff_middleware import STAFF_PATH
from safehold.config.urls import public, staff
from safehold.public import errors as public_errors

urlpatterns = [*staff.urlpatterns, *public.urlpatterns[1:]]

handler400 = public.handler400
handler403 = public.handler403
handler500 = public.handler500


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that nothing is here, in the words of the side that was asked."""
    errors = staff_errors if request.path.startswith(STAFF_PATH) else public_errors
    return errors.not_found(request, exception)
