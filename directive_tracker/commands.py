"""What the commands that other programs call have in common: tables first, JSON alone on stdout."""

import json

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


def migrate_if_embedded() -> None:
    """Bring the tables up to date where the data are one file of this machine; production migrates on purpose only.

    Arguments: none. Errors: those of migrate.
    """
    if settings.EMBEDDED:
        call_command("migrate", interactive=False, verbosity=0)


def print_json(command: BaseCommand, content: dict) -> None:
    """Write the command's one answer to its stdout. Errors: TypeError for what JSON cannot hold."""
    command.stdout.write(json.dumps(content, ensure_ascii=False))
