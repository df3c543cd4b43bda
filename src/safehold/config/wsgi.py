"""The application that a server runs; refuses to start where something is missing."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safehold.config.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from safehold.config.startup import refuse_unless_ready  # noqa: E402 - needs the apps loaded

refuse_unless_ready()
