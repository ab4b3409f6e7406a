"""Say who may stand twice in lists of persons, without keeping anything: manage.py find_duplicates FILE…"""

import json
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from directive_tracker import clock
from directive_tracker.vietnamese import ZONE
from veterans.committed_areas import committed_areas
from veterans.duplicates.entries import Entry
from veterans.duplicates.lists import entry_of
from veterans.duplicates.pairs import find
from veterans.lists.codes import FileRefused
from veterans.lists.places import Places
from veterans.lists.reading import RowRead, read_list


class Command(BaseCommand):
    """JSON alone on stdout, words on stderr. A file that is rejected is left out and said; exit code 0."""

    requires_system_checks = ()
    help = "Tìm người có thể trùng trong một hay nhiều danh sách: in ra JSON các cặp; không lưu gì, không cần cơ sở dữ liệu."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare FILE…"""
        parser.add_argument("file", type=Path, nargs="+", metavar="TỆP", help="danh sách cần xem")

    def handle(self, *args: Any, file: list[Path], **options: Any) -> None:
        """Read all, compare, tell. Errors: CommandError with exit code 2 when a file cannot be opened."""
        today = clock.now().astimezone(ZONE).date()
        places = Places(committed_areas())
        entries: list[Entry] = []
        for path in file:
            try:
                entries += self._entries(path, places, today)
            except OSError as error:
                words = f"Không mở được tệp {path}; hãy kiểm tra đường dẫn và quyền đọc."
                raise CommandError(words, returncode=2) from error
        found = find(entries)
        pairs = [[_place(entries[pair.first]), _place(entries[pair.second])] for pair in found]
        self.stdout.write(json.dumps({"pairs": pairs}, ensure_ascii=False, indent=1))
        self.stderr.write(f"{len(entries)} người trong {len(file)} tệp · {len(pairs)} cặp có thể trùng")

    def _entries(self, path: Path, places: Places, today: date) -> list[Entry]:
        """The readable rows of one file; none of a file that is refused."""
        try:
            with path.open("rb") as stream:
                return [
                    entry_of(event.person, (path.name, event.sheet, event.number))
                    for event in read_list(stream, name=path.name, places=places, today=today)
                    if isinstance(event, RowRead) and event.person
                ]
        except FileRefused as refusal:
            self.stderr.write(str(refusal))
            return []


def _place(entry: Entry) -> dict[str, Any]:
    place: Any = entry.key
    return dict(zip(("file", "sheet", "row"), place, strict=True))
