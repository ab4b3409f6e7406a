"""manage.py move_to_postgresql: a pilot's data from its SQLite file into the empty PostgreSQL database of DATABASE_URL."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from directive_tracker import clock
from directive_tracker.backups import making, moving
from directive_tracker.backups.errors import Refused
from directive_tracker.vietnamese import vn_number


class Command(BaseCommand):
    help = "Chuyển dữ liệu bản một máy (SQLite) sang PostgreSQL (mã thoát 0; 1 nếu xong nhưng có chỗ hỏng; 2 nếu bị từ chối)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where the pilot's data lie; the target is what the settings say."""
        parser.add_argument(
            "--from",
            dest="source",
            type=Path,
            required=True,
            metavar="PATH",
            help="thư mục dữ liệu (var/pilot) hoặc tệp SQLite",
        )
        parser.add_argument("--files", type=Path, metavar="DIR", help="nơi chứa tệp (mặc định: media cạnh tệp SQLite)")

    def handle(self, *args: Any, source: Path, files: Path | None, **options: Any) -> None:
        """Errors: CommandError with exit code 2 and a sentence; SystemExit 1 where something is wrong with the pilot's data."""
        begun = time.monotonic()
        try:
            done = moving.move(source.absolute(), files=files, now=clock.now(), say=self.stderr.write)
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from refused
        except OSError as error:
            raise CommandError(
                f"Không chép được: {making.in_words(error)}. Cơ sở dữ liệu đích vẫn trống; sửa xong hãy chạy lại.",
                returncode=2,
            ) from error
        except DatabaseError as error:
            raise CommandError(
                f"Cơ sở dữ liệu báo lỗi ({error}). Hãy xem lại rồi chạy lại lệnh này.", returncode=2
            ) from error
        self.stdout.write(
            f"Đã chuyển {vn_number(len(done.tables))} bảng, {vn_number(done.rows)} dòng, {vn_number(done.files)} tệp trong "
            f"{time.monotonic() - begun:.0f} giây; số dòng và mã kiểm của mọi bảng khớp nhau. "
            f"Nhật ký: {vn_number(done.log_rows)} dòng đã kiểm tra."
        )
        self.stdout.write(
            "Từ bây giờ dùng hệ thống mới; đừng chạy lại bản một máy với dữ liệu cũ, vì cả hai sẽ cùng gửi thư. "
            f"Giữ {source} cho đến khi đã sao lưu hệ thống mới."
        )
        for words in done.wrong:
            self.stderr.write(f"CẢNH BÁO: {words}")
        if done.wrong:
            raise SystemExit(1)
