"""What happens to a ranking: shown to its units, answered, sent to the Standing Committee, withdrawn.

Each step changes the row only from the state it was seen in, so that of two people at once one does it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from directive_tracker.vietnamese import ZONE, nfc, vn_date
from records.audit import record
from tasks.errors import Refused
from tasks.models import Ranking, RankingAnswer
from tasks.ranking import telling
from units.calendar import work_calendar
from units.models import Unit

# Working days in which the units may see and answer it before it leaves the office (design, what it must never do).
BEFORE_IT_LEAVES = 2
SHORTEST, LONGEST, LONGEST_REASON = 3, 1000, 500
CHANGED = "Bảng xếp hạng vừa được người khác xử lý. Xin xem lại trang này."


@transaction.atomic
def show(ranking: Ranking, *, by: Any, now: datetime) -> int:
    """Let the ranked units see their places, and tell them; how many people were told.

    Errors: Refused when somebody has shown or withdrawn it meanwhile, or no unit has a rank.
    """
    if not telling.ranked_units(ranking):
        raise Refused("Chưa đơn vị nào đủ việc đến hạn để xếp hạng, nên không có gì để các đơn vị xem.")
    today = timezone.localdate(now, ZONE)
    values = {"shown_on": today, "shown_by": by, "leaves_on": work_calendar().add(today, BEFORE_IT_LEAVES)}
    _change(ranking, values, shown_on=None, withdrawn_at=None)
    record("ranking.shown", by=by, at=now, target=ranking, data={"to": values["leaves_on"].isoformat()})
    return telling.tell_shown(ranking, now=now)


@transaction.atomic
def release(ranking: Ranking, *, by: Any, now: datetime) -> None:
    """Send it to the Standing Committee, on the day the units have had their time or later.

    Errors: Refused with the day before it has come, or when somebody has sent or withdrawn it meanwhile.
    """
    today = timezone.localdate(now, ZONE)
    if ranking.leaves_on is None or today < ranking.leaves_on:
        raise Refused(too_early(ranking))
    _change(ranking, {"released_at": now, "released_by": by}, released_at=None, withdrawn_at=None, leaves_on__lte=today)
    record("ranking.released", by=by, at=now, target=ranking)
    telling.tell_released(ranking, now=now)


def too_early(ranking: Ranking) -> str:
    """Why it cannot be sent yet."""
    if ranking.leaves_on is None:
        return "Các đơn vị chưa được xem bảng xếp hạng này, nên chưa gửi Thường trực được."
    return (
        f"Chưa gửi Thường trực được: các đơn vị còn được xem và nêu ý kiến, từ ngày {vn_date(ranking.leaves_on)} "
        "mới gửi được."
    )


@transaction.atomic
def withdraw(ranking: Ranking, *, reason: str, by: Any, now: datetime) -> None:
    """Take it back, with a reason; whoever saw it does not see it any more.

    Errors: Refused when it was withdrawn meanwhile.
    """
    was_shown = ranking.shown_on is not None
    _change(ranking, {"withdrawn_at": now, "withdrawn_by": by, "withdrawn_reason": nfc(reason)}, withdrawn_at=None)
    record("ranking.withdrawn", by=by, at=now, target=ranking, reason=reason)
    if was_shown:
        telling.tell_withdrawn(ranking, now=now)


@transaction.atomic
def answer(
    ranking: Ranking, unit: Unit, text: str, *, by: Any, now: datetime, from_office: bool = False
) -> RankingAnswer:
    """What a unit says to its place, or the office to that.

    Errors: Refused when the ranking has left the office or was withdrawn meanwhile.
    """
    open_still = Ranking.objects.with_the_units(today=timezone.localdate(now, ZONE))
    if not open_still.select_for_update().filter(pk=ranking.pk).exists():
        raise Refused("Bảng xếp hạng này không còn nhận ý kiến: Văn phòng đã gửi đi hoặc đã rút.")
    said = RankingAnswer.objects.create(
        ranking=ranking, unit=unit, from_office=from_office, text=nfc(text), by=by, at=now
    )
    verb = "ranking.replied" if from_office else "ranking.answered"
    record(verb, by=by, at=now, target=ranking)
    tell = telling.tell_replied if from_office else telling.tell_answered
    tell(ranking, unit, number=said.pk, now=now)
    return said


def _change(ranking: Ranking, values: dict[str, Any], **was: Any) -> None:
    """Change the row where it still is as it was seen. Errors: Refused."""
    conditions = {
        f"{name}__isnull" if value is None else name: True if value is None else value for name, value in was.items()
    }
    if not Ranking.objects.filter(pk=ranking.pk, **conditions).update(**values):
        raise Refused(CHANGED)
    for name, value in values.items():
        setattr(ranking, name, value)
