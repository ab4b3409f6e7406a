"""Who was told what on each day of the demo's campaign, and by which way, as a text that people can read."""

from collections import defaultdict
from datetime import date

from django.utils import timezone

from directive_tracker.vietnamese import ZONE, vn_date, vn_weekday
from notifications import kinds
from notifications.models import Message, MessageState, Notice, NoticeState
from tasks.models import Assignment, DirectiveTask
from units.models import Membership, Role, Unit


def told_by_day(first: date, last: date) -> str:
    """The text: a block for each day on which anybody was told anything; a line for each kind and way.

    A mail stands once, on the day it left, with what it carried; what shows in the app only stands on the day it came.
    """
    days: dict[date, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    units = dict(Unit.objects.values_list("pk", "short_name"))
    codes = _codes()
    mails = Message.objects.filter(state=MessageState.SENT).select_related("recipient").order_by("pk")
    carried: dict[int, list[Notice]] = defaultdict(list)
    for notice in Notice.objects.order_by("pk"):
        if notice.message_id is not None and notice.state == NoticeState.SENT:
            carried[notice.message_id].append(notice)
        elif notice.state != NoticeState.SUPERSEDED:
            day = timezone.localdate(notice.due_at, ZONE)
            days[day][f"ứng dụng · {kinds.label(notice.kind)}"].append(_what(notice, units, codes))
    for mail in mails:
        day = timezone.localdate(mail.sent_at, ZONE)
        names = sorted({_what(notice, units, codes) for notice in carried[mail.pk]})
        words = sorted({kinds.label(notice.kind) for notice in carried[mail.pk]})
        days[day][f"thư · {' + '.join(words)}"].append(", ".join(names))
    lines = []
    for day in sorted(day for day in days if first <= day <= last):
        lines += ["", f"{vn_weekday(day)} {vn_date(day)}"]
        for way, whom in sorted(days[day].items()):
            lines.append(f"  {way}: {len(whom)}")
            lines += [f"    {name}" + (f" ×{count}" if count > 1 else "") for name, count in _counted(whom)]
    return "\n".join(lines).strip() + "\n"


def mail_days(unit: Unit, first: date, last: date) -> set[date]:
    """The days on which any reporter of the unit got a mail."""
    people = Membership.objects.filter(unit=unit, role=Role.REPORTER).values("user")
    sent = Message.objects.filter(state=MessageState.SENT, recipient__in=people).values_list("sent_at", flat=True)
    return {day for moment in sent if first <= (day := timezone.localdate(moment, ZONE)) <= last}


def _codes() -> dict[tuple[str, int], str]:
    """What notices are about → the code of the task."""
    found = {("tasks.assignment", pk): code for pk, code in Assignment.objects.values_list("pk", "task__code")}
    found |= {("tasks.directivetask", pk): code for pk, code in DirectiveTask.objects.values_list("pk", "code")}
    return found


def _what(notice: Notice, units: dict[int, str], codes: dict[tuple[str, int], str]) -> str:
    """ "Huyện ủy Đắk Hà 1a.3"; nobody's name."""
    code = codes.get((notice.target_type, notice.target_id or 0), "")
    return f"{units.get(notice.unit_id or 0, '–')} {code}".strip()


def _counted(names: list[str]) -> list[tuple[str, int]]:
    return [(name, names.count(name)) for name in sorted(set(names))]
