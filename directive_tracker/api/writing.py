"""What programs do: take note of new work, send a unit's report – by the pages' own functions, with the same refusals."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime
from typing import Annotated, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from ninja import Router
from pydantic import Field, StringConstraints

from directive_tracker import clock
from directive_tracker.api import shapes
from directive_tracker.api.fields import LARGEST, Day, Given
from directive_tracker.api.files import Waiting, at_place, own_units
from directive_tracker.api.operations import write
from directive_tracker.api.problems import Problem
from directive_tracker.api.reading import report_shown
from directive_tracker.api.reading import router as reports
from directive_tracker.api.work import assignment_whole
from directive_tracker.vietnamese import vn_date, vn_datetime
from tasks.drafts.checking import ReportIncomplete, is_blank
from tasks.drafts.files import fit_section, hang, hang_paper
from tasks.drafts.opening import open_report
from tasks.enums import ReportState
from tasks.errors import Refused
from tasks.forms.indicators import part_name
from tasks.forms.report_block import Block
from tasks.forms.report_editor import ReportEditor
from tasks.lifecycle import acknowledge
from tasks.models import Assignment, Directive, UnitReport
from tasks.permissions import can_acknowledge, can_edit_report, can_report
from tasks.reporting import keep_and_submit
from units.models import Scope, Unit

router = Router(tags=["Tiếp nhận"])

Id = Annotated[int, Field(ge=1, le=LARGEST)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Count = Annotated[int, Field(ge=0, le=10**12)]


class FigureGiven(Given):
    code: Code = Field(description="Mã chỉ tiêu, ở indicators của nhiệm vụ.")
    value: Count | None = Field(None, description="Con số; bỏ trống khi chỉ tiêu hỏi theo phần (parts).")
    parts: dict[Code, Count] = Field({}, description="Mã phần → con số; tổng do hệ thống cộng.", max_length=50)
    comment: Annotated[str, StringConstraints(max_length=500)] = Field(
        "", description="Giải thích, bắt buộc khi số ngoài mức thường gặp hoặc khác số hệ thống đếm được."
    )


class PaperGiven(Given):
    delivery: Id = Field(description="Số ở products của phần việc.")
    number: Annotated[str, StringConstraints(max_length=30)] = ""
    symbol: Annotated[str, StringConstraints(max_length=60)] = ""
    date: Day | None = None
    signer: Annotated[str, StringConstraints(max_length=120)] = ""
    file: Id | None = Field(None, description="id của tệp đã gửi ở /files; thay tệp đang có của văn bản này.")


class SectionGiven(Given):
    """One section takes the place of what stood in it; its files stay, those named here are added."""

    assignment: Id = Field(description="Phần việc mà mục này báo cáo.")
    results: Annotated[str, StringConstraints(max_length=10_000)] = ""
    difficulties: Annotated[str, StringConstraints(max_length=5000)] = ""
    proposals: Annotated[str, StringConstraints(max_length=5000)] = ""
    expected_on: Day | None = Field(None, description="Dự kiến xong ngày.")
    no_change: bool = Field(False, description="Không có thay đổi so với lần trước.")
    nothing_arose: bool = Field(False, description="Không phát sinh trong kỳ.")
    claims_completion: bool = Field(False, description="Đã xong, đề nghị xác nhận hoàn thành.")
    reported_outside_on: Day | None = Field(None, description="Đã báo cáo ngoài hệ thống, ngày.")
    figures: list[FigureGiven] = Field([], max_length=100)
    papers: list[PaperGiven] = Field([], max_length=50)
    files: list[Id] = Field(
        [], max_length=20, description="id của các tệp đã gửi ở /files, thêm vào mục này; một tệp ghi ở nhiều mục được."
    )


class ReportGiven(Given):
    directive: Id
    unit: Id
    general_note: Annotated[str, StringConstraints(max_length=5000)] = ""
    paper_number: Annotated[str, StringConstraints(max_length=30)] = ""
    paper_symbol: Annotated[str, StringConstraints(max_length=60)] = ""
    paper_date: Day | None = None
    paper_signer: Annotated[str, StringConstraints(max_length=120)] = ""
    sections: list[SectionGiven] = Field(min_length=1, max_length=200)
    over_draft: bool = Field(
        False,
        description="true: gửi cả những gì người của đơn vị đang gõ dở ở trang, mục nào có ở đây thì theo ở đây. "
        "Mặc định (false): có người đang gõ dở thì từ chối, không đụng vào.",
    )


# --- taking note ------------------------------------------------------------------------------------------------------------


@write(
    router,
    "/assignments/{int:assignment_id}/acknowledge",
    scope=Scope.ACKNOWLEDGE,
    answers=shapes.AssignmentWhole,
    summary="Tiếp nhận một việc mới giao",
)
def acknowledge_assignment(request: HttpRequest, assignment_id: int) -> dict[str, Any]:
    """Không có nội dung gửi lên. Việc đã tiếp nhận rồi thì 409, nói ai đã tiếp nhận ngày nào."""
    work = get_object_or_404(
        Assignment.objects.visible_to(request.user).select_related(
            "task", "unit", "directive", "acknowledged_by", "parent__unit"
        ),
        pk=assignment_id,
    )
    if work.unit_id not in own_units(request.access):
        raise PermissionDenied
    if not can_acknowledge(request.user, work):
        raise Problem(409, "state", _why_not(work))
    acknowledge(work, by=request.user, now=clock.now())
    return assignment_whole(work, today=clock.today())


def _why_not(work: Assignment) -> str:
    if work.is_acknowledged:
        return f"Việc {work.task.code} đã được {work.acknowledged_by} tiếp nhận ngày {vn_date(work.acknowledged_on)}."
    if not work.directive.is_issued:
        return f"Việc {work.task.code} thuộc văn bản đã kết thúc theo dõi."
    return f"Việc {work.task.code} đang ở trạng thái “{work.get_state_display()}”."


# --- reporting --------------------------------------------------------------------------------------------------------------


@write(
    reports,
    "/reports",
    scope=Scope.REPORT,
    answers=shapes.Sent,
    summary="Gửi báo cáo của đơn vị về một văn bản",
    status=201,
    url_name="reports",
)
def send_report(request: HttpRequest, given: ReportGiven) -> dict[str, Any]:
    """Một lần cho mọi phần việc của văn bản trong kỳ; nếu có báo cáo trả lại thì gửi lại báo cáo ấy. Đơn vị có lãnh đạo
    duyệt thì báo cáo chờ lãnh đạo duyệt, cả khi người giữ mã là lãnh đạo. Bị từ chối thì không có gì được ghi."""
    now, today = clock.now(), clock.today()
    unit, directive = _addressed(request, given)
    if not can_report(request.user, unit.pk, directive):
        raise Problem(409, "refused", f"“{directive}” đã kết thúc theo dõi, không báo cáo nữa.")
    report = open_report(unit, directive, by=request.user, now=now)
    if not can_edit_report(request.user, report):
        raise Problem(409, "state", f"Báo cáo đang ở trạng thái “{report.get_state_display()}”, chưa gửi tiếp được.")
    blank = ReportEditor(report, today=today)
    blocks = {block.assignment.pk: block for block in blank.editable}
    _refuse_sections(given, blocks)
    if not given.over_draft:
        _refuse_typed(report, blank)
    with ExitStack() as undo:
        _hang_files(report, given, blocks, Waiting(request, undo))
        _send(report, given, blocks, by=request.user, now=now, today=today)
        undo.pop_all()
    return _sent(report)


def _send(
    report: UnitReport, given: ReportGiven, blocks: dict[int, Block], *, by: Any, now: datetime, today: date
) -> None:
    """Errors: Problem, Refused."""
    editor = ReportEditor(report, today=today, data=_as_typed(report, given, blocks))
    if not editor.is_valid():
        raise _invalid(editor, given)
    handed = keep_and_submit(report, editor.typed(), by=by, now=now, version=editor.version, sections=editor.sections)
    if handed.clashes:
        raise Problem(409, "draft-in-use", " ".join(clash.sentence for clash in handed.clashes))
    if isinstance(handed.refusal, ReportIncomplete):
        raise _incomplete(handed.refusal, given)
    if handed.refusal is not None:
        raise handed.refusal


def _hang_files(report: UnitReport, given: ReportGiven, blocks: dict[int, Block], waiting: Waiting) -> None:
    """The files that the report names, each at its place. Errors: Problem."""
    for number, section in enumerate(given.sections):
        place = f"/sections/{number}"
        named = [
            (f"{place}/files/{index}", file, None)
            for index, file in enumerate(section.files)
            if file not in section.files[:index]
        ]
        named += [
            (f"{place}/papers/{index}/file", paper.file, paper.delivery)
            for index, paper in enumerate(section.papers)
            if paper.file is not None
        ]
        for pointer, file, delivery in named:
            try:
                row = fit_section(report, blocks[section.assignment].section.pk)
                stored = waiting.stored(file, pointer)
                if delivery is None:
                    hang(report, row, stored)
                else:
                    hang_paper(report, row, delivery, stored)
            except Refused as refusal:
                raise at_place(pointer, str(refusal)) from None


def _addressed(request: HttpRequest, given: ReportGiven) -> tuple[Unit, Directive]:
    """Errors: Http404 for what the person may not know of, PermissionDenied for another unit than one's own."""
    if given.unit not in request.access.visible_unit_ids:
        raise Http404
    unit = get_object_or_404(Unit, pk=given.unit)
    directive = get_object_or_404(
        Directive.objects.visible_to(request.user).select_related("office"), pk=given.directive
    )
    if unit.pk not in own_units(request.access):
        raise PermissionDenied
    return unit, directive


def _refuse_sections(given: ReportGiven, blocks: dict[int, Block]) -> None:
    """What cannot be a section of this report, a figure or a paper of its section. Errors: Problem."""
    errors = [{"pointer": pointer, "detail": sentence} for pointer, sentence in _strange(given, blocks)]
    if errors:
        raise Problem(422, "invalid", f"Có {len(errors)} chỗ cần sửa.", errors=errors[:50])


def _strange(given: ReportGiven, blocks: dict[int, Block]) -> Iterator[tuple[str, str]]:
    seen: set[int] = set()
    for number, section in enumerate(given.sections):
        place = f"/sections/{number}"
        block = blocks.get(section.assignment)
        if block is None or block.form is None:
            yield (
                f"{place}/assignment",
                f"Phần việc {section.assignment} không nằm trong báo cáo này, hoặc mục đã gửi và đang chờ xem xét.",
            )
            continue
        if section.assignment in seen:
            yield f"{place}/assignment", "Mỗi phần việc chỉ ghi một mục."
        seen.add(section.assignment)
        yield from _strange_figures(section, block, place)
        papers = {delivery.pk for delivery in block.form.deliveries}
        for index, paper in enumerate(section.papers):
            if paper.delivery not in papers:
                yield f"{place}/papers/{index}/delivery", "Phần việc này không có văn bản ấy."
            elif paper.delivery in {earlier.delivery for earlier in section.papers[:index]}:
                yield f"{place}/papers/{index}/delivery", "Mỗi văn bản chỉ ghi một lần."


def _strange_figures(section: SectionGiven, block: Block, place: str) -> Iterator[tuple[str, str]]:
    indicators = {indicator.code: indicator for indicator in block.form.indicators}
    for index, figure in enumerate(section.figures):
        where = f"{place}/figures/{index}"
        indicator = indicators.get(figure.code)
        if indicator is None:
            known = ", ".join(indicators) or "không có chỉ tiêu nào"
            yield f"{where}/code", f"Nhiệm vụ không có chỉ tiêu này. Các mã: {known}."
            continue
        if figure.code in {earlier.code for earlier in section.figures[:index]}:
            yield f"{where}/code", "Mỗi chỉ tiêu chỉ ghi một lần."
        codes = {part.code for part in indicator.categories.all()}
        if codes and figure.value is not None:
            yield f"{where}/value", "Chỉ tiêu này ghi theo phần (parts); tổng do hệ thống cộng."
        for code in figure.parts:
            if code not in codes:
                yield f"{where}/parts/{code}", f"Không có phần này. Các mã: {', '.join(codes) or 'không có phần nào'}."
        if figure.comment and f"comment_{indicator.pk}" not in block.form.fields:
            yield f"{where}/comment", "Chỉ tiêu này không hỏi giải thích; xin ghi vào results."


def _refuse_typed(report: UnitReport, editor: ReportEditor) -> None:
    """Somebody of the unit has typed since it was last sent: that is theirs, not ours to send or to overwrite.

    Errors: Problem.
    """
    sent = report.submitted_at
    typed = [
        block
        for block in editor.editable
        if not is_blank(block.section) and (sent is None or (block.section.saved_at or sent) > sent)
    ]
    if not typed:
        return
    codes = ", ".join(block.assignment.task.code for block in typed)
    raise Problem(
        409,
        "draft-in-use",
        f"{report.writer} đang gõ dở báo cáo này ở trang (mục {codes}). Hãy để người ấy gửi, "
        "hoặc gửi với over_draft: true để gửi cả phần đang gõ.",
    )


def _as_typed(report: UnitReport, given: ReportGiven, blocks: dict[int, Block]) -> QueryDict:
    """The report as the form's page would send it, so that the same fields check it."""
    form = QueryDict(mutable=True)
    form["chung-version"] = str(report.version)
    form["chung-whole_version"] = str(report.whole_version)
    for name in ("general_note", "paper_number", "paper_symbol", "paper_date", "paper_signer"):
        form[f"chung-{name}"] = _text(getattr(given, name))
    for section in given.sections:
        block = blocks[section.assignment]
        start = f"{block.form.prefix}-"
        for name in ("results", "difficulties", "proposals", "expected_on", "reported_outside_on"):
            form[f"{start}{name}"] = _text(getattr(section, name))
        for name in ("no_change", "nothing_arose", "claims_completion"):
            if getattr(section, name):
                form[f"{start}{name}"] = "on"
        indicators = {indicator.code: indicator for indicator in block.form.indicators}
        for figure in section.figures:
            indicator = indicators[figure.code]
            if figure.value is not None:
                form[f"{start}indicator_{indicator.pk}"] = str(figure.value)
            for part in indicator.categories.all():
                if part.code in figure.parts:
                    form[f"{start}{part_name(indicator, part)}"] = str(figure.parts[part.code])
            form[f"{start}comment_{indicator.pk}"] = figure.comment
        for paper in section.papers:
            for name, value in (
                ("number", paper.number),
                ("symbol", paper.symbol),
                ("paper_date", paper.date),
                ("signer", paper.signer),
            ):
                form[f"{start}{name}_{paper.delivery}"] = _text(value)
    return form


def _text(value: Any) -> str:
    return "" if value is None else value if isinstance(value, str) else value.isoformat()


def _place(given: ReportGiven, assignment: int, field: str) -> str:
    """Where a field of the form stands in what was sent."""
    number = next((index for index, one in enumerate(given.sections) if one.assignment == assignment), None)
    if number is None:
        return ""
    start = f"/sections/{number}"
    name, _, _ = field.partition("_")
    if name in ("indicator", "comment"):
        return f"{start}/figures"
    if name in ("number", "symbol", "signer", "product", "paper"):
        return f"{start}/papers"
    return f"{start}/{field}" if field and field != "__all__" else start


def _invalid(editor: ReportEditor, given: ReportGiven) -> Problem:
    """What the fields of the form say."""
    errors = [
        {"pointer": f"/{name}" if name != "__all__" else "", "detail": str(words)}
        for name, found in editor.form.errors.items()
        for words in found
    ]
    for block in editor.posted:
        errors += [
            {"pointer": _place(given, block.assignment.pk, name), "detail": f"{block.assignment.task.code}: {words}"}
            for name, found in block.form.errors.items()
            for words in found
        ]
    return Problem(422, "invalid", f"Có {len(errors)} chỗ cần sửa.", errors=errors[:50])


def _incomplete(refusal: ReportIncomplete, given: ReportGiven) -> Problem:
    """What is missing before it can be sent."""
    errors = [
        {"pointer": "", "detail": sentence}
        if section is None
        else {
            "pointer": _place(given, section.assignment_id, field),
            "detail": f"{section.assignment.task.code}: {sentence}",
        }
        for section, field, sentence in refusal.problems
    ]
    return Problem(422, "incomplete", str(refusal), errors=errors[:50])


def _sent(report: UnitReport) -> dict[str, Any]:
    if report.state == ReportState.AWAITING_UNIT_HEAD:
        words = "Đã trình lãnh đạo đơn vị duyệt. Báo cáo chưa gửi Văn phòng."
    else:
        words = f"Đã gửi báo cáo đến {report.directive.office} lúc {vn_datetime(report.submitted_at)}."
    return {**report_shown(report), "detail": words}
