"""Dated events under a unit's part of a task: meetings, broadcasts, performances, with place, figures and photos."""

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from directive_tracker.doors import through
from directive_tracker.vietnamese import vn_date
from tasks.events.querysets import ActivityQuerySet
from tasks.models.assignment import Assignment
from tasks.models.chasing import Appended
from tasks.models.indicator import Indicator

# More people than live in the country are a slip of the finger.
MOST_PEOPLE = 100_000_000


class ActivityKind(models.TextChoices):
    MEETING = "meeting", "Hội nghị, sinh hoạt"
    GATHERING = "gathering", "Gặp mặt, thăm hỏi"
    LIVE = "live", "Cầu truyền hình"
    BROADCAST = "broadcast", "Phát sóng, phát thanh"
    PERFORMANCE = "performance", "Văn nghệ"
    SPORT = "sport", "Thể thao"
    OTHER = "other", "Khác"


class ActivityState(models.TextChoices):
    PLANNED = "planned", "Dự kiến"
    HELD = "held", "Đã tổ chức"
    POSTPONED = "postponed", "Lùi ngày"
    CANCELLED = "cancelled", "Đã hủy"


class Activity(models.Model):
    """One event of one unit. Without an hour it takes the whole day; its last day is the first one unless it is longer."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="activities", verbose_name="phần việc"
    )
    kind = models.CharField("loại", max_length=12, choices=ActivityKind.choices)
    title = models.CharField("tên sự kiện", max_length=200)
    starts_on = models.DateField("ngày")
    starts_at = models.TimeField("từ giờ", null=True, blank=True)
    ends_on = models.DateField("đến ngày")
    ends_at = models.TimeField("đến giờ", null=True, blank=True)
    place = models.CharField("địa điểm", max_length=200, blank=True)
    area = models.ForeignKey(
        "units.Area", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="địa bàn"
    )
    attendance = models.PositiveIntegerField(
        "lượt người dự", null=True, blank=True, validators=[MaxValueValidator(MOST_PEOPLE)]
    )
    state = models.CharField("tình trạng", max_length=10, choices=ActivityState.choices, default=ActivityState.PLANNED)
    version = models.PositiveIntegerField("lần lưu", default=1)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người lưu gần nhất"
    )
    saved_at = models.DateTimeField("lưu lúc")

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "sự kiện"
        verbose_name_plural = "sự kiện"
        ordering = ["starts_on", "pk"]
        indexes = [
            models.Index(fields=["starts_on", "id"], name="activity_day"),
            models.Index(fields=["assignment", "starts_on", "id"], name="activity_assignment_day"),
            # The few that take more than a day, whenever they began.
            models.Index(
                fields=["ends_on", "starts_on"], condition=Q(ends_on__gt=F("starts_on")), name="activity_several_days"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="activity_days_in_order"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True)
                | (Q(starts_at__isnull=False) & (Q(ends_on__gt=F("starts_on")) | Q(ends_at__gt=F("starts_at")))),
                name="activity_hours_in_order",
            ),
            models.CheckConstraint(
                condition=Q(attendance__isnull=True) | Q(attendance__lte=MOST_PEOPLE), name="activity_people_can_be"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {vn_date(self.starts_on)}, {self.assignment}"

    def get_absolute_url(self) -> str:
        return reverse("tasks:activity_detail", args=[self.pk])

    @property
    def is_cancelled(self) -> bool:
        return self.state == ActivityState.CANCELLED

    @property
    def is_held(self) -> bool:
        return self.state == ActivityState.HELD

    def waits_for_word(self, *, today: date) -> bool:
        """Its last day is over and nobody has said whether it took place."""
        return self.ends_on < today and self.state in (ActivityState.PLANNED, ActivityState.POSTPONED)

    @property
    def when(self) -> str:
        """ "08:00–11:00 12/4/2024", "26/4/2024 – 08/5/2024", "12/4/2024"."""
        first = f"{self.starts_at:%H:%M} {vn_date(self.starts_on)}" if self.starts_at else vn_date(self.starts_on)
        if self.ends_on != self.starts_on:
            last = f"{self.ends_at:%H:%M} {vn_date(self.ends_on)}" if self.ends_at else vn_date(self.ends_on)
            return f"{first} – {last}"
        if self.ends_at:
            return f"{self.starts_at:%H:%M}–{self.ends_at:%H:%M} {vn_date(self.starts_on)}"
        return first


class ActivityStep(Appended):
    """What became of it: recorded, moved to another day, held, cancelled."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="steps")
    old_state = models.CharField("từ", max_length=10, choices=ActivityState.choices, blank=True)
    new_state = models.CharField("sang", max_length=10, choices=ActivityState.choices)
    old_day = models.DateField("ngày cũ", null=True, blank=True)
    new_day = models.DateField("ngày mới")
    note = models.CharField("lý do", max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")

    objects = through("activity")

    class Meta:
        verbose_name = "diễn biến của sự kiện"
        verbose_name_plural = "diễn biến của sự kiện"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.what

    @property
    def what(self) -> str:
        """The line of the history."""
        if not self.old_state:
            return f"Ghi sự kiện, ngày {vn_date(self.new_day)}"
        if self.old_day and self.old_day != self.new_day:
            return f"Lùi ngày: {vn_date(self.old_day)} → {vn_date(self.new_day)}"
        return str(ActivityState(self.new_state).label)

    @property
    def when(self):
        """As the timeline of a page calls it."""
        return self.at

    @property
    def who(self):
        return self.by


class ActivityPhoto(models.Model):
    """A picture of an event; taken off again it stays in the record and on no page."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="photos")
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name="ảnh")
    caption = models.CharField("chú thích", max_length=200, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("thêm lúc")
    removed_at = models.DateTimeField("gỡ lúc", null=True, blank=True)

    objects = through("activity")

    class Meta:
        verbose_name = "ảnh của sự kiện"
        verbose_name_plural = "ảnh của sự kiện"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.caption or str(self.file)


class ActivityFigure(models.Model):
    """What one event adds to one figure of the task."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="figures")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="+", verbose_name="chỉ tiêu")
    value = models.BigIntegerField("số")

    objects = through("activity")

    class Meta:
        verbose_name = "số liệu của sự kiện"
        verbose_name_plural = "số liệu của sự kiện"
        ordering = ["indicator__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "indicator"], name="activity_figure_once"),
            models.CheckConstraint(condition=Q(value__gte=0), name="activity_figure_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value}"
