"""manage.py verify_audit: is the log still what was written? Exit 0 and the number of rows, else 1 and the first broken row."""

import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from directive_tracker import clock
from directive_tracker.commands import migrate_if_embedded
from directive_tracker.vietnamese import vn_number
from records import chain, headfile
from records.audit import record
from records.headfile import Head, HeadFileError


class Command(BaseCommand):
    help = "Kiểm tra chuỗi nhật ký: mã thoát 0 và số dòng nếu nguyên vẹn, 1 và dòng hỏng đầu tiên nếu không."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--file: another copy of the head file, of another machine or an older day."""
        parser.add_argument("--file", type=Path, help="một bản khác của tệp số dòng và mã đầu, để đối chiếu thêm")

    def handle(self, *args: Any, **options: Any) -> None:
        """Seal what waits, verify all, and leave an event about it."""
        migrate_if_embedded()
        try:
            chain.seal()
        except DatabaseError as error:
            self.stderr.write(f"Không ghi được vào cơ sở dữ liệu ({error}); chỉ kiểm tra những dòng đã có số.")
        began = time.perf_counter()
        try:
            result = chain.verify(self._heads(options["file"]))
        except HeadFileError as error:
            result = chain.Verified(0, str(error))
        seconds = time.perf_counter() - began
        self._leave_an_event(result)
        if result.broken:
            self.stdout.write(f"Nhật ký KHÔNG nguyên vẹn: {result.broken}.")
            raise SystemExit(1)
        self.stdout.write(f"Nhật ký nguyên vẹn: {result.rows} dòng.")
        if result.old_keys:
            self.stderr.write(
                f"{result.old_keys} dòng được ký bằng khóa cũ không còn trong SECRET_KEY_FALLBACKS; "
                "các dòng này chỉ được chuỗi và tệp đối chiếu bảo đảm."
            )
        speed = vn_number(round(result.rows / seconds)) if seconds > 0 else "–"
        self.stderr.write(f"{vn_number(round(seconds, 2))} giây, {speed} dòng mỗi giây.")

    def _heads(self, extra: Path | None) -> list[Head]:
        """Every head to compare with. Errors: HeadFileError; CommandError where the named file is missing."""
        heads = headfile.kept_heads(chain.first_uid())
        if not heads:
            self.stderr.write("Chưa có tệp đối chiếu (AUDIT_HEAD_FILE): phần cuối bị cắt sẽ không nhận ra được.")
        if extra is not None:
            head = headfile.read(extra)
            if head is None:
                raise CommandError(f"không có tệp {extra}")
            heads.append(head)
        return heads

    def _leave_an_event(self, result: chain.Verified) -> None:
        """That somebody looked, and what came out; a copy that cannot be written stays as it is."""
        data = {"count": result.rows}
        try:
            record("audit.verified", by=None, at=clock.now(), data=data, reason=result.broken)
        except DatabaseError as error:
            self.stderr.write(f"Không ghi được lần kiểm tra này vào nhật ký ({error}).")
