"""An occasion on which people are thanked, and who pays for what is given on it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from directive_tracker.doors import through
from veterans.enums import SourceLevel
from veterans.querysets import CampaignQuerySet


def by_user(words: str, **more) -> models.ForeignKey:
    """A foreign key to the user who did something; nobody asks by whom, so it has no index."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="+",
        verbose_name=words,
        **more,
    )


def _task(words: str) -> models.ForeignKey:
    return models.ForeignKey(
        "tasks.DirectiveTask", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=words
    )


class Campaign(models.Model):
    """One occasion ("đợt tri ân"); at most one is open. Days are the first and the last of visiting, both included."""

    class State(models.TextChoices):
        OPEN = "open", "Đang thực hiện"
        CLOSED = "closed", "Đã kết thúc"

    name = models.CharField("đợt", max_length=120, unique=True)
    starts_on = models.DateField("từ ngày")
    honour_day = models.DateField("ngày kỷ niệm")
    ends_on = models.DateField("đến ngày")
    basis = models.CharField("căn cứ", max_length=300, blank=True)
    review_task = _task("nhiệm vụ rà soát")
    plan_task = _task("nhiệm vụ lập kế hoạch")
    visit_task = _task("nhiệm vụ thăm hỏi")
    state = models.CharField("tình trạng", max_length=6, choices=State.choices, default=State.OPEN)
    opened_by = by_user("người mở", null=True, blank=True)
    opened_at = models.DateTimeField("mở lúc")
    closed_by = by_user("người kết thúc", null=True, blank=True)
    closed_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)
    closing_words = models.CharField("ghi khi kết thúc", max_length=500, blank=True)
    version = models.PositiveIntegerField("lần sửa", default=1)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = "đợt tri ân"
        verbose_name_plural = "các đợt tri ân"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=Q(state="open"), name="campaign_one_open"),
            models.CheckConstraint(condition=~Q(name=""), name="campaign_named"),
            models.CheckConstraint(
                condition=Q(honour_day__gte=F("starts_on"), ends_on__gte=F("honour_day")), name="campaign_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | Q(state="closed", closed_at__isnull=False, closed_by__isnull=False),
                name="campaign_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    def clean(self):
        """Errors: ValidationError beside the day that is out of order."""
        days = (self.starts_on, self.honour_day, self.ends_on)
        if all(days):
            if self.honour_day < self.starts_on:
                raise ValidationError({"honour_day": "Ngày kỷ niệm đứng trước ngày bắt đầu đợt."})
            if self.ends_on < self.honour_day:
                raise ValidationError({"ends_on": "Ngày kết thúc đứng trước ngày kỷ niệm."})


class GiftSource(models.Model):
    """Who gives in one campaign: a level, or one giver of a level by name. Picked from a list, never typed."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="sources", verbose_name="đợt")
    level = models.CharField("cấp", max_length=10, choices=SourceLevel.choices)
    name = models.CharField("tên nguồn", max_length=120)
    name_key = models.CharField(max_length=120, editable=False)
    order = models.PositiveSmallIntegerField("thứ tự", default=0)
    added_by = by_user("người thêm", null=True, blank=True)
    added_at = models.DateTimeField("thêm lúc")

    objects = through("campaign")

    class Meta:
        verbose_name = "nguồn quà"
        verbose_name_plural = "các nguồn quà"
        ordering = ["order", "pk"]
        constraints = [
            # Folded: "Công ty Ánh Dương" and "công ty anh duong" would be two gifts of one giver.
            models.UniqueConstraint(fields=["campaign", "name_key"], name="gift_source_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(name_key=""), name="gift_source_named"),
        ]

    def __str__(self) -> str:
        return self.name
