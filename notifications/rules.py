"""Editing the ladder: the general rules, and what one row (a directive) does differently."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from notifications.models import IN_APP_ONLY, Anchor, Audience, NoticeRule, Pulse
from records.audit import record

GENERAL = ("", 0)
WHOM = {
    Audience.UNIT: "",
    Audience.ESCALATION: ", báo động",
    Audience.OFFICE: ", vào danh sách của Văn phòng",
    Audience.OCCASION: "",
}


@dataclass
class Row:
    """One line of the page: a rule and, on a directive's page, what it does there."""

    rule: NoticeRule
    own: NoticeRule | None = None

    @property
    def in_force(self) -> NoticeRule:
        return self.own or self.rule

    @property
    def is_only_here(self) -> bool:
        """A rung that the general ladder does not have."""
        return self.rule.scope_type != ""


def _scope(target: models.Model | None) -> tuple[str, int]:
    return (target._meta.label_lower, target.pk) if target is not None else GENERAL


def rows_of(target: models.Model | None) -> list[Row]:
    """The ladder as it stands for everything, or for one row, in the order of its days."""
    rules = list(NoticeRule.objects.filter(scope_type__in={"", _scope(target)[0]}, scope_id__in={0, _scope(target)[1]}))
    general = {rule.stage: rule for rule in rules if not rule.scope_type}
    if target is None:
        return _in_order([Row(rule) for rule in general.values()])
    own = {rule.stage: rule for rule in rules if rule.scope_type}
    # A bulletin speaks of all a unit's work, whatever document it comes from; an occasion is no document's.
    apart = (Anchor.WEEK, Anchor.OCCASION)
    found = [Row(rule, own.get(rule.stage)) for rule in general.values() if rule.anchor not in apart]
    found += [Row(rule) for stage, rule in own.items() if stage not in general]
    return _in_order(found)


def _in_order(rows: list[Row]) -> list[Row]:
    """From giving to long overdue, then decisions, the week and the occasion."""
    order = (Anchor.ASSIGNED, Anchor.DUE, Anchor.DECISION, Anchor.WEEK, Anchor.OCCASION)
    return sorted(
        rows,
        key=lambda row: (
            order.index(Anchor(row.rule.anchor)),
            -row.rule.working_days_before,
            row.rule.repeats_weekly,
            row.rule.stage,
        ),
    )


def stage_code(anchor: str, signed: int, audience: str) -> str:
    """The code of a rung: what it hangs on, whom it tells, how many working days before (negative: after) it; its words
    follow from it."""
    days = abs(signed)
    if anchor == Anchor.OCCASION:
        return f"occasion-{days}"
    if audience == Audience.OFFICE:
        return f"office-{days}" if anchor == Anchor.DUE else f"office-assigned-{days}"
    whom = "-head" if audience == Audience.ESCALATION else ""
    if anchor == Anchor.ASSIGNED:
        return f"assigned-{days}{whom}"
    return f"{'overdue' if signed < 0 else 'due'}-{days}{whom}"


def name_of(anchor: str, days: int, audience: str) -> str:
    """Words for a new rung: "Trước hạn 5 ngày làm việc"."""
    return f"{_when(anchor, days)}{WHOM[Audience(audience)]}"


def _when(anchor: str, days: int) -> str:
    if anchor == Anchor.ASSIGNED:
        return f"Giao {abs(days)} ngày làm việc chưa tiếp nhận"
    if anchor == Anchor.OCCASION:
        return f"Trước ngày kỷ niệm {days} ngày làm việc" if days else "Đúng ngày kỷ niệm"
    if not days:
        return "Đúng ngày đến hạn"
    return f"{'Trước hạn' if days > 0 else 'Quá hạn'} {abs(days)} ngày làm việc"


@transaction.atomic
def switch(rows: dict[str, tuple[bool, bool]], *, target: models.Model | None, by: Any, now: datetime) -> int:
    """Set which rungs are in use and which go by mail.

    Args:
        rows: stage → (in use, by mail); stages that are not named stay as they are.
        target: the directive, or None for the general rules.

    Returns: how many rungs changed. On a directive's page a rung that is like the general one again has no rule of its
    own any more.
    """
    changed = []
    for row in rows_of(target):
        if row.rule.stage not in rows:
            continue
        is_active, by_mail = rows[row.rule.stage]
        by_mail = by_mail and row.rule.audience not in IN_APP_ONLY
        if (row.in_force.is_active, row.in_force.by_mail) == (is_active, by_mail):
            continue
        _set(row, is_active, by_mail, target=target)
        changed.append(row.rule.stage)
    if changed:
        Pulse.objects.plan_anew()
        record("rules.changed", by=by, at=now, target=target, data={"codes": ", ".join(changed)})
    return len(changed)


def _set(row: Row, is_active: bool, by_mail: bool, *, target: models.Model | None) -> None:
    if target is None or row.is_only_here:
        NoticeRule.objects.filter(pk=row.rule.pk).update(is_active=is_active, by_mail=by_mail)
    elif (row.rule.is_active, row.rule.by_mail) == (is_active, by_mail):
        NoticeRule.objects.filter(pk=row.own.pk if row.own else None).delete()
    elif row.own is not None:
        NoticeRule.objects.filter(pk=row.own.pk).update(is_active=is_active, by_mail=by_mail)
    else:
        scope_type, scope_id = _scope(target)
        NoticeRule.objects.create(
            scope_type=scope_type,
            scope_id=scope_id,
            stage=row.rule.stage,
            name=row.rule.name,
            anchor=row.rule.anchor,
            working_days_before=row.rule.working_days_before,
            repeats_weekly=row.rule.repeats_weekly,
            audience=row.rule.audience,
            by_mail=by_mail,
            is_active=is_active,
        )


@transaction.atomic
def add(
    *, anchor: str, days: int, audience: str, by_mail: bool, target: models.Model | None, by: Any, now: datetime
) -> NoticeRule:
    """Put a rung into the ladder.

    Args:
        days: working days, positive before the day, negative after it or after the day of giving.

    Errors: ValidationError with a sentence when the rung is there already.
    """
    stage = stage_code(anchor, days, audience)
    if any(row.rule.stage == stage for row in rows_of(target)):
        raise ValidationError("Bậc nhắc này đã có trong bảng; hãy đánh dấu “Dùng” ở dòng đó.")
    scope_type, scope_id = _scope(target)
    rule = NoticeRule.objects.create(
        scope_type=scope_type,
        scope_id=scope_id,
        stage=stage,
        name=name_of(anchor, days, audience),
        anchor=anchor,
        working_days_before=days,
        audience=audience,
        by_mail=by_mail and audience not in IN_APP_ONLY,
    )
    record("rules.added", by=by, at=now, target=target, data={"codes": stage})
    return rule
