"""manage.py seed_scale: invented data of any size, for measuring and for trying."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from directive_tracker import clock
from directive_tracker.commands import migrate_if_embedded
from directive_tracker.scale.build import Size, build, is_there
from directive_tracker.scale.people import USERNAME
from directive_tracker.vietnamese import vn_date, vn_number
from tasks.models import Directive

MOST = 5_000_000


def _number(least: int) -> Callable[[str], int]:
    """A reader of whole numbers from `least` on."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text[:12]) <= MOST:
            raise ArgumentTypeError(f"“{text}” phải là số nguyên từ {least} đến {MOST}, ví dụ 20000")
        return int(text)

    return read


def _day(text: str) -> date:
    """A day as YYYY-MM-DD."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” không phải ngày dạng 2024-04-15") from None
    if not 1990 <= day.year <= 2100:
        raise ArgumentTypeError(f"“{text}” phải trong các năm 1990–2100")
    return day


class Command(BaseCommand):
    """Load the data once into a database that holds no real documents."""

    help = "Nạp dữ liệu giả định với số lượng tùy ý, để đo tốc độ và chạy thử (không nạp lẫn với dữ liệu thật)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """How much of everything."""
        parser.add_argument("--assignments", type=_number(0), required=True, metavar="N", help="số phần việc")
        parser.add_argument("--units", type=_number(1), required=True, metavar="N", help="số đơn vị")
        parser.add_argument("--users", type=_number(1), required=True, metavar="N", help="số tài khoản")
        parser.add_argument(
            "--directives", type=_number(1), metavar="N", help="số văn bản (mặc định: 20 nhiệm vụ một văn bản)"
        )
        parser.add_argument(
            "--reports", type=_number(0), metavar="N", help="số báo cáo của đơn vị (mặc định: mỗi kỳ một báo cáo)"
        )
        parser.add_argument("--people", type=_number(0), default=0, metavar="N", help="số người trong danh sách tri ân")
        parser.add_argument(
            "--today", type=_day, metavar="D", help="ngày làm mốc của các hạn, ví dụ 2024-04-15 (mặc định: hôm nay)"
        )
        parser.add_argument(
            "--seed", type=_number(0), default=1, metavar="S", help="cùng số này thì cùng dữ liệu (mặc định 1)"
        )

    def handle(self, *args: Any, today: date | None, seed: int, **options: Any) -> None:
        """Load. Errors: CommandError where invented data would stand among real ones, or twice."""
        migrate_if_embedded()
        if is_there():
            raise CommandError("Dữ liệu giả định đã nạp rồi; muốn số lượng khác xin dùng cơ sở dữ liệu trống.")
        if not settings.DEMO and Directive.objects.exists():
            raise CommandError("Cơ sở dữ liệu đã có văn bản; dữ liệu giả định không nạp lẫn với dữ liệu thật.")
        names = ("assignments", "units", "users", "directives", "reports", "people")
        size = Size(**{name: options[name] for name in names})
        # As seed_demo: the day with which the demo would start, until its clock runs.
        named = settings.TODAY if isinstance(settings.TODAY, date) and not clock.is_shifted() else None
        today = today or named or clock.today()
        begun = time.monotonic()
        made = build(size, today=today, seed=seed, say=self.stderr.write)
        if connection.vendor == "postgresql":
            # Without fresh statistics the first pages would be planned as if the tables were empty.
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        for name, count in made.rows.items():
            self.stdout.write(f"{vn_number(count):>12} {name}")
        self.stdout.write(f"Hạn xếp quanh ngày {vn_date(today)}; nạp trong {time.monotonic() - begun:.0f} giây.")
        self.stdout.write(
            f"Tài khoản {USERNAME.format(1)} (Văn phòng), {USERNAME.format(2)} (Thường trực), còn lại của các đơn vị."
        )
        self.stdout.write(f"Mật khẩu chung: {made.password}")
