"""manage.py restore: an empty machine gets everything back by one command; nothing is sent until somebody lets go."""

from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from directive_tracker import clock
from directive_tracker.backups import making, restoring
from directive_tracker.backups.errors import Refused, said_by_database
from directive_tracker.vietnamese import vn_datetime, vn_number


class Command(BaseCommand):
    help = "Khôi phục từ bản sao lưu vào máy trống (mã thoát 0; 1 nếu xong nhưng có chỗ hỏng; 2 nếu bị từ chối)."
    # The checks ask a database that is not there yet.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file; what to do with empty tables and without the key of sealed values."""
        parser.add_argument("file", type=Path, metavar="FILE", help="bản sao lưu do manage.py backup tạo")
        parser.add_argument(
            "--to-empty", action="store_true", help="thay các bảng trống (đã migrate, chưa ai dùng) bằng bản sao lưu"
        )
        parser.add_argument(
            "--without-field-key", action="store_true", help="khôi phục dù nội dung mã hóa sẽ không đọc được"
        )

    def handle(self, *args: Any, file: Path, to_empty: bool, without_field_key: bool, **options: Any) -> None:
        """Errors: CommandError with exit code 2 and a sentence; SystemExit 1 where something is wrong with what was restored."""
        try:
            done = restoring.restore(
                file,
                key=settings.BACKUP_KEY,
                now=clock.now(),
                to_empty=to_empty,
                without_field_key=without_field_key,
                say=self.stderr.write,
            )
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from refused
        except OSError as error:
            raise CommandError(
                f"Không khôi phục được: {making.in_words(error)}. Sửa xong hãy chạy lại lệnh này.", returncode=2
            ) from error
        except DatabaseError as error:
            raise CommandError(
                f"Cơ sở dữ liệu ngắt giữa chừng ({said_by_database(str(error).strip())}); chưa khôi phục xong. Hãy chạy lại lệnh "
                "này.",
                returncode=2,
            ) from error
        found = done.manifest
        self.stdout.write(
            f"Đã khôi phục dữ liệu của lúc {vn_datetime(datetime.fromisoformat(found.moment))}: {vn_number(len(found.database['tables']))} bảng, "
            f"{vn_number(found.rows)} dòng, {vn_number(len(found.files))} tệp. Không ai đang đăng nhập."
        )
        self.stdout.write("Việc cần làm tiếp:")
        for number, words in enumerate(done.todo, start=1):
            self.stdout.write(f"  {number}. {words}")
        for words in done.wrong:
            self.stderr.write(f"CẢNH BÁO: {words}")
        if done.wrong:
            raise SystemExit(1)
