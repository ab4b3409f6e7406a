"""What a task of a draft must bring: products added, renamed, taken away; each one step. Their days: tasks/rulesetting.py."""

from datetime import datetime
from typing import Any

from django.db.models import Max

from tasks.drafting.changes import step
from tasks.errors import Refused
from tasks.models import DirectiveTask, DraftVerb, Product

FIELDS = ("kind", "name", "is_required", "has_paper")


def add_product(task: DirectiveTask, values: dict[str, Any], *, by: Any, now: datetime) -> Product:
    """One more product behind the others, without a day yet. Arguments: values, of FIELDS. Errors: Refused for no draft."""
    about = f"{task.code}: thêm {values['name']}"
    with step(task.directive, DraftVerb.PRODUCT, [task], by=by, now=now, about=about):
        last = task.products.aggregate(last=Max("order"))["last"] or 0
        return Product.objects.create(task=task, order=last + 1, **values)


def edit_product(product: Product, values: dict[str, Any], *, by: Any, now: datetime) -> bool:
    """Save what a person typed; say whether it is anything new. Arguments: values, of FIELDS. Errors: Refused for no draft."""
    if all(getattr(product, name) == value for name, value in values.items()):
        return False
    task = product.task
    about = f"{task.code}: {product.name}"
    with step(task.directive, DraftVerb.PRODUCT, [task], by=by, now=now, about=about):
        for name, value in values.items():
            setattr(product, name, value)
        product.save(update_fields=list(values))
    return True


def remove_product(product: Product, *, by: Any, now: datetime) -> None:
    """Take a product out of its task. Errors: Refused for the last one, or no draft."""
    task = product.task
    about = f"{task.code}: bỏ {product.name}"
    with step(task.directive, DraftVerb.PRODUCT, [task], by=by, now=now, about=about):
        if not task.products.exclude(pk=product.pk).exists():
            raise Refused(
                "Nhiệm vụ phải còn ít nhất một sản phẩm. Hãy đổi tên sản phẩm này, hoặc thêm sản phẩm khác rồi bỏ."
            )
        product.delete()
