"""Record a document as a draft: manage.py load_directive FILE."""

import hashlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directive_tracker import clock
from directive_tracker.commands import migrate_if_embedded, print_json
from records.uploads import UploadRefused
from tasks.breakdown import breakdown_for
from tasks.errors import Refused
from tasks.recording import record_directive
from units.models import Unit
from units.reference import load_reference


class Command(BaseCommand):
    """Idempotent by the text's checksum; prints {"directive": id, "created": bool, "tasks": n}."""

    requires_system_checks = ()
    help = "Ghi một văn bản vào hệ thống ở dạng dự thảo; chạy lại với cùng tệp thì không thay đổi gì."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare FILE."""
        parser.add_argument("file", type=Path, metavar="FILE", help="tệp txt, md, docx, odt, doc hoặc pdf có chữ")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Record the file. Errors: CommandError with exit code 2 when it is refused or unreadable."""
        try:
            source = file.read_bytes()
        except OSError as error:
            raise CommandError(
                f"Không mở được tệp {file}; hãy kiểm tra đường dẫn và quyền đọc.", returncode=2
            ) from error
        migrate_if_embedded()
        # An office with units of its own gets ours only for the directive that names them.
        if not Unit.objects.exists() or breakdown_for(hashlib.sha256(source).hexdigest()):
            load_reference()
        try:
            directive, created = record_directive(source, file.name, None, clock.now())
        except (UploadRefused, Refused) as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        count = directive.tasks.count()
        self.stderr.write(
            f"Đã ghi “{directive.short_title}”, {count} nhiệm vụ." if created else "Văn bản này đã được ghi từ trước."
        )
        print_json(self, {"directive": directive.pk, "created": created, "tasks": count})
