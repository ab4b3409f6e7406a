"""The project: what composes the rooms, and the small layers all of them use."""

from directive_tracker.celery import app as celery_app

__all__ = ["celery_app"]
