"""A figure a task asks for: its unit of measure, target, plausible range, parts, and how figures are put together."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from directive_tracker.doors import through
from directive_tracker.vietnamese import vn_number
from tasks.enums import RULES_OF_MODE, CountedFrom, IndicatorMode, OverPeriods, OverUnits
from tasks.indicators import counters
from tasks.models.task import DirectiveTask
from tasks.querysets import IndicatorQuerySet


class Indicator(models.Model):
    """A figure a task asks for; one unit of measure each."""

    task = models.ForeignKey(DirectiveTask, on_delete=models.CASCADE, related_name="indicators")
    code = models.CharField("mã chỉ tiêu", max_length=20)
    order = models.PositiveIntegerField("thứ tự", default=0)
    name = models.CharField("chỉ tiêu", max_length=200)
    measure = models.CharField("đơn vị tính", max_length=30)
    mode = models.CharField("cách cộng", max_length=12, choices=IndicatorMode.choices, default=IndicatorMode.CUMULATIVE)
    target = models.BigIntegerField("mức phấn đấu của mỗi đơn vị", null=True, blank=True)
    least = models.BigIntegerField("thường không dưới", null=True, blank=True)
    most = models.BigIntegerField("thường không quá", null=True, blank=True)
    over_periods = models.CharField("qua các kỳ", max_length=10, choices=OverPeriods.choices, default=OverPeriods.LAST)
    over_units = models.CharField("qua các đơn vị", max_length=10, choices=OverUnits.choices, default=OverUnits.SUM)
    # Of CountedFrom, or the code of a counter of another room, which has a point (tasks/indicators/counters.py).
    counted_from = models.CharField(
        "đếm được từ", max_length=30, choices=counters.choices, default=CountedFrom.NOTHING, blank=True
    )

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = "chỉ tiêu"
        verbose_name_plural = "chỉ tiêu"
        ordering = ["task", "order"]
        constraints = [
            models.UniqueConstraint(fields=["task", "code"], name="indicator_once"),
            models.CheckConstraint(
                condition=Q(mode="cumulative", over_periods__in=["last", "largest"])
                | Q(mode="in_period", over_periods__in=["sum", "last", "largest", "mean"]),
                name="indicator_over_periods",
            ),
            models.CheckConstraint(condition=Q(over_units__in=["sum", "largest", "mean"]), name="indicator_over_units"),
            models.CheckConstraint(
                condition=Q(counted_from__in=["", "activities", "attendance", "inspections", "findings"])
                | Q(counted_from__contains="."),
                name="indicator_counted_from",
            ),
            models.CheckConstraint(
                condition=(Q(target__isnull=True) | Q(target__gte=0))
                & (Q(least__isnull=True) | Q(least__gte=0))
                & (Q(most__isnull=True) | Q(most__gte=0)),
                name="indicator_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(least__isnull=True) | Q(most__isnull=True) | Q(most__gte=F("least")),
                name="indicator_range_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.measure})"

    @property
    def is_cumulative(self) -> bool:
        return self.mode == IndicatorMode.CUMULATIVE

    @property
    def counter(self) -> counters.Counter | None:
        """What counts it in another room."""
        return counters.find(self.counted_from)

    @property
    def has_range(self) -> bool:
        return self.least is not None or self.most is not None

    def is_odd(self, value: int | None) -> bool:
        """Whether a figure is outside the plausible range, so that a word of explanation is asked for."""
        if value is None:
            return False
        return (self.least is not None and value < self.least) or (self.most is not None and value > self.most)

    @property
    def range_words(self) -> str:
        """ "từ 5 đến 100 buổi", "không quá 100 buổi"; "" without a range."""
        least, most = vn_number(self.least), vn_number(self.most)
        if least and most:
            return f"từ {least} đến {most} {self.measure}"
        if most:
            return f"không quá {most} {self.measure}"
        return f"không dưới {least} {self.measure}" if least else ""

    def clean(self) -> None:
        """Errors: ValidationError beside each field that cannot stand; the constraints hold the same."""
        super().clean()
        found = {}
        if self.counted_from and self.counted_from not in dict(counters.choices()):
            found["counted_from"] = "Chương trình không đếm được từ nguồn này. Xin chọn lại trong danh sách."
        if self.mode in RULES_OF_MODE and self.over_periods not in RULES_OF_MODE[IndicatorMode(self.mode)]:
            found["over_periods"] = (
                "Số lũy kế đã gồm các kỳ trước, cộng lại sẽ trùng. Xin chọn kỳ mới nhất hoặc lớn nhất."
            )
        if self.least is not None and self.most is not None and self.most < self.least:
            found["most"] = f"Mức trên nhỏ hơn mức dưới ({vn_number(self.least)})."
        if found:
            raise ValidationError(found)


class IndicatorCategory(models.Model):
    """One part of a figure that is asked for "theo đối tượng"; where there are parts, the figure is their sum."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="categories")
    code = models.CharField("mã", max_length=20)
    order = models.PositiveIntegerField("thứ tự", default=0)
    name = models.CharField("đối tượng", max_length=120)

    objects = through("indicator")

    class Meta:
        verbose_name = "đối tượng của chỉ tiêu"
        verbose_name_plural = "đối tượng của chỉ tiêu"
        ordering = ["indicator", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "code"], name="indicator_category_once"),
            models.UniqueConstraint(fields=["indicator", "name"], name="indicator_category_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="indicator_category_named"),
        ]

    def __str__(self) -> str:
        return self.name


class IndicatorTarget(models.Model):
    """The target of one unit where it differs from the indicator's."""

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="targets")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    target = models.BigIntegerField("mức phấn đấu")

    objects = through("indicator")

    class Meta:
        verbose_name = "mức phấn đấu của một đơn vị"
        verbose_name_plural = "mức phấn đấu của từng đơn vị"
        constraints = [
            models.UniqueConstraint(fields=["indicator", "unit"], name="indicator_target_once"),
            models.CheckConstraint(condition=Q(target__gte=0), name="indicator_target_not_negative"),
        ]

    def __str__(self) -> str:
        return vn_number(self.target)
