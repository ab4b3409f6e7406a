"""No depth of calls at which a call costs many times what it costs elsewhere; the pages are there before the first request."""

import os
import subprocess
import sys
import time
from statistics import median

from django.conf import settings

from directive_tracker.celery import app
from directive_tracker.room import roomy

DEPTHS = range(0, 400)


def called() -> int:
    return 1


def many_calls() -> float:
    """Seconds of some hundred calls, the best of three goes."""
    goes = []
    for _ in range(3):
        began = time.perf_counter()
        for _ in range(150):
            called()
        goes.append(time.perf_counter() - began)
    return min(goes)


def at_depth(depth: int) -> float:
    """The same below so many frames."""
    return many_calls() if depth == 0 else at_depth(depth - 1)


def dearest() -> float:
    """How many times the usual the calls cost at the worst depth."""
    seconds = [at_depth(depth) for depth in DEPTHS]
    return max(seconds) / median(seconds)


def test_calls_cost_the_same_at_every_depth_of_a_request():
    assert roomy(dearest)() < 3


def test_a_job_has_room_too():
    job = app.task(dearest, name="tests.dearest")
    ratio = job()
    app.tasks.pop("tests.dearest")

    assert ratio < 3


def test_without_room_there_is_a_depth_at_which_they_cost_many_times_as_much():
    # Should this fail one day, Python does it by itself and directive_tracker/room.py can go.
    assert dearest() > 3


def test_arguments_answers_and_errors_pass_through():
    def divide(one: int, *, by: int) -> float:
        return one / by

    try:
        roomy(divide)(1, by=0)
    except ZeroDivisionError as error:
        told = str(error)

    assert (roomy(divide)(6, by=4), roomy(divide).__name__, told) == (1.5, "divide", "division by zero")


def test_the_pages_are_imported_with_the_entrance_and_not_by_the_first_request():
    program = "import directive_tracker.wsgi, sys; print('tasks.views.office' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=settings.BASE_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "True\n"
