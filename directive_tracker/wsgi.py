"""The entrance for WSGI servers (gunicorn)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directive_tracker.settings")

application = get_wsgi_application()
