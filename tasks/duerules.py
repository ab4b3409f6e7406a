"""From a product's due rule to a day, and the words that explain it."""

from datetime import date

from directive_tracker.vietnamese import vn_date
from directive_tracker.workdays import WorkCalendar
from tasks.enums import DueKind
from tasks.models import Directive, Product


def due_of(product: Product, directive: Directive, calendar: WorkCalendar) -> date | None:
    """The day the product is due, or None when it has no date."""
    if product.due_kind == DueKind.BEFORE_EVENT:
        if directive.event_date is None:
            return None
        return calendar.add(directive.event_date, -(product.due_days or 0))
    return product.due_date


def explain(product: Product, directive: Directive, calendar: WorkCalendar) -> str:
    """How the day came about, in words for page and mail."""
    due = due_of(product, directive, calendar)
    if due is None:
        return "không thời hạn"
    if product.due_kind == DueKind.BEFORE_EVENT:
        return f"{vn_date(directive.event_date)} − {product.due_days} ngày làm việc = {vn_date(due)}"
    if product.due_kind == DueKind.WINDOW:
        return f"trong khoảng {vn_date(product.due_from)} – {vn_date(due)}"
    if product.due_kind == DueKind.CONTINUOUS:
        return f"thường xuyên đến hết {vn_date(due)}"
    return f"chậm nhất ngày {vn_date(due)}"


def task_due(products: list[Product], directive: Directive, calendar: WorkCalendar):
    """The last required product and its day, or (None, None): the assignment is due with it."""
    dated = [
        (due, product)
        for product in products
        if product.is_required and (due := due_of(product, directive, calendar)) is not None
    ]
    if not dated:
        return None, None
    due, product = max(dated, key=lambda pair: pair[0])
    return due, product
