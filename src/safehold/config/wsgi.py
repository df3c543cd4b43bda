"""The application that a server runs; refuses to start where something is missing."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safehold.config.settings")

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

from safehold.config.startup import refuse_unless_ready

django.setup()
refuse_unless_ready()  # before the middleware reads keys and files that may not be there
if settings.SITE != "public":
    from safehold.records import row_security

    row_security.only_for_whoever_asks()
application = get_wsgi_application()
