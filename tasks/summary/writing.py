"""The summary report as a Word file: parts I to IV and the appendices, from the frozen row alone.

An office's own template, if one counted when the snapshot was made, is filled in instead (own_template.py). What changed
since the draft before stands on the snapshot's page and not here: it is for who compares, not for who signs.
"""

from collections.abc import Sequence
from datetime import datetime

from directive_tracker.vietnamese import ZONE, vn_date, vn_number
from tasks.exports import docx
from tasks.exports.party_form import FORMS, PartyForm
from tasks.models import SummaryReport
from tasks.summary import appendices, own_template, wording
from tasks.summary.shape import ClausePart, LateRow, Leading, Summary, TaskPart
from tasks.tallies import Figures
from tasks.timeliness import Timeliness

ROMAN = ("I", "II", "III", "IV")
# Left for the office to write.
EMPTY = "……"
LATE_HEADS = ("STT", "Mã", "Nhiệm vụ", "Đơn vị", "Thời hạn", "Số ngày quá hạn", "Nguyên nhân, dự kiến xong")
LATE_WIDTHS = (13, 14, 38, 32, 22, 16, 30)


def write(report: SummaryReport, *, moment: datetime, demo: bool) -> bytes:
    """The file of one draft.

    Args:
        report: with `template` and its file loaded where there is one.
        moment: when the file is made, aware.
        demo: put the line that says the data is invented on every page.

    Errors: templates.TemplateRefused where an own template cannot be filled in.
    """
    data: Summary = report.data
    form = form_of(report)
    if report.template is not None and report.template.file is not None:
        return own_template.filled(report, form, demo=demo)
    return _Writer(report, data, form, moment=moment, demo=demo).file()


def form_of(report: SummaryReport) -> PartyForm:
    """The layout that was frozen with the report."""
    return FORMS[report.profile]


class _Writer:
    """Writes one report from top to bottom."""

    def __init__(self, report: SummaryReport, data: Summary, form: PartyForm, *, moment: datetime, demo: bool) -> None:
        self.report, self.data, self.form = report, data, form
        local = moment.astimezone(ZONE)
        self.paper = docx.new_paper(form, title=str(report), moment=local, demo=demo)

    def file(self) -> bytes:
        self._head()
        self._leading(self.data["leading"])
        self._results(self.data["clauses"])
        self._judgement()
        self._next()
        head = self.data["head"]
        docx.closing(
            self.paper,
            self.form,
            recipients=head["recipients"],
            authority=head["authority"],
            position=head["position"],
        )
        appendices.write(self.paper, self.form, self.data, year=self.report.as_of.astimezone(ZONE).year)
        return docx.write_bytes(self.paper)

    # --- small words ------------------------------------------------------------------------------

    def _say(self, text: str) -> None:
        docx.body(self.paper, self.form, text)

    def _dashes(self, entries: Sequence[str]) -> None:
        """Lines of a list: a semicolon after each, a stop after the last."""
        for words in wording.ended(entries):
            self._say(f"- {words}")

    def _part(self, number: int, text: str) -> None:
        docx.heading(self.paper, self.form, 1, ROMAN[number - 1], text)

    def _section(self, number: int, text: str) -> None:
        docx.heading(self.paper, self.form, 2, str(number), text)

    def _typed(self, text: str) -> None:
        """What the office wrote; room to write where it has not."""
        for words in wording.paragraphs(text) or [EMPTY]:
            self._say(words)

    # --- the parts --------------------------------------------------------------------------------

    def _head(self) -> None:
        head, data = self.data["head"], self.data
        day = self.report.as_of.astimezone(ZONE).date()
        docx.head(
            self.paper,
            self.form,
            superior=head["superior"],
            organ=head["organ"],
            symbol=head["symbol"],
            place=head["place"],
            day=day,
            draft=self.report.draft_number,
        )
        docx.title(self.paper, self.form, "BÁO CÁO", [head["subject"]])
        self._say(f"Thực hiện {data['document']}, kết quả tổng hợp đến ngày {vn_date(day)} như sau:")

    def _leading(self, leading: Leading) -> None:
        self._part(1, "Công tác lãnh đạo, chỉ đạo, triển khai")
        asked, missing = leading["asked"], leading["missing"]
        if not asked:
            self._say("Không có đơn vị nào phải ban hành văn bản triển khai.")
            return
        issued = asked - len(missing)
        self._say(
            f"Đến nay {vn_number(issued)}/{vn_number(asked)} đơn vị đã ban hành văn bản triển khai"
            + (":" if leading["papers"] else ".")
        )
        self._dashes(
            [
                f"{paper['unit']}: {wording.document_words(paper['identity'], paper['name'], paper['paper_date'])}"
                for paper in leading["papers"]
            ]
        )
        if missing:
            self._say(f"Chưa ban hành văn bản triển khai: {', '.join(missing)}.")

    def _results(self, clauses: Sequence[ClausePart]) -> None:
        self._part(2, "Kết quả thực hiện")
        filled = [clause for clause in clauses if clause["tasks"]]
        for number, clause in enumerate(filled, start=1):
            self._section(number, clause["heading"] or f"Điểm {clause['code']}")
            for place, task in enumerate(clause["tasks"], start=1):
                self._task(place, task)
        self._section(len(filled) + 1, "Tình hình tiến độ các nhiệm vụ")
        self._progress()

    def _task(self, place: int, task: TaskPart) -> None:
        docx.heading(self.paper, self.form, 3, wording.point(place), f"{task['title']} (nhiệm vụ {task['code']})")
        for words in wording.task_paragraphs(task):
            self._say(words)

    def _progress(self) -> None:
        figures = Figures(**self.data["total"])
        if not figures.counted and not figures.outside:
            self._say("Chưa có nhiệm vụ nào được giao cho đơn vị chủ trì.")
            return
        if self.data["sentence"]:
            self._say(self.data["sentence"])
        self._say(f"Chi tiết theo đơn vị tại Phụ lục 1; chỉ tiêu tại Phụ lục 2. {self._times()}")
        if figures.counted:
            docx.part(self.paper, "", self.form.parts.table)
            docx.grid(
                self.paper,
                self.form,
                ("Phân loại", "Số phần việc", "Tỷ lệ"),
                _classes(figures),
                (105, 30, 30),
                columns="lcc",
                totals=1,
            )
        self._overdue(self.data["overdue"])
        conditions = self.data["conditions"]
        if conditions:
            self._say("Nhiệm vụ còn chờ quyết định có áp dụng hay không:")
            self._dashes(
                [
                    f"{row['title']} ({row['code']}): {row['decider']} quyết định trước ngày {wording.day_of(row['decide_by'])}"
                    if row["decide_by"]
                    else f"{row['title']} ({row['code']}): {row['decider']} quyết định"
                    for row in conditions
                ]
            )

    def _times(self) -> str:
        data = self.data
        return f"Đã gia hạn {vn_number(data['extensions'])} lần, trả lại báo cáo {vn_number(data['returned'])} lần."

    def _overdue(self, rows: Sequence[LateRow]) -> None:
        if not rows:
            return
        docx.body(self.paper, self.form, "Các phần việc quá hạn chưa hoàn thành:", keep_with_next=True, after_pt=6)
        docx.grid(self.paper, self.form, LATE_HEADS, wording.late_rows(rows), LATE_WIDTHS, columns="ccllccl")

    def _judgement(self) -> None:
        self._part(3, "Đánh giá chung")
        self._section(1, "Ưu điểm")
        self._typed(self.data["typed"]["good"])
        self._section(2, "Hạn chế, nguyên nhân")
        hard = wording.voices(self.data["clauses"], "difficulties")
        if self.data["typed"]["bad"].strip() or not hard:
            self._typed(self.data["typed"]["bad"])
        if hard:
            self._say("Khó khăn các đơn vị nêu:")
            self._dashes(hard)

    def _next(self) -> None:
        self._part(4, "Nhiệm vụ thời gian tới; kiến nghị, đề xuất")
        self._section(1, "Nhiệm vụ thời gian tới")
        coming = self.data["coming"]
        if self.data["typed"]["next"].strip() or not coming:
            self._typed(self.data["typed"]["next"])
        if coming:
            self._say("Các nhiệm vụ sắp đến hạn:")
            self._dashes(wording.coming_words(coming))
        self._section(2, "Kiến nghị, đề xuất")
        wishes = wording.voices(self.data["clauses"], "proposals")
        if wishes:
            self._dashes(wishes)
        else:
            self._say("Các đơn vị không có kiến nghị, đề xuất.")


def _classes(figures: Figures) -> list[tuple[str, str, str]]:
    """The four classes with their share; the sum last."""

    def row(words: str, number: int) -> tuple[str, str, str]:
        return words, vn_number(number), wording.share_words(number, figures.counted)

    return [
        row(Timeliness.DONE_ON_TIME.label, figures.done_on_time),
        row(Timeliness.DONE_LATE.label, figures.done_late),
        row(Timeliness.OPEN_IN_TIME.label, figures.open_in_time),
        row(Timeliness.OPEN_OVERDUE.label, figures.open_overdue),
        row("Tổng số phần việc trong thống kê", figures.counted),
    ]
