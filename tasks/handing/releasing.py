"""Handing a delivered paper to recipients ("phát hành"): which paper, to whom, which units have opened it.

A paper may be released as soon as its unit has sent it with a report: recipients need guidance before the office has
found time to accept it. The pages say whether it has been accepted.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from records.audit import record
from records.models import StoredFile
from tasks.enums import AssignmentRole, RoundDecision
from tasks.errors import Refused
from tasks.handing import telling
from tasks.issuing import addressed_units
from tasks.lifecycle import required_reason
from tasks.models import AssignmentProduct, Directive, ProductRelease, ReleaseRecipient, ReportRound
from tasks.querysets import access_for
from units.models import Unit

WORDS_MAX = 1000
MOST = 500
# On a unit's own page; all of them have a page of their own.
RECEIVED = 5
STANDING = (RoundDecision.PENDING, RoundDecision.ACCEPTED)


def received_list(user: Any) -> QuerySet[ReleaseRecipient]:
    """What was handed to the person's units and those below, newest first."""
    return (
        ReleaseRecipient.objects.visible_to(user)
        .filter(unit__in=access_for(user).visible_unit_ids)
        .select_related("unit", "release__delivery__product", "release__delivery__assignment__unit")
        .order_by("-pk")
    )


@dataclass(frozen=True)
class Paper:
    """A paper as it was sent last: what it is called, its file, whether the office has accepted it."""

    number: str
    symbol: str
    paper_date: date | None
    file: StoredFile | None
    is_accepted: bool

    @property
    def identity(self) -> str:
        """ "12-KH/HU"."""
        return "-".join(part for part in (self.number, self.symbol) if part)


def paper_of(delivery: AssignmentProduct) -> Paper | None:
    """The paper to release: of the newest sending that was accepted or waits; None before it was sent."""
    rounds = (
        ReportRound.objects.filter(section__assignment=delivery.assignment_id, decision__in=STANDING)
        .order_by("-pk")
        .only("content", "decision")
    )
    for round_ in rounds:
        for entry in round_.content.get("products", []):
            if entry["delivery"] == delivery.pk and (entry["number"] or entry["file"]):
                return Paper(
                    entry["number"],
                    entry["symbol"],
                    date.fromisoformat(entry["paper_date"]) if entry["paper_date"] else None,
                    StoredFile.objects.filter(pk=entry["file"]).first() if entry["file"] else None,
                    round_.decision == RoundDecision.ACCEPTED,
                )
    if delivery.number or delivery.file_id:
        return Paper(delivery.number, delivery.symbol, delivery.paper_date, delivery.file, bool(delivery.delivered_on))
    return None


def released_as(paper: Paper) -> dict[str, Any]:
    """By what a release is the same paper: its file, or where it has none its number and symbol."""
    return {"file": paper.file} if paper.file else {"file": None, "number": paper.number, "symbol": paper.symbol}


def releases_of(deliveries: Iterable[AssignmentProduct], user: Any) -> dict[int, list[ProductRelease]]:
    """Delivery → its papers that were handed out, newest first, each with `count`, the units it went to (one
    statement, none where no paper has been sent)."""
    sent = [row.pk for row in deliveries if row.product.has_paper and row.submitted_on]
    if not sent:
        return {}
    found: dict[int, list[ProductRelease]] = defaultdict(list)
    rows = ProductRelease.objects.visible_to(user).filter(delivery__in=sent).annotate(count=Count("recipients"))
    for row in rows.order_by("-pk"):
        found[row.delivery_id].append(row)
    return dict(found)


def usual_recipients(directive: Directive, *, but: int, today: date) -> list[Unit]:
    """The directive's recipients as of that day, groups unfolded, and whom it gives work
    to; parts that a unit handed on are its own business. Without the unit `but`."""
    found = {unit.pk: unit for unit in addressed_units(directive, on=today)}
    given = directive.assignments.exclude(role=AssignmentRole.PART)
    for unit in Unit.objects.filter(pk__in=given.values("unit")).valid_on(today):
        found.setdefault(unit.pk, unit)
    found.pop(but, None)
    return sorted(found.values(), key=lambda unit: (unit.sort_order, unit.pk))


@transaction.atomic
def release(
    delivery: AssignmentProduct, units: Iterable[Unit], *, words: str, by: Any, now: datetime
) -> tuple[ProductRelease, int]:
    """Hand the paper to the units; of a paper released before only those that were not among its recipients get it.

    Returns: the release and how many units are new to it.

    Errors: Refused with a sentence; then nobody gets anything.
    """
    # One after the other: the second of two people adds recipients to what the first released.
    locked = AssignmentProduct.objects.select_for_update().get(pk=delivery.pk)
    delivery = AssignmentProduct.objects.select_related("product", "assignment__unit", "assignment__task", "file").get(
        pk=locked.pk
    )
    paper = paper_of(delivery)
    units = [unit for unit in units if unit.pk != delivery.assignment.unit_id]
    words = words.strip()
    if paper is None:
        raise Refused("Văn bản này chưa được gửi cùng báo cáo nào, nên chưa phát hành được.")
    if not units:
        raise Refused("Hãy chọn ít nhất một đơn vị nhận.")
    if len(units) > MOST or len(words) > WORDS_MAX:
        raise Refused(f"Mỗi lần gửi nhiều nhất {MOST} đơn vị, lời nhắn nhiều nhất {WORDS_MAX} ký tự.")
    made, _ = ProductRelease.objects.standing().get_or_create(
        delivery=delivery,
        **released_as(paper),
        defaults={
            "number": paper.number,
            "symbol": paper.symbol,
            "paper_date": paper.paper_date,
            "words": words,
            "released_by": by,
            "released_at": now,
        },
    )
    known = set(made.recipients.values_list("unit_id", flat=True))
    rows = [ReleaseRecipient(release=made, unit=unit, sent_at=now) for unit in units if unit.pk not in known]
    if not rows:
        raise Refused("Các đơn vị đã chọn đều nhận được văn bản này rồi.")
    ReleaseRecipient.objects.bulk_create(rows)
    telling.tell_released(rows, now=now)
    record("release.made", by=by, at=now, target=delivery.assignment, data={"product": str(made), "count": len(rows)})
    return made, len(rows)


@transaction.atomic
def withdraw(release_: ProductRelease, *, by: Any, now: datetime, reason: str) -> None:
    """Take a released paper back: its recipients are told why; who has opened it stays on record.

    Errors: Refused without a reason, or when somebody else took it back meanwhile.
    """
    reason = required_reason(reason, "lý do thu hồi")
    values = {"withdrawn_by": by, "withdrawn_at": now, "withdrawal_reason": reason}
    if not ProductRelease.objects.standing().filter(pk=release_.pk).update(**values):
        raise Refused("Văn bản này vừa được người khác thu hồi. Xin xem lại.")
    for name, value in values.items():
        setattr(release_, name, value)
    count = telling.tell_withdrawn(release_, now=now)
    data = {"product": str(release_), "count": count}
    record("release.withdrawn", by=by, at=now, target=release_.delivery.assignment, data=data, reason=reason)


def received_by(user: Any, unit: Unit) -> list[ReleaseRecipient]:
    """The newest papers handed to the unit that it has not opened."""
    rows = ReleaseRecipient.objects.visible_to(user).unopened().filter(unit=unit)
    listed = rows.select_related("unit", "release__delivery__product", "release__delivery__assignment__unit")
    return list(listed.order_by("-pk")[:RECEIVED])


def note_opened(release_: ProductRelease, unit_ids: Iterable[int], *, now: datetime) -> int:
    """The units have the paper before them; only the first moment stays, and nobody's name."""
    return release_.recipients.unopened().filter(unit__in=list(unit_ids)).update(opened_at=now)


@transaction.atomic
def remind(release_: ProductRelease, *, by: Any, now: datetime) -> int:
    """Tell those that have not opened it once more, each at most once a day. How many.

    Errors: Refused when all have opened it or were reminded today, or it was taken back.
    """
    if release_.is_withdrawn:
        raise Refused("Văn bản này đã được thu hồi, không nhắc mở nữa.")
    today = timezone.localdate(now)
    rows = [
        row
        for row in release_.recipients.select_for_update().unopened().order_by("pk")
        if timezone.localdate(row.reminded_at or row.sent_at) < today
    ]
    if not rows:
        raise Refused("Không còn đơn vị nào để nhắc: đã mở cả, hoặc mới được gửi hay nhắc hôm nay.")
    for row in rows:
        row.release = release_
    ReleaseRecipient.objects.filter(pk__in=[row.pk for row in rows]).update(reminded_at=now)
    telling.tell_released(rows, now=now, again=True)
    data = {"product": str(release_), "count": len(rows)}
    record("release.reminded", by=by, at=now, target=release_.delivery.assignment, data=data)
    return len(rows)
