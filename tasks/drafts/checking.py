"""What must be mended in a report before it is sent, and which of its sections say nothing."""

from collections.abc import Mapping

from directive_tracker.vietnamese import vn_date
from tasks.enums import ProductKind
from tasks.errors import Refused
from tasks.indicators.entry import odd_without_a_word
from tasks.indicators.tallying import Tallies
from tasks.models import ProgressReport


class ReportIncomplete(Refused):
    """Something is missing; `problems` pairs sections (or None) with field and sentence."""

    def __init__(self, problems: list[tuple[ProgressReport | None, str, str]]):
        super().__init__(f"Có {len(problems)} chỗ cần bổ sung trước khi gửi.")
        self.problems = problems


def problems_in(
    sections: list[ProgressReport], tallies: Mapping[int, Mapping[str, Tallies]]
) -> list[tuple[ProgressReport | None, str, str]]:
    """What must be mended before sending: (section or None, field name, sentence).

    Args:
        tallies: section → code of a figure → what is on record for it (tasks/indicators/tallying.py).
    """
    problems: list[tuple[ProgressReport | None, str, str]] = []
    filled = [section for section in sections if not is_blank(section)]
    if not filled:
        problems.append((None, "", "Báo cáo chưa ghi gì: hãy ghi ít nhất một mục."))
    for section in filled:
        problems += [(section, *problem) for problem in _section_problems(section, tallies.get(section.pk, {}))]
    return problems


def _section_problems(section: ProgressReport, tallies: Mapping[str, Tallies]) -> list[tuple[str, str]]:
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
    return problems + odd_without_a_word(section, tallies)


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


def is_blank(section: ProgressReport) -> bool:
    """Nothing typed, and no paper that was not delivered before."""
    new_paper = any(product.is_filled and product.delivery.submitted_on is None for product in section.products.all())
    has_files = any(item.removed_at is None for item in section.files.all())
    return section.is_empty and not new_paper and not has_files
