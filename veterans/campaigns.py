"""Occasions: which one is present, and opening one. At most one is open; what is written belongs to that one."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import IntegrityError, transaction

from directive_tracker import vietnamese
from records.audit import record
from tasks.errors import Refused
from tasks.models import DirectiveTask
from veterans.enums import SourceLevel
from veterans.models import Campaign, GiftSource

NONE_OPEN = "Chưa mở đợt tri ân nào. Cán bộ sổ tri ân cấp tỉnh hoặc Văn phòng mở đợt ở mục “Đợt tri ân”."
TASKS = ("review_task", "plan_task", "visit_task")


def open_one() -> Campaign:
    """The open campaign. Errors: Refused where there is none."""
    found = Campaign.objects.current()
    if found is None:
        raise Refused(NONE_OPEN)
    return found


@transaction.atomic
def open_campaign(
    *,
    name: str,
    starts_on: date,
    honour_day: date,
    ends_on: date,
    basis: str = "",
    tasks: Mapping[str, DirectiveTask | None] | None = None,
    by,
    now: datetime,
) -> Campaign:
    """Begin an occasion, with a source for each level.

    Args:
        tasks: of TASKS, the directive's tasks the occasion carries out.

    Errors: Refused while another one is open or the name is taken; ValidationError for days out of order.
    """
    name = line(name)
    other = Campaign.objects.select_for_update().filter(state=Campaign.State.OPEN).first()
    if other is not None:
        raise Refused(f"Đợt “{other}” đang thực hiện. Hãy kết thúc đợt đó trước khi mở đợt mới.")
    found = Campaign(
        name=name,
        starts_on=starts_on,
        honour_day=honour_day,
        ends_on=ends_on,
        basis=line(basis),
        opened_by=by,
        opened_at=now,
        **{key: (tasks or {}).get(key) for key in TASKS},
    )
    found.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise Refused("Đã có một đợt mang tên này, hoặc vừa có người mở một đợt khác. Hãy tải lại trang.") from None
    for place, level in enumerate(SourceLevel):
        add_source(found, level=level, name=str(level.label), order=place, by=by, now=now)
    record("registry.campaign_opened", by=by, at=now, target=found)
    return found


def add_source(campaign: Campaign, *, level: str, name: str, order: int | None = None, by, now: datetime) -> GiftSource:
    """Add somebody who gives in this campaign. Errors: Refused without a name, or for one that is there already."""
    name = line(name)
    if not name:
        raise Refused("Hãy ghi tên nguồn quà.")
    if len(name) > 120:
        raise Refused(f"Tên nguồn quà dài nhất 120 ký tự; đang có {len(name)}.")
    if order is None:
        order = campaign.sources.count()
    try:
        with transaction.atomic():
            return GiftSource.objects.create(
                campaign=campaign,
                level=SourceLevel(level),
                name=name,
                name_key=vietnamese.fold(name),
                order=order,
                added_by=by,
                added_at=now,
            )
    except IntegrityError:
        raise Refused(f"Đợt này đã có nguồn “{name}”.") from None


def line(text: str) -> str:
    """Words in their stored form, on one line."""
    return " ".join(vietnamese.nfc(text).split())
