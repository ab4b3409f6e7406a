"""Buttons of the report form that fill in an answer: copied, the same as before, another version."""

from dataclasses import dataclass
from datetime import datetime

from directive_tracker.row_ids import row_id
from directive_tracker.vietnamese import vn_number
from tasks.drafts.copies import keep_aside, keep_standing, taken
from tasks.drafts.inputs import ReportInput
from tasks.drafts.typed import section_content
from tasks.forms.report_block import COPIED_FIELDS, Block
from tasks.forms.report_editor import ReportEditor
from tasks.handing.gathering import fill
from tasks.indicators.counters import WHOLE
from tasks.indicators.entry import fill_from_last

REST = "rest-same"


@dataclass
class Answer:
    """What a button did: the sentence for the screen, whether it is good news, the section to stay at (0: none)."""

    sentence: str = ""
    is_done: bool = True
    section: int = 0


def number_of(action: str, verb: str) -> int:
    """ "copy-12" → 12; 0 for anything else."""
    return (row_id(action.removeprefix(verb)) or 0) if action.startswith(verb) else 0


def answer(editor: ReportEditor, data: ReportInput, action: str, *, by, now: datetime) -> Answer:
    """Do to what is about to be saved what the button says; nothing for a button that only saves or sends."""
    if action == REST:
        return _rest_same(editor, data)
    if section := number_of(action, "copy-"):
        return _copy(editor, data, section)
    if section := number_of(action, "count-"):
        return _count(editor, data, section)
    if action.startswith("record-"):
        return _record(editor, data, action)
    if section := number_of(action, "together-"):
        return _together(editor, data, section)
    if action.startswith("total-"):
        return _total(editor, data, action)
    if section := number_of(action, "theirs-"):
        return _theirs(editor, data, section, by=by, now=now)
    if copy := number_of(action, "take-"):
        return _take(editor, data, copy, by=by, now=now)
    return Answer(section=number_of(action, "save-"))


def _copy(editor: ReportEditor, data: ReportInput, section: int) -> Answer:
    if not copy_last(editor, data, section):
        return Answer("Phần việc này chưa có báo cáo nào đã gửi để chép lại.", False, section)
    words = "Đã chép nội dung lần trước vào các ô còn trống và lưu nháp; số liệu trong kỳ không chép."
    return Answer(words, True, section)


def _count(editor: ReportEditor, data: ReportInput, section: int) -> Answer:
    """What events and inspections on record add up to, in the place of what was typed."""
    filled = copy_counted(editor, data, section)
    if not filled:
        return Answer("Chưa có sự kiện hay cuộc kiểm tra nào để đếm cho mục này.", False, section)
    return Answer(f"Đã chép số đếm vào: {', '.join(filled)}. Đã lưu nháp, xin xem lại trước khi gửi.", True, section)


def _together(editor: ReportEditor, data: ReportInput, section: int) -> Answer:
    """What contributing units and parts have reported, added to the words and in the place of the figures."""
    filled = copy_together(editor, data, section)
    block = _block(editor, section)
    kept = [] if block is None or block.together is None else block.together.typed_totals(data.sections[section])
    stays = "".join(
        f" Giữ số lũy kế đã ghi của “{figure.indicator.name}”: {vn_number(own)} (phần góp: {vn_number(figure.value)})."
        for figure, own in kept
    )
    if not filled:
        return Answer(stays.strip() or "Chưa có phần góp nào mới để đưa vào mục này.", False, section)
    words = f"Đã đưa phần góp vào: {', '.join(filled)}.{stays} Đã lưu nháp, xin xem lại trước khi gửi."
    return Answer(words, True, section)


def _total(editor: ReportEditor, data: ReportInput, action: str) -> Answer:
    """Of a running total the sum of what others have reported, in the place of what was typed: "total-<mục>-<số>"."""
    first, _, second = action.removeprefix("total-").partition("-")
    section, indicator = row_id(first) or 0, row_id(second) or 0
    block = _block(editor, section)
    figures = block.together.figures if block is not None and block.together is not None else []
    figure = next((figure for figure in figures if figure.indicator.pk == indicator), None)
    if block is None or figure is None:
        return Answer("Chưa có phần góp nào cho số này.", False, section)
    typed = editor.section_of(data, block)
    own = figure.typed_total(typed)
    figure.put_into(typed)
    before = "" if own is None else f" (trước đó ghi {vn_number(own)})"
    words = f"Đã lấy số phần góp cho “{figure.indicator.name}”: {vn_number(figure.value)}{before}."
    return Answer(f"{words} Đã lưu nháp, xin xem lại trước khi gửi.", True, section)


def _record(editor: ReportEditor, data: ReportInput, action: str) -> Answer:
    """What another room has on record for one figure, in the place of what was typed: "record-<mục>-<số>"."""
    first, _, second = action.removeprefix("record-").partition("-")
    section, pk = row_id(first) or 0, row_id(second) or 0
    block = _block(editor, section)
    asked = block.form.indicators if block is not None and block.form is not None else []
    indicator = next((one for one in asked if one.pk == pk), None)
    known = block.tallies.get(indicator.code) if block is not None and indicator is not None else None
    if block is None or indicator is None or not known:
        return Answer("Chưa đếm được số này.", False, section)
    typed = editor.section_of(data, block)
    parts = {part.code: known[part.code].value for part in indicator.categories.all() if part.code in known}
    if parts:
        typed.indicator_parts[indicator.code] = {**typed.indicator_parts.get(indicator.code, {}), **parts}
        shown = vn_number(sum(parts.values()))
    else:
        typed.indicator_values[indicator.code] = known[WHOLE].value
        shown = vn_number(known[WHOLE].value)
    words = f"Đã lấy số đếm được cho “{indicator.name}”: {shown} {indicator.measure}."
    return Answer(f"{words} Đã lưu nháp, xin xem lại trước khi gửi.", True, section)


def _block(editor: ReportEditor, section: int) -> Block | None:
    """The section if it may be typed on."""
    return next((block for block in editor.editable if block.section.pk == section), None)


def copy_counted(editor: ReportEditor, data: ReportInput, section_id: int) -> list[str]:
    """Put what is on record into the figures of a section; the names of those that were filled."""
    block = _block(editor, section_id)
    if block is None or not block.counted.figures:
        return []
    editor.section_of(data, block).indicator_values.update(block.counted.values)
    return [figure.indicator.name for figure in block.counted.figures]


def copy_together(editor: ReportEditor, data: ReportInput, section_id: int) -> list[str]:
    """Put what others have reported into a section; the names of what was filled."""
    block = _block(editor, section_id)
    if block is None or block.together is None:
        return []
    attached = {item.file_id for item in block.form.attached}
    plain = block.assignment.task.words_and_counts_only
    return fill(editor.section_of(data, block), block.together, attached=attached, takes_files=not plain)


def copy_last(editor: ReportEditor, data: ReportInput, section_id: int) -> bool:
    """Fill the empty fields of a section from its last report; whether there was one.

    Figures counted within a period are left out: copied, they would be counted twice.
    """
    block = _block(editor, section_id)
    if block is None or block.last is None:
        return False
    typed = editor.section_of(data, block)
    for name in COPIED_FIELDS:
        setattr(typed, name, getattr(typed, name) or block.last.get(name, ""))
    fill_from_last(typed, block.form.indicators, block.last)
    return True


def _rest_same(editor: ReportEditor, data: ReportInput) -> Answer:
    """Every section in which nothing stands yet has not changed since the last report."""
    blank = [block for block in editor.editable if _is_blank(editor, data, block)]
    for block in blank:
        editor.section_of(data, block).no_change = True
    if not blank:
        return Answer("Mục nào cũng đã ghi, không còn mục trống.", False)
    codes = ", ".join(block.assignment.task.code for block in blank)
    return Answer(f"Đã ghi “không có thay đổi” cho {len(blank)} mục ({codes}) và lưu nháp. Chưa gửi.")


def _is_blank(editor: ReportEditor, data: ReportInput, block: Block) -> bool:
    """Nothing stands in it, nothing was typed and nothing attached; papers of before count as nothing."""
    if block.is_typed or block.form.errors or editor.new_files.get(block.section.pk):
        return False
    typed = data.sections.get(block.section.pk)
    return typed is None or not set(section_content(typed)) - {"products"}


def _theirs(editor: ReportEditor, data: ReportInput, section: int, *, by, now: datetime) -> Answer:
    """The colleague's version stays; what was typed here is kept beside it."""
    block = next((block for block in editor.posted if block.section.pk == section), None)
    typed = data.sections.pop(section, None)
    if block is None or typed is None:
        return Answer("Mục này không có hai bản khác nhau.", False, section)
    keep_aside(block.section, typed, by=by, at=now)
    return Answer("Đã lấy bản của đồng nghiệp; bản kia vẫn giữ ở cuối mục.", True, section)


def _take(editor: ReportEditor, data: ReportInput, pk: int, *, by, now: datetime) -> Answer:
    """A version that was kept takes the section; what stood there and what was typed are kept in its stead."""
    found = [
        (block, copy)
        for block in editor.editable
        for copy in editor.beside.copies.get(block.section.pk, [])
        if copy.pk == pk
    ]
    if not found:
        return Answer("Bản này không còn; mục đã gửi hoặc đã lấy bản khác.", False)
    block, copy = found[0]
    typed = editor.section_of(data, block)
    keep_standing(block.section, by=by, now=now)
    keep_aside(block.section, typed, by=by, at=now)
    words = taken(copy)
    words.version, words.new_files = typed.version, typed.new_files
    data.sections[block.section.pk] = words
    return Answer(f"Đã lấy bản của {copy.by}; bản trước vẫn giữ ở cuối mục.", True, block.section.pk)
