"""Look once into the places documents arrive in: manage.py watch_incoming [--now ISO]."""

from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from directive_tracker import clock
from directive_tracker.commands import migrate_if_embedded, print_json, read_moment
from tasks.arriving.sources import is_on
from tasks.arriving.watching import watch


class Command(BaseCommand):
    """Prints {"new", "refused", "known", "waiting", "failed"}: numbers of files of this look."""

    help = "Xem một lần các nơi văn bản đến (INCOMING_DIR) và ghi tệp mới vào danh sách chờ; in ra JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--now: a moment as ISO 8601; without a zone it is Việt Nam's."""
        parser.add_argument("--now", help="thời điểm ghi là đã thấy, ví dụ 2024-04-16T07:30; mặc định là bây giờ")

    def handle(self, *args: Any, **options: Any) -> None:
        """Look and tell. Errors: CommandError for a moment that cannot be read."""
        now = read_moment(options["now"], "--now") if options["now"] else clock.now()
        migrate_if_embedded()
        if not is_on():
            self.stderr.write("Chưa đặt INCOMING_DIR nên không có nơi nào được theo dõi.")
        print_json(self, asdict(watch(now=now)))
