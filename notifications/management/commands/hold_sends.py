"""manage.py hold_sends: no mail leaves until somebody lets it go; part of every restore."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import BaseCommand, CommandError

from directive_tracker import clock
from directive_tracker.commands import read_moment
from directive_tracker.vietnamese import vn_datetime
from notifications import sending


class Command(BaseCommand):
    help = "Giữ mọi thư lại (sau khi khôi phục dữ liệu), hoặc cho gửi tiếp với --release."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--release: let go; --told-until: what was due by then had left before the restore."""
        parser.add_argument("--release", action="store_true", help="cho gửi tiếp")
        parser.add_argument("--reason", default="Vừa khôi phục dữ liệu", help="lý do giữ, hiện trên trang Sổ gửi")
        parser.add_argument(
            "--told-until",
            help="thời điểm, ví dụ 2024-04-16T07:30: thư phải gửi đến lúc đó coi như đã gửi, không gửi nữa",
        )
        parser.add_argument(
            "--drop-doubtful",
            action="store_true",
            help="sau khi khôi phục: bỏ những thư có thể đã gửi giữa lúc sao lưu và lúc khôi phục",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Say in words what was done."""
        now = clock.now()
        if not options["release"]:
            for option in ("told_until", "drop_doubtful"):
                if options[option]:
                    raise CommandError(f"--{option.replace('_', '-')} chỉ dùng cùng --release")
            held = sending.hold_all(reason=options["reason"], by=None, now=now)
            self.stdout.write("Đã giữ mọi thư." if held else "Mọi thư đã được giữ từ trước.")
            return
        until = read_moment(options["told_until"], "--told-until") if options["told_until"] else None
        drop = options["drop_doubtful"]
        dropped = sending.release_all(by=None, now=now, told_until=until, drop_doubtful=drop)
        if dropped is None:
            self.stdout.write("Không có gì đang bị giữ.")
        elif drop:
            self.stdout.write(f"Thư được gửi tiếp; bỏ {dropped} thư có thể đã gửi trước khi khôi phục.")
        elif until is None:
            self.stdout.write("Thư được gửi tiếp từ lượt gửi tới.")
        else:
            self.stdout.write(f"Thư được gửi tiếp; {dropped} thư phải gửi đến {vn_datetime(until)} coi như đã gửi.")
