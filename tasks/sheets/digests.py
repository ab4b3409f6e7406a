"""Báo cáo nhanh as Excel: the list of digests, one digest line by line, its figures by unit – as frozen, nothing is counted anew."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from directive_tracker.row_ids import row_id, row_id_or_404
from directive_tracker.vietnamese import vn_datetime
from records.sheetfile import Column
from records.sheets import Asked, Filter, Opened, of_queryset, of_rows, register
from tasks.digests.reading import Shown, shown
from tasks.models import Digest
from tasks.querysets import access_for

LIST = (
    Column("Báo cáo nhanh", 30),
    Column("Loại", 16),
    Column("Từ ngày", 12),
    Column("Đến ngày", 12),
    Column("Số liệu lúc", 16),
    Column("Tóm tắt", 70),
)
LINES = (
    Column("Phần", 26),
    Column("Nội dung", 60),
    Column("Đơn vị", 34),
    Column("Số", 10),
    Column("So kỳ trước", 10),
    Column("Ngày", 12),
    Column("Ghi chú", 44),
)
UNITS = (
    Column("Văn bản", 34),
    Column("Đơn vị", 34),
    Column("Giao", 8),
    Column("Xong đúng hạn", 9),
    Column("Xong quá hạn", 9),
    Column("Trong hạn", 9),
    Column("Quá hạn", 9),
    Column("Gia hạn (lần)", 9),
    Column("Bị trả lại (lần)", 9),
    Column("Tỷ lệ đúng hạn", 16),
)


def _may(asked: Asked) -> None:
    if not access_for(asked.user).sees_all_assignments:
        raise PermissionDenied


def digest_list(asked: Asked) -> Opened:
    """The digests, newest first."""
    _may(asked)
    found = Digest.objects.visible_to(asked.user).for_listing()
    return of_queryset("Báo cáo nhanh", LIST, found, lambda chunk: map(_listed, chunk))


def _listed(row: Digest) -> Sequence[Any]:
    return str(row), row.get_kind_display(), row.period_from, row.period_to, row.as_of, row.headline


def _frozen(asked: Asked) -> tuple[Digest, Filter]:
    """The digest of the page (`so`) and the words that say of when it is. Errors: PermissionDenied, Http404."""
    _may(asked)
    rows = Digest.objects.visible_to(asked.user).defer("known")
    row = get_object_or_404(rows, pk=row_id_or_404(asked.params.get("so", "")))
    return row, Filter("số liệu giữ nguyên như lúc chốt", vn_datetime(row.as_of))


def digest_lines(asked: Asked) -> Opened:
    """Everything one digest says, a line each."""
    row, frozen = _frozen(asked)
    return of_rows(f"{row}", LINES, list(_lines(shown(row))), filters=[frozen], target=row)


def _lines(page: Shown) -> Iterable[Sequence[Any]]:
    for line in (*page.lines, *page.beside):
        yield "Tình hình chung", line.words, "", line.number, line.change, None, ""
    for words, value in page.registry:
        is_number = isinstance(value, int)
        yield "Tri ân", words, "", value if is_number else None, "", None, "" if is_number else str(value)
    for row in page.waiting:
        yield "Đang chờ ai", row["what_words"], row["who"], row["count"], "", row["since"], row["measure"]
    for row in page.conditions:
        words = f"{row['code']} {row['title']}: {row['question']}"
        yield "Chờ quyết định", words, row["decider"], None, "", row["decide_by"], ""
    for row in page.instructions:
        yield "Ý kiến chỉ đạo chưa xong", row["words"], "", None, "", row["said_on"], row["state"]
    for row in page.overdue:
        yield "Việc quá hạn", f"{row['code']} {row['title']}", row["unit"], None, "", row["due"], _late(row)
    for group in page.figures:
        for line in group["lines"]:
            yield "Số liệu báo cáo", f"{line['code']} {line['name']}", "", line["reported"], "", None, _sum(line)


def _late(row: dict[str, Any]) -> str:
    words = f"quá hạn {row['working_days']} ngày làm việc"
    if row["waits"]:
        return f"{words}; đã gửi muộn, chờ xác nhận"
    return f"{words}; {row['cause']}: {row['reason']}" if row["cause"] else f"{words}; đơn vị chưa nêu nguyên nhân"


def _sum(line: dict[str, Any]) -> str:
    """ "1.234 buổi; mức phấn đấu 2.000; 12/22 đơn vị báo cáo"."""
    target = f"; mức phấn đấu {line['target']}" if line["target"] else ""
    return f"{line['sum']} {line['measure']}{target}; {line['reported']}/{line['asked']} đơn vị báo cáo"


def digest_units(asked: Asked) -> Opened:
    """The figures of one digest by unit, as far as its page shows them."""
    row, frozen = _frozen(asked)
    page = shown(row, directive=row_id(asked.params.get("van-ban")))
    rows = [
        (
            *(directive["title"], unit["name"], unit["total"].counted, unit["total"].done_on_time),
            *(unit["total"].done_late, unit["total"].open_in_time, unit["total"].open_overdue),
            *(unit["extensions"], unit["returned"], unit["rate"]),
        )
        for directive in page.directives
        for unit in directive["units"]
    ]
    return of_rows(f"{row}, theo đơn vị", UNITS, rows, filters=[frozen], target=row)


register("cac-bao-cao-nhanh", digest_list)
register("bao-cao-nhanh", digest_lines)
register("bao-cao-nhanh-don-vi", digest_units)
