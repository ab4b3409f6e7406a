"""What the commands that other programs call have in common: tables first, JSON alone on stdout."""

import json
from datetime import datetime

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from directive_tracker.vietnamese import ZONE


def migrate_if_embedded() -> None:
    """Bring the tables up to date where the data are one file of this machine; production migrates on purpose only.

    Arguments: none. Errors: those of migrate.
    """
    if settings.EMBEDDED:
        call_command("migrate", interactive=False, verbosity=0)


def print_json(command: BaseCommand, content: dict) -> None:
    """Write the command's one answer to its stdout. Errors: TypeError for what JSON cannot hold."""
    command.stdout.write(json.dumps(content, ensure_ascii=False))


def read_moment(text: str, option: str) -> datetime:
    """Read "2024-04-16T07:30" as that moment in Việt Nam. Errors: CommandError with a sentence that names the option."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{option}: “{text}” không phải thời điểm dạng 2024-04-16T07:30") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZONE)
