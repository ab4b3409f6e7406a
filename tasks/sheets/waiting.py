"""What waits: reports for a review, requests for more time, late work, letters about it, papers without their scan."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from directive_tracker.vietnamese import ZONE
from records.sheetfile import Column
from records.sheets import Asked, Filter, Opened, of_queryset, register
from tasks.chasing.listing import FILTERS, late_work
from tasks.chasing.notes import NOTHING, said_about
from tasks.desk.queue import waiting_rounds
from tasks.forms.papers import MissingScansForm
from tasks.models import Assignment, ChaseLetter, Directive, ExtensionRequest, ReportRound, UnitReport
from tasks.papers.missing import missing_scans
from tasks.permissions import can_chase
from tasks.querysets import access_for
from tasks.sheets.words import filters_of
from tasks.timeliness import days_overdue
from tasks.today import waiting_extensions
from units.calendar import work_calendar
from units.models import Unit

BETWEEN = "Báo cáo giữa kỳ"
QUEUE = (
    Column("Mã việc", 9),
    Column("Việc", 44),
    Column("Đơn vị", 28),
    Column("Kỳ báo cáo", 24),
    Column("Lần gửi", 8),
    Column("Gửi lúc", 16),
    Column("Chờ, ngày làm việc", 10),
)


def review_queue(asked: Asked) -> Opened:
    """Chờ xem xét: what waits for this person, oldest first."""
    access = access_for(asked.user)
    if not (access.sees_all_assignments or access.works_for_a_unit):
        raise PermissionDenied
    words, calendar = asked.params.get("q", "")[:100], work_calendar()

    def line(row: ReportRound) -> Sequence[Any]:
        work, period = row.section.assignment, row.section.unit_report.period
        days = calendar.count_between(timezone.localdate(row.submitted_at, ZONE), asked.today)
        return (
            *(work.task.code, work.task.title, work.unit.name, period.name if period else BETWEEN),
            *(row.number, row.submitted_at, days),
        )

    return of_queryset(
        "Chờ xem xét",
        QUEUE,
        waiting_rounds(asked.user, words),
        lambda chunk: map(line, chunk),
        filters=[Filter("Tìm", words, typed=True)] if words.strip() else [],
    )


EXTENSION = (
    Column("Mã việc", 9),
    Column("Việc", 40),
    Column("Đơn vị", 28),
    Column("Hạn lúc xin", 12),
    Column("Xin đến ngày", 12),
    Column("Lý do", 44),
    Column("Người xin", 24),
    Column("Xin lúc", 16),
)


def extension_list(asked: Asked) -> Opened:
    """Xin gia hạn: the requests this person decides about, as on Hôm nay."""
    _office_only(asked)
    own = access_for(asked.user).interested_unit_ids
    return of_queryset(
        "Xin gia hạn", EXTENSION, waiting_extensions(asked.user, own), lambda chunk: map(_extension, chunk)
    )


def _extension(row: ExtensionRequest) -> Sequence[Any]:
    work = row.assignment
    return (
        *(work.task.code, work.task.title, work.unit.name, row.old_due, row.requested_due),
        *(row.reason, str(row.requested_by), row.requested_at),
    )


def _office_only(asked: Asked) -> None:
    if not access_for(asked.user).is_office:
        raise PermissionDenied


LATE = (
    Column("Văn bản", 26),
    Column("Mã việc", 9),
    Column("Việc", 40),
    Column("Đơn vị", 28),
    Column("Hạn", 12),
    Column("Số ngày quá hạn", 9),
    Column("Xin gia hạn", 12),
    Column("Đơn vị nêu", 36),
    Column("Hẹn", 22),
    Column("Đôn đốc gần nhất", 16),
)


def chase_list(asked: Asked) -> Opened:
    """Đôn đốc: late work that one may chase, with what was said about it."""
    if not can_chase(asked.user):
        raise PermissionDenied

    def lines(chunk: list[Assignment]) -> Iterable[Sequence[Any]]:
        said = said_about([work.pk for work in chunk])
        for work in chunk:
            answer = said.get(work.pk, NOTHING)
            yield (
                *(work.directive.short_title, work.task.code, work.task.title, work.unit.name),
                *(work.due_current, days_overdue(work, today=asked.today)),
                "đang xin" if work.pending_extension_id else "",
                *(answer.delay_words, answer.promise(today=asked.today), work.last_nudge_at),
            )

    return of_queryset(
        "Việc quá hạn",
        LATE,
        late_work(asked.user, asked.params, today=asked.today),
        lines,
        filters=_late_filters(asked),
    )


def _late_filters(asked: Asked) -> list[Filter]:
    """The filters of the address, each named; that the person may know of them was asked before."""
    found = []
    if chosen := dict(FILTERS).get(asked.params.get("loc", "")):
        found.append(Filter("Danh sách", chosen))
    if directive := asked.params.get("van-ban", ""):
        found.append(Filter("Văn bản", Directive.objects.visible_to(asked.user).get(pk=int(directive)).short_title))
    if unit := asked.params.get("don-vi", ""):
        found.append(Filter("Đơn vị", Unit.objects.get(pk=int(unit)).short_name))
    return found


LETTER = (
    Column("Đơn vị", 36),
    Column("Số việc", 8),
    Column("Số liệu đến ngày", 12),
    Column("Đề nghị báo cáo trước", 12),
    Column("Soạn lúc", 16),
    Column("Người soạn", 24),
    Column("Số, ký hiệu", 18),
    Column("Gửi ngày", 12),
)


def letter_list(asked: Asked) -> Opened:
    """Công văn đôn đốc: the letters made so far."""
    _office_only(asked)
    found = ChaseLetter.objects.visible_to(asked.user).select_related("unit", "made_by").order_by("-pk")
    return of_queryset("Công văn đôn đốc", LETTER, found, lambda chunk: map(_letter, chunk))


def _letter(row: ChaseLetter) -> Sequence[Any]:
    return (
        *(row.unit.name, len(row.works), row.as_of, row.report_by),
        *(row.made_at, str(row.made_by), row.number, row.sent_on),
    )


PAPER = (
    Column("Đơn vị", 34),
    Column("Văn bản chỉ đạo", 40),
    Column("Kỳ báo cáo", 24),
    Column("Gửi lúc", 16),
    Column("Số, ký hiệu", 18),
    Column("Ngày văn bản", 12),
    Column("Người ký", 24),
    Column("Tình trạng", 20),
)


def missing_scan_list(asked: Asked) -> Opened:
    """Thiếu bản chụp đã ký: reports whose original is on paper and whose scan nobody has attached."""
    _office_only(asked)
    form = MissingScansForm(asked.params, user=asked.user)
    form.is_valid()  # as on the page: a condition that means nothing is left out
    return of_queryset(
        "Thiếu bản chụp đã ký",
        PAPER,
        missing_scans(asked.user, **form.chosen),
        lambda chunk: map(_paper, chunk),
        filters=filters_of(form, asked.user),
    )


def _paper(row: UnitReport) -> Sequence[Any]:
    return (
        *(row.unit.name, row.directive.short_title, row.period.name if row.period else "Giữa kỳ", row.submitted_at),
        *(row.paper_identity, row.paper_date, row.paper_signer, row.get_state_display()),
    )


register("cho-xem-xet", review_queue)
register("xin-gia-han", extension_list)
register("don-doc", chase_list)
register("cong-van-don-doc", letter_list)
register("thieu-ban-chup", missing_scan_list)
