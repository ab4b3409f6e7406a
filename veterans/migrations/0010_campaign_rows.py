"""The name of the occasion becomes a row; visits that carried one gift become visits with gifts."""

import unicodedata
from collections import defaultdict

from django.db import migrations
from django.db.models import Min, Max
from django.utils import timezone

# As they stood when this was written: a migration does not follow what the choices are called later.
LEVELS = (
    ("central", "Trung ương"),
    ("province", "Tỉnh"),
    ("district", "Huyện, thành phố"),
    ("commune", "Xã, phường, thị trấn"),
    ("company", "Doanh nghiệp, nhà hảo tâm"),
)
DEFAULT = "Kỷ niệm 70 năm Chiến thắng Điện Biên Phủ"


def _fold(text):
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def forwards(apps, schema_editor):
    model = {name: apps.get_model("veterans", name) for name in ("AreaReview", "RegistryRule", "Visit", "Campaign")}
    names = set(model["AreaReview"].objects.values_list("campaign_name", flat=True).distinct().order_by())
    names |= set(model["RegistryRule"].objects.values_list("campaign_name", flat=True).distinct().order_by())
    if model["Visit"].objects.exists():
        names.add(DEFAULT)
    for place, name in enumerate(sorted(names, key=lambda name: (name != DEFAULT, name))):
        _one(apps, model, name, is_open=place == 0)


def _one(apps, model, name, *, is_open):
    """One occasion with its sources; the days are those of what is on record."""
    rule = model["RegistryRule"].objects.filter(campaign_name=name).first()
    reviews = model["AreaReview"].objects.filter(campaign_name=name)
    days = [*reviews.aggregate(a=Min("reviewed_on"), b=Max("reviewed_on")).values()]
    if is_open:
        days += [*model["Visit"].objects.aggregate(a=Min("on"), b=Max("on")).values()]
    days = [day for day in days if day] or [timezone.localdate()]
    last = max([*days, *([rule.purpose_ends_on] if rule and rule.purpose_ends_on else [])])
    now = timezone.now()
    campaign = model["Campaign"].objects.create(
        name=name,
        starts_on=min(days),
        honour_day=last,
        ends_on=last,
        state="open" if is_open else "closed",
        opened_at=now,
        closed_at=None if is_open else now,
        closed_by_id=None if is_open else reviews.values_list("by", flat=True).first() or rule.set_by_id,
    )
    source = apps.get_model("veterans", "GiftSource")
    sources = {
        level: source.objects.create(
            campaign=campaign, level=level, name=label, name_key=_fold(label), order=place, added_at=now
        )
        for place, (level, label) in enumerate(LEVELS)
    }
    reviews.update(campaign=campaign)
    apps.get_model("veterans", "HistoricalAreaReview").objects.filter(campaign_name=name).update(campaign=campaign)
    model["RegistryRule"].objects.filter(campaign_name=name).update(campaign=campaign)
    if is_open:
        _visits(apps, model["Visit"], campaign, sources)


def _visits(apps, visit, campaign, sources):
    """Rows of one person, day and unit become one visit; a second gift of one source in it was given twice."""
    gift = apps.get_model("veterans", "Gift")
    by_call = defaultdict(list)
    for row in visit.objects.order_by("on", "pk"):
        by_call[row.person_id, row.on, row.unit_id].append(row)
    given = set()
    for rows in by_call.values():
        first, *others = rows
        for row in rows:
            if row.money or row.gift:
                key = (row.person_id, row.source)
                gift.objects.create(
                    person_id=row.person_id,
                    source=sources[row.source],
                    state="doubled" if key in given else "given",
                    why="Nguồn này đã trao quà cho người này trước đó trong đợt." if key in given else "",
                    unit_id=row.unit_id,
                    money=row.money,
                    goods=row.gift,
                    visit=first,
                    promised_by_id=row.recorded_by_id,
                    promised_at=row.recorded_at,
                    settled_by_id=row.recorded_by_id,
                    settled_at=row.recorded_at,
                )
                given.add(key)
        first.campaign = campaign
        first.received_by = next((row.received_by for row in rows if row.received_by), "")
        first.note = "; ".join(dict.fromkeys(row.note for row in rows if row.note))[:500]
        first.save()
        visit.objects.filter(pk__in=[row.pk for row in others]).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("veterans", "0009_campaign_schema"),
    ]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=True)]
