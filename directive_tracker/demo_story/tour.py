"""The tour of five minutes: six steps, and from which events of the journal one sees that they were taken."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from directive_tracker.demo_story.player import PLAYED
from records.models import AuditEvent
from tasks.enums import ReportState
from tasks.models import Assignment, UnitReport

OFFICE, DISTRICT, HEAD, READER = "vanphong", "dakha", "dakha.lanhdao", "thuongtruc"
DISTRICT_UNIT = "hu-dak-ha"


@dataclass(frozen=True)
class Role:
    """A card to sign in with one press."""

    username: str
    name: str
    does: str
    goes_to: str


@dataclass(frozen=True)
class TourStep:
    """One step of the tour."""

    title: str
    what: str
    roles: tuple[Role, ...]
    done: bool


def tour_steps() -> list[TourStep]:
    """The six steps with what the journal says about them since the demo was last seeded (7 statements)."""
    acts = _since_the_seed()
    # What was decided about a section is noted at the work it reports on.
    at_work = acts.filter(target_type=Assignment._meta.label_lower)
    of_district = Assignment.objects.filter(unit__code=DISTRICT_UNIT).values("pk")
    review = _review_page()
    return [
        TourStep(
            "Văn phòng xem “Hôm nay”",
            "Câu đầu trang nói còn gì quá hạn, ai chưa tiếp nhận. Mở một báo cáo trong “Chờ quyết định”.",
            (Role(OFFICE, "Văn phòng", "mở trang Hôm nay", reverse("tasks:today")),),
            acts.filter(actor__username=OFFICE).exists(),
        ),
        TourStep(
            "Huyện ủy Đắk Hà tiếp nhận việc mới",
            "Ở “Việc mới giao”, bấm “Tiếp nhận”. Văn phòng thấy ngay, không phải gọi hỏi.",
            (Role(DISTRICT, "Huyện ủy Đắk Hà", "mở Việc của đơn vị", reverse("tasks:unit_home")),),
            acts.filter(actor__username=DISTRICT, verb="assignment.acknowledged").exists(),
        ),
        TourStep(
            "Đắk Hà báo cáo một lần cho tất cả",
            "Mở “Báo cáo của đơn vị” (bản nháp đã có sẵn), ghi kết quả, số liệu, bấm “Trình lãnh đạo duyệt”; "
            "rồi vào vai lãnh đạo và bấm “Duyệt và gửi Văn phòng”.",
            (
                Role(DISTRICT, "Huyện ủy Đắk Hà", "ghi và gửi", reverse("tasks:unit_reports")),
                Role(HEAD, "Lãnh đạo Huyện ủy", "duyệt báo cáo", reverse("tasks:unit_reports")),
            ),
            acts.filter(actor__username__in=[DISTRICT, HEAD], verb="report.submitted").exists(),
        ),
        TourStep(
            "Văn phòng chấp nhận, trả lại một mục",
            "Mở báo cáo của Đắk Hà, chấp nhận các mục, trả lại một mục kèm lý do. Hạn tự lùi cho đơn vị kịp sửa.",
            (Role(OFFICE, "Văn phòng", "xem xét báo cáo", review),),
            at_work.filter(verb="section.returned", target_id__in=of_district).exists(),
        ),
        TourStep(
            "Đắk Hà bổ sung, Văn phòng chấp nhận",
            "Ở “Cần bổ sung”, Đắk Hà đọc lý do, bấm “Sửa và gửi lại”, lãnh đạo duyệt, Văn phòng chấp nhận.",
            (
                Role(DISTRICT, "Huyện ủy Đắk Hà", "sửa mục bị trả lại", reverse("tasks:unit_home")),
                Role(HEAD, "Lãnh đạo Huyện ủy", "duyệt", reverse("tasks:unit_reports")),
                Role(OFFICE, "Văn phòng", "chấp nhận", review),
            ),
            _mended(at_work.filter(target_id__in=of_district)).exists(),
        ),
        TourStep(
            "Thường trực xem từ con số tới từng báo cáo",
            "Tổng quan có bốn loại; mở “Nhiệm vụ × đơn vị”, bấm một ô: câu giao việc được tô, báo cáo gần nhất, lịch sử, "
            "gọi ai.",
            (Role(READER, "Thường trực", "mở Tổng quan", reverse("tasks:overview_home")),),
            acts.filter(actor__username=READER).exists(),
        ),
    ]


def _since_the_seed() -> QuerySet[AuditEvent]:
    """The journal after the last played day."""
    seeded = AuditEvent.objects.filter(verb=PLAYED).order_by("-pk").values_list("pk", flat=True).first()
    return AuditEvent.objects.filter(pk__gt=seeded or 0)


def _mended(acts: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
    """Acceptances of sections that had come back before."""
    returned = AuditEvent.objects.filter(
        verb="section.returned",
        target_type=OuterRef("target_type"),
        target_id=OuterRef("target_id"),
        pk__lt=OuterRef("pk"),
    )
    return acts.filter(Exists(returned), verb="section.accepted")


def _review_page() -> str:
    """The report of Đắk Hà that waits for the office, else the page of the day."""
    waiting = UnitReport.objects.filter(unit__code=DISTRICT_UNIT, state=ReportState.SUBMITTED).order_by("-submitted_at")
    report = waiting.first()
    return report.get_review_url() if report else reverse("tasks:today")
