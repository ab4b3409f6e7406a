"""The list as a workbook: who made it, when and what for stands on every sheet and every printed page.

Money never stands in it, so never beside living alone, health or an ID number (design, section 11). Sensitive columns are
written only where a second right was given for the person's area and the wish was confirmed a second time. Who objected to
the processing of the own data is left out. Every text stays text (records/spreadsheets.py).
"""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from directive_tracker import crypto
from directive_tracker.vietnamese import ZONE, vn_date, vn_datetime
from records.spreadsheets import text_cell
from tasks.exports.docx import DEMO_LINE
from veterans import sensitive
from veterans.enums import SensitiveKind
from veterans.models import DataRequest, Person, SensitiveValue
from veterans.sensitive_words import shown

CHUNK = 500
COLUMNS: tuple[tuple[str, int, Callable[[Person], Any]], ...] = (
    ("Hồ sơ số", 9, lambda person: person.pk),
    ("Họ và tên", 26, lambda person: person.full_name),
    ("Tên gọi khác", 18, lambda person: person.other_name),
    ("Giới tính", 9, lambda person: person.get_sex_display()),
    ("Năm sinh", 12, lambda person: person.birth_words),
    ("Thôn, làng, tổ dân phố", 22, lambda person: person.hamlet),
    ("Xã, phường, thị trấn", 20, lambda person: person.residence.name),
    ("Huyện, thành phố", 20, lambda person: person.residence.parent.name if person.residence.parent else ""),
    ("Đối tượng", 26, lambda person: ", ".join(str(row) for row in person.categories.all())),
    ("Tình trạng", 14, lambda person: person.get_living_state_display()),
    ("Tin ngày", 11, lambda person: vn_date(person.living_on) if person.living_on else ""),
    ("Xác minh", 14, lambda person: person.get_verification_display()),
    ("Khi đến thăm", 24, lambda person: needs(person)),
)


@dataclass(frozen=True)
class Mark:
    """What says whose copy this is."""

    by: str
    at: datetime
    purpose: str
    demo: bool
    filter: str = ""

    @property
    def words(self) -> str:
        return f"Người xuất: {self.by} · {vn_datetime(self.at.astimezone(ZONE))} · Mục đích: {self.purpose}"


def needs(person: Person) -> str:
    """What somebody who comes for a visit has to bring along."""
    wanted = ((person.needs_interpreter, "cần người phiên dịch"), (person.needs_vehicle, "cần xe đưa đón"))
    return ", ".join(words for needed, words in wanted if needed)


def chosen(people: QuerySet, wanted: Mapping[str, Any]) -> QuerySet:
    """Those of the people who fit area, category, living and verification and may stand in a file, sorted by tên."""
    people = exportable(people.on_the_list())
    if wanted.get("area"):
        people = people.in_area(wanted["area"])
    if wanted.get("category"):
        people = people.filter(categories__category=wanted["category"])
    for name, field in (("living", "living_state"), ("verification", "verification")):
        if wanted.get(name):
            people = people.filter(**{field: wanted[name]})
    return people.by_given_name().select_related("residence__parent").prefetch_related("categories")


def exportable(people: QuerySet) -> QuerySet:
    """Those who may stand in a file: nobody who objected, nobody erased."""
    objected = DataRequest.objects.filter(
        person=OuterRef("pk"), kind=DataRequest.Kind.OBJECT, state=DataRequest.State.DONE
    )
    return people.filter(~Exists(objected), erased_at__isnull=True)


def workbook(
    people: QuerySet,
    *,
    mark: Mark,
    kinds: Sequence[str] = (),
    may_open: Callable[[Person], bool] = lambda person: False,
    step: Callable[[int, int], None] = lambda done, total: None,
) -> tuple[bytes, int]:
    """Write the list; memory stays small, for people are read by the chunk and the sheet is written as it goes.

    Args:
        people: as they are to stand in the file, with residence__parent and categories loaded.
        kinds: of sensitive things to be written as columns; may_open: whether for this person.
        step: told how much is done, (done, total); may raise to stop.

    Returns: the file and how many people stand in it.
    """
    kinds = [kind for kind in SensitiveKind.values if kind in kinds]
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Danh sách")
    labels = dict(SensitiveKind.choices)
    widths = [width for _, width, _ in COLUMNS] + [22] * len(kinds)
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    lines = [
        *([DEMO_LINE] if mark.demo else []),
        "Danh sách tri ân",
        mark.words,
        *([mark.filter] if mark.filter else []),
    ]
    _page(sheet, mark, rows_above=len(lines) + 1)
    for line in lines:
        sheet.append([text_cell(sheet, line, bold=True)])
    heads = [name for name, _, _ in COLUMNS] + [str(labels[kind]) for kind in kinds]
    sheet.append([text_cell(sheet, head, bold=True, wrap=True) for head in heads])
    total, done = people.count(), 0
    for chunk in _chunks(people):
        found = _values(chunk, kinds, may_open) if kinds else {}
        for person in chunk:
            row = [value(person) for _, _, value in COLUMNS]
            row += [found.get((person.pk, kind), "") for kind in kinds]
            sheet.append([text_cell(sheet, cell) for cell in row])
        done += len(chunk)
        step(done, max(total, done))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue(), done


def _chunks(people: QuerySet) -> Iterable[list[Person]]:
    chunk: list[Person] = []
    for person in people.iterator(chunk_size=CHUNK):
        chunk.append(person)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _values(chunk: list[Person], kinds: Sequence[str], may_open: Callable[[Person], bool]) -> dict:
    """(person, kind) → words, for those whose sensitive things the asker may take along. One statement."""
    allowed = [person.pk for person in chunk if may_open(person)]
    found = {}
    for value in SensitiveValue.objects.filter(person__in=allowed, kind__in=kinds):
        try:
            found[value.person_id, value.kind] = shown(value.kind, sensitive.opened(value))
        except crypto.Unreadable:
            found[value.person_id, value.kind] = f"({sensitive.UNREADABLE})"
    return found


def _page(sheet: Worksheet, mark: Mark, *, rows_above: int) -> None:
    """A4 across, the head on every page, whose copy it is above and below."""
    sheet.freeze_panes = f"A{rows_above + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = Worksheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{rows_above}:{rows_above}"
    # "&" begins a code of Excel's own.
    words = mark.words.replace("&", "&&")
    sheet.oddHeader.center.text = f"{DEMO_LINE} · {words}" if mark.demo else words
    sheet.oddFooter.center.text = "Có dữ liệu cá nhân: chỉ dùng cho mục đích trên, hủy khi xong. Trang &P/&N"
