"""A stated time as a product's due rule. Nothing is invented: what names no day gives a product without one."""

import re
from datetime import date
from typing import Any

from directive_tracker.vietnamese import fold, shortened
from tasks.enums import DueKind, DueSource
from tasks.intake.proposal import Deadline, DeadlineKind
from tasks.models.task import DUE_YEARS

BASIS_LENGTH = 200
_BY_A_DAY = {
    DeadlineKind.DATE: DueKind.FIXED,
    DeadlineKind.MONTH: DueKind.END_OF_MONTH,
    DeadlineKind.QUARTER: DueKind.END_OF_QUARTER,
    DeadlineKind.YEAR: DueKind.FIXED,
}
_MONTHLY = re.compile(r"\bngay (\d{1,2})(?: cua)? (?:hang|moi) thang\b")
_QUARTERLY = re.compile(r"\bngay (\d{1,2}) (?:cua )?thang cuoi (?:hang |moi |cua )?quy\b")


def due_values(deadline: Deadline) -> dict[str, Any]:
    """The due fields of a Product for one stated time; the words as written are its basis."""
    basis = shortened(" ".join((deadline.text or "").split()), BASIS_LENGTH)
    values: dict[str, Any] = {"due_kind": DueKind.NONE, "due_source": DueSource.TEXT, "due_basis": basis}
    if deadline.kind == DeadlineKind.PERIODIC:
        return values | _periodic(fold(basis))
    if deadline.date is None or deadline.kind not in _BY_A_DAY:
        return values | ({} if basis else {"due_source": DueSource.OFFICE})
    day = date.fromisoformat(deadline.date)
    if not DUE_YEARS[0] <= day.year <= DUE_YEARS[1]:
        return values
    return values | {"due_kind": _BY_A_DAY[deadline.kind], "due_date": day}


def _periodic(words: str) -> dict[str, Any]:
    """A day of every month or of every quarter's last month; else no rule, only the words."""
    for pattern, kind in ((_QUARTERLY, DueKind.QUARTERLY), (_MONTHLY, DueKind.MONTHLY)):
        found = pattern.search(words)
        if found and 1 <= int(found[1]) <= 31:
            return {"due_kind": kind, "due_days": int(found[1])}
    return {}
