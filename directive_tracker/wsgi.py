"""The entrance for WSGI servers (gunicorn)."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from directive_tracker.room import roomy

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directive_tracker.settings")

application = roomy(get_wsgi_application())

# Django imports the pages at the first request, which takes most of a second: in each process, and again in each one that
# takes the place of an old one. Done here, it is done once, before the server forks.
get_resolver().resolve("/healthz")
