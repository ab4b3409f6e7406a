"""Gifts: promised, given at a visit, withdrawn. One a person, source and kind in one campaign; the table holds it.

Every function runs in its caller's transaction (withdraw makes its own where there is none) and holds the person's row first, so that a merge, a death and a gift of
the same person come one after the other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from directive_tracker.vietnamese import vn_date
from tasks.errors import Refused
from units.models import Unit
from veterans.models import Gift, GiftSource, Person, PlanEntry, Visit
from veterans.wording import line, words_or_refuse

MOST_MONEY = 10_000_000_000
MERGED_PROMISE = "Hồ sơ được gộp; hồ sơ giữ lại đã có quà của nguồn này."
MERGED_GIVEN = "Hai hồ sơ được gộp là một người; nguồn này đã trao cho cả hai."
S = Gift.State


@dataclass(frozen=True)
class Given:
    """One gift as it was handed over: money in đồng."""

    source: GiftSource
    money: int = 0
    goods: str = ""
    kind: str = Gift.Kind.GIFT


class TwiceRefused(Refused):
    """The source has given this person something already."""


def _checked(money: int, goods: str) -> tuple[int, str]:
    goods = line(goods)
    if not 0 <= money <= MOST_MONEY:
        raise Refused("Số tiền phải từ 0 đến 10 tỷ đồng; hãy kiểm tra lại.")
    if len(goods) > 200:
        raise Refused(f"Hiện vật chỉ ghi được 200 ký tự; đang có {len(goods)}.")
    return money, goods


def promise(
    person: Person,
    given: Given,
    *,
    unit: Unit,
    entry: PlanEntry | None = None,
    by,
    now: datetime,
) -> Gift:
    """Write down that a source will give something; the person's row is held by the caller.

    Errors: Refused for somebody who died or is off the list; TwiceRefused when the source has promised or given already.
    """
    if not person.is_listed or person.is_deceased:
        raise Refused("Người này đã từ trần hoặc không còn trong danh sách, không hứa trao quà được.")
    money, goods = _checked(given.money, given.goods)
    row = Gift(
        person=person,
        source=given.source,
        kind=given.kind,
        unit=unit,
        money=money,
        goods=goods,
        entry=entry,
        promised_by=by,
        promised_at=now,
    )
    return _stored(row)


def give(visit: Visit, given: Iterable[Given], *, by, now: datetime) -> list[Gift]:
    """Hand gifts over at a visit; one that was promised is that one.

    Errors: TwiceRefused when the source has given this person something already; Refused for a source of another campaign
    or a gift of nothing.
    """
    made = []
    for each in given:
        if each.source.campaign_id != visit.campaign_id:
            raise Refused(f"Nguồn “{each.source}” không thuộc đợt này.")
        money, goods = _checked(each.money, each.goods)
        if not money and not goods:
            raise Refused(f"Nguồn “{each.source}”: hãy ghi số tiền hoặc hiện vật.")
        row = Gift.objects.select_for_update().filter(
            person=visit.person_id, source=each.source, kind=each.kind, state=S.PROMISED
        ).first() or Gift(
            person_id=visit.person_id,
            source=each.source,
            kind=each.kind,
            promised_by=by,
            promised_at=now,
            entry=visit.entry,
        )
        row.state, row.visit, row.unit = S.GIVEN, visit, visit.unit
        row.money, row.goods = money, goods
        row.settled_by, row.settled_at = by, now
        made.append(_stored(row))
    return made


@transaction.atomic
def withdraw(gift: Gift, *, why: str, by, now: datetime) -> Gift:
    """A promised gift is not given after all. Errors: Refused without a reason, or when it is no promise (any more)."""
    why = words_or_refuse(why, "Hãy ghi vì sao thôi không trao.", longest=300)
    row = Gift.objects.select_for_update().get(pk=gift.pk)
    if row.state != S.PROMISED:
        raise Refused(f"Suất quà này {row.get_state_display().lower()}, không thôi được.")
    row.state, row.why, row.settled_by, row.settled_at = S.WITHDRAWN, why, by, now
    row.save()
    return row


def _stored(row: Gift) -> Gift:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise TwiceRefused(_twice(row)) from None
    return row


def _twice(row: Gift) -> str:
    """What the source has done for the person already, in words."""
    known = (
        Gift.objects.standing()
        .filter(person=row.person_id, source=row.source_id, kind=row.kind)
        .exclude(pk=row.pk)
        .select_related("visit", "unit")
        .first()
    )
    if known is None:
        return f"Nguồn “{row.source}” đã có quà cho người này trong đợt."
    if known.visit is None:
        return f"Nguồn “{row.source}” đã có suất quà sẽ trao cho người này, do {known.unit.short_name} ghi."
    day = vn_date(known.visit.on)
    return f"Nguồn “{row.source}” đã trao quà cho người này ngày {day}, do {known.unit.short_name} trao; mỗi nguồn trao một lần trong đợt."


def settle_merged(kept: Person, absorbed: Person, *, by, now: datetime) -> dict[str, list]:
    """Bring the gifts of a merged entry over: of two of one source the given one stands, of two given the earlier.

    Returns what was moved and which rows changed how, so that the merge can be undone: {"moved": ids, "before": fields}.
    """
    own = {(row.source_id, row.kind): row for row in _live(kept)}
    before: list[dict] = []
    for row in _live(absorbed):
        other = own.get((row.source_id, row.kind))
        if other is None:
            continue
        loser, why = _loser(other, row)
        before.append({"id": loser.pk, "state": loser.state, "why": loser.why, "settled": _settled(loser)})
        loser.state = S.DOUBLED if loser.state == S.GIVEN else S.WITHDRAWN
        loser.why = why
        if loser.settled_at is None:
            loser.settled_by, loser.settled_at = by, now
        loser.save()
    moved = list(Gift.objects.filter(person=absorbed).values_list("pk", flat=True))
    Gift.objects.filter(pk__in=moved).update(person=kept)
    return {"moved": moved, "before": before}


def take_apart(kept: Person, absorbed: Person, content: dict[str, list]) -> None:
    """Undo settle_merged: every gift is again what and whose it was."""
    Gift.objects.filter(pk__in=content["moved"], person=kept).update(person=absorbed)
    rows = Gift.objects.in_bulk([each["id"] for each in content["before"]])
    for each in content["before"]:
        row = rows[each["id"]]
        row.state, row.why = each["state"], each["why"]
        if not each["settled"]:
            row.settled_by = row.settled_at = None
        row.save()


def _live(person: Person) -> list[Gift]:
    rows = Gift.objects.standing().select_for_update(of=("self",)).filter(person=person)
    return list(rows.select_related("visit").order_by("pk"))


def _settled(row: Gift) -> bool:
    return row.settled_at is not None


def _loser(first: Gift, second: Gift) -> tuple[Gift, str]:
    """Which of two gifts of one source does not stand, and why."""
    given = [row for row in (first, second) if row.state == S.GIVEN]
    if len(given) == 2:
        later = max(given, key=lambda row: (row.visit.on, row.pk))
        return later, MERGED_GIVEN
    if given:
        return (second if given[0] is first else first), MERGED_PROMISE
    return second, MERGED_PROMISE
