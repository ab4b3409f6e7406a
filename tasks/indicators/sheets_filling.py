"""What a filled-in form of figures would change in the draft, and changing it – through the same door as typing."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError

from directive_tracker.vietnamese import vn_number
from tasks.drafts.inputs import ReportInput, SectionInput
from tasks.drafts.saving import Clash, save_draft
from tasks.drafts.typed import stored_section
from tasks.errors import Refused
from tasks.indicators.sheets import Line, lines_of
from tasks.indicators.sheets_reading import Filled, Problem, Typed, count_of
from tasks.models import ProgressReport, UnitReport

_SALT = "tasks.indicators.sheets_filling"
# A page that shows what would be changed is good for a working day.
GOOD_FOR = 12 * 3600
# Of the sentences about single cells the page shows so many.
MOST_PROBLEMS = 200


@dataclass(frozen=True)
class Change:
    """One line that says something else than the draft."""

    line: Line
    cell: str
    value: int | None
    comment: str
    last: int | None = None

    @property
    def replaces(self) -> bool:
        """Somebody typed another number, or other words, already."""
        number = self.value is not None and self.line.stored not in (None, self.value)
        return number or bool(self.comment and self.line.stored_comment not in ("", self.comment))

    @property
    def remark(self) -> str:
        """What is worth a look before it is kept."""
        if (
            self.value is not None
            and self.last is not None
            and self.line.indicator.is_cumulative
            and self.value < self.last
        ):
            return f"số lũy kế thấp hơn lần báo cáo trước ({vn_number(self.last)})"
        if self.value is not None and self.line.part is None and self.line.indicator.is_odd(self.value):
            return f"ngoài mức thường gặp ({self.line.indicator.range_words}); khi gửi cần một câu giải thích"
        return ""


@dataclass
class Plan:
    """What the page shows before anything is kept. same: lines that say what the draft holds already."""

    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    same: int = 0

    @property
    def replaced(self) -> int:
        return sum(1 for change in self.changes if change.replaces)


Cleaner = Callable[[str, bool], str]


def plan(
    report: UnitReport,
    sections: list[ProgressReport],
    filled: Filled,
    *,
    clean_comment: Cleaner,
    last: Mapping[str, int],
) -> Plan:
    """Compare a form with the draft, line by line.

    Args:
        sections: all of the report's, with figures and parts loaded (tasks/drafts/reading.load_sections).
        clean_comment: called with (words, whether the task takes words and counts only); as the report's form checks them.
        last: key of a line → what was reported last.

    Errors: Refused when it is the form of another report.
    """
    if filled.report != report.pk:
        whose = f" ({filled.words})" if filled.words else ""
        raise Refused(
            f"Tệp này là mẫu của một báo cáo khác{whose}, không nạp vào báo cáo này được. "
            "Hãy tải mẫu của báo cáo đang mở, hoặc mở đúng báo cáo của tệp."
        )
    known = {line.key: line for line in lines_of(sections)}
    found, seen = Plan(problems=list(filled.problems)), set()
    for typed in filled.lines:
        line = known.get(typed.key)
        if line is None:
            words = (
                "chỉ tiêu của dòng này không còn được hỏi, hoặc mục của nó đã gửi. Số không nạp được; xin tải lại mẫu."
            )
            found.problems.append(Problem(typed.value_cell, words))
        elif typed.key in seen:
            words = "chỉ tiêu này đã có ở một dòng phía trên. Xin giữ một dòng."
            found.problems.append(Problem(typed.value_cell, words))
        else:
            seen.add(typed.key)
            _compare(found, line, typed, clean_comment, last.get(typed.key))
    del found.problems[MOST_PROBLEMS:]
    return found


def _compare(found: Plan, line: Line, typed: Typed, clean_comment: Cleaner, last: int | None) -> None:
    try:
        value = count_of(typed, line.indicator.measure)
    except ValueError as error:
        found.problems.append(Problem(typed.value_cell, str(error)))
        value = None
    comment = ""
    try:
        comment = clean_comment(typed.comment, line.section.assignment.task.words_and_counts_only)
    except ValidationError as error:
        found.problems.append(Problem(typed.comment_cell, " ".join(error.messages)))
    new_value = value is not None and value != line.stored
    new_comment = bool(comment) and comment != line.stored_comment
    if new_value or new_comment:
        found.changes.append(
            Change(line, typed.value_cell, value if new_value else None, comment if new_comment else "", last)
        )
    elif value is not None:
        found.same += 1


def seal(report: UnitReport, found: Plan) -> str:
    """What the page hands back when somebody confirms: the numbers as they were shown, and the versions of the draft."""
    versions = {str(change.line.section.pk): change.line.section.version for change in found.changes}
    lines = {change.line.key: [change.value, change.comment] for change in found.changes}
    return signing.dumps({"report": report.pk, "versions": versions, "lines": lines}, salt=_SALT, compress=True)


@dataclass(frozen=True)
class Kept:
    """What was put into the draft, and the parts that somebody else saved meanwhile."""

    count: int
    clashes: list[Clash]


def fill(
    report: UnitReport, sections: list[ProgressReport], sealed: str, chosen: Collection[str], *, by: Any, now: datetime
) -> Kept:
    """Put the chosen lines of a shown plan into the draft; nothing is sent.

    Args:
        sections: as of plan. sealed: what `seal` gave. chosen: keys of lines that somebody left ticked.

    Errors: Refused when the page is too old or of another report, or the draft may not be typed on now.
    """
    content = _unsealed(report, sealed)
    data, count = ReportInput(keeps_whole=True), 0
    for line in lines_of(sections):
        if line.key not in chosen or line.key not in content["lines"]:
            continue
        section = data.sections.get(line.section.pk)
        if section is None:
            section = data.sections[line.section.pk] = stored_section(line.section)
            section.version = content["versions"].get(str(line.section.pk))
        value, comment = content["lines"][line.key]
        _put(section, line, value, comment)
        count += 1
    if not count:
        raise Refused("Chưa chọn số nào để ghi. Xin đánh dấu các dòng cần ghi.")
    clashes = save_draft(report, data, by=by, now=now, version=report.version, sections=sections)
    lost = {clash.section.pk for clash in clashes if clash.section}
    kept = count - sum(1 for line in lines_of(sections) if line.section.pk in lost and line.key in chosen)
    return Kept(max(0, kept), clashes)


def _unsealed(report: UnitReport, sealed: str) -> dict[str, Any]:
    try:
        content = signing.loads(sealed, salt=_SALT, max_age=GOOD_FOR)
    except signing.BadSignature as error:
        raise Refused("Trang xem trước đã cũ. Xin nạp lại tệp; chưa có số nào được ghi.") from error
    if content["report"] != report.pk:
        raise Refused("Trang xem trước là của một báo cáo khác. Xin nạp lại tệp; chưa có số nào được ghi.")
    return content


def _put(section: SectionInput, line: Line, value: int | None, comment: str) -> None:
    code = line.indicator.code
    if value is not None and line.part is not None:
        # A copy: what the section holds is compared with what is typed afterwards.
        section.indicator_parts = {
            **section.indicator_parts,
            code: {**section.indicator_parts.get(code, {}), line.part.code: value},
        }
    elif value is not None:
        section.indicator_values = {**section.indicator_values, code: value}
    if comment:
        section.indicator_comments = {**section.indicator_comments, code: comment}


def kept_words(kept: Kept) -> str:
    """ "Đã ghi 12 số từ tệp vào bản nháp. Chưa gửi."."""
    return f"Đã ghi {vn_number(kept.count)} số liệu từ tệp vào bản nháp. Chưa gửi."
