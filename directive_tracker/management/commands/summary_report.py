"""Freeze the next draft of a directive's summary report and write it as a Word file: manage.py summary_report FILE.docx."""

import os
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from directive_tracker import clock
from directive_tracker.commands import migrate_if_embedded
from directive_tracker.vietnamese import parse_vn_date
from tasks.enums import DirectiveState
from tasks.errors import Refused
from tasks.models import Directive
from tasks.summary.making import make, typed_before
from tasks.summary.writing import write

# As many directives are named where one has to be chosen.
MOST_NAMED = 20
UNWRITABLE = "Không ghi được vào {file}; hãy kiểm tra đường dẫn và quyền ghi."


class Command(BaseCommand):
    """Makes a row like the page does, without a person; words on stderr, nothing on stdout; exit code 2 when refused."""

    requires_system_checks = ()
    help = "Lập dự thảo báo cáo tổng hợp của một văn bản và ghi ra tệp Word."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare FILE and which directive, as of which day."""
        parser.add_argument("file", type=Path, metavar="FILE.docx", help="tệp Word sẽ ghi")
        parser.add_argument("--directive", type=int, metavar="ID", help="văn bản; không cần nếu chỉ có một văn bản")
        parser.add_argument("--as-of", metavar="D", help="số liệu đến hết ngày này, ví dụ 2024-04-15; mặc định hôm nay")

    def handle(self, *args: Any, file: Path, directive: int | None, as_of: str | None, **options: Any) -> None:
        """Freeze and write. Errors: CommandError with exit code 2 and a sentence."""
        is_there = file.exists()
        # Asked before anything is frozen: a draft without its file would be one too many.
        if file.is_dir() or not os.access(file if is_there else file.parent, os.W_OK):
            raise _refused(UNWRITABLE.format(file=file))
        day = _day(as_of)
        migrate_if_embedded()
        chosen = _chosen(directive)
        try:
            report = make(chosen, by=None, now=clock.now(), typed=typed_before(chosen), as_of=day)
            content = write(report, moment=clock.now(), demo=settings.DEMO)
        except Refused as refusal:
            raise _refused(str(refusal)) from refusal
        try:
            file.write_bytes(content)
        except OSError as error:
            raise _refused(UNWRITABLE.format(file=file)) from error
        words = f"Đã ghi dự thảo lần {report.draft_number} của “{chosen.short_title}” vào {file}"
        self.stderr.write(f"{words}, thay tệp cũ." if is_there else f"{words}.")


def _refused(words: str) -> CommandError:
    return CommandError(words, returncode=2)


def _day(text: str | None) -> date | None:
    """Errors: CommandError for what is no day."""
    if text is None:
        return None
    try:
        return parse_vn_date(text)
    except ValueError as error:
        raise _refused(f"--as-of: {error}") from error


def _chosen(pk: int | None) -> Directive:
    """The directive that is meant: the one named, else the only one that is followed, else the only one there is.

    Errors: CommandError that says which there are.
    """
    rows = Directive.objects.select_related("office").order_by("pk")
    if pk is None:
        issued = list(rows.filter(state=DirectiveState.ISSUED)[: MOST_NAMED + 1])
        found = issued or list(rows[: MOST_NAMED + 1])
        if len(found) == 1:
            return found[0]
        if not found:
            raise _refused("Chưa ghi văn bản nào.")
        raise _refused(f"Có nhiều văn bản, hãy chọn bằng --directive: {_named(found)}.")
    try:
        return rows.get(pk=pk)
    except (Directive.DoesNotExist, OverflowError):
        known = list(rows[: MOST_NAMED + 1])
        there = f" Các văn bản hiện có: {_named(known)}." if known else " Chưa ghi văn bản nào."
        raise _refused(f"Không có văn bản số {pk}.{there}") from None


def _named(found: list[Directive]) -> str:
    names = [f"{row.pk} ({row.short_title})" for row in found[:MOST_NAMED]]
    return ", ".join(names) + (", …" if len(found) > MOST_NAMED else "")
