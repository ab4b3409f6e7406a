"""Handing a part of one's work on, taking it back, and what becomes of parts when the work they belong to ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from directive_tracker.vietnamese import vn_date
from records.audit import record
from tasks import lifecycle
from tasks.enums import AssignmentRole, AssignmentState, DueSource
from tasks.errors import Refused
from tasks.handing import rules, telling
from tasks.models import Assignment, Partner, StatusChange
from units.models import Unit

S = AssignmentState
WORDS_MAX = 1000
DOES_MAX = 500
NAME_MAX = 200
# What becomes of the parts of work that ends.
END, KEEP = "end", "keep"


@dataclass(frozen=True)
class PartInput:
    """What is handed on: the words, by when (None: without a day of its own), and which papers each unit shall send.

    across: the units need not be below the own one; deliveries: papers of the own work, by AssignmentProduct id.
    """

    words: str
    due: date | None = None
    across: bool = False
    deliveries: tuple[int, ...] = ()


def latest_due(assignment: Assignment) -> date | None:
    """The last day a part of it may be due; None where it has none itself."""
    return assignment.due_current


@transaction.atomic
def hand_on(
    assignment: Assignment, units: Iterable[Unit], data: PartInput, *, by: Any, now: datetime
) -> list[Assignment]:
    """Give the units a part each, with the same words and day; a unit whose part was taken back gets it again.

    Args:
        data: `across` where the person says knowingly that a unit is not below the own one.

    Errors: Refused with a sentence; then nobody is given anything.
    """
    words = _words(data.words, "nội dung giao lại", WORDS_MAX)
    units = list(units)
    if not units:
        raise Refused("Hãy chọn ít nhất một đơn vị nhận.")
    today = timezone.localdate(now)
    row = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("task", "unit", "directive", "parent")
        .get(pk=assignment.pk)
    )
    if not rules.can_hand_on(by, row):
        raise Refused(why_not(row))
    _refuse_day(row, data.due, today=today)
    fit = set(rules.receivers(row, today=today).filter(pk__in=[unit.pk for unit in units]).values_list("pk", flat=True))
    under = rules.below(row.unit)
    for unit in units:
        if unit.pk not in fit:
            raise Refused(f"{unit.name} không nhận được phần này: đã có phần rồi, hoặc là đơn vị đã giao việc này.")
        if unit.pk not in under and not data.across:
            raise Refused(f"{unit.name} không trực thuộc {row.unit.name}. Muốn giao, xin đánh dấu ô xác nhận.")
    if row.state == S.ASSIGNED:  # handing on is taking note of it
        lifecycle.acknowledge(row, by=by, now=now)
    parts = [_give(row, unit, words, data.due, by=by, now=now) for unit in units]
    papers = row.products.filter(pk__in=data.deliveries, product__has_paper=True)
    for paper in papers:
        for part in parts:
            part.products.get_or_create(product_id=paper.product_id, defaults={"due_date": data.due})
    for part in parts:
        outside = part.unit_id not in under
        record(
            "assignment.handed_across" if outside else "assignment.handed_on",
            by=by,
            at=now,
            target=part,
            data={"unit": part.unit.name, "due_days": data.due.isoformat() if data.due else ""},
            reason=words[:500],
        )
        telling.tell_given(part, now=now)
    outside_parts = [part for part in parts if part.unit_id not in under]
    if outside_parts:
        telling.tell_office_across(row, outside_parts, now=now)
    return parts


def why_not(row: Assignment) -> str:
    """Why it cannot be handed on now, as a sentence."""
    if row.depth >= rules.MOST_DEPTH:
        return f"Việc này đã qua {rules.MOST_DEPTH} lần giao lại, không giao lại tiếp được."
    return f"Phần việc đang ở trạng thái “{row.get_state_display()}”, không giao lại được."


def _refuse_day(row: Assignment, due: date | None, *, today: date) -> None:
    if due is None:
        return
    if due < today:
        raise Refused(f"Hạn {vn_date(due)} đã qua; hãy ghi một ngày từ hôm nay ({vn_date(today)}) trở đi.")
    if row.due_current is not None and due > row.due_current:
        raise Refused(
            f"Hạn {vn_date(due)} sau hạn của {row.unit.short_name} ({vn_date(row.due_current)}); "
            "xin ghi ngày sớm hơn, hoặc xin gia hạn trước."
        )


def _give(row: Assignment, unit: Unit, words: str, due: date | None, *, by: Any, now: datetime) -> Assignment:
    """A new part, or the one that was taken back, open again."""
    taken_back = row.parts.select_related("task", "unit", "directive").filter(unit=unit, state=S.CANCELLED).first()
    if taken_back is not None:
        taken_back.parent = row
        fields = {"part_words": words, "state_reason": "", "acknowledged_on": None, "acknowledged_by": None}
        taken_back.move_to(
            S.ASSIGNED,
            from_={S.CANCELLED},
            by=by,
            now=now,
            note="Giao lại",
            assigned_on=timezone.localdate(now),
            **fields,
        )
        taken_back.set_due(due, source=DueSource.PARENT, by=by, now=now, reason="Giao lại")
        return taken_back
    part = Assignment.objects.create(
        directive=row.directive,
        task=row.task,
        unit=unit,
        role=AssignmentRole.PART,
        parent=row,
        depth=row.depth + 1,
        part_words=words,
        due_original=due,
        due_current=due,
        due_source=DueSource.PARENT,
        assigned_on=timezone.localdate(now),
        updated_at=now,
    )
    StatusChange.objects.create(assignment=part, old_state="", new_state=S.ASSIGNED, by=by, at=now)
    return part


def _words(words: str, what: str, longest: int) -> str:
    words = words.strip()
    if len(words) < lifecycle.REASON_MIN:
        raise Refused(f"Hãy ghi {what} (ít nhất {lifecycle.REASON_MIN} ký tự).")
    if len(words) > longest:
        raise Refused(f"Phần {what} dài {len(words)} ký tự; xin rút gọn còn {longest}.")
    return words


# --- when the work they belong to ends ---------------------------------------------------------------------------


def left_open(assignment: Assignment) -> list[Assignment]:
    """Its parts, and the parts of these, that somebody still works on; the deepest last."""
    found: list[Assignment] = []
    above = [assignment]
    while above:
        rows = list(
            Assignment.objects.filter(parent__in=[row.pk for row in above], role=AssignmentRole.PART)
            .select_related("task", "unit", "directive", "parent__unit")
            .order_by("unit__sort_order", "pk")
        )
        found += [row for row in rows if row.is_open or row.state == S.PAUSED]
        above = rows
    return found


@transaction.atomic
def end_parts(assignment: Assignment, *, by: Any, now: datetime, reason: str) -> int:
    """Take back every part of it that somebody still works on. How many.

    Errors: Refused without a reason.
    """
    reason = lifecycle.required_reason(reason, "lý do kết thúc các phần đã giao lại")
    parts = left_open(assignment)
    for part in parts:
        lifecycle.cancel(part, by=by, now=now, reason=reason)
    if parts:
        data = {"count": len(parts), "units": len({part.unit_id for part in parts})}
        record("assignment.parts_ended", by=by, at=now, target=assignment, data=data, reason=reason)
    return len(parts)


# --- partners ----------------------------------------------------------------------------------------------------


@transaction.atomic
def add_partner(assignment: Assignment, name: str, does: str, *, by: Any, now: datetime) -> Partner:
    """Write down a body without an account that does something of the work.

    Errors: Refused when the words are missing or the name stands there already.
    """
    name = _words(" ".join(name.split()), "tên cơ quan, đơn vị", NAME_MAX)
    does = _words(does, "việc cơ quan đó làm", DOES_MAX)
    Assignment.objects.select_for_update().get(pk=assignment.pk)
    if assignment.partners.filter(name=name, ended_at__isnull=True).exists():
        raise Refused(f"{name} đã có trong danh sách.")
    partner = Partner.objects.create(assignment=assignment, name=name, does=does, added_by=by, added_at=now)
    record("partner.added", by=by, at=now, target=assignment, data={"partner": name}, reason=does)
    return partner


@transaction.atomic
def end_partner(partner: Partner, *, by: Any, now: datetime) -> None:
    """The body does nothing of the work any more; pressed twice it says who did it."""
    if not Partner.objects.filter(pk=partner.pk, ended_at__isnull=True).update(ended_at=now, ended_by=by):
        raise Refused(f"{partner.name} vừa được người khác đưa ra khỏi danh sách.")
    record("partner.ended", by=by, at=now, target=partner.assignment, data={"partner": partner.name})
