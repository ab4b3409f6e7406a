"""An invented letter recorded as a draft, for tests of what the office does to it."""

from tasks.drafting.assigning import set_roles
from tasks.models import Directive, DirectiveTask
from tasks.recording import record_directive
from tests.factories import at, make_office, make_unit
from units.models import UnitGroup, UnitKind

NOW = at("2026-03-02", "09:00")
LETTER = """TỈNH ỦY SÔNG MÂY
BAN THƯỜNG VỤ
Số 41-CV/TU
Sông Mây, ngày 27 tháng 02 năm 2026

V/v chuẩn bị Ngày hội đọc sách

Kính gửi:
- Ban Tuyên giáo Tỉnh ủy,
- Các huyện ủy, thành ủy.

Thực hiện Kế hoạch số 12-KH/TU, ngày 05/01/2026 của Ban Thường vụ Tỉnh ủy, Ban Thường vụ Tỉnh ủy yêu cầu:

1. Ban Tuyên giáo Tỉnh ủy chủ trì, phối hợp với Tỉnh đoàn xây dựng nội dung tuyên truyền về ngày hội, hướng dẫn các địa phương trang trí thư viện; hoàn thành trước ngày 20/3/2026.

2. Các huyện ủy, thành ủy:
- Tổ chức ngày hội tại địa bàn trong quý II năm 2026.
- Báo cáo kết quả trước ngày 25 hằng tháng.

3. Hội Người cao tuổi tỉnh vận động hội viên tặng sách cho trường học vùng khó khăn.

Ngày hội là dịp để mọi người thêm yêu sách.

Nơi nhận:
- Như trên,
- Lưu Văn phòng Tỉnh ủy.

T/M BAN THƯỜNG VỤ
PHÓ BÍ THƯ

Lê Văn Thử
"""


def make_bodies() -> dict:
    """The office, the Standing Committee, three bodies and a group of two."""
    bodies = {
        "office": make_office(),
        "committee": make_unit("Thường trực Tỉnh ủy", code="thuong-truc", kind=UnitKind.STANDING_COMMITTEE),
        "board": make_unit("Ban Tuyên giáo Tỉnh ủy", code="ban-tuyen-giao", kind=UnitKind.PARTY_BODY),
        "youth": make_unit("Tỉnh đoàn", code="tinh-doan", kind=UnitKind.MASS_ORGANISATION),
        "north": make_unit("Huyện ủy Bắc Mây", code="bac-may"),
        "south": make_unit("Huyện ủy Nam Mây", code="nam-may"),
        "group": UnitGroup.objects.create(code="huyen-uy", name="Các huyện ủy, thành ủy"),
    }
    bodies["group"].units.add(bodies["north"], bodies["south"])
    return bodies


def record_letter(by=None, *, text: str = LETTER, name: str = "cong-van.txt") -> Directive:
    """The letter as the page records it."""
    directive, _ = record_directive(text.encode(), name, by, NOW)
    return directive


def set_role(directive, tasks, bodies, role, *, by, now) -> int:
    """Give each of the tasks to each of the bodies; how many cells changed."""
    return set_roles(directive, {(task, body): role for task in tasks for body in bodies}, by=by, now=now).changed


def by_code(directive: Directive) -> dict[str, DirectiveTask]:
    return {task.code: task for task in directive.tasks.order_by("order")}


def codes(directive: Directive) -> list[str]:
    return [task.code for task in directive.tasks.order_by("order")]


def words_of(task: DirectiveTask) -> list[str]:
    """What the task points at in the text."""
    return [span.text.body[span.start : span.end] for span in task.spans.select_related("text").order_by("start")]


def given(task: DirectiveTask) -> list[tuple]:
    """(role, whom, as written, confidence) of each recipient."""
    rows = task.recipients.select_related("unit", "group").order_by("pk")
    return [(row.role, str(row.unit or row.group or ""), row.written, row.confidence) for row in rows]


def products(task: DirectiveTask) -> list[tuple]:
    """(kind, due kind, day, days, source, basis) of each product."""
    return [
        (row.kind, row.due_kind, row.due_date, row.due_days, row.due_source, row.due_basis)
        for row in task.products.order_by("order")
    ]


def everything(directive: Directive) -> list[tuple]:
    """All that a step on a draft may change, to compare before and after."""
    return [
        (
            task.pk,
            task.code,
            task.order,
            task.title,
            task.strength,
            task.checked_by_id,
            words_of(task),
            given(task),
            products(task),
            sorted(task.indicators.values_list("code", flat=True)),
            sorted(task.monitors.values_list("code", flat=True)),
            sorted(task.search_words.values_list("word", flat=True)),
        )
        for task in directive.tasks.order_by("order")
    ] + sorted(directive.current_text.non_tasks.values_list("start", "end", "marked_by"))
