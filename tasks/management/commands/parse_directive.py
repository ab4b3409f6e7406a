"""Read a document and print what it asks, without keeping anything: manage.py parse_directive FILE."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError

from directive_tracker.commands import print_json
from records.uploads import UploadRefused
from tasks.enums import TextOrigin
from tasks.intake.proposal import as_answer
from tasks.intake.reading import propose
from tasks.sources import read_document


class Command(BaseCommand):
    """JSON alone on stdout, a summary in words on stderr; exit code 2 for a file that is refused. Needs no database."""

    requires_system_checks = ()
    help = "Đọc một văn bản chỉ đạo (txt, md, docx, odt, doc, pdf có chữ): in ra JSON các nhiệm vụ, đơn vị, thời hạn nhận ra được; không lưu gì."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare FILE."""
        parser.add_argument("file", type=Path, metavar="TỆP", help="văn bản cần đọc")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        """Read and tell. Errors: CommandError with exit code 2 when the file is refused or cannot be opened."""
        try:
            with file.open("rb") as stream:
                upload = SimpleUploadedFile(file.name, stream.read())
        except OSError as error:
            words = f"Không mở được tệp {file}; hãy kiểm tra đường dẫn và quyền đọc."
            raise CommandError(words, returncode=2) from error
        try:
            document = read_document(upload)
        except UploadRefused as refusal:
            raise CommandError(str(refusal), returncode=2) from refusal
        text = document.text
        proposal = propose(text.body, [note["text"] for note in text.footnotes])
        print_json(self, as_answer(proposal))
        self.stderr.write(f"{proposal.header.type}: {len(proposal.tasks)} nhiệm vụ nhận ra được.")
        if document.read_by == TextOrigin.PART:
            self.stderr.write(f"Chưa đọc các trang là ảnh: {document.read_pages}.")
