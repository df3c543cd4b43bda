"""The application that a server runs; refuses to start where something is missing."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safehold.config.settings")

import django
from django.core.wsgi import get_wsgi_application

from safehold.config.startup import refuse_unless_ready

django.setup()
refuse_unless_ready()  # before the middleware reads keys and files that may not be there
application = get_wsgi_application()
