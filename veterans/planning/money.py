"""The money of a plan by source: set aside, promised, given, left. What was spent is the sum of the plan's own gifts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, Sum

from directive_tracker.vietnamese import vn_number
from records.audit import record
from tasks.errors import Refused
from veterans.gifts import MOST_MONEY
from veterans.models import Gift, GiftSource, GratitudePlan, PlanFunding
from veterans.planning import plans
from veterans.wording import line

# All plans of a campaign together; nobody sets aside a thousand billions for a gift.
MOST_BUDGET = 1_000_000_000_000


@dataclass(frozen=True)
class Fund:
    """What one source gives: money in đồng and goods of one gift, money in all."""

    each: int = 0
    goods: str = ""
    budget: int = 0

    def __bool__(self) -> bool:
        return bool(self.each or self.goods or self.budget)


@dataclass(frozen=True)
class Line:
    """One source of a plan, in đồng and gifts. row: None for a source that gave without being planned."""

    source: GiftSource
    row: PlanFunding | None
    promised: int = 0
    promised_gifts: int = 0
    given: int = 0
    given_gifts: int = 0
    doubled: int = 0
    doubled_gifts: int = 0

    @property
    def budget(self) -> int:
        return self.row.budget if self.row else 0

    @property
    def left(self) -> int:
        """What is left of the budget; below zero when more is promised and given than was set aside."""
        return self.budget - self.promised - self.given - self.doubled

    @property
    def words(self) -> str:
        """What somebody should know: overspent, or nothing set aside."""
        if not self.budget and self.left:
            return "chưa ghi dự toán"
        return f"vượt dự toán {vn_number(-self.left)} đồng" if self.left < 0 else ""


@dataclass(frozen=True)
class Balance:
    """All sources of a plan."""

    lines: list[Line]

    def _sum(self, name: str) -> int:
        return sum(getattr(each, name) for each in self.lines)

    @property
    def total(self) -> dict[str, int]:
        """The sums, by the names of a line."""
        names = ("budget", "promised", "promised_gifts", "given", "given_gifts", "doubled", "doubled_gifts", "left")
        return {name: self._sum(name) for name in names}

    @property
    def over(self) -> list[Line]:
        """The sources that have promised and given more than was set aside."""
        return [each for each in self.lines if each.left < 0]


def balance_of(plan: GratitudePlan) -> Balance:
    """The plan's sources in their order. Three statements, however many people there are."""
    rows = {row.source_id: row for row in plan.funding.all()}
    sums = {row.pop("source"): row for row in _sums(plan)}
    sources = GiftSource.objects.filter(campaign=plan.campaign_id, pk__in=rows.keys() | sums.keys())
    return Balance([Line(source, rows.get(source.pk), **sums.get(source.pk, {})) for source in sources])


def _sums(plan: GratitudePlan):
    S = Gift.State
    parts = {}
    for name, state in (("promised", S.PROMISED), ("given", S.GIVEN), ("doubled", S.DOUBLED)):
        parts[name] = Sum("money", filter=Q(state=state), default=0)
        parts[f"{name}_gifts"] = Count("pk", filter=Q(state=state))
    live = Gift.objects.filter(entry__plan=plan).exclude(state=S.WITHDRAWN)
    return live.order_by().values("source").annotate(**parts)


@transaction.atomic
def set_money(
    plan: GratitudePlan, funds: Mapping[int, Fund], *, renew: bool = False, version: int, by, now: datetime
) -> int:
    """Write down what every source gives; a source with nothing has no row.

    Args:
        funds: source of the campaign → Fund; sources that are missing stay as they are.
        renew: gifts that were promised before get what one gift is now.

    Returns how many promised gifts were renewed. Errors: Refused for impossible sums, while the plan waits, and for a
    source that is taken away while gifts of it are promised.
    """
    row = plans.held(plan, version=version)
    plans.refuse_waiting(row)
    known = {each.source_id: each for each in row.funding.select_related("source")}
    sources = {each.pk: each for each in GiftSource.objects.filter(campaign=row.campaign_id, pk__in=list(funds))}
    renewed = 0
    for pk, fund in funds.items():
        if pk not in sources:
            raise Refused("Có nguồn không thuộc đợt này; hãy tải lại trang.")
        fund = _checked(fund, sources[pk])
        promised = Gift.objects.filter(entry__plan=row, source=pk, state=Gift.State.PROMISED, kind=Gift.Kind.GIFT)
        old = known.get(pk)
        if not fund:
            if old:
                _refuse_promised(sources[pk], promised.count())
                old.delete()
            continue
        new = old or PlanFunding(plan=row, source=sources[pk])
        new.each, new.goods, new.budget = fund.each, fund.goods, fund.budget
        new.save()
        if renew:
            renewed += promised.update(money=fund.each, goods=fund.goods)
    row.version += 1
    row.save(update_fields=["version"])
    record("registry.plan_money_set", by=by, at=now, target=row)
    return renewed


def _refuse_promised(source: GiftSource, count: int) -> None:
    if count:
        raise Refused(
            f"Nguồn “{source}” đã hứa {vn_number(count)} suất trong kế hoạch này. Hãy giữ dòng này, hoặc thôi các suất đó trước."
        )


def _checked(fund: Fund, source: GiftSource) -> Fund:
    goods = line(fund.goods)
    if not 0 <= fund.each <= MOST_MONEY:
        raise Refused(f"Nguồn “{source}”: tiền mỗi suất phải từ 0 đến 10 tỷ đồng.")
    if not 0 <= fund.budget <= MOST_BUDGET:
        raise Refused(f"Nguồn “{source}”: dự toán phải từ 0 đến 1.000 tỷ đồng.")
    if len(goods) > 200:
        raise Refused(f"Nguồn “{source}”: hiện vật chỉ ghi được 200 ký tự; đang có {len(goods)}.")
    return Fund(fund.each, goods, fund.budget)
