"""The office says what a figure is: its measure, target, plausible range, parts, and how it is put together."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from directive_tracker import vietnamese
from records.audit import record
from tasks.errors import Refused
from tasks.models import Directive, DirectiveTask, Indicator, IndicatorCategory, IndicatorTarget
from tasks.querysets import access_for

# What a figure means; once figures were reported it stays as it is.
MEANING = ("name", "measure", "mode")
RULES = ("target", "least", "most", "over_periods", "over_units", "counted_from")
MOST_CATEGORIES = 30


def can_set_figures(user, directive: Directive) -> bool:
    """The office, until the directive is closed."""
    return access_for(user).is_office and not directive.is_closed


def takes_target(task: DirectiveTask) -> bool:
    """Encouraged work and work that takes words and counts only have none (they are not ranked either)."""
    return not task.is_encouraged and not task.words_and_counts_only


def _refuse_target(task: DirectiveTask, wanted: Any) -> None:
    if wanted and not takes_target(task):
        kind = "Việc khuyến khích" if task.is_encouraged else "Việc chỉ nhận chữ và số đếm"
        raise Refused(f"{kind} không đặt mức phấn đấu. Xin để trống.")


def _open(task: DirectiveTask) -> None:
    """Errors: Refused when the directive was closed meanwhile."""
    if Directive.objects.select_for_update().get(pk=task.directive_id).is_closed:
        raise Refused("Văn bản đã kết thúc theo dõi, chỉ tiêu không sửa được nữa.")


@transaction.atomic
def add_indicator(
    task: DirectiveTask, values: Mapping[str, Any], categories: list[str], *, by, now: datetime
) -> Indicator:
    """One more figure, last in the task; reports that are being written ask for it from now on.

    Errors: Refused, ValidationError of the indicator's rules.
    """
    _open(task)
    _refuse_target(task, values.get("target"))
    taken = set(task.indicators.values_list("code", flat=True))
    number = len(taken) + 1
    while f"{task.code}-{number}" in taken:
        number += 1
    last = task.indicators.order_by("-order").values_list("order", flat=True).first() or 0
    indicator = Indicator(task=task, code=f"{task.code}-{number}"[:20], order=last + 1, **values)
    indicator.clean()
    indicator.save()
    _set_categories(indicator, categories)
    record("indicator.added", by=by, at=now, target=task, data={"indicator": str(indicator)})
    return indicator


@transaction.atomic
def change_indicator(
    indicator: Indicator, values: Mapping[str, Any], categories: list[str], *, by, now: datetime
) -> bool:
    """Set meaning, rules and parts; whether anything is different.

    Errors: Refused where reported figures would change their meaning, ValidationError of the rules.
    """
    _open(indicator.task)
    _refuse_target(indicator.task, values.get("target"))
    stored = Indicator.objects.select_for_update().get(pk=indicator.pk)
    changed = [name for name in (*MEANING, *RULES) if name in values and getattr(stored, name) != values[name]]
    if indicator.values.exists() and any(name in MEANING for name in changed):
        raise Refused("Đã có số liệu báo cáo, nên tên, đơn vị tính và cách tính lũy kế/trong kỳ không đổi được nữa.")
    before = {name: _word(stored, name) for name in changed}
    for name in changed:
        setattr(stored, name, values[name])
    stored.clean()
    if changed:
        stored.save(update_fields=changed)
    moved = _set_categories(stored, categories)
    if not changed and not moved:
        return False
    names = [str(Indicator._meta.get_field(name).verbose_name) for name in changed] + (["đối tượng"] if moved else [])
    data: dict[str, Any] = {"indicator": str(stored), "fields": names}
    if len(changed) == 1:
        data |= {"from": before[changed[0]], "to": _word(stored, changed[0])}
    record("indicator.changed", by=by, at=now, target=stored.task, data=data)
    return True


def _word(indicator: Indicator, name: str) -> str:
    value = getattr(indicator, name)
    if isinstance(value, int):
        return vietnamese.vn_number(value)
    return str(getattr(indicator, f"get_{name}_display", lambda: value or "")()) or "(để trống)"


def _set_categories(indicator: Indicator, names: list[str]) -> bool:
    """Keep, add and remove parts so that they are these, in this order; whether anything changed.

    Errors: Refused when a part with reported figures would go.
    """
    wanted = _cleaned(names)
    there = {vietnamese.fold(row.name): row for row in indicator.categories.all()}
    gone = [row for key, row in there.items() if key not in {vietnamese.fold(name) for name in wanted}]
    for row in gone:
        if row.values.exists():
            raise Refused(f"“{row.name}” đã có số liệu báo cáo, không bỏ được. Xin giữ dòng này.")
        row.delete()
    changed = bool(gone)
    codes = {row.code for row in there.values()}
    for order, name in enumerate(wanted, start=1):
        row = there.get(vietnamese.fold(name))
        if row is None:
            IndicatorCategory.objects.create(indicator=indicator, code=_free_code(codes), order=order, name=name)
            changed = True
        elif (row.name, row.order) != (name, order):
            row.name, row.order = name, order
            row.save(update_fields=["name", "order"])
            changed = True
    return changed


def _cleaned(names: list[str]) -> list[str]:
    """Names without blanks and repetitions, in their order."""
    found: dict[str, str] = {}
    for name in names:
        name = " ".join(vietnamese.nfc(name).split())
        if name:
            found.setdefault(vietnamese.fold(name), name)
    longest = IndicatorCategory._meta.get_field("name").max_length or 0
    for name in found.values():
        if len(name) > longest:
            raise Refused(f"“{name[:40]}…” dài quá {longest} ký tự. Xin viết gọn.")
    if len(found) > MOST_CATEGORIES:
        raise Refused(f"{len(found)} đối tượng là quá nhiều cho một biểu: xin ghi nhiều nhất {MOST_CATEGORIES} dòng.")
    return list(found.values())


def _free_code(codes: set[str]) -> str:
    number = 1
    while f"d{number}" in codes:
        number += 1
    codes.add(f"d{number}")
    return f"d{number}"


@transaction.atomic
def set_targets(indicator: Indicator, targets: Mapping[int, int | None], *, by, now: datetime) -> int:
    """The targets of single units; None takes a unit's own target away. How many changed.

    Args:
        targets: by unit id.
    Errors: Refused for work without targets or of a closed directive.
    """
    _open(indicator.task)
    _refuse_target(indicator.task, any(value is not None for value in targets.values()))
    there = {row.unit_id: row for row in indicator.targets.filter(unit__in=targets)}
    changed = 0
    for unit_id, value in targets.items():
        row = there.get(unit_id)
        if value == (row.target if row else None):
            continue
        changed += 1
        if value is None:
            row.delete()
        else:
            IndicatorTarget.objects.update_or_create(indicator=indicator, unit_id=unit_id, defaults={"target": value})
    if changed:
        data = {"indicator": str(indicator), "count": changed}
        record("indicator.targets_changed", by=by, at=now, target=indicator.task, data=data)
    return changed
