"""The appendices of the summary report, each on pages across: progress by unit, indicators, the registry's numbers."""

from collections.abc import Sequence
from typing import Any

from directive_tracker.vietnamese import vn_number
from tasks.exports import docx
from tasks.exports.party_form import PartyForm
from tasks.summary.shape import Registry, Summary
from tasks.tallies import Figures
from tasks.whole.rates import rate_words

UNIT_HEADS = (
    "STT",
    "Đơn vị",
    "Số giao",
    "Hoàn thành đúng hạn",
    "Hoàn thành quá hạn",
    "Chưa hoàn thành, trong hạn",
    "Trong đó không thời hạn",
    "Chưa hoàn thành, quá hạn",
    "Ngoài thống kê",
    "Số lần gia hạn",
    "Số lần bị trả lại",
    "Tỷ lệ đúng hạn",
)
UNIT_WIDTHS = (13, 62, 15, 18, 18, 18, 18, 18, 17, 14, 15, 31)
INDICATOR_HEADS = ("STT", "Mã", "Chỉ tiêu", "Đơn vị tính", "Kết quả", "Mức phấn đấu", "Tỷ lệ đạt", "Đơn vị báo cáo")
INDICATOR_WIDTHS = (13, 16, 90, 28, 28, 28, 24, 30)
AREA_WIDTHS = (13, 60)
# A number too small to be told.
UNTOLD = "không nêu"


def write(paper: Any, form: PartyForm, data: Summary, *, year: int) -> None:
    """Behind the signature. year: of the report, for the line that says to which report they belong."""
    belongs = (data["head"]["symbol"], str(year), issuer(data))
    begin(paper, form, 1, "Biểu tổng hợp tiến độ thực hiện nhiệm vụ", *belongs)
    _units(paper, form, data)
    begin(paper, form, 2, "Biểu tổng hợp chỉ tiêu", *belongs)
    _indicators(paper, form, data)
    if data["registry"] is not None:
        begin(paper, form, 3, "Biểu tổng hợp số liệu tri ân theo địa bàn", *belongs)
        _registry(paper, form, data["registry"])


def unit_rows(data: Summary) -> list[tuple[str, ...]]:
    """The table by unit, and the sum of the frozen totals below it."""
    rows = [
        _unit_row(str(number), unit["name"], Figures(**unit["figures"]), unit["extensions"], unit["returned"])
        for number, unit in enumerate(data["units"], start=1)
    ]
    return [*rows, _unit_row("", "Tổng số", Figures(**data["total"]), data["extensions"], data["returned"])]


def indicator_rows(data: Summary) -> list[tuple[str, ...]]:
    """All indicators, in the order of the text."""
    found = [row for clause in data["clauses"] for task in clause["tasks"] for row in task["indicators"]]
    return [
        (
            str(number),
            row["code"],
            row["name"],
            row["measure"],
            row["value"] or "chưa có",
            row["target"] or "–",
            row["share"] or "–",
            f"{vn_number(row['reported'])}/{vn_number(row['asked'])}",
        )
        for number, row in enumerate(found, start=1)
    ]


def area_rows(registry: Registry) -> list[tuple[str, ...]]:
    """The registry by area; what is too small to be told is a word."""

    def shown(figures: dict[str, int | None]) -> list[str]:
        return [UNTOLD if figures[name] is None else vn_number(figures[name]) for name in registry["heads"]]

    rows = [(str(number), row["name"], *shown(row["figures"])) for number, row in enumerate(registry["rows"], start=1)]
    return [*rows, ("", "Tổng số", *shown(registry["total"]))]


def begin(paper: Any, form: PartyForm, number: int, title: str, symbol: str, year: str, issuer_name: str) -> None:
    """A page across with what the appendix is, and to which report it belongs."""
    docx.across(paper, form)
    parts, width, blank = form.parts, form.page.across_text_mm, docx.BLANK
    docx.part(paper, f"Phụ lục {number}", parts.summary, align=docx.CENTRE)
    docx.part(paper, title, parts.type_name, align=docx.CENTRE)
    name = docx.number_words(form, symbol)
    words = f"(kèm theo Báo cáo {name[:1].lower()}{name[1:]}, ngày {blank} tháng {blank} năm {year} của {issuer_name})"
    docx.part(paper, words, parts.draft, align=docx.CENTRE)
    docx.hyphens(paper, form, width / 4, width_mm=width)
    docx.part(paper, "", parts.table)


def issuer(data: Summary) -> str:
    """Who issues, in one line: "Văn phòng Tỉnh ủy Kon Tum"."""
    head = data["head"]
    organ = head["organ"]
    # Only an office is named after the organ above it; others bear a name of their own.
    is_office = organ.casefold() == "văn phòng" and head["superior"]
    return f"{organ} {head['superior']}" if is_office else organ


def _units(paper: Any, form: PartyForm, data: Summary) -> None:
    if not data["units"]:
        docx.part(paper, "Chưa có đơn vị nào được giao nhiệm vụ chủ trì.", form.parts.note)
        return
    docx.grid(paper, form, UNIT_HEADS, unit_rows(data), UNIT_WIDTHS, columns="cl" + "c" * 10, totals=1)
    docx.part(
        paper,
        "Tỷ lệ đúng hạn: số phần việc hoàn thành đúng hạn trên số đã hoàn thành hoặc đã quá hạn.",
        form.parts.note,
    )


def _indicators(paper: Any, form: PartyForm, data: Summary) -> None:
    rows = indicator_rows(data)
    if not rows:
        docx.part(paper, "Văn bản không có chỉ tiêu nào.", form.parts.note)
        return
    docx.grid(paper, form, INDICATOR_HEADS, rows, INDICATOR_WIDTHS, columns="cclccccc")


def _registry(paper: Any, form: PartyForm, registry: Registry) -> None:
    heads: Sequence[str] = ("STT", "Địa bàn", *registry["heads"].values())
    if not registry["rows"]:
        docx.part(paper, "Chưa có số liệu theo địa bàn.", form.parts.note)
        return
    each = (form.page.across_text_mm - sum(AREA_WIDTHS)) / max(1, len(registry["heads"]))
    widths = (*AREA_WIDTHS, *[each] * len(registry["heads"]))
    rows = area_rows(registry)
    docx.grid(paper, form, heads, rows, widths, columns="cl" + "c" * len(registry["heads"]), totals=1)
    if any(UNTOLD in row for row in rows):
        docx.part(paper, "Số dưới 5 của một địa bàn không nêu.", form.parts.note)


def _unit_row(number: str, name: str, figures: Figures, extensions: int, returned: int) -> tuple[str, ...]:
    counts = (
        figures.counted,
        figures.done_on_time,
        figures.done_late,
        figures.open_in_time,
        figures.open_without_due,
        figures.open_overdue,
        figures.outside,
        extensions,
        returned,
    )
    rate = rate_words(figures.done_on_time, figures.came_due)
    return (number, name, *(vn_number(count) for count in counts), rate)
