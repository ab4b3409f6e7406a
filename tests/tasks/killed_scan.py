"""A program that reads one scan and is killed when a page was kept: python -m tests.tasks.killed_scan JOB PAGES."""

import os
import signal
import sys

import django

django.setup()

from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

import tasks.scanning.jobs  # noqa: E402, F401 - tells the runner of its kind
from records import jobs_runner  # noqa: E402


def main(job: int, pages: int) -> None:
    """Run the job; does not return once so many pages were kept."""
    kept = []

    def kill(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if sql.startswith('INSERT INTO "tasks_scanpage"'):
            kept.append(sql)
        elif len(kept) == pages and sql.startswith('UPDATE "records_job"'):
            # The next step of the work: the page before is committed.
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(kill):
        jobs_runner.run(job, now=timezone.now())


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
