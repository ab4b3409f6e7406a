"""States and kinds of the tasks room; imports nothing of ours."""

from django.db import models


class DirectiveState(models.TextChoices):
    DRAFT = "draft", "Dự thảo"
    ISSUED = "issued", "Đã giao"
    CLOSED = "closed", "Đã kết thúc theo dõi"


class Strength(models.TextChoices):
    REQUIRED = "required", "Yêu cầu"
    ENCOURAGED = "encouraged", "Khuyến khích"


class ConditionState(models.TextChoices):
    NONE = "none", "Không có điều kiện"
    UNDECIDED = "undecided", "Chờ quyết định"
    APPLIES = "applies", "Có"
    NOT_APPLIES = "not_applies", "Không"


class ProductKind(models.TextChoices):
    DEPLOYMENT = "deployment", "Văn bản triển khai"
    PLAN = "plan", "Kế hoạch"
    LIST = "list", "Danh sách"
    FIGURES = "figures", "Số liệu"
    EVENT = "event", "Sự kiện"
    REPORT = "report", "Báo cáo kết quả"


class DueKind(models.TextChoices):
    """How a product's due day is found (tasks/duerules.py)."""

    NONE = "none", "Không thời hạn"
    FIXED = "fixed", "Ngày cố định"
    WINDOW = "window", "Trong khoảng"
    CONTINUOUS = "continuous", "Thường xuyên đến ngày"
    BEFORE_EVENT = "before_event", "Số ngày trước sự kiện"
    AFTER_EVENT = "after_event", "Số ngày sau sự kiện"
    AFTER_RECEIPT = "after_receipt", "Số ngày từ khi đơn vị nhận việc"
    END_OF_MONTH = "end_of_month", "Cuối tháng"
    END_OF_QUARTER = "end_of_quarter", "Cuối quý"
    MONTHLY = "monthly", "Hằng tháng, đến ngày chốt"
    QUARTERLY = "quarterly", "Hằng quý, đến ngày chốt của tháng cuối quý"


class DayCount(models.TextChoices):
    """Which days a rule counts."""

    WORKING = "working", "ngày làm việc"
    CALENDAR = "calendar", "ngày (kể cả ngày nghỉ)"


class DayOffPolicy(models.TextChoices):
    """What becomes of a due day on which nobody works."""

    KEEP = "keep", "Giữ nguyên"
    EARLIER = "earlier", "Ngày làm việc liền trước"
    LATER = "later", "Ngày làm việc liền sau"


class DueSource(models.TextChoices):
    TEXT = "text", "theo văn bản"
    OFFICE = "office", "Văn phòng đề nghị"
    AGREED = "agreed", "đã thống nhất"
    EXTENDED = "extended", "đã gia hạn"
    RETURNED = "returned", "lùi do yêu cầu bổ sung"
    PARENT = "parent", "đơn vị giao lại đặt"


class AssignmentRole(models.TextChoices):
    LEAD = "lead", "Chủ trì"
    COORDINATING = "coordinating", "Phối hợp"
    INFORMED = "informed", "Để biết"
    PART = "part", "Phần được giao lại"


class AssignmentState(models.TextChoices):
    ASSIGNED = "assigned", "Mới giao"
    IN_PROGRESS = "in_progress", "Đang làm"
    RETURNED_BY_UNIT = "returned_by_unit", "Đơn vị trả lại"
    AWAITING_UNIT_HEAD = "awaiting_unit_head", "Chờ lãnh đạo đơn vị duyệt"
    SUBMITTED = "submitted", "Đã gửi, chờ xác nhận"
    REDO = "redo", "Cần bổ sung"
    PAUSED = "paused", "Tạm dừng"
    COMPLETED = "completed", "Xong"
    NOT_APPLICABLE = "not_applicable", "Không phát sinh"
    CANCELLED = "cancelled", "Đã hủy"


OPEN_STATES = (
    AssignmentState.ASSIGNED,
    AssignmentState.IN_PROGRESS,
    AssignmentState.RETURNED_BY_UNIT,
    AssignmentState.AWAITING_UNIT_HEAD,
    AssignmentState.SUBMITTED,
    AssignmentState.REDO,
)
REPORTABLE_STATES = (
    AssignmentState.ASSIGNED,
    AssignmentState.IN_PROGRESS,
    AssignmentState.REDO,
)
# What waits for somebody but the unit itself: for the reviewing unit, the unit's head, the office.
AWAITED_STATES = (
    AssignmentState.SUBMITTED,
    AssignmentState.AWAITING_UNIT_HEAD,
    AssignmentState.RETURNED_BY_UNIT,
)
OUTSIDE_STATES = (
    AssignmentState.PAUSED,
    AssignmentState.NOT_APPLICABLE,
    AssignmentState.CANCELLED,
)


class UnitWord(models.TextChoices):
    """The five words a unit sees for an assignment, and the one for work outside the figures."""

    NEW = "new", "Mới giao"
    DOING = "doing", "Đang làm"
    WAITING = "waiting", "Đã gửi, chờ xác nhận"
    REDO = "redo", "Cần bổ sung"
    DONE = "done", "Xong"
    OUTSIDE = "outside", "Ngoài thống kê"


# The matrix's sign and its word (design.md, section 3).
WORD_SIGNS = {
    UnitWord.NEW: ("?", "Mới giao"),
    UnitWord.DOING: ("…", "Đang làm"),
    UnitWord.WAITING: ("⧗", "Chờ xác nhận"),
    UnitWord.REDO: ("↺", "Cần bổ sung"),
    UnitWord.DONE: ("✓", "Xong"),
    UnitWord.OUTSIDE: ("∅", "Ngoài thống kê"),
}
NOT_ASSIGNED_SIGN = ("–", "Không giao")

STATE_WORDS = {
    AssignmentState.ASSIGNED: UnitWord.NEW,
    AssignmentState.IN_PROGRESS: UnitWord.DOING,
    AssignmentState.RETURNED_BY_UNIT: UnitWord.DOING,
    AssignmentState.AWAITING_UNIT_HEAD: UnitWord.DOING,
    AssignmentState.SUBMITTED: UnitWord.WAITING,
    AssignmentState.REDO: UnitWord.REDO,
    AssignmentState.COMPLETED: UnitWord.DONE,
    AssignmentState.PAUSED: UnitWord.OUTSIDE,
    AssignmentState.NOT_APPLICABLE: UnitWord.OUTSIDE,
    AssignmentState.CANCELLED: UnitWord.OUTSIDE,
}


class ReportState(models.TextChoices):
    DRAFT = "draft", "Bản nháp"
    AWAITING_UNIT_HEAD = "awaiting_unit_head", "Chờ lãnh đạo đơn vị duyệt"
    SUBMITTED = "submitted", "Đã gửi, chờ xem xét"
    RETURNED = "returned", "Cần bổ sung"
    RECALLED = "recalled", "Đơn vị đã rút về"
    DECIDED = "decided", "Đã xem xét xong"


class BehalfBasis(models.TextChoices):
    """From what the office entered a unit's report."""

    PAPER = "paper", "văn bản giấy"
    MAIL = "mail", "thư điện tử"
    PHONE = "phone", "điện thoại"


class ReportOriginal(models.TextChoices):
    """What counts as the original of a report."""

    HERE = "here", "báo cáo được chấp nhận trên hệ thống"
    PAPER = "paper", "văn bản giấy đã ký"


class RoundWay(models.TextChoices):
    """By which way a sending came."""

    PAGE = "page", "trên trang"
    BEHALF = "behalf", "Văn phòng nhập thay"
    LINK = "link", "qua liên kết"


class SectionState(models.TextChoices):
    DRAFT = "draft", "Đang soạn"
    SUBMITTED = "submitted", "Chờ xem xét"
    ACCEPTED = "accepted", "Đã chấp nhận"
    RETURNED = "returned", "Cần bổ sung"
    RECALLED = "recalled", "Đơn vị đã rút về"


# The unit may type on these: what it never sent, what came back, what it took back.
TYPED_REPORT_STATES = (ReportState.DRAFT, ReportState.RETURNED, ReportState.RECALLED)
TYPED_SECTION_STATES = (SectionState.DRAFT, SectionState.RETURNED, SectionState.RECALLED)


class RoundDecision(models.TextChoices):
    PENDING = "pending", "Chờ xem xét"
    ACCEPTED = "accepted", "Chấp nhận"
    RETURNED = "returned", "Trả lại"
    WITHDRAWN = "withdrawn", "Đơn vị rút về"


class ExtensionState(models.TextChoices):
    PENDING = "pending", "Chờ quyết định"
    APPROVED = "approved", "Đồng ý"
    REFUSED = "refused", "Không đồng ý"
    WITHDRAWN = "withdrawn", "Đơn vị rút"


class QuestionKind(models.TextChoices):
    """What a unit may answer to work it was given, beside "đã nhận"."""

    NOT_OURS = "not_ours", "Không phải việc của đơn vị"
    UNCLEAR = "unclear", "Cần làm rõ"
    OTHER_DUE = "other_due", "Đề nghị hạn khác"


class QuestionState(models.TextChoices):
    OPEN = "open", "Chờ trả lời"
    KEPT = "kept", "Giữ nguyên"
    HANDED_OVER = "handed_over", "Giao đơn vị khác"
    SET_ASIDE = "set_aside", "Không phải làm nữa"
    EXPLAINED = "explained", "Đã làm rõ"
    AGREED = "agreed", "Đồng ý"
    ANOTHER_DUE = "another_due", "Ấn định hạn khác"
    WITHDRAWN = "withdrawn", "Đơn vị rút"


class CountedFrom(models.TextChoices):
    """What the program has on record that makes up a figure; it is offered to the unit, never reported by itself."""

    NOTHING = "", "không đếm được"
    ACTIVITIES = "activities", "sự kiện đã tổ chức"
    ATTENDANCE = "attendance", "lượt người dự các sự kiện"
    INSPECTIONS = "inspections", "cuộc kiểm tra của đơn vị"
    FINDINGS = "findings", "kiến nghị đơn vị gửi sau kiểm tra"


class IndicatorMode(models.TextChoices):
    CUMULATIVE = "cumulative", "lũy kế"
    IN_PERIOD = "in_period", "trong kỳ"


class OverPeriods(models.TextChoices):
    """How one unit's figures of several periods become one."""

    SUM = "sum", "cộng các kỳ"
    LAST = "last", "lấy kỳ mới nhất"
    LARGEST = "largest", "lấy kỳ lớn nhất"
    MEAN = "mean", "bình quân các kỳ"


class OverUnits(models.TextChoices):
    """How the figures of several units become one."""

    SUM = "sum", "cộng các đơn vị"
    LARGEST = "largest", "lấy đơn vị lớn nhất"
    MEAN = "mean", "bình quân các đơn vị"


# A running total holds the earlier periods already: adding it up would count them twice.
RULES_OF_MODE = {
    IndicatorMode.CUMULATIVE: (OverPeriods.LAST, OverPeriods.LARGEST),
    IndicatorMode.IN_PERIOD: (OverPeriods.SUM, OverPeriods.LAST, OverPeriods.LARGEST, OverPeriods.MEAN),
}


class PeriodKind(models.TextChoices):
    MONTHLY = "monthly", "Hằng tháng"
    QUARTERLY = "quarterly", "Hằng quý"
    CUSTOM = "custom", "Tự chọn ngày"


class TextOrigin(models.TextChoices):
    """Where the words of a text come from; what a program read from a picture has to be looked through."""

    FILE = "file", "chữ trong tệp"
    PICTURE = "picture", "đọc từ ảnh"
    PART = "part", "chưa đọc hết"


class IncomingState(models.TextChoices):
    """What became of a file that arrived."""

    WAITING = "waiting", "Chờ ghi"
    READING = "reading", "Đang đọc từ ảnh"
    RECORDED = "recorded", "Đã ghi"
    IGNORED = "ignored", "Đã bỏ qua"
    REFUSED = "refused", "Không nhận"


class ScanState(models.TextChoices):
    """How far the reading of a scan is; only while it is read is its file kept."""

    READING = "reading", "Đang đọc"
    DONE = "done", "Đã ghi"
    SECRET = "secret", "Có dấu mật"
    STOPPED = "stopped", "Đã dừng"
    FAILED = "failed", "Không ghi được"
