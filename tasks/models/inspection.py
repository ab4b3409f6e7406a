"""Inspections of offices and public places: what was seen where, what the unit has to mend, what came of it.

There is no kind of place for a house and no field for a person.
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from directive_tracker.doors import through
from directive_tracker.vietnamese import vn_date
from tasks.events.querysets import ASKS_UNIT, FindingQuerySet, InspectionQuerySet, PlaceQuerySet
from tasks.models.chasing import Appended
from tasks.models.task import DirectiveTask


class PlaceKind(models.TextChoices):
    OFFICE = "office", "Trụ sở cơ quan"
    ROAD = "road", "Trục đường"
    SQUARE = "square", "Quảng trường, công viên"
    CULTURE_HOUSE = "culture_house", "Nhà văn hóa, nhà rông"
    SCHOOL = "school", "Trường học"
    MARKET = "market", "Chợ, bến xe"
    BORDER_GATE = "border_gate", "Cửa khẩu"
    PUBLIC = "public", "Nơi công cộng khác"


class FindingState(models.TextChoices):
    OPEN = "open", "Chờ đơn vị trả lời"
    ANSWERED = "answered", "Đã trả lời, chờ xác nhận"
    SENT_BACK = "sent_back", "Cần khắc phục thêm"
    CLOSED = "closed", "Đã khắc phục"


class StepKind(models.TextChoices):
    ANSWERED = "answered", "Đơn vị trả lời"
    SENT_BACK = "sent_back", "Đề nghị khắc phục thêm"
    CLOSED = "closed", "Xác nhận đã khắc phục"


class Inspection(models.Model):
    """One day on which a unit went to look how a task is done. Written down first, then sent to the units at once."""

    task = models.ForeignKey(
        DirectiveTask, on_delete=models.PROTECT, related_name="inspections", verbose_name="nhiệm vụ"
    )
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="inspections", verbose_name="đơn vị kiểm tra"
    )
    day = models.DateField("ngày kiểm tra")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người ghi"
    )
    recorded_at = models.DateTimeField("ghi lúc")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người gửi",
    )
    sent_at = models.DateTimeField("gửi các đơn vị lúc", null=True, blank=True)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = "cuộc kiểm tra"
        verbose_name_plural = "cuộc kiểm tra"
        ordering = ["-day", "-pk"]
        indexes = [
            models.Index(fields=["day", "id"], name="inspection_day"),
            models.Index(fields=["task", "day"], name="inspection_task_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True, sent_by__isnull=True)
                | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="inspection_sent_whole",
            )
        ]

    def __str__(self) -> str:
        return f"Kiểm tra {vn_date(self.day)} – {self.task.code}"

    def get_absolute_url(self) -> str:
        return reverse("tasks:inspection_detail", args=[self.pk])

    @property
    def is_sent(self) -> bool:
        return self.sent_at is not None


class InspectedPlace(models.Model):
    """One office or public place that was looked at, and the unit that answers for it."""

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="places")
    kind = models.CharField("loại nơi", max_length=14, choices=PlaceKind.choices)
    name = models.CharField("tên nơi kiểm tra", max_length=200)
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="inspected_places", verbose_name="đơn vị phụ trách"
    )

    objects = PlaceQuerySet.as_manager()

    class Meta:
        verbose_name = "nơi kiểm tra"
        verbose_name_plural = "nơi kiểm tra"
        ordering = ["inspection", "pk"]
        indexes = [models.Index(fields=["unit", "inspection"], name="inspected_of_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PlaceKind.values), name="inspected_only_public_places")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.name}"


class Finding(models.Model):
    """What has to be mended at a place, by which day; the steps say what came of it.

    `mend_version` grows with the day, so that reminders of an earlier day do not count for a later one.
    """

    place = models.ForeignKey(InspectedPlace, on_delete=models.CASCADE, related_name="findings")
    words = models.CharField("kiến nghị", max_length=500)
    photo = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    mend_by = models.DateField("khắc phục chậm nhất ngày")
    mend_version = models.PositiveIntegerField("lần đặt ngày", default=1)
    state = models.CharField("tình trạng", max_length=10, choices=FindingState.choices, default=FindingState.OPEN)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("ghi lúc")

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = "kiến nghị sau kiểm tra"
        verbose_name_plural = "kiến nghị sau kiểm tra"
        ordering = ["mend_by", "pk"]
        indexes = [
            models.Index(fields=["mend_by", "id"], condition=~Q(state="closed"), name="finding_open_day"),
        ]

    def __str__(self) -> str:
        inspection = self.place.inspection
        return f"Kiến nghị kiểm tra {vn_date(inspection.day)} – {inspection.task.code} – {self.place.unit.short_name}"

    def get_absolute_url(self) -> str:
        return reverse("tasks:finding_detail", args=[self.pk])

    @property
    def asks_unit(self) -> bool:
        return self.state in ASKS_UNIT

    @property
    def is_closed(self) -> bool:
        return self.state == FindingState.CLOSED

    def is_overdue(self, *, today: date) -> bool:
        """In the unit's hands after its day; while an answer waits, nothing is late."""
        return self.asks_unit and self.mend_by < today


class FindingStep(Appended):
    """One answer of the unit, or one of whoever inspected."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField("việc", max_length=10, choices=StepKind.choices)
    words = models.CharField("nội dung", max_length=500, blank=True)
    photo = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_on = models.DateField("khắc phục xong ngày", null=True, blank=True)
    mend_by = models.DateField("khắc phục chậm nhất ngày", null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("lúc")

    objects = through("finding")

    class Meta:
        verbose_name = "trả lời kiến nghị"
        verbose_name_plural = "trả lời kiến nghị"
        ordering = ["finding", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="answered", done_on__isnull=False, mend_by__isnull=True)
                | Q(kind="sent_back", done_on__isnull=True, mend_by__isnull=False)
                | Q(kind="closed", done_on__isnull=True, mend_by__isnull=True),
                name="finding_step_days",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @property
    def what(self) -> str:
        """The line of the history."""
        if self.done_on:
            return f"{self.get_kind_display()}: đã khắc phục ngày {vn_date(self.done_on)}"
        if self.mend_by:
            return f"{self.get_kind_display()}, chậm nhất {vn_date(self.mend_by)}"
        return str(self.get_kind_display())
