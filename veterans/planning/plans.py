"""A plan from the first line to its approval: made, changed, sent up, sent back, approved, and again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q, Sum

from directive_tracker import vietnamese
from directive_tracker.vietnamese import vn_datetime
from records import uploads
from records.audit import record
from records.models import AuditEvent
from tasks.errors import Refused
from units.models import Area, Unit
from veterans.campaigns import open_one
from veterans.models import GratitudePlan, PlanApproval, PlanEntry
from veterans.people import day_of
from veterans.verbs import PLANS
from veterans.wording import line, words_or_refuse

S = GratitudePlan.State
SCANS = (".pdf", ".jpg", ".jpeg", ".png", ".docx")
WAITS = "Kế hoạch đã trình, đang chờ phê duyệt. Hãy ghi kết quả phê duyệt, hoặc ghi “trả lại để sửa” rồi mới sửa."


def title_for(area: Area, occasion: str) -> str:
    """What a plan is called unless somebody calls it otherwise."""
    where = f"{area.name[:1].lower()}{area.name[1:]}"
    return f"Kế hoạch gặp mặt, thăm hỏi, tri ân – {occasion}, {where}"[:200]


def communes_of(area: Area) -> Any:
    """The communes of a plan's area, by district and name: of today, of the past and of the future."""
    return (
        Area.objects.communes()
        .filter(Q(pk=area.pk) | Q(parent=area.pk) | Q(parent__parent=area.pk))
        .select_related("parent")
        .order_by("parent__code", "sort_key", "pk")
    )


@transaction.atomic
def make_plan(*, area: Area, unit: Unit, title: str, intent: str = "", by, now: datetime) -> GratitudePlan:
    """Begin the plan of an area in the open campaign.

    Errors: Refused without an open campaign or where the area has its plan; ValidationError for a commune or too long words.
    """
    campaign = open_one()
    found = GratitudePlan(
        campaign=campaign,
        area=area,
        unit=unit,
        title=line(title) or title_for(area, campaign.name),
        intent=_text(intent),
        made_by=by,
        made_at=now,
    )
    found.full_clean(validate_unique=False, validate_constraints=False)
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise Refused(f"{area.name} đã có kế hoạch trong đợt này; hãy mở kế hoạch đó.") from None
    record("registry.plan_made", by=by, at=now, target=found)
    return found


def _text(words: str) -> str:
    """Several lines in their stored form; empty ones between two paragraphs fall away."""
    lines = (" ".join(each.split()) for each in vietnamese.nfc(words).splitlines())
    return "\n".join(each for each in lines if each)


def held(plan: GratitudePlan, *, version: int | None = None) -> GratitudePlan:
    """Read the plan again and hold it until the end of the transaction; rows that point to it may still be written.

    Args:
        version: the one that was read, None when it does not matter.

    Errors: Refused when the campaign is over, or when it was changed in the meantime: by whom, when and how.
    """
    rows = GratitudePlan.objects.select_for_update(of=("self",), no_key=True)
    row = rows.select_related("campaign", "area", "unit").get(pk=plan.pk)
    if not row.campaign.is_open:
        raise Refused(f"Đợt “{row.campaign}” đã kết thúc; kế hoạch chỉ còn để xem.")
    if version is not None and row.version != version:
        raise Refused(f"Kế hoạch vừa được thay đổi: {last_change(row)} Hãy xem lại rồi làm tiếp.")
    return row


def last_change(plan: GratitudePlan) -> str:
    """Who did what to the plan last and when, as a sentence."""
    event = (
        AuditEvent.objects.about(plan).filter(verb__in=PLANS).select_related("actor").order_by(F("pk").desc()).first()
    )
    if event is None:
        return "chưa rõ ai sửa."
    words = PLANS[event.verb]
    return f"{event.actor} {words[:1].lower()}{words[1:]} lúc {vn_datetime(event.at)}."


def refuse_waiting(plan: GratitudePlan) -> None:
    """Errors: Refused while the plan waits for its approval: what was sent up stays as it was sent."""
    if plan.state == S.SUBMITTED:
        raise Refused(WAITS)


@transaction.atomic
def change_plan(
    plan: GratitudePlan, *, unit: Unit, title: str, intent: str, version: int, by, now: datetime
) -> GratitudePlan:
    """Change what the plan is called, who makes it and what it is for. Errors: Refused, ValidationError."""
    row = held(plan, version=version)
    refuse_waiting(row)
    row.unit, row.title, row.intent = unit, line(title) or title_for(row.area, row.campaign.name), _text(intent)
    row.clean_fields()
    return _keep(row, "registry.plan_changed", by=by, now=now)


@transaction.atomic
def submit(plan: GratitudePlan, *, version: int, by, now: datetime) -> GratitudePlan:
    """Send the plan up. Errors: Refused for an empty one, one that waits, and an approved one that nobody has changed."""
    row = held(plan, version=version)
    refuse_waiting(row)
    if row.state == S.APPROVED and not changes_since(row):
        raise Refused("Kế hoạch đã phê duyệt và chưa thay đổi gì; không cần trình lại.")
    if not row.entries.planned().exists():
        raise Refused("Kế hoạch chưa có người nào. Hãy đưa người vào kế hoạch trước khi trình.")
    row.state, row.submitted_by, row.submitted_at, row.returned_because = S.SUBMITTED, by, now, ""
    return _keep(row, "registry.plan_submitted", by=by, now=now)


@transaction.atomic
def send_back(plan: GratitudePlan, *, why: str, version: int, by, now: datetime) -> GratitudePlan:
    """The plan comes back to be changed, with a reason. Errors: Refused without one, or when the plan does not wait."""
    why = words_or_refuse(why, "Hãy ghi vì sao kế hoạch phải sửa lại.")
    row = held(plan, version=version)
    if row.state != S.SUBMITTED:
        raise Refused(f"Kế hoạch đang ở tình trạng “{row.get_state_display().lower()}”, không phải đang chờ phê duyệt.")
    row.state, row.returned_because = S.DRAFT, why
    return _keep(row, "registry.plan_returned", by=by, now=now)


@transaction.atomic
def approve(
    plan: GratitudePlan,
    *,
    number: str,
    symbol: str,
    approved_on: date,
    signer: str,
    upload=None,
    version: int,
    by,
    now: datetime,
) -> PlanApproval:
    """Write down that the plan was approved: by which paper, and for how many people and how much money.

    Args:
        upload: the scan of the signed paper, None where there is none yet.

    Errors: Refused when the plan does not wait, without number or signer, for a day to come; UploadRefused for the scan.
    """
    number, symbol, signer = line(number), line(symbol), line(signer)
    if not number or not signer:
        raise Refused("Hãy ghi số văn bản và người ký.")
    if approved_on > day_of(now):
        raise Refused("Ngày phê duyệt không được sau hôm nay.")
    row = held(plan, version=version)
    if row.state != S.SUBMITTED:
        raise Refused(
            f"Kế hoạch đang ở tình trạng “{row.get_state_display().lower()}”; hãy trình trước khi ghi phê duyệt."
        )
    found = PlanApproval(
        plan=row,
        number=number,
        symbol=symbol,
        approved_on=approved_on,
        signer=signer,
        people=people_in(row),
        money=budget_of(row),
        recorded_by=by,
        recorded_at=now,
    )
    found.full_clean(validate_unique=False, validate_constraints=False)
    if upload is not None:
        found.file = uploads.store_upload(upload, by=by, now=now, allow=SCANS)
    found.save()
    row.state = S.APPROVED
    _keep(row, "registry.plan_approved", by=by, now=now)
    return found


def _keep(row: GratitudePlan, verb: str, *, by, now: datetime) -> GratitudePlan:
    row.version += 1
    row.save()
    record(verb, by=by, at=now, target=row)
    return row


def people_in(plan: GratitudePlan) -> int:
    """How many people stand in the plan; in two forms is one person."""
    return plan.entries.planned().order_by().values("person").distinct().count()


def budget_of(plan: GratitudePlan) -> int:
    """The money set aside by all sources, in đồng."""
    return plan.funding.aggregate(all=Sum("budget"))["all"] or 0


@dataclass(frozen=True)
class Changes:
    """What is other than what was approved; false when nothing is."""

    added: int
    dropped: int
    money_before: int
    money_now: int

    def __bool__(self) -> bool:
        return bool(self.added or self.dropped or self.money_before != self.money_now)


def changes_since(plan: GratitudePlan, approval: PlanApproval | None = None) -> Changes | None:
    """What changed since the last approval; None for a plan that has never been approved.

    Somebody who was put in and taken out again since then is no change.
    """
    approval = approval or plan.approvals.first()
    if approval is None:
        return None
    then = approval.recorded_at
    planned = Q(state=PlanEntry.State.PLANNED, added_at__gt=then)
    dropped = Q(state=PlanEntry.State.DROPPED, dropped_at__gt=then, added_at__lte=then)
    return Changes(
        added=plan.entries.filter(planned).count(),
        dropped=plan.entries.filter(dropped).count(),
        money_before=approval.money,
        money_now=budget_of(plan),
    )
