"""What a later document does to an earlier one that has been issued."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from directive_tracker.doors import through
from tasks.enums import AssignmentRole, DirectiveState
from tasks.models.directive import Directive
from tasks.models.task import DirectiveTask
from tasks.querysets import access_for


class AmendmentKind(models.TextChoices):
    ADDS = "adds", "Bổ sung"
    DUE = "due", "Đổi hạn"
    ENDS = "ends", "Kết thúc nhiệm vụ"
    REPLACES = "replaces", "Thay bằng nhiệm vụ mới"
    UNITS = "units", "Thêm, bớt đơn vị"


class AmendmentQuerySet(models.QuerySet):
    def visible_to(self, user: Any) -> "AmendmentQuerySet":
        """Everything for the office; for whoever sees issued documents what was done to them, no drafts of it."""
        access = access_for(user)
        if access.is_office:
            return self
        if access.roles - {"administrator"}:
            return self.applied().filter(amended__state__in=[DirectiveState.ISSUED, DirectiveState.CLOSED])
        return self.none()

    def applied(self) -> "AmendmentQuerySet":
        """What has taken effect."""
        return self.filter(applied_at__isnull=False)

    def days_of(self, tasks: Iterable[int]) -> dict[int, date]:
        """Task → the newest day that a document has set for it as a whole; one statement."""
        rows = self.applied().filter(task__in=tasks, kind=AmendmentKind.DUE, units__isnull=True)
        return dict(rows.order_by("applied_at", "pk").values_list("task", "new_due"))


class Amendment(models.Model):
    """One thing a document does to a task of an earlier one, or to that one as a whole.

    Written while the document is a draft, in force from its issue on (tasks/amending/applying.py) and from then on never
    changed. Before that it can be taken out.
    """

    document = models.ForeignKey(
        Directive, on_delete=models.PROTECT, related_name="amendments_made", verbose_name="văn bản sửa đổi"
    )
    amended = models.ForeignKey(
        Directive, on_delete=models.PROTECT, related_name="amendments", verbose_name="văn bản được sửa đổi"
    )
    task = models.ForeignKey(
        DirectiveTask,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="amendments",
        verbose_name="nhiệm vụ được sửa đổi",
    )
    # A draft's task may be taken out of it; issuing then asks for another one.
    new_task = models.ForeignKey(
        DirectiveTask,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="amends",
        verbose_name="nhiệm vụ của văn bản sửa đổi",
    )
    kind = models.CharField("sửa đổi thế nào", max_length=10, choices=AmendmentKind.choices)
    new_due = models.DateField("hạn mới", null=True, blank=True)
    words = models.CharField("câu trong văn bản sửa đổi", max_length=1000, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField("ghi lúc")
    applied_at = models.DateTimeField("có hiệu lực lúc", null=True, blank=True)

    objects = AmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = "điểm sửa đổi, bổ sung"
        verbose_name_plural = "điểm sửa đổi, bổ sung"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["amended", "applied_at"], name="amendment_amended"),
            models.Index(fields=["task", "applied_at"], name="amendment_task"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(document=F("amended")), name="amendment_of_another_document"),
            models.CheckConstraint(condition=Q(kind__in=AmendmentKind.values), name="amendment_kind"),
            models.CheckConstraint(
                condition=Q(kind="due", new_due__isnull=False) | (~Q(kind="due") & Q(new_due__isnull=True)),
                name="amendment_due_has_day",
            ),
            models.CheckConstraint(condition=Q(kind="adds") | Q(task__isnull=False), name="amendment_of_a_task"),
            models.UniqueConstraint(
                fields=["document", "task"], condition=Q(kind__in=["ends", "replaces"]), name="amendment_ends_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.task.code if self.task else self.amended}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Errors: TypeError for a row that has taken effect."""
        self._refuse_applied()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Errors: TypeError for a row that has taken effect."""
        self._refuse_applied()
        return super().delete(*args, **kwargs)

    def _refuse_applied(self) -> None:
        if self.applied_at is not None and not self._state.adding:
            raise TypeError("an amendment that has taken effect is history")

    @property
    def is_applied(self) -> bool:
        return self.applied_at is not None

    @property
    def lacks_task(self) -> bool:
        """The new task was taken out of the draft since."""
        return self.kind == AmendmentKind.REPLACES and self.new_task_id is None


class UnitChange(models.TextChoices):
    """What an amendment does to one unit it names."""

    ONLY = "only", "chỉ đơn vị này"
    GIVE = "give", "giao thêm"
    TAKE = "take", "không giao nữa"


class AmendmentUnit(models.Model):
    """One unit that an amendment names."""

    amendment = models.ForeignKey(Amendment, on_delete=models.CASCADE, related_name="units")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    change = models.CharField("thay đổi", max_length=4, choices=UnitChange.choices)
    role = models.CharField("vai trò", max_length=12, choices=AssignmentRole.choices, blank=True)

    objects = through("amendment")

    class Meta:
        verbose_name = "đơn vị của điểm sửa đổi"
        verbose_name_plural = "đơn vị của điểm sửa đổi"
        ordering = ["amendment", "unit__sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "unit"], name="amendment_unit_once"),
            models.CheckConstraint(
                condition=Q(change="give", role__in=["lead", "coordinating", "informed"])
                | Q(change__in=["only", "take"], role=""),
                name="amendment_unit_role",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} – {self.get_change_display()}"
