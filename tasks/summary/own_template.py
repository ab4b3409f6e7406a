"""The summary report in an office's own Word template: which fields it may use, and their values from the frozen row.

What is written in capitals in a document (organ, authority, position) comes in capitals. Lists are flat, as loops do not
stand inside each other: a row of `noi_dung` is one paragraph, and names its section and task where these begin.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from directive_tracker.demo_line import DEMO_LINE
from directive_tracker.vietnamese import ZONE, vn_date, vn_number
from tasks import paper_templates
from tasks.exports import docx
from tasks.exports.party_form import PartyForm
from tasks.exports.templates import Fields, fill
from tasks.models import SummaryReport
from tasks.paper_templates import Kind
from tasks.summary import appendices, wording
from tasks.summary.shape import Summary
from tasks.tallies import Figures

KIND = "summary"
DEFAULT = Path(__file__).parent.parent / "data" / "mau-bao-cao-tong-hop.docx"
_HEAD = {
    "co_quan_cap_tren": "cơ quan cấp trên, chữ hoa; trống nếu không có",
    "co_quan": "cơ quan ban hành, chữ hoa",
    "ky_hieu": "ký hiệu, sau số để trống",
    "dia_danh": "địa danh",
    "nam": "năm của số liệu",
    "du_thao": "dự thảo lần thứ mấy",
    "trich_yeu": "trích yếu",
    "tham_quyen": "thẩm quyền ký, chữ hoa; trống nếu không có",
    "chuc_vu": "chức vụ người ký, chữ hoa",
}
_BODY = {
    "van_ban": "văn bản chỉ đạo, như khi dẫn chiếu",
    "so_lieu_den": "ngày chốt số liệu",
    "tom_tat": "câu tóm tắt tình hình",
    "tong_so": "số phần việc trong thống kê",
    "dung_han": "số hoàn thành đúng hạn",
    "xong_qua_han": "số hoàn thành quá hạn",
    "trong_han": "số chưa hoàn thành, trong hạn",
    "qua_han": "số chưa hoàn thành, quá hạn",
    "khong_thoi_han": "số chưa hoàn thành không có thời hạn (nằm trong số trong hạn)",
    "ngoai_thong_ke": "số ngoài thống kê",
    "so_gia_han": "số lần gia hạn",
    "so_tra_lai": "số lần trả lại báo cáo",
    "phai_ban_hanh": "số đơn vị phải ban hành văn bản triển khai",
    "da_ban_hanh": "số đơn vị đã ban hành",
    "uu_diem": "ưu điểm, Văn phòng ghi",
    "han_che": "hạn chế, nguyên nhân, Văn phòng ghi",
    "thoi_gian_toi": "nhiệm vụ thời gian tới, Văn phòng ghi",
}
_UNIT = {
    "stt": "số thứ tự",
    "ten": "đơn vị",
    "so_giao": "số giao",
    "dung_han": "hoàn thành đúng hạn",
    "xong_qua_han": "hoàn thành quá hạn",
    "trong_han": "chưa hoàn thành, trong hạn",
    "khong_thoi_han": "trong đó không thời hạn",
    "qua_han": "chưa hoàn thành, quá hạn",
    "ngoai_thong_ke": "ngoài thống kê",
    "so_gia_han": "số lần gia hạn",
    "so_tra_lai": "số lần bị trả lại",
    "ty_le": "tỷ lệ đúng hạn",
}
_INDICATOR = {
    "stt": "số thứ tự",
    "ma": "mã nhiệm vụ",
    "ten": "chỉ tiêu",
    "don_vi_tinh": "đơn vị tính",
    "ket_qua": "kết quả",
    "giao": "mức phấn đấu",
    "ty_le": "tỷ lệ đạt",
    "bao_cao": "số đơn vị báo cáo",
}
_LISTS: dict[str, dict[str, str]] = {
    "noi_nhan": {"ten": "nơi nhận, có dấu cuối dòng"},
    "van_ban_trien_khai": {"don_vi": "đơn vị", "van_ban": "tên, số, ngày của văn bản"},
    "chua_ban_hanh": {"ten": "đơn vị chưa ban hành"},
    "noi_dung": {
        "muc": "tên mục, ở dòng đầu của mục",
        "nhiem_vu": "tên nhiệm vụ, ở dòng đầu của nhiệm vụ",
        "doan": "một đoạn của kết quả, bắt đầu bằng tên đơn vị",
    },
    "viec_qua_han": {
        "stt": "số thứ tự",
        "ma": "mã nhiệm vụ",
        "nhiem_vu": "nhiệm vụ",
        "don_vi": "đơn vị",
        "thoi_han": "thời hạn",
        "so_ngay": "số ngày quá hạn",
        "nguyen_nhan": "nguyên nhân, dự kiến xong",
    },
    "kho_khan": {"doan": "đơn vị và khó khăn đơn vị nêu"},
    "kien_nghi": {"doan": "đơn vị và kiến nghị"},
    "sap_den_han": {"doan": "ngày, nhiệm vụ, số đơn vị"},
    "don_vi": _UNIT,
    "chi_tieu": _INDICATOR,
}
FIELDS = Fields(
    {**_HEAD, **_BODY},
    required=frozenset({"trich_yeu", "so_lieu_den"}),
    common=frozenset({*_HEAD, "so_lieu_den"}),
    lists=_LISTS,
)

paper_templates.register(KIND, Kind("Báo cáo tổng hợp", FIELDS, DEFAULT, example="tham_quyen"))


def filled(report: SummaryReport, form: PartyForm, *, demo: bool) -> bytes:
    """The template that counted when the snapshot was made, filled in. Errors: templates.TemplateRefused."""
    values = values_of(report, form)
    common = {name: values[name] for name in FIELDS.common}
    with report.template.file.open_plain() as found:  # type: ignore[union-attr]
        content = fill(found.read(), [values], common=common)
    return docx.marked(content, form, DEMO_LINE) if demo else content


def values_of(report: SummaryReport, form: PartyForm) -> dict[str, Any]:
    """Every field of FIELDS with its value."""
    data: Summary = report.data
    head, leading, typed = data["head"], data["leading"], data["typed"]
    day = report.as_of.astimezone(ZONE).date()
    figures = Figures(**data["total"])
    return {
        "co_quan_cap_tren": head["superior"].upper(),
        "co_quan": head["organ"].upper(),
        "ky_hieu": docx.symbol_words(form, head["symbol"]),
        "dia_danh": head["place"],
        "nam": str(day.year),
        "du_thao": str(report.draft_number),
        "trich_yeu": head["subject"],
        "tham_quyen": docx.signed_for(form, head["authority"]).upper(),
        "chuc_vu": head["position"].upper(),
        "van_ban": data["document"],
        "so_lieu_den": vn_date(day),
        "tom_tat": data["sentence"],
        **_figures(figures),
        "tong_so": vn_number(figures.counted),
        "so_gia_han": vn_number(data["extensions"]),
        "so_tra_lai": vn_number(data["returned"]),
        "phai_ban_hanh": vn_number(leading["asked"]),
        "da_ban_hanh": vn_number(leading["asked"] - len(leading["missing"])),
        "uu_diem": " ".join(wording.paragraphs(typed["good"])),
        "han_che": " ".join(wording.paragraphs(typed["bad"])),
        "thoi_gian_toi": " ".join(wording.paragraphs(typed["next"])),
        **_lists(data, form),
    }


def _figures(figures: Figures) -> dict[str, str]:
    return {
        "dung_han": vn_number(figures.done_on_time),
        "xong_qua_han": vn_number(figures.done_late),
        "trong_han": vn_number(figures.open_in_time),
        "qua_han": vn_number(figures.open_overdue),
        "khong_thoi_han": vn_number(figures.open_without_due),
        "ngoai_thong_ke": vn_number(figures.outside),
    }


def _lists(data: Summary, form: PartyForm) -> dict[str, list[dict[str, str]]]:
    leading, clauses = data["leading"], data["clauses"]
    return {
        "noi_nhan": [{"ten": text} for text in docx.listed(form, data["head"]["recipients"])],
        "van_ban_trien_khai": [
            {
                "don_vi": paper["unit"],
                "van_ban": wording.document_words(paper["identity"], paper["name"], paper["paper_date"]),
            }
            for paper in leading["papers"]
        ],
        "chua_ban_hanh": [{"ten": name} for name in leading["missing"]],
        "noi_dung": list(_content(data)),
        "viec_qua_han": _rows("viec_qua_han", wording.late_rows(data["overdue"])),
        "kho_khan": [{"doan": words} for words in wording.voices(clauses, "difficulties")],
        "kien_nghi": [{"doan": words} for words in wording.voices(clauses, "proposals")],
        "sap_den_han": [{"doan": words} for words in wording.coming_words(data["coming"])],
        # The sum stands in fields of its own.
        "don_vi": _rows("don_vi", appendices.unit_rows(data)[:-1]),
        "chi_tieu": _rows("chi_tieu", appendices.indicator_rows(data)),
    }


def _rows(name: str, rows: Iterable[tuple[str, ...]]) -> list[dict[str, str]]:
    """Rows of a table under the names of the list's fields, which stand in the same order."""
    return [dict(zip(_LISTS[name], row, strict=True)) for row in rows]


def _content(data: Summary) -> Iterator[dict[str, str]]:
    """Part II, one paragraph after the other."""
    for clause in data["clauses"]:
        section = clause["heading"] or f"Điểm {clause['code']}"
        for task in clause["tasks"]:
            name = f"{task['title']} (nhiệm vụ {task['code']})"
            for text in wording.task_paragraphs(task):
                yield {"muc": section, "nhiem_vu": name, "doan": text}
                section = name = ""
