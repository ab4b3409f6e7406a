"""An occasion on which invented people are thanked: a plan, calls and gifts for those who are verified and alive."""

from datetime import date, timedelta
from random import Random

from accounts.models import User
from directive_tracker.scale.directives import at
from directive_tracker.scale.loader import Rows
from units.models import Area, AreaLevel, Unit
from veterans import campaigns
from veterans.enums import Honour
from veterans.models import Campaign, Gift, GiftSource, GratitudePlan, PlanEntry, Visit

# Days before and after the day the data are spread around.
BEGUN, AHEAD = 60, 20
_FORMS = [Honour.HOME.value, Honour.MEETING.value, Honour.GIFT.value]


class Thanks:
    """Writes what becomes of the people it is told of: every third is in no plan, every third is called on.

    Args:
        by: the user who has done everything.
    """

    def __init__(self, tables: list[Rows], *, by: int, today: date) -> None:
        self.today = today
        user = User.objects.get(pk=by)
        campaign = Campaign.objects.current() or campaigns.open_campaign(
            name="Đợt tri ân thử",
            starts_on=today - timedelta(days=BEGUN),
            honour_day=today + timedelta(days=AHEAD),
            ends_on=today + timedelta(days=AHEAD),
            by=user,
            now=at(today - timedelta(days=BEGUN), 8),
        )
        unit = Unit.objects.order_by("pk").values_list("pk", flat=True).first()
        source = GiftSource.objects.get(campaign=campaign, level="province")
        made = at(today - timedelta(days=BEGUN - 1), 8)
        plan = GratitudePlan.objects.filter(campaign=campaign).first() or GratitudePlan.objects.create(
            campaign=campaign,
            area=Area.objects.filter(level=AreaLevel.PROVINCE).order_by("pk").first(),
            unit_id=unit,
            title="Kế hoạch tri ân thử",
            made_by=user,
            made_at=made,
        )
        self.entries = Rows(PlanEntry, "person_id", "form", plan_id=plan.pk, added_by_id=by, added_at=made)
        self.visits = Rows(
            Visit, "person_id", "on", campaign_id=campaign.pk, unit_id=unit, recorded_by_id=by, recorded_at=made
        )
        self.gifts = Rows(
            Gift,
            *("person_id", "visit_id", "money"),
            source_id=source.pk,
            unit_id=unit,
            state=Gift.State.GIVEN.value,
            promised_by_id=by,
            promised_at=made,
            settled_by_id=by,
            settled_at=made,
        )
        tables += [self.entries, self.visits, self.gifts]

    def add(self, person: int, number: int, random: Random) -> None:
        """What becomes of the `number`-th person: nothing, a place in the plan, or a call with a gift as well."""
        kind = number % 3
        if kind == 0:
            return
        self.entries.add(person, _FORMS[number % len(_FORMS)])
        if kind == 2:
            visit = self.visits.add(person, self.today - timedelta(days=random.randint(0, 30)))
            self.gifts.add(person, visit, random.choice((500_000, 1_000_000, 2_000_000)))
