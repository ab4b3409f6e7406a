"""Events that units wrote down, before and after they took place."""

from collections.abc import Iterator
from datetime import datetime, time

from directive_tracker.demo_story.build import acts, day
from directive_tracker.demo_story.cast import Cast
from directive_tracker.demo_story.steps import Step
from tasks.events import activities
from tasks.events.activities import ActivityInput

# unit, task, written down on, kind, title, the day itself, its last day, hour, place, how many came (None: to come)
EVENTS = (
    ("hu-dak-ha", "1a.1", day(3, 12), "meeting", "Hội nghị quán triệt tại thị trấn", day(3, 12), None, time(7, 30), "Hội trường huyện", 220),
    ("hu-dak-ha", "1a.1", day(4, 5), "meeting", "Tọa đàm với đoàn viên, thanh niên", day(4, 5), None, time(14), "Nhà văn hóa thanh niên", 100),
    ("hu-dak-ha", "1a.4", day(4, 10), "performance", "Đêm văn nghệ chào mừng kỷ niệm", day(4, 26), None, time(19, 30), "Quảng trường huyện", None),
    ("tinh-doan", "1a.4", day(4, 9), "sport", "Hội thao thanh niên", day(4, 20), day(4, 21), None, "Nhà thi đấu tỉnh", None),
    ("mttq", "1b.3", day(4, 11), "gathering", "Gặp mặt, tri ân cấp tỉnh", day(5, 4), None, time(8), "Hội trường tỉnh", None),
    ("ban-tuyen-giao", "3a.3", day(4, 12), "broadcast", "Đợt phát sóng phim tài liệu", day(4, 15), day(5, 7), None, "", None),
)  # fmt: skip


def dated() -> Iterator[Step]:
    """What happens on a day of its own."""
    for place, (unit, code, written, kind, title, on, last, hour, where, came) in enumerate(EVENTS):
        data = ActivityInput(kind, title, on, hour, last, place=where, attendance=came)
        yield acts(written, 16, 30 + place, write_down, unit=unit, code=code, data=data, held=came is not None)


def write_down(cast: Cast, now: datetime, unit: str, code: str, data: ActivityInput, held: bool) -> None:
    """The unit's focal point records an event."""
    activities.record_activity(cast.assignment(unit, code), data, by=cast.reporter(unit), now=now, held=held)
