"""manage.py run_reminders --now ISO: one planning and delivery round at that moment, as JSON on stdout."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, call_command

from directive_tracker import clock
from directive_tracker.commands import read_moment
from notifications.rounds import run_round


class Command(BaseCommand):
    help = "Lập và gửi các nhắc việc đến hạn tại một thời điểm; in ra JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--now: a moment as ISO 8601; without a zone it is Việt Nam's."""
        parser.add_argument("--now", help="thời điểm, ví dụ 2024-04-16T07:30; mặc định là bây giờ")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print {"planned", "held", "sent", "failed", "superseded"} of the round and nothing else on stdout."""
        now = read_moment(options["now"], "--now") if options["now"] else clock.now()
        if settings.EMBEDDED:
            call_command("migrate", verbosity=0, interactive=False, stdout=self.stderr)
        self.stdout.write(json.dumps(run_round(now=now)))
