"""A unit's report: opened once for everything, drafted, approved by the head where wanted, sent."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from directive_tracker.vietnamese import vn_date
from records.audit import record
from records.models import StoredFile
from tasks import reminders
from tasks.behalf.periods import make_room
from tasks.enums import (
    REPORTABLE_STATES,
    AssignmentRole,
    AssignmentState,
    PeriodKind,
    ProductKind,
    ReportState,
    RoundWay,
    SectionState,
)
from tasks.errors import Refused
from tasks.indicators.entry import (
    FIGURE_FIELDS,
    FiguresInput,
    frozen_figures,
    keep_figures_typed,
    odd_without_a_word,
    values_of,
)
from tasks.lifecycle import keep_figures, objecting, required_reason
from tasks.models import (
    Assignment,
    Directive,
    IndicatorValue,
    ProgressReport,
    ReportingPeriod,
    ReportRound,
    SectionFile,
    SectionProduct,
    UnitReport,
)
from tasks.periods.asking import newest_of, next_of
from tasks.rounds.recalling import back_to_writing
from tasks.rounds.settling import settle
from units.models import Unit

S = AssignmentState
TEXT_FIELDS = ("results", "difficulties", "proposals")
SECTION_FIELDS = (
    *TEXT_FIELDS,
    "expected_on",
    "no_change",
    "nothing_arose",
    "claims_completion",
    "reported_outside_on",
)
PAPER_FIELDS = ("number", "symbol", "paper_date", "signer")
REPORT_FIELDS = ("general_note", "paper_number", "paper_symbol", "paper_date", "paper_signer")


class DraftConflict(Refused):
    """Somebody else saved the draft meanwhile."""


class ReportIncomplete(Refused):
    """Something is missing; `problems` pairs sections (or None) with field and sentence."""

    def __init__(self, problems: list[tuple[ProgressReport | None, str, str]]):
        super().__init__(f"Có {len(problems)} chỗ cần bổ sung trước khi gửi.")
        self.problems = problems


@dataclass
class ProductInput:
    """A product's paper identity as typed; `file` only when a new one was uploaded."""

    number: str = ""
    symbol: str = ""
    paper_date: date | None = None
    signer: str = ""
    file: StoredFile | None = None


@dataclass
class SectionInput(FiguresInput):
    """What was typed in one section. Indicator values by code, None where left empty.

    version: the one the section had when the page was opened; None where the report's own version speaks for all.
    """

    results: str = ""
    difficulties: str = ""
    proposals: str = ""
    expected_on: date | None = None
    no_change: bool = False
    nothing_arose: bool = False
    claims_completion: bool = False
    reported_outside_on: date | None = None
    products: dict[int, ProductInput] = field(default_factory=dict)
    new_files: list[StoredFile] = field(default_factory=list)
    removed_file_ids: set[int] = field(default_factory=set)
    version: int | None = None


@dataclass
class ReportInput:
    """What was typed; sections by ProgressReport id, those left out stay as they are.

    keeps_whole: the part about the whole report stays as it is. whole_version: as SectionInput.version.
    page: which opened page it comes from, "" where nobody said.
    """

    general_note: str = ""
    paper_number: str = ""
    paper_symbol: str = ""
    paper_date: date | None = None
    paper_signer: str = ""
    sections: dict[int, SectionInput] = field(default_factory=dict)
    keeps_whole: bool = False
    whole_version: int | None = None
    page: str = ""


def via_of(by) -> dict[str, str]:
    """Under which name and position the person came through a mailed link (tasks/links); empty for the signed-in."""
    via = getattr(by, "via", None)
    return {"via_name": via.name if via else "", "via_position": via.position if via else ""}


def reportable_assignments(unit: Unit, directive: Directive):
    """What a new report of the unit asks about: open work that does not wait for a decision."""
    return (
        Assignment.objects.filter(unit=unit, directive=directive, state__in=REPORTABLE_STATES)
        .exclude(role=AssignmentRole.INFORMED)
        .select_related("task", "unit", "directive")
        .order_by("task__order", "pk")
    )


def current_period(
    unit: Unit, directive: Directive, *, today: date, but_drafts: bool = False
) -> ReportingPeriod | None:
    """The newest opened period for which the unit has no report yet, or None; `but_drafts`: no sent one.

    A quarter may be cut off on the same day as its last month: then the shorter one is asked for first.
    """
    opened = directive.periods.filter(opens_on__lte=today).order_by("-cutoff_on")[: len(PeriodKind)]
    newest = newest_of(opened)
    reports = UnitReport.objects.of_the_unit().filter(unit=unit, period__in=newest)
    if but_drafts:
        reports = reports.exclude(state__in=[ReportState.DRAFT, ReportState.AWAITING_UNIT_HEAD])
    return next_of(newest, set(reports.values_list("period_id", flat=True)))


def find_open_report(unit: Unit, directive: Directive) -> UnitReport | None:
    """The report the unit has at hand: a draft or one with its head, first; else one that came back."""
    at_hand = UnitReport.objects.of_the_unit().filter(unit=unit, directive=directive)
    return (
        at_hand.filter(state__in=[ReportState.DRAFT, ReportState.AWAITING_UNIT_HEAD]).first()
        or at_hand.filter(state__in=[ReportState.RETURNED, ReportState.RECALLED]).order_by("pk").first()
    )


@transaction.atomic
def open_report(unit: Unit, directive: Directive, *, by, now: datetime) -> UnitReport:
    """The report to write on: the one at hand, or a new draft with a section per open assignment.

    Raises:
        Refused: the directive is not open, or there is nothing to report on.
    """
    if not directive.is_issued:
        raise Refused("Văn bản chưa giao hoặc đã kết thúc theo dõi, không báo cáo được.")
    report = find_open_report(unit, directive)
    if report is not None:
        if report.state == ReportState.DRAFT:
            add_missing_sections(report)
        return report
    if not reportable_assignments(unit, directive).exists():
        raise Refused("Đơn vị không còn phần việc nào cần báo cáo.")
    try:
        with transaction.atomic():
            report = UnitReport.objects.create(
                unit=unit,
                directive=directive,
                period=current_period(unit, directive, today=timezone.localdate(now)),
                created_by=by,
                created_at=now,
                saved_by=by,
                saved_at=now,
            )
    except IntegrityError:  # a colleague opened the draft in the same moment
        return open_report(unit, directive, by=by, now=now)
    add_missing_sections(report)
    return report


def add_missing_sections(report: UnitReport) -> None:
    present = set(report.sections.values_list("assignment_id", flat=True))
    coming_back = set(
        ProgressReport.objects.filter(
            assignment__unit=report.unit_id,
            assignment__directive=report.directive_id,
            state__in=[SectionState.RETURNED, SectionState.RECALLED],
        )
        .exclude(unit_report=report)
        .values_list("assignment_id", flat=True)
    )
    for assignment in reportable_assignments(report.unit, report.directive):
        if assignment.pk in present | coming_back:
            continue
        section = ProgressReport.objects.create(unit_report=report, assignment=assignment)
        SectionProduct.objects.bulk_create(
            SectionProduct(
                section=section,
                delivery=delivery,
                number=delivery.number,
                symbol=delivery.symbol,
                paper_date=delivery.paper_date,
                signer=delivery.signer,
                file=delivery.file,
            )
            for delivery in assignment.products.filter(product__has_paper=True)
        )


@dataclass(frozen=True)
class Clash:
    """A part that somebody else saved meanwhile; section None: the part about the whole report."""

    section: ProgressReport | None
    by: str
    at: datetime

    @property
    def sentence(self) -> str:
        """What the person is told."""
        part = f"mục {self.section.assignment.task.code}" if self.section else "phần “Toàn báo cáo”"
        return f"{self.by} vừa lưu {part}; hai bản khác nhau, cả hai đều được giữ."


@transaction.atomic
def save_draft(
    report: UnitReport,
    data: ReportInput,
    *,
    by,
    now: datetime,
    version: int,
    sections: list[ProgressReport] | None = None,
) -> list[Clash]:
    """Keep what was typed, part by part; a part that somebody else saved meanwhile stays theirs and is returned.

    Args:
        version: of the report when the form was opened; it decides for the parts that bring no version of their own.
        sections: all of the report's, where they have been read already, after the report; every change of one is a new
            version or state of the report, so old ones are found out.

    Raises:
        DraftConflict: a colleague saved in between and a part cannot say which version it is; nothing is overwritten.
        Refused: the report is not the unit's to type on now.
    """
    sections = list(report.sections.select_related("assignment__task")) if sections is None else sections
    clashes, values = _plan(report, data, sections, version=version)
    if not _claim(report, values, by=by, now=now):
        # Somebody saved or sent since we read: wait until they are through, then look again.
        UnitReport.objects.select_for_update().get(pk=report.pk)
        for row in (report, *sections):
            row.refresh_from_db()
        clashes, values = _plan(report, data, sections, version=version)
        _claim(report, values, by=by, now=now)
    stale = {clash.section for clash in clashes}
    for section in sections:
        entry = data.sections.get(section.pk)
        if entry is not None and section.is_editable and section not in stale:
            section.saved_by, section.saved_at, section.saved_in = by, now, data.page
            _save_section(section, entry, now=now)
    return clashes


def _plan(
    report: UnitReport, data: ReportInput, sections: list[ProgressReport], *, version: int
) -> tuple[list[Clash], dict[str, object]]:
    """Which parts somebody else saved meanwhile, and what is new about the whole report. Raises what save_draft raises."""
    if not report.is_editable:
        raise Refused(f"Báo cáo đang ở trạng thái “{report.get_state_display()}”, không sửa được.")
    typed = [(section, data.sections[section.pk]) for section in sections if section.pk in data.sections]
    knows_its_own = data.keeps_whole or data.whole_version is not None
    if version != report.version and not (knows_its_own and all(entry.version is not None for _, entry in typed)):
        raise DraftConflict(
            f"{report.writer} vừa lưu bản nháp này. Phần anh/chị gõ vẫn ở dưới, chưa lưu; xin so lại rồi lưu."
        )
    clashes = [
        Clash(section, _saver_of(section, report), section.saved_at or report.saved_at)
        for section, entry in typed
        if section.is_editable and _is_stale(entry.version, section.version, data.page, section.saved_in)
    ]
    values: dict[str, object] = {name: getattr(data, name) for name in REPORT_FIELDS}
    if data.keeps_whole or all(getattr(report, name) == value for name, value in values.items()):
        return clashes, {}
    if _is_stale(data.whole_version, report.whole_version, data.page, report.whole_saved_in):
        return [Clash(None, report.writer, report.saved_at), *clashes], {}
    return clashes, {**values, "whole_version": report.whole_version + 1, "whole_saved_in": data.page}


def _claim(report: UnitReport, values: dict[str, object], *, by, now: datetime) -> bool:
    """Let nobody else save or send until we are through; False when somebody did since the report was read."""
    new = {**values, **via_of(by), "version": report.version + 1, "saved_by": by, "saved_at": now}
    if not UnitReport.objects.filter(pk=report.pk, version=report.version, state=report.state).update(**new):
        return False
    for name, value in new.items():
        setattr(report, name, value)
    return True


def _saver_of(section: ProgressReport, report: UnitReport) -> str:
    """Who saved a section last, by the name that was typed where it came through a link."""
    is_newest = section.saved_at is None or section.saved_at == report.saved_at
    return report.writer if is_newest else str(section.saved_by)


def _is_stale(typed_version: int | None, version: int, page: str, saved_in: str) -> bool:
    """Whether somebody else saved since the page was opened; what the same page saved itself is nobody else's."""
    return typed_version is not None and typed_version != version and not (page and page == saved_in)


def _save_section(section: ProgressReport, typed: SectionInput, *, now: datetime) -> None:
    for name in SECTION_FIELDS:
        setattr(section, name, getattr(typed, name))
    keep_figures_typed(section, typed)
    section.version += 1
    section.save(update_fields=[*SECTION_FIELDS, *FIGURE_FIELDS, "version", "saved_by", "saved_at", "saved_in"])
    for product in section.products.all():
        entry = typed.products.get(product.delivery_id)
        if entry is None:
            continue
        before = [getattr(product, name) for name in (*PAPER_FIELDS, "file")]
        for name in PAPER_FIELDS:
            setattr(product, name, getattr(entry, name))
        if entry.file is not None:
            product.file = entry.file
        if before != [getattr(product, name) for name in (*PAPER_FIELDS, "file")]:
            product.save(update_fields=[*PAPER_FIELDS, "file"])
    if section.assignment.task.words_and_counts_only:
        return
    for stored in typed.new_files:
        SectionFile.objects.create(section=section, file=stored)
    if typed.removed_file_ids:
        section.files.filter(pk__in=typed.removed_file_ids).update(removed_at=now)


def problems_of(report: UnitReport) -> list[tuple[ProgressReport | None, str, str]]:
    """What must be mended before sending: (section or None, field name, sentence)."""
    return _problems(_editable_sections(report))


def _problems(sections: list[ProgressReport]) -> list[tuple[ProgressReport | None, str, str]]:
    problems: list[tuple[ProgressReport | None, str, str]] = []
    filled = [section for section in sections if not _is_blank(section)]
    if not filled:
        problems.append((None, "", "Báo cáo chưa ghi gì: hãy ghi ít nhất một mục."))
    for section in filled:
        problems += [(section, *problem) for problem in _section_problems(section)]
    return problems


def _section_problems(section: ProgressReport) -> list[tuple[str, str]]:
    problems = []
    says_something = (
        section.results.strip() or section.no_change or section.nothing_arose or section.reported_outside_on
    )
    if not says_something:
        problems.append(("results", "Hãy ghi kết quả, hoặc đánh dấu “không có thay đổi”, “không phát sinh”."))
    problems += _days_too_early(section)
    if section.no_change and section.claims_completion:
        problems.append(("claims_completion", "Không thể vừa “không có thay đổi” vừa đề nghị xác nhận hoàn thành."))
    if section.nothing_arose and section.no_change:
        problems.append(("nothing_arose", "Chỉ chọn một: “không phát sinh” hoặc “không có thay đổi”."))
    if section.nothing_arose and any(section.indicator_values.values()):
        problems.append(("nothing_arose", "Đã ghi số liệu lớn hơn 0 thì không thể “không phát sinh”."))
    if section.claims_completion and not section.reported_outside_on:
        problems += [
            (f"product_{product.delivery_id}", f"Hãy ghi số, ký hiệu hoặc đính kèm: {product.delivery.product.name}.")
            for product in section.products.all()
            if product.delivery.product.is_required and not product.is_filled
        ]
    return problems + odd_without_a_word(section)


def _days_too_early(section: ProgressReport) -> list[tuple[str, str]]:
    """Days before the work was given: slips of the keyboard; a paper that carries the directive out is not older than it."""
    given = section.assignment.assigned_on
    days = [(name, getattr(section, name)) for name in ("expected_on", "reported_outside_on")]
    days += [
        (f"paper_date_{product.delivery_id}", product.paper_date)
        for product in section.products.all()
        if product.delivery.product.kind == ProductKind.DEPLOYMENT
    ]
    return [
        (name, f"Ngày {vn_date(day)} trước ngày giao việc ({vn_date(given)}). Xin xem lại ngày, tháng, năm.")
        for name, day in days
        if day is not None and day < given
    ]


def _editable_sections(report: UnitReport) -> list[ProgressReport]:
    return [
        section
        for section in report.sections.select_related("assignment__task", "assignment__directive").prefetch_related(
            "assignment__task__indicators__categories", "products__delivery__product", "products__file", "files__file"
        )
        if section.is_editable
    ]


def _is_blank(section: ProgressReport) -> bool:
    """Nothing typed, and no paper that was not delivered before."""
    new_paper = any(product.is_filled and product.delivery.submitted_on is None for product in section.products.all())
    has_files = any(item.removed_at is None for item in section.files.all())
    return section.is_empty and not new_paper and not has_files


@transaction.atomic
def submit(
    report: UnitReport,
    *,
    by,
    now: datetime,
    as_head: bool = False,
    sections: list[ProgressReport] | None = None,
) -> None:
    """Send the report: to the unit's head where the unit wants so, else to the office.

    Args:
        as_head: the sender may speak for the unit, so no further approval is needed.
        sections: all of the report's as they were just saved in its present version, with products and files; read
            where they are not given.

    Raises:
        ReportIncomplete: with every place to mend.
        Refused: somebody sent it meanwhile.
    """
    sections = _editable_sections(report) if sections is None else [s for s in sections if s.is_editable]
    problems = _problems(sections)
    if problems:
        raise ReportIncomplete(problems)
    if report.unit.needs_head_approval and not as_head and not report.on_behalf:
        old = report.get_state_display()
        _change_state(report, ReportState.AWAITING_UNIT_HEAD, from_state=report.state)
        for section in sections:
            if section.claims_completion and not _is_blank(section):
                section.assignment.move_to(
                    S.AWAITING_UNIT_HEAD,
                    from_=set(REPORTABLE_STATES),
                    by=by,
                    now=now,
                    note="Chờ lãnh đạo đơn vị duyệt",
                )
                keep_figures(section.assignment, now=now)
        record(
            "report.to_unit_head", by=by, at=now, target=report, data={"from": old, "to": report.get_state_display()}
        )
        reminders.tell_unit_head(report, by=by, now=now)
        return
    _send(report, sections, by=by, now=now, from_state=report.state)


@transaction.atomic
def approve_by_head(report: UnitReport, *, by, now: datetime) -> None:
    """The unit's head lets the report go to the office; the day counts from now."""
    _send(report, _editable_sections(report), by=by, now=now, from_state=ReportState.AWAITING_UNIT_HEAD)


@transaction.atomic
def return_by_head(report: UnitReport, *, by, now: datetime, reason: str) -> None:
    """The unit's head wants changes: back to whoever writes.

    Raises:
        Refused: no reason, or somebody was quicker.
    """
    reason = required_reason(reason, "điều cần sửa")
    back_to_writing(report, by=by, now=now, note=reason)
    data = {"from": ReportState.AWAITING_UNIT_HEAD.label, "to": report.get_state_display()}
    record("report.returned_by_head", by=by, at=now, target=report, data=data, reason=reason)
    reminders.tell_reporters(report, "head_returned", "Lãnh đạo đơn vị đề nghị sửa báo cáo", detail=reason, now=now)


def _change_state(report: UnitReport, new: ReportState, *, from_state: str, **values) -> None:
    """Let one of two people win; whoever saved or sent meanwhile is not overlooked."""
    unchanged = UnitReport.objects.filter(pk=report.pk, state=from_state, version=report.version)
    won = unchanged.update(state=new, **values)
    if not won:
        raise Refused("Báo cáo vừa được người khác gửi hoặc thay đổi. Xin xem lại.")
    report.state = new
    for name, value in values.items():
        setattr(report, name, value)


def _send(report: UnitReport, sections: list[ProgressReport], *, by, now: datetime, from_state: str) -> None:
    entered = report.on_behalf and from_state == ReportState.DRAFT
    make_room(report)
    _change_state(report, ReportState.SUBMITTED, from_state=from_state, submitted_by=by, submitted_at=now)
    # What the unit's head lets through was written by whoever saved it last.
    via = {"via_name": report.via_name, "via_position": report.via_position}
    sent, left = [], False
    for section in sections:
        if _is_blank(section):
            if section.state == SectionState.DRAFT:
                _drop_blank(section)
            else:
                left = True
            continue
        _send_section(section, by=by, now=now, via=via, entered=entered)
        sent.append(section.assignment)
    if left:  # what came back and was emptied is still to be mended
        settle(report)
    data = {"from": ReportState(from_state).label, "to": report.get_state_display()}
    if entered:
        data["way"] = report.behalf_words
    record("report.submitted", by=by, at=now, target=report, data={**data, "sections": len(sent)})
    if entered:
        reminders.tell_entered(report, now=now)
    reminders.tell_office(
        "report",
        f"Văn phòng nhập thay báo cáo của {report.unit.short_name}"
        if entered
        else f"{report.unit.short_name} gửi báo cáo",
        url=report.get_review_url(),
        target=report,
        about=sent,
        now=now,
    )


def _drop_blank(section: ProgressReport) -> None:
    """A section nobody wrote in leaves nothing behind."""
    section.products.all().delete()
    section.delete()


def content_of(section: ProgressReport) -> dict:
    """The section frozen as JSON: dates ISO, indicators by code, papers by delivery id."""
    return {
        **{name: getattr(section, name) for name in TEXT_FIELDS},
        "expected_on": section.expected_on.isoformat() if section.expected_on else None,
        "no_change": section.no_change,
        "nothing_arose": section.nothing_arose,
        "claims_completion": section.claims_completion,
        "reported_outside_on": (section.reported_outside_on.isoformat() if section.reported_outside_on else None),
        **frozen_figures(section),
        "products": [
            {
                "delivery": product.delivery_id,
                "name": product.delivery.product.name,
                "number": product.number,
                "symbol": product.symbol,
                "paper_date": product.paper_date.isoformat() if product.paper_date else None,
                "signer": product.signer,
                "file": product.file_id,
                "file_name": str(product.file) if product.file else "",
            }
            for product in section.products.all()
            if product.is_filled
        ],
    }


def _send_section(section: ProgressReport, *, by, now: datetime, via: dict[str, str], entered: bool) -> None:
    today = timezone.localdate(now)
    # A section that was never sent has no rounds to ask for.
    sent_before = section.state != SectionState.DRAFT
    last = (section.rounds.aggregate(last=Max("number"))["last"] or 0) if sent_before else 0
    round_ = ReportRound.objects.create(
        section=section,
        number=last + 1,
        submitted_by=by,
        submitted_at=now,
        submitted_on=today,
        content=content_of(section),
        way=RoundWay.BEHALF if entered else RoundWay.LINK if via["via_name"] else RoundWay.PAGE,
        **via,
    )
    files = [item.file_id for item in section.files.all() if item.removed_at is None]
    if files:
        round_.files.add(*files)
    IndicatorValue.objects.bulk_create(values_of(round_, section, section.assignment.task.indicators.all()))
    for product in section.products.all():
        if product.is_filled and product.delivery.submitted_on is None:
            product.delivery.submitted_on = today
            product.delivery.save(update_fields=["submitted_on"])
    section.copies.all().delete()
    section.state = SectionState.SUBMITTED
    section.version += 1
    section.save(update_fields=["state", "version"])
    _move_assignment(section, by=by, now=now)


def _move_assignment(section: ProgressReport, *, by, now: datetime) -> None:
    """Only a section that claims completion hands the assignment to the office."""
    today = timezone.localdate(now)
    assignment = section.assignment
    fields = {}
    if assignment.acknowledged_on is None:  # reporting on work is taking note of it
        fields = assignment.note_taken(by=by, today=today, objects=bool(objecting([assignment])))
    if section.claims_completion:
        assignment.move_to(
            S.SUBMITTED,
            from_={*REPORTABLE_STATES, S.AWAITING_UNIT_HEAD},
            by=by,
            now=now,
            note="Đề nghị xác nhận hoàn thành",
            submitted_on=today,
            **fields,
        )
        keep_figures(assignment, now=now)
    elif assignment.state in (S.ASSIGNED, S.AWAITING_UNIT_HEAD):
        assignment.move_to(
            S.IN_PROGRESS,
            from_={S.ASSIGNED, S.AWAITING_UNIT_HEAD},
            by=by,
            now=now,
            note="Báo cáo tiến độ",
            **fields,
        )
        keep_figures(assignment, now=now)
