"""The page about what is kept on a device."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from safehold.public.about_cookies.stored import stored


def show(request: HttpRequest) -> HttpResponse:
    """Say what this site keeps on a device, what leaving removes, and what it cannot remove."""
    return render(request, "public/about_cookies.html", {"stored": stored()})
