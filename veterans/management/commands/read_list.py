"""Show what would be read from a list of persons, without keeping anything: manage.py read_list FILE."""

from argparse import ArgumentParser
from collections import Counter
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directive_tracker import clock
from directive_tracker.commands import migrate_if_embedded, print_json
from directive_tracker.vietnamese import ZONE
from units.models import Area
from units.reference import load_reference
from veterans.area_rows import area_rows
from veterans.lists.codes import FileRefused
from veterans.lists.places import Places
from veterans.lists.reading import RowRead, SheetRead, TableRead, read_list
from veterans.lists.rows import Person

_WORDS = {"ok": "đọc được", "error": "có lỗi", "skip": "không phải người"}


class Command(BaseCommand):
    """Prints the rows with an error and a summary; with --json everything that was read, alone on stdout."""

    requires_system_checks = ()
    help = "Cho xem sẽ đọc được gì từ một danh sách người (xlsx, xls, ods, csv); không lưu gì."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare FILE, --json, --column."""
        parser.add_argument("file", type=Path, metavar="TỆP", help="danh sách cần đọc")
        parser.add_argument("--json", action="store_true", help="in tất cả dưới dạng JSON")
        parser.add_argument(
            "--column",
            action="append",
            default=[],
            metavar="TRANG:CỘT=VAI_TRÒ",
            help="sửa vai trò của một cột, ví dụ “Sheet1:C=birth”",
        )

    def handle(self, *args: Any, file: Path, json: bool, column: list[str], **options: Any) -> None:
        """Read and show. Errors: CommandError with exit code 2 when the file cannot be opened."""
        migrate_if_embedded()
        if not Area.objects.exists():
            load_reference()
        today = clock.now().astimezone(ZONE).date()
        try:
            with file.open("rb") as stream:
                answer = _read(stream, file.name, today, _corrections(column))
        except OSError as error:
            words = f"Không mở được tệp {file}; hãy kiểm tra đường dẫn và quyền đọc."
            raise CommandError(words, returncode=2) from error
        if json:
            print_json(self, answer.content)
        else:
            self._show(answer)

    def _show(self, answer: "_Answer") -> None:
        if answer.refusal:
            self.stdout.write(answer.refusal)
            return
        for sentence in answer.sentences:
            self.stdout.write(sentence)
        self.stdout.write(" · ".join(f"{_WORDS[state]} {answer.counts[state]}" for state in _WORDS))


class _Answer:
    def __init__(self, name: str) -> None:
        self.content: dict[str, Any] = {"file": name, "file_outcome": "ok", "file_error_codes": [], "sheets": []}
        self.sentences: list[str] = []
        self.counts: Counter[str] = Counter()
        self.refusal = ""

    def refuse(self, refusal: FileRefused) -> None:
        self.refusal = str(refusal)
        self.content |= {"file_outcome": "rejected", "file_error_codes": [refusal.code], "sheets": []}

    def begin_sheet(self, sheet: SheetRead) -> None:
        shown = {"sheet": sheet.name, "header_rows": [], "columns": {}, "blocks": [], "rows": []}
        self.content["sheets"].append(shown | ({"hidden": True} if sheet.hidden else {}))

    def begin_table(self, table: TableRead) -> None:
        columns = {letter: "note" if role == "province" else role for letter, role in table.columns.items()}
        block = {"header_rows": list(table.header_rows), "columns": columns, "from_row": None, "to_row": None}
        self.content["sheets"][-1]["blocks"].append(block)

    def add_row(self, row: RowRead) -> None:
        sheet = self.content["sheets"][-1]
        self.counts[row.outcome] += 1
        self.sentences += row.sentences() if row.errors else []
        shown: dict[str, Any] = {
            "row": row.number,
            "outcome": row.outcome,
            "error_codes": [one.code for one in row.errors],
        }
        if row.skip:
            shown["skip_reason"] = row.skip
        else:
            shown["warning_codes"] = [one.code for one in row.warnings]
            shown["sentences"] = row.sentences()
            block = sheet["blocks"][-1]
            block["from_row"] = block["from_row"] or row.number
            block["to_row"] = row.number
        if row.person:
            shown["person"] = _person(row.person)
        sheet["rows"].append(shown)

    def finish(self) -> None:
        for sheet in self.content["sheets"]:
            blocks = sheet["blocks"]
            if blocks:
                sheet["header_rows"], sheet["columns"] = blocks[0]["header_rows"], blocks[0]["columns"]
            if len(blocks) < 2:
                del sheet["blocks"]


def _read(stream: Any, name: str, today: date, corrections: dict[str, dict[str, str]]) -> _Answer:
    answer = _Answer(name)
    try:
        for event in read_list(stream, name=name, places=Places(area_rows()), today=today, corrections=corrections):
            if isinstance(event, SheetRead):
                answer.begin_sheet(event)
            elif isinstance(event, TableRead):
                answer.begin_table(event)
            else:
                answer.add_row(event)
    except FileRefused as refusal:
        answer.refuse(refusal)
    else:
        answer.finish()
    return answer


def _person(person: Person) -> dict[str, Any]:
    shown = asdict(person)
    shown["birth_date"] = person.birth_date.isoformat() if person.birth_date else None
    shown["evidence"] = [one._asdict() for one in person.evidence]
    return shown


def _corrections(typed: list[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for one in typed:
        place, _, role = one.partition("=")
        sheet, _, letters = place.rpartition(":")
        found.setdefault(sheet, {})[letters.upper()] = role
    return found
