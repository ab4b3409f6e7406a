"""A program that works on one job and is killed right after a statement: python -m tests.veterans.killed_import JOB WORDS.

WORDS stand in the statement.
"""

import os
import signal
import sys

import django

django.setup()

from django.db import connection  # noqa: E402

import veterans.importing.jobs  # noqa: E402, F401 - tells the runner of its kinds
from records import jobs_runner  # noqa: E402
from tests.veterans.conftest import NOW  # noqa: E402


def main(job: int, words: str) -> None:
    """Run the job; does not return when the statement is reached."""

    def kill(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        if words in sql:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(kill):
        jobs_runner.run(job, now=NOW)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
