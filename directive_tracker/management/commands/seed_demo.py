"""manage.py seed_demo [--today D]: units, people and the campaign up to the evening before D, through the pages' own functions."""

from argparse import ArgumentParser
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from directive_tracker.clock import now
from directive_tracker.demo import demo_password
from directive_tracker.demo_people import create_demo_people
from directive_tracker.demo_story.player import RECORDED, play
from directive_tracker.env import NOW
from directive_tracker.vietnamese import ZONE, vn_date
from units.reference import load_reference

DEMO_DAY = date(2024, 4, 15)


class Command(BaseCommand):
    help = "Nạp dữ liệu thử và diễn lại đợt công tác đến hết ngày trước ngày D (chạy lại thì diễn tiếp)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--today: a day as YYYY-MM-DD."""
        parser.add_argument("--today", help="ngày D, ví dụ 2024-04-15 (mặc định: TODAY, không có thì 2024-04-15)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load what is missing and play on; running again with the same day changes nothing."""
        if not settings.DEMO:
            raise CommandError("seed_demo chỉ chạy trong bản dùng thử (DEMO=true)")
        day = read_day(options["today"] or settings.TODAY or DEMO_DAY)
        if settings.EMBEDDED:
            _migrate()
        load_reference()
        create_demo_people(demo_password(), datetime.combine(RECORDED, time(8, 0), ZONE))
        played = play(until=day - timedelta(days=1))
        if played.days:
            self.stdout.write(
                f"Đã diễn đến hết ngày {vn_date(day - timedelta(days=1))}: {played.days} ngày, {played.steps} việc"
                + (f", bỏ qua {played.left_out} việc đã có người làm" if played.left_out else "")
            )
        else:
            self.stdout.write("Dữ liệu thử đã có, không thay đổi gì.")


def read_day(given: date | str) -> date:
    """ "2024-04-15" or "now" → the day. Errors: CommandError with a sentence when it is none."""
    if isinstance(given, date):
        return given
    if given == NOW:
        return now().date()
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise CommandError(f"--today: “{given}” không phải ngày dạng 2024-04-15") from None


def _migrate() -> None:
    """Bring the tables up to date; asking first is much quicker than migrating nothing."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", interactive=False, verbosity=0)
