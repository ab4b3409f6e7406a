"""Events that units wrote down, words of a leader, and one inspection whose finding is mended and closed."""

from collections.abc import Iterator
from datetime import date, datetime, time

from directive_tracker.demo_story.build import acts, day
from directive_tracker.demo_story.cast import Cast
from directive_tracker.demo_story.steps import Step
from tasks.errors import Refused
from tasks.events import activities, inspections
from tasks.events.activities import ActivityInput
from tasks.instructions import handling
from tasks.models import Finding, FindingState, InstructionSource

# unit, task, written down on, kind, title, the day itself, its last day, hour, place, how many came (None: to come)
EVENTS = (
    ("hu-dak-ha", "1a.1", day(3, 12), "meeting", "Hội nghị quán triệt tại thị trấn", day(3, 12), None, time(7, 30), "Hội trường huyện", 220),
    ("hu-dak-ha", "1a.1", day(4, 5), "meeting", "Tọa đàm với đoàn viên, thanh niên", day(4, 5), None, time(14), "Nhà văn hóa thanh niên", 100),
    ("hu-dak-ha", "1a.4", day(4, 10), "performance", "Đêm văn nghệ chào mừng kỷ niệm", day(4, 26), None, time(19, 30), "Quảng trường huyện", None),
    ("tinh-doan", "1a.4", day(4, 9), "sport", "Hội thao thanh niên", day(4, 20), day(4, 21), None, "Nhà thi đấu tỉnh", None),
    ("mttq", "1b.3", day(4, 11), "gathering", "Gặp mặt, tri ân cấp tỉnh", day(5, 4), None, time(8), "Hội trường tỉnh", None),
    ("ban-tuyen-giao", "3a.3", day(4, 12), "broadcast", "Đợt phát sóng phim tài liệu", day(4, 15), day(5, 7), None, "", None),
)  # fmt: skip
PLACE, WORDS = "Đường Hùng Vương, thị trấn", "Băng rôn ở ngã tư đã phai màu, đề nghị thay trước ngày 30/4."


def dated() -> Iterator[Step]:
    """What happens on a day of its own."""
    for place, (unit, code, written, kind, title, on, last, hour, where, came) in enumerate(EVENTS):
        data = ActivityInput(kind, title, on, hour, last, place=where, attendance=came)
        yield acts(written, 16, 30 + place, write_down, unit=unit, code=code, data=data, held=came is not None)
    yield acts(day(4, 12), 8, 40, say, code="1a.3")
    yield acts(day(4, 26), 10, 5, inspect, unit="hu-dak-ha", code="1a.2", mend_by=day(5, 3))
    yield acts(day(5, 2), 9, 25, mend, unit="hu-dak-ha")
    yield acts(day(5, 3), 8, 45, close)


def write_down(cast: Cast, now: datetime, unit: str, code: str, data: ActivityInput, held: bool) -> None:
    """The unit's focal point records an event."""
    activities.record_activity(cast.assignment(unit, code), data, by=cast.reporter(unit), now=now, held=held)


def say(cast: Cast, now: datetime, code: str) -> None:
    """What was said at a meeting is written down by the reader, then kept in sight by the office."""
    said = handling.Said(
        words="Các đơn vị chưa có văn bản phát động thi đua hoàn thành trong tháng 4; Văn phòng theo dõi, báo cáo.",
        said_by="Đồng chí Phó Bí thư Thường trực Tỉnh ủy",
        said_on=now.date(),
        source=InstructionSource.BRIEFING,
        tasks=[cast.task(code)],
    )
    written = handling.write(cast.directive, said, by=cast.users["thuongtruc"], now=now)
    handling.follow(written, by=cast.office, now=now)


def inspect(cast: Cast, now: datetime, unit: str, code: str, mend_by: date) -> None:
    """The monitor looks at one road and one office, and sends what has to be mended."""
    by = cast.users["tuyengiao"]
    inspection = inspections.begin_inspection(cast.task(code), day=now.date(), by=by, now=now)
    road = inspections.add_place(inspection, kind="road", name=PLACE, unit=cast.units[unit], by=by, now=now)
    inspections.add_finding(road, words=WORDS, mend_by=mend_by, photo=None, by=by, now=now)
    inspections.add_place(inspection, kind="office", name="Trụ sở Huyện ủy", unit=cast.units[unit], by=by, now=now)
    inspections.send_inspection(inspection, by=by, now=now)


def _finding(cast: Cast, state: FindingState) -> Finding:
    """The story's finding in that state. Errors: Refused when a visitor was quicker."""
    rows = Finding.objects.filter(place__name=PLACE, words=WORDS, state=state)
    found = rows.select_related("place__unit", "place__inspection__unit", "place__inspection__task__directive").first()
    if found is None:
        raise Refused("Không có kiến nghị này.")
    return found


def mend(cast: Cast, now: datetime, unit: str) -> None:
    """The unit says what it did."""
    finding = _finding(cast, FindingState.OPEN)
    words = "Đã thay băng rôn mới ngày 29/4."
    inspections.answer(finding, words=words, done_on=day(4, 29), photo=None, by=cast.reporter(unit), now=now)


def close(cast: Cast, now: datetime) -> None:
    """The monitor has seen it."""
    finding = _finding(cast, FindingState.ANSWERED)
    inspections.close(finding, words="", by=cast.users["tuyengiao"], now=now)
