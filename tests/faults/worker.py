"""A worker: one round of reminders after the other until SIGTERM. Run as a program, in the folder of the code to run.

A worker of Celery survives a job that fails, and so does this one. Arguments: --now ISO, --rounds N (0: for ever).
"""

import argparse
import io
import os
import select
import signal
import sys
import traceback

# The program's code is what stands in the working folder: another version of it may be tried with this same file.
sys.path[0] = os.getcwd()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "directive_tracker.settings")

import django  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, close_old_connections, connection  # noqa: E402

PAUSE = 0.1


def main() -> int:
    """Work until told to stop; a failed round is printed and the next one begun."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--now", required=True)
    parser.add_argument("--rounds", type=int, default=0)
    options = parser.parse_args()
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopped.append(number))
    django.setup()
    rounds = 0
    while not stopped and (not options.rounds or rounds < options.rounds):
        rounds += 1
        close_old_connections()
        try:
            answer = io.StringIO()
            call_command("run_reminders", now=options.now, stdout=answer)
            print(answer.getvalue().strip(), flush=True)
        except DatabaseError:
            traceback.print_exc()
            connection.close()
        # Not time.sleep: under a shifted clock (libfaketime) that fails now and then.
        select.select([], [], [], PAUSE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
