"""Read a list of persons and say what an import would make of it, without keeping anything: manage.py check_veterans FILE."""

import tempfile
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directive_tracker import clock
from directive_tracker.vietnamese import ZONE
from veterans.committed_areas import committed_areas
from veterans.lists.answer import write_answer
from veterans.lists.codes import FILES
from veterans.lists.places import Places
from veterans.lists.reading import read_list

_WORDS = {"ok": "đọc được", "error": "có lỗi", "skip": "không phải người"}


class Command(BaseCommand):
    """JSON alone on stdout, a summary in words on stderr. A file that is rejected is an answer too: exit code 0."""

    requires_system_checks = ()
    help = "Kiểm tra một danh sách người (xlsx, xls, ods, csv): in ra JSON từng dòng đọc được gì, sai gì; không lưu gì."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare FILE and --column."""
        parser.add_argument("file", type=Path, metavar="TỆP", help="danh sách cần kiểm tra")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="TRANG:CỘT=VAI_TRÒ",
            help="sửa vai trò của một cột, ví dụ “Sheet1:C=birth”",
        )

    def handle(self, *args: Any, file: Path, column: list[str], **options: Any) -> None:
        """Read and tell. Errors: CommandError with exit code 2 when the file cannot be opened or --column is wrong."""
        today = clock.now().astimezone(ZONE).date()
        corrections = _corrections(column)
        with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
            try:
                with file.open("rb") as stream:
                    events = read_list(
                        stream,
                        name=file.name,
                        places=Places(committed_areas()),
                        today=today,
                        corrections=corrections,
                    )
                    counts = write_answer(events, file.name, out)
            except OSError as error:
                words = f"Không mở được tệp {file}; hãy kiểm tra đường dẫn và quyền đọc."
                raise CommandError(words, returncode=2) from error
            except ValueError as error:
                raise CommandError(f"--column: {error}", returncode=2) from error
            out.seek(0)
            while part := out.read(1 << 16):
                self.stdout.write(part, ending="")
            self.stdout.write()
        self.stderr.write(_summary(counts, file.name))


def _summary(counts: Counter[str], name: str) -> str:
    refusals = [code for code in counts if code in FILES]
    if refusals:
        return FILES[refusals[0]].format(name=name, why="")
    return " · ".join(f"{words} {counts[state]}" for state, words in _WORDS.items())


def _corrections(typed: list[str]) -> dict[str, dict[str, str]]:
    """ "Sheet1:C=birth" → {"Sheet1": {"C": "birth"}}. Errors: CommandError for any other form."""
    found: dict[str, dict[str, str]] = {}
    for one in typed:
        place, sign, role = one.rpartition("=")
        sheet, _, letters = place.rpartition(":")
        if not sign or not letters:
            raise CommandError(f"--column: “{one}” không có dạng TRANG:CỘT=VAI_TRÒ", returncode=2)
        found.setdefault(sheet, {})[letters.upper()] = role
    return found
