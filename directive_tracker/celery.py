"""The Celery application; every room keeps its jobs in `jobs.py`."""

import os
from typing import Any

from celery import Celery, Task
from celery.signals import beat_embedded_init, beat_init, before_task_publish, task_postrun, task_prerun

from directive_tracker.room import roomy
from directive_tracker.runall.processes import end_with_parent
from directive_tracker.watching import jobs as watched_jobs

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directive_tracker.settings")


class RoomyTask(Task):
    """A job whose calls have room, as a request's have: a worker calls it from as deep a place."""

    @roomy
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Do the job."""
        return super().__call__(*args, **kwargs)


app = Celery("directive_tracker", task_cls=RoomyTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")

before_task_publish.connect(watched_jobs.label)
task_prerun.connect(watched_jobs.begin)
task_postrun.connect(watched_jobs.end)
for _began in (beat_init, beat_embedded_init):
    _began.connect(watched_jobs.this_is_beat)


@beat_embedded_init.connect
def _beat_ends_with_worker(**kwargs: object) -> None:
    """Beat inside a worker (`-B`) is a process of its own; it must not outlive a killed worker."""
    end_with_parent()
