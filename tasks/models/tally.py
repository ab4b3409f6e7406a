"""Figures shown to everyone, kept by the writers in the same transaction (tasks/tallies.py)."""

from django.db import models
from django.db.models import Q

from tasks.models.directive import Directive
from tasks.models.task import DirectiveTask
from tasks.querysets import TallyQuerySet


class Tally(models.Model):
    """Counts of lead assignments of one directive: per unit, per task. `day` says how fresh."""

    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="tallies")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    task = models.ForeignKey(DirectiveTask, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    day = models.DateField("tính đến ngày")
    done_on_time = models.PositiveIntegerField("hoàn thành đúng hạn", default=0)
    done_late = models.PositiveIntegerField("hoàn thành quá hạn", default=0)
    open_in_time = models.PositiveIntegerField("chưa hoàn thành, trong hạn", default=0)
    open_overdue = models.PositiveIntegerField("chưa hoàn thành, quá hạn", default=0)
    open_without_due = models.PositiveIntegerField("trong đó không thời hạn", default=0)
    outside = models.PositiveIntegerField("ngoài thống kê", default=0)
    paused = models.PositiveIntegerField("trong đó tạm dừng", default=0)
    undecided = models.PositiveIntegerField("trong đó chờ quyết định", default=0)
    encouraged = models.PositiveIntegerField("trong đó khuyến khích", default=0)
    waiting = models.PositiveIntegerField("chờ xác nhận", default=0)
    not_acknowledged = models.PositiveIntegerField("chưa tiếp nhận", default=0)

    objects = TallyQuerySet.as_manager()

    class Meta:
        verbose_name = "con số tổng hợp"
        verbose_name_plural = "con số tổng hợp"
        constraints = [
            models.UniqueConstraint(
                fields=["directive", "unit"], condition=Q(task__isnull=True), name="tally_unit_once"
            ),
            models.UniqueConstraint(
                fields=["directive", "task"], condition=Q(unit__isnull=True), name="tally_task_once"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True, task__isnull=False) | Q(unit__isnull=False, task__isnull=True),
                name="tally_unit_or_task",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.directive}: {self.unit or self.task}"

    @property
    def counted(self) -> int:
        """All that the four classes hold."""
        return self.done_on_time + self.done_late + self.open_in_time + self.open_overdue
