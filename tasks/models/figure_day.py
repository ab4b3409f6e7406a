"""The figures as they stood at the end of a day: one row of a directive, one of each of its units, where they changed."""

from django.db import models
from django.db.models import Q

from tasks.models.chasing import Appended
from tasks.models.directive import Directive
from tasks.reading_querysets import FigureDayQuerySet


class FigureDay(Appended):
    """The classes at the end of `day` (tasks/ranking/days.py); a day without a row is like the one before it.

    Without a unit the row is the sum over all units. Written after the day is over and never changed: `noted_at` says
    how much later, so that a page can say which days nobody was there to count.
    """

    directive = models.ForeignKey(Directive, on_delete=models.CASCADE, related_name="figure_days")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    day = models.DateField("hết ngày")
    done_on_time = models.PositiveIntegerField("hoàn thành đúng hạn")
    done_late = models.PositiveIntegerField("hoàn thành quá hạn")
    open_in_time = models.PositiveIntegerField("chưa hoàn thành, trong hạn")
    open_overdue = models.PositiveIntegerField("chưa hoàn thành, quá hạn")
    open_without_due = models.PositiveIntegerField("trong đó không thời hạn")
    outside = models.PositiveIntegerField("ngoài thống kê")
    waiting = models.PositiveIntegerField("chờ xác nhận")
    noted_at = models.DateTimeField("ghi lúc")

    objects = FigureDayQuerySet.as_manager()

    class Meta:
        verbose_name = "số liệu cuối ngày"
        verbose_name_plural = "số liệu cuối ngày"
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["directive", "unit", "-day"], name="figure_day_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["directive", "unit", "day"], condition=Q(unit__isnull=False), name="figure_day_unit_once"
            ),
            models.UniqueConstraint(
                fields=["directive", "day"], condition=Q(unit__isnull=True), name="figure_day_whole_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.directive}: {self.unit or 'cả văn bản'}, {self.day:%d/%m/%Y}"

    @property
    def counted(self) -> int:
        """All that the four classes hold."""
        return self.done_on_time + self.done_late + self.open_in_time + self.open_overdue
