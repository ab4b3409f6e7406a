"""Makes the program's own template again: `manage.py shell -c "from tasks.summary import make_template as m; m.keep()"`.

It says what the program's own report says, in the same layout (writing.py), so that an office can change its words in Word.
It lies in tasks/data as a file; a test holds that it is what is made here.
"""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from typing import Any

from tasks.exports import docx
from tasks.exports.party_form import HD36, Letters, PartyForm
from tasks.summary import appendices, writing
from tasks.summary.own_template import DEFAULT, FIELDS

MADE_AT = datetime(2024, 1, 1, tzinfo=UTC)
# The year of a head that is written for no day.
_NO_YEAR = 1900


def keep() -> None:
    """Write the file."""
    DEFAULT.write_bytes(docx.write_bytes(template()))


def template() -> Any:
    """The template, under HD36: an office that follows another layout changes it in Word."""
    form = _as_typed(HD36)
    paper = docx.new_paper(form, title="Mẫu báo cáo tổng hợp", moment=MADE_AT, demo=False)
    _head(paper, form)
    _leading(paper, form)
    _results(paper, form)
    _rest(paper, form)
    _closing(paper, form)
    _appendices(paper, form)
    return paper


def _as_typed(form: PartyForm) -> PartyForm:
    """The form without capitals of its own: {{ co_quan }} is a name, what it holds comes in capitals."""
    parts = {each.name: replace(getattr(form.parts, each.name), upper=False) for each in fields(form.parts)}
    return replace(form, parts=replace(form.parts, **parts))


def _say(paper: Any, form: PartyForm, *lines: str) -> None:
    for text in lines:
        docx.body(paper, form, text)


def _head(paper: Any, form: PartyForm) -> None:
    docx.head(
        paper,
        form,
        superior="{{ co_quan_cap_tren }}",
        organ="{{ co_quan }}",
        symbol="{{ ky_hieu }}",
        place="{{ dia_danh }}",
        day=date(_NO_YEAR, 1, 1),
        draft=1,
    )
    left, right = paper.tables[0].rows[0].cells
    _changed(left.paragraphs[-1], "1", "{{ du_thao }}")
    _changed(right.paragraphs[-1], str(_NO_YEAR), "{{ nam }}")
    docx.title(paper, form, "BÁO CÁO", ["{{ trich_yeu }}"])
    _say(paper, form, "Thực hiện {{ van_ban }}, kết quả tổng hợp đến ngày {{ so_lieu_den }} như sau:")


def _changed(paragraph: Any, old: str, new: str) -> None:
    """Put a field in the place of a stopgap."""
    for run in paragraph.runs:
        run.text = run.text.replace(old, new)


def _leading(paper: Any, form: PartyForm) -> None:
    docx.heading(paper, form, 1, "I", "CÔNG TÁC LÃNH ĐẠO, CHỈ ĐẠO, TRIỂN KHAI")
    _say(
        paper,
        form,
        "Đến nay {{ da_ban_hanh }}/{{ phai_ban_hanh }} đơn vị đã ban hành văn bản triển khai.",
        *_loop("van_ban_trien_khai", "- {{ x.don_vi }}: {{ x.van_ban }}"),
        "{%p if chua_ban_hanh %}",
        "Chưa ban hành văn bản triển khai:",
        "{%p endif %}",
        *_loop("chua_ban_hanh", "- {{ x.ten }}"),
    )


def _loop(name: str, *lines: str) -> list[str]:
    """Paragraphs that are repeated for each row of a list."""
    return [f"{{%p for x in {name} %}}", *lines, "{%p endfor %}"]


def _where(name: str) -> list[str]:
    """A paragraph that is there only where its field holds something."""
    return [f"{{%p if {name} %}}", f"{{{{ {name} }}}}", "{%p endif %}"]


def _results(paper: Any, form: PartyForm) -> None:
    docx.heading(paper, form, 1, "II", "KẾT QUẢ THỰC HIỆN")
    _say(paper, form, "{%p for x in noi_dung %}", "{%p if x.muc %}")
    docx.body(paper, form, "{{ x.muc }}", letters=form.parts.heading_2, keep_with_next=True)
    _say(paper, form, "{%p endif %}", "{%p if x.nhiem_vu %}")
    docx.body(paper, form, "{{ x.nhiem_vu }}", letters=form.parts.heading_3, keep_with_next=True)
    _say(paper, form, "{%p endif %}", "{{ x.doan }}", "{%p endfor %}")
    docx.body(paper, form, "Tình hình tiến độ các nhiệm vụ", letters=form.parts.heading_2, keep_with_next=True)
    _say(
        paper,
        form,
        "{{ tom_tat }}",
        "Hoàn thành đúng hạn {{ dung_han }}, hoàn thành quá hạn {{ xong_qua_han }}; chưa hoàn thành trong hạn "
        "{{ trong_han }} (không thời hạn {{ khong_thoi_han }}), chưa hoàn thành quá hạn {{ qua_han }}; tổng số "
        "{{ tong_so }} phần việc, ngoài thống kê {{ ngoai_thong_ke }}. Đã gia hạn {{ so_gia_han }} lần, trả lại báo cáo "
        "{{ so_tra_lai }} lần.",
        "{%p if viec_qua_han %}",
    )
    docx.body(paper, form, "Các phần việc quá hạn chưa hoàn thành:", keep_with_next=True, after_pt=6)
    _table(paper, form, writing.LATE_HEADS, "viec_qua_han", writing.LATE_WIDTHS, "ccllccl")
    _say(paper, form, "{%p endif %}")


def _table(paper: Any, form: PartyForm, heads: Sequence[str], name: str, widths: Sequence[float], columns: str) -> None:
    """A table with a row for each row of a list."""
    row = [f"{{{{ x.{each} }}}}" for each in FIELDS.lists[name]]
    rows = [[f"{{%tr for x in {name} %}}"], row, ["{%tr endfor %}"]]
    docx.grid(paper, form, heads, rows, widths, columns=columns)


def _rest(paper: Any, form: PartyForm) -> None:
    docx.heading(paper, form, 1, "III", "ĐÁNH GIÁ CHUNG")
    docx.heading(paper, form, 2, "1", "Ưu điểm")
    _say(paper, form, "{{ uu_diem }}")
    docx.heading(paper, form, 2, "2", "Hạn chế, nguyên nhân")
    _say(paper, form, *_where("han_che"), *_loop("kho_khan", "- {{ x.doan }}"))
    docx.heading(paper, form, 1, "IV", "NHIỆM VỤ THỜI GIAN TỚI; KIẾN NGHỊ, ĐỀ XUẤT")
    docx.heading(paper, form, 2, "1", "Nhiệm vụ thời gian tới")
    _say(paper, form, *_where("thoi_gian_toi"), *_loop("sap_den_han", "- {{ x.doan }}"))
    docx.heading(paper, form, 2, "2", "Kiến nghị, đề xuất")
    _say(paper, form, *_loop("kien_nghi", "- {{ x.doan }}"))


def _closing(paper: Any, form: PartyForm) -> None:
    docx.closing(paper, form, recipients=[], authority="{{ tham_quyen }}", position="{{ chuc_vu }}")
    left, right = paper.tables[-1].rows[0].cells
    look: Letters = form.parts.recipients_list
    for text in _loop("noi_nhan", "{{ x.ten }}"):
        docx.part(left, text, look)
    first, second = right.paragraphs[:2]
    docx.part(first.insert_paragraph_before(), "{%p if tham_quyen %}", look)
    docx.part(second.insert_paragraph_before(), "{%p endif %}", look)


def _appendices(paper: Any, form: PartyForm) -> None:
    appendices.begin(
        paper, form, 1, "BIỂU TỔNG HỢP TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ", "{{ ky_hieu }}", "{{ nam }}", "{{ co_quan }}"
    )
    _table(paper, form, appendices.UNIT_HEADS, "don_vi", appendices.UNIT_WIDTHS, "cl" + "c" * 10)
    appendices.begin(paper, form, 2, "BIỂU TỔNG HỢP CHỈ TIÊU", "{{ ky_hieu }}", "{{ nam }}", "{{ co_quan }}")
    _table(paper, form, appendices.INDICATOR_HEADS, "chi_tieu", appendices.INDICATOR_WIDTHS, "cclccccc")
