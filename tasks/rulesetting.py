"""The office sets how a product's due day is found, while its directive is a draft; a step like any other, so it can be undone."""

from datetime import datetime
from typing import Any

from django.db import transaction

from records.audit import record
from tasks.drafting.changes import step
from tasks.duerules import explain
from tasks.errors import Refused
from tasks.models import Directive, DraftVerb, Product
from units.calendar import work_calendar

RULE_FIELDS = (
    "due_kind",
    "due_from",
    "due_date",
    "due_days",
    "due_count",
    "due_on_day_off",
    "due_source",
    "due_basis",
)


@transaction.atomic
def set_rule(product: Product, *, by, now: datetime) -> bool:
    """Save the rule that the product holds now; say whether it is another one than before.

    Errors: Refused when the directive has been issued: what units were given moves only by a decision.
    """
    directive = Directive.objects.select_for_update().get(pk=product.task.directive_id)
    if not directive.is_draft:
        raise Refused("Văn bản đã giao nên không sửa cách tính hạn được nữa. Hạn của từng phần việc đổi bằng gia hạn.")
    before = Product.objects.get(pk=product.pk)
    if all(getattr(before, name) == getattr(product, name) for name in RULE_FIELDS):
        return False
    calendar = work_calendar()
    about = f"{product.task.code}: hạn của {product.name}"
    with step(directive, DraftVerb.PRODUCT, [product.task], by=by, now=now, about=about):
        product.save(update_fields=RULE_FIELDS)
    old, new = (explain(row, directive, calendar, steps=False) for row in (before, product))
    data: dict[str, Any] = {"product": product.name, "from": old, "to": new}
    if old == new:
        data = {"product": product.name, "fields": _changed(before, product)}
    record("task.due_rule_changed", by=by, at=now, target=product.task, data=data)
    return True


def _changed(before: Product, after: Product) -> list[str]:
    """The screen's names of what differs where the day stays the same."""
    return [
        str(Product._meta.get_field(name).verbose_name)
        for name in RULE_FIELDS
        if getattr(before, name) != getattr(after, name)
    ]
