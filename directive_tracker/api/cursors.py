"""One stretch of a long list. Where the next one begins is a place in the order, so that new rows shift nothing."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from directive_tracker.api.problems import Problem

MOST = 100
LONGEST = 200


class Order(NamedTuple):
    """The order of a list.

    name: of the list, so that no other list's place is taken for one of its own. after: the condition of everything behind
    a place; place: of a row. ordered: puts the rows into the order.
    """

    name: str
    place: Callable[[Any], list]
    after: Callable[[list], Q]
    ordered: Callable[[QuerySet], QuerySet]


def by_key(name: str, *, newest: bool = False) -> Order:
    """By the key of the rows, from the first or from the newest."""

    def after(place: list) -> Q:
        (pk,) = place
        return Q(pk__lt=_number(pk)) if newest else Q(pk__gt=_number(pk))

    return Order(name, lambda row: [row.pk], after, lambda rows: rows.order_by("-pk" if newest else "pk"))


def _after_due(place: list) -> Q:
    due, pk = place
    if due is None:
        return Q(due_current__isnull=True, pk__gt=_number(pk))
    day = date.fromisoformat(due)
    return Q(due_current__gt=day) | Q(due_current=day, pk__gt=_number(pk)) | Q(due_current__isnull=True)


# As the list's page: by due day, those without one last.
BY_DUE = Order(
    "assignments",
    lambda row: [row.due_current.isoformat() if row.due_current else None, row.pk],
    _after_due,
    lambda rows: rows.by_due(),
)


def _number(value: Any) -> int:
    if type(value) is not int or not 0 < value < 2**63:
        raise ValueError("no key")
    return value


def read(order: Order, cursor: str) -> Q:
    """The condition of everything behind the place. Errors: Problem."""
    try:
        name, *place = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)))
        if name != order.name:
            raise ValueError("a place in another list")
        return order.after(place)
    except (ValueError, TypeError, binascii.Error, UnicodeError, RecursionError):
        sentence = "Con trỏ không đúng. Hãy dùng nguyên next_cursor của lần đọc trước, cùng danh sách ấy."
        raise Problem(422, "invalid", sentence, errors=[{"parameter": "cursor", "detail": sentence}]) from None


def write(order: Order, row: Any) -> str:
    """The place of a row as it stands in an address."""
    text = json.dumps([order.name, *order.place(row)], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def stretch(
    request: HttpRequest,
    rows: QuerySet,
    order: Order,
    paging: Any,
    shown: Callable[[Sequence[Any]], list[dict[str, Any]]],
) -> dict[str, Any]:
    """One page of the list, of `paging.limit` rows from `paging.cursor` on, with the address of the next.

    Args:
        shown: rows → what is answered of them.
    """
    if paging.cursor:
        rows = rows.filter(read(order, paging.cursor))
    found = list(order.ordered(rows)[: paging.limit + 1])
    page, more = found[: paging.limit], len(found) > paging.limit
    cursor = write(order, page[-1]) if more else None
    asked = {name: value for name, value in request.GET.items() if name != "cursor"}
    return {
        "items": shown(page),
        "next_cursor": cursor,
        "next": f"{settings.SITE_URL}{request.path}?{urlencode({**asked, 'cursor': cursor})}" if cursor else None,
    }
