"""What was told about one row: each obligation once, by which way, and what became of its mails."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from directive_tracker.vietnamese import vn_date, vn_number
from notifications import kinds
from notifications.models import MessageState, Notice, NoticeState

LONGEST = 200
IN_APP = "trong ứng dụng"
TOLD = (NoticeState.SENT, NoticeState.LEFT)


@dataclass(frozen=True)
class Told:
    """One obligation: what, since when, to how many people, and the fate of its mails in words."""

    label: str
    title: str
    at: datetime
    people: int
    way: str
    is_bad: bool
    # It reminded of something, and somebody got it.
    is_told: bool


@dataclass(frozen=True)
class History:
    """Everything told about one row, newest first."""

    lines: list[Told]

    @property
    def summary(self) -> str:
        """In words: "Đã nhắc 2 lần, gần nhất 15/4/2024"; "" for nothing."""
        told = [line for line in self.lines if line.is_told]
        return f"Đã nhắc {vn_number(len(told))} lần, gần nhất {vn_date(told[0].at)}" if told else ""


def told_about(target: models.Model, *, now: datetime) -> History:
    """The notices about one row up to now, in one statement; nobody's name and nobody's reading is in it."""
    found: dict[str, list[Notice]] = {}
    notices = Notice.objects.about(target).filter(due_at__lte=now).select_related("message")[:LONGEST]
    for notice in notices:
        found.setdefault(notice.obligation, []).append(notice)
    return History([_told(group) for group in found.values()])


def _told(group: list[Notice]) -> Told:
    """One obligation from its notices, the newest first."""
    first = group[0]
    fates = Counter(state_of_notice(notice) for notice in group)
    way = next(iter(fates)) if len(fates) == 1 else ", ".join(f"{count} {fate}" for fate, count in fates.items())
    return Told(
        label=kinds.label(first.kind),
        title=first.title,
        at=first.sent_at or first.due_at,
        people=len({notice.recipient_id for notice in group} - {None}),
        way=way,
        is_bad=any(notice.state == NoticeState.DEAD for notice in group),
        is_told=kinds.reminds(first.kind) and any(notice.state in TOLD for notice in group),
    )


def state_of_notice(notice: Notice) -> str:
    """In words: planned, held, claimed, sent, refused for now, dead, superseded."""
    if notice.state == NoticeState.SUPERSEDED:
        return "không còn cần"
    if notice.state == NoticeState.LEFT:
        return "người nhận đã rời đơn vị"
    mail = notice.message
    if mail is None:
        return IN_APP
    if notice.state == NoticeState.DEAD or mail.state == MessageState.DEAD:
        return f"thư không gửi được: {mail.last_error or 'không rõ lý do'}"
    if notice.state == NoticeState.SENT:
        return "thư đã gửi" + (" (có thể hai lần)" if mail.suspect else "")
    if mail.state == MessageState.HELD:
        return "thư được giữ lại"
    if mail.state == MessageState.SENDING:
        return "thư đang gửi"
    return f"thư chưa gửi được, sẽ thử lại: {mail.last_error}" if mail.attempts else "thư sắp gửi"
