"""manage.py backup: everything in one file, whole or not at all; --check reads one without restoring it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from directive_tracker import clock
from directive_tracker.backups import making, manifest
from directive_tracker.backups.errors import Refused
from directive_tracker.backups.manifest import Manifest
from directive_tracker.vietnamese import vn_number
from records.audit import record


class Command(BaseCommand):
    help = "Sao lưu cơ sở dữ liệu và tệp vào một tệp (mã thoát 0; 1 nếu có tệp thiếu; 2 nếu không sao lưu được)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--to: another folder than BACKUP_DIR; --check: read a backup and say whether it is whole."""
        parser.add_argument("--to", type=Path, metavar="DIR", help="thư mục đặt bản sao lưu (mặc định BACKUP_DIR)")
        parser.add_argument("--check", type=Path, metavar="FILE", help="chỉ kiểm tra một bản sao lưu, không ghi gì")

    def handle(self, *args: Any, to: Path | None, check: Path | None, **options: Any) -> None:
        """Errors: CommandError with exit code 2 and a sentence; SystemExit 1 where files are missing."""
        try:
            if check is not None:
                found, size = manifest.checked(check, settings.BACKUP_KEY), check.stat().st_size
                self.stdout.write(f"Bản sao lưu nguyên vẹn: {check}")
                self._tell(found, size)
                return self._end(found)
            made = making.make(
                (to or settings.BACKUP_DIR).absolute(),
                key=settings.BACKUP_KEY,
                keep=settings.BACKUP_KEEP,
                now=clock.now(),
                say=self.stderr.write,
            )
        except Refused as refused:
            raise CommandError(str(refused), returncode=2) from refused
        except OSError as error:
            raise CommandError(f"Không đọc được: {making.in_words(error)}.", returncode=2) from error
        except DatabaseError as error:
            raise CommandError(f"Không hỏi được cơ sở dữ liệu: {error}", returncode=2) from error
        self.stdout.write(f"Đã sao lưu: {made.path}")
        self._tell(made.manifest, made.size)
        if made.removed:
            self.stdout.write(f"Đã bỏ {len(made.removed)} bản cũ: {', '.join(made.removed)}")
        if settings.BACKUP_KEY is None:
            self.stderr.write("CẢNH BÁO: bản sao lưu KHÔNG được mã hóa vì chưa đặt BACKUP_KEY; ai có tệp đều đọc được.")
        self._leave_an_event(made)
        return self._end(made.manifest)

    def _tell(self, found: Manifest, size: int) -> None:
        """What is in it and which keys a restore needs."""
        tables = found.database["tables"]
        self.stdout.write(
            f"  lúc {found.moment}, {vn_number(size)} byte; {found.database['engine']}, {vn_number(len(tables))} bảng, "
            f"{vn_number(found.rows)} dòng; {vn_number(len(found.files))} tệp, {vn_number(found.bytes_of_files)} byte"
        )
        keys = found.keys
        needed = [f"FIELD_KEY {', '.join(keys['field'])}", f"SECRET_KEY {', '.join(keys['secret'])}"]
        if keys["backup"]:
            needed.insert(0, f"BACKUP_KEY {keys['backup']}")
        self.stdout.write(f"  Khóa cần có khi khôi phục (không nằm trong bản sao lưu): {'; '.join(needed)}")

    def _end(self, found: Manifest) -> None:
        """Exit 1 where the store did not have what the database names."""
        for words, names in (("không có trong kho tệp", found.missing), ("không còn như khi được lưu", found.damaged)):
            if names:
                self.stderr.write(f"CẢNH BÁO: {vn_number(len(names))} tệp {words}: {', '.join(names[:20])}")
        if found.missing or found.damaged:
            raise SystemExit(1)

    def _leave_an_event(self, made: making.Made) -> None:
        """That a copy of everything was made; a log that cannot be written takes nothing away from the backup."""
        try:
            data = {"count": made.manifest.rows, "file": made.path.name}
            record("backup.made", by=None, at=clock.now(), data=data)
        except DatabaseError as error:
            self.stderr.write(f"Không ghi được lần sao lưu này vào nhật ký ({error}).")
