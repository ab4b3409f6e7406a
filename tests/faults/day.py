"""The Celery application on the day of the scenario: production refuses a shifted clock, so the test brings it.

Variables: FAULTS_NOW, the moment at which the pages' clock begins; FAULTS_TICK, seconds between two ticks (60 in
production). Everything else is the program's own application.
"""

import os
from datetime import datetime

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directive_tracker.settings")

from django.utils import timezone

from directive_tracker import clock
from directive_tracker.celery import app
from directive_tracker.vietnamese import ZONE

_ahead = datetime.fromisoformat(os.environ["FAULTS_NOW"]) - timezone.now()
clock.now = lambda: (timezone.now() + _ahead).astimezone(ZONE)
app.conf.beat_schedule["notifications.tick"]["schedule"] = float(os.environ["FAULTS_TICK"])
