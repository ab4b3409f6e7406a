"""One piece of work in a directive: its text, products with due rules, condition, recipients."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from directive_tracker import vietnamese
from directive_tracker.doors import through
from directive_tracker.reversing import row_url
from tasks.enums import (
    AssignmentRole,
    ConditionState,
    DayCount,
    DayOffPolicy,
    DueKind,
    DueSource,
    ProductKind,
    Strength,
)
from tasks.models.directive import CODE_LENGTH, Clause, Directive, DirectiveText
from tasks.models.searched import Searched
from tasks.querysets import DirectiveTaskQuerySet

# A rule counts at most so many days: more than a year is a slip of the finger.
MOST_DAYS = 366
# Kinds that count days: the least and the most; of periodic work it is a day of the month.
DUE_NEEDS_DAYS = {
    DueKind.BEFORE_EVENT: (0, MOST_DAYS),
    DueKind.AFTER_EVENT: (0, MOST_DAYS),
    DueKind.AFTER_RECEIPT: (0, MOST_DAYS),
    DueKind.MONTHLY: (1, 31),
    DueKind.QUARTERLY: (1, 31),
}
DUE_NEEDS_DATE = frozenset(
    {DueKind.FIXED, DueKind.WINDOW, DueKind.CONTINUOUS, DueKind.END_OF_MONTH, DueKind.END_OF_QUARTER}
)
# Days of directives that are followed here: no commemoration of the past, no slip of the keyboard.
DUE_YEARS = (2000, 2099)


class DirectiveTask(Searched):
    """A task split out of a clause by its verb."""

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="tasks", verbose_name="văn bản")
    clause = models.ForeignKey(Clause, on_delete=models.PROTECT, related_name="tasks", verbose_name="điểm")
    code = models.CharField("mã nhiệm vụ", max_length=CODE_LENGTH)
    order = models.PositiveIntegerField("thứ tự", default=0)
    title = models.CharField("nhiệm vụ", max_length=300)
    short_title = models.CharField("tên gọi ngắn", max_length=80)
    strength = models.CharField("mức độ", max_length=12, choices=Strength.choices, default=Strength.REQUIRED)
    words_and_counts_only = models.BooleanField("chỉ nhận chữ và số đếm, không nhận tệp hay đường dẫn", default=False)
    condition_text = models.CharField("điều kiện", max_length=300, blank=True)
    condition_question = models.CharField("câu hỏi quyết định", max_length=200, blank=True)
    condition_state = models.CharField(
        "điều kiện đang", max_length=12, choices=ConditionState.choices, default=ConditionState.NONE
    )
    condition_decider = models.ForeignKey(
        "units.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="bên quyết định",
    )
    condition_decide_by = models.DateField("quyết định trước ngày", null=True, blank=True)
    condition_reason = models.CharField("căn cứ quyết định", max_length=500, blank=True)
    condition_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ghi quyết định",
    )
    condition_decided_at = models.DateTimeField("quyết định lúc", null=True, blank=True)
    reviewing_unit = models.ForeignKey(
        "units.Unit",
        on_delete=models.PROTECT,
        related_name="reviewed_tasks",
        verbose_name="đơn vị xem xét kết quả",
    )
    monitors = models.ManyToManyField(
        "units.Unit", blank=True, related_name="monitored_tasks", verbose_name="đơn vị theo dõi"
    )
    # The rules by which the program proposed it, parted by blanks; empty when a person made it.
    why = models.CharField("vì sao là nhiệm vụ", max_length=200, blank=True, default="", db_default="", editable=False)
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name="người soát",
    )
    checked_at = models.DateTimeField("soát lúc", null=True, blank=True, editable=False)
    search_key = models.CharField(max_length=500, editable=False, default="")

    objects = DirectiveTaskQuerySet.as_manager()

    class Meta:
        verbose_name = "nhiệm vụ"
        verbose_name_plural = "nhiệm vụ"
        ordering = ["directive", "order"]
        constraints = [
            models.UniqueConstraint(fields=["directive", "code"], name="task_code_once"),
            models.CheckConstraint(
                condition=Q(condition_state="none", condition_text="")
                | (~Q(condition_state="none") & ~Q(condition_text="")),
                name="task_condition_has_text",
            ),
            models.CheckConstraint(
                condition=Q(condition_state__in=["none", "undecided"], condition_decided_at__isnull=True)
                | Q(
                    condition_state__in=["applies", "not_applies"],
                    condition_decided_at__isnull=False,
                ),
                name="task_condition_decided_at",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False),
                name="task_checked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.short_title}"

    def save(self, *args, **kwargs):
        self.title = vietnamese.nfc(self.title).strip()
        self.search_key = vietnamese.fold(f"{self.code} {self.title} {self.short_title}")[:500]
        super().save(*args, **kwargs)

    def words_kept(self) -> dict[str, Any]:
        return {"directive_id": self.directive_id, "task": self}

    def searched_text(self) -> str:
        """ "dien bien 1a.2" finds the task 1a.2 of that document."""
        return f"{self.search_key} {self.directive.short_title}"

    def get_absolute_url(self) -> str:
        return row_url("tasks:task_detail", self.pk)

    @property
    def is_encouraged(self) -> bool:
        return self.strength == Strength.ENCOURAGED

    @property
    def is_undecided(self) -> bool:
        return self.condition_state == ConditionState.UNDECIDED

    @property
    def first_span(self) -> "TaskSpan | None":
        """Where its words begin, with the text; None where nobody marked any. One statement."""
        return self.spans.select_related("text").order_by("start").first()

    @property
    def is_unchecked(self) -> bool:
        """Proposed by the program, and nobody has looked at it yet."""
        return bool(self.why) and self.checked_at is None

    def check_off(self, *, by: Any, now: datetime) -> None:
        """Note who looked at it; the first one stays. Saves nothing."""
        if self.is_unchecked:
            self.checked_by, self.checked_at = by, now


class TaskSpan(models.Model):
    """A stretch of the text that gives the task; several tasks may share a sentence."""

    task = models.ForeignKey(DirectiveTask, on_delete=models.CASCADE, related_name="spans")
    text = models.ForeignKey(DirectiveText, on_delete=models.PROTECT, related_name="task_spans")
    start = models.PositiveIntegerField("từ ký tự")
    end = models.PositiveIntegerField("đến ký tự")

    objects = through("task")

    class Meta:
        verbose_name = "đoạn văn bản của nhiệm vụ"
        verbose_name_plural = "đoạn văn bản của nhiệm vụ"
        ordering = ["task", "start"]
        constraints = [
            models.UniqueConstraint(fields=["task", "text", "start"], name="task_span_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="task_span_order"),
        ]

    def __str__(self) -> str:
        return f"{self.start}–{self.end}"


class Product(models.Model):
    """What a task must bring, with its own due rule. The task is due with its last required one."""

    task = models.ForeignKey(DirectiveTask, on_delete=models.CASCADE, related_name="products")
    order = models.PositiveIntegerField("thứ tự", default=0)
    kind = models.CharField("loại", max_length=12, choices=ProductKind.choices)
    name = models.CharField("sản phẩm", max_length=200)
    is_required = models.BooleanField("bắt buộc", default=True)
    has_paper = models.BooleanField("là văn bản có số, ký hiệu", default=False)
    due_kind = models.CharField("cách tính hạn", max_length=16, choices=DueKind.choices, default=DueKind.NONE)
    due_from = models.DateField("từ ngày", null=True, blank=True)
    due_date = models.DateField("đến ngày", null=True, blank=True)
    # How many days, or of periodic work the day of the month on which it is cut off.
    due_days = models.PositiveSmallIntegerField("số ngày", null=True, blank=True)
    due_count = models.CharField("đếm theo", max_length=10, choices=DayCount.choices, default=DayCount.WORKING)
    due_on_day_off = models.CharField(
        "nếu rơi vào ngày nghỉ", max_length=10, choices=DayOffPolicy.choices, default=DayOffPolicy.KEEP
    )
    due_source = models.CharField("nguồn của hạn", max_length=10, choices=DueSource.choices, default=DueSource.OFFICE)
    due_basis = models.CharField("căn cứ của hạn", max_length=200, blank=True)

    objects = through("task")

    class Meta:
        verbose_name = "sản phẩm"
        verbose_name_plural = "sản phẩm"
        ordering = ["task", "order"]
        constraints = [
            models.UniqueConstraint(fields=["task", "order"], name="product_order_once"),
            models.CheckConstraint(
                condition=Q(due_kind="none", due_date__isnull=True, due_days__isnull=True)
                | Q(due_kind__in=["fixed", "continuous"], due_date__isnull=False)
                # A comparison with NULL would pass a check, so each column that is needed is also asked for.
                | Q(due_kind="window", due_from__isnull=False, due_date__isnull=False, due_date__gte=F("due_from"))
                | Q(
                    due_kind__in=["before_event", "after_event", "after_receipt"],
                    due_days__isnull=False,
                    due_days__lte=MOST_DAYS,
                )
                | Q(due_kind__in=["end_of_month", "end_of_quarter"], due_date__isnull=False)
                | Q(due_kind__in=["monthly", "quarterly"], due_days__isnull=False, due_days__gte=1, due_days__lte=31),
                name="product_due_rule_whole",
            ),
            models.CheckConstraint(
                condition=Q(due_count__in=["working", "calendar"], due_on_day_off__in=["keep", "earlier", "later"]),
                name="product_due_rule_words",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Errors: ValidationError with a sentence beside each field of the due rule that cannot stand."""
        super().clean()
        found = {name: words for name, words in self._rule_problems() if words}
        if found:
            raise ValidationError(found)

    def _rule_problems(self) -> Iterator[tuple[str, str]]:
        """(field, what is wrong and what would be right); the constraint product_due_rule_whole holds the same."""
        kind = self.due_kind
        if kind in DUE_NEEDS_DAYS:
            yield "due_days", self._days_problem(*DUE_NEEDS_DAYS[DueKind(kind)])
        elif self.due_days is not None and kind in DueKind.values:
            yield "due_days", "Cách tính này không dùng số ngày. Xin để trống."
        if kind in DUE_NEEDS_DATE and self.due_date is None:
            yield "due_date", "Xin ghi ngày, ví dụ 29/02/2024."
        if kind == DueKind.NONE and self.due_date is not None:
            yield "due_date", "Không thời hạn thì để trống ngày."
        if kind == DueKind.WINDOW and self.due_from is None:
            yield "due_from", "Xin ghi ngày đầu của khoảng, ví dụ 26/4/2024."
        elif kind == DueKind.WINDOW and self.due_date is not None and self.due_date < self.due_from:
            yield "due_date", f"Ngày cuối của khoảng đứng trước ngày đầu ({vietnamese.vn_date(self.due_from)})."
        for name in ("due_from", "due_date"):
            day = getattr(self, name)
            if day is not None and not DUE_YEARS[0] <= day.year <= DUE_YEARS[1]:
                yield name, f"Năm {day.year} không hợp lý. Xin ghi năm từ {DUE_YEARS[0]} đến {DUE_YEARS[1]}."

    def _days_problem(self, least: int, most: int) -> str:
        if self.due_days is None:
            return f"Xin ghi một số từ {least} đến {most}."
        if not least <= self.due_days <= most:
            return f"{self.due_days} không dùng được: xin ghi một số từ {least} đến {most}."
        return ""


class TaskRecipient(models.Model):
    """Who gets the task, before issue: a unit, a group, or words the office has yet to fix."""

    task = models.ForeignKey(DirectiveTask, on_delete=models.CASCADE, related_name="recipients")
    role = models.CharField("vai trò", max_length=12, choices=AssignmentRole.choices)
    written = models.CharField("ghi trong văn bản", max_length=300, blank=True)
    unit = models.ForeignKey(
        "units.Unit",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="đơn vị",
    )
    group = models.ForeignKey(
        "units.UnitGroup",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="nhóm đơn vị",
    )
    # How sure the program is that the words mean this body, in hundredths; empty when a person chose it.
    confidence = models.PositiveSmallIntegerField("độ chắc chắn", null=True, blank=True, editable=False)

    objects = through("task")

    class Meta:
        verbose_name = "đơn vị được giao"
        verbose_name_plural = "đơn vị được giao"
        ordering = ["task", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(written="") | Q(unit__isnull=False) | Q(group__isnull=False),
                name="recipient_says_whom",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(group__isnull=True),
                name="recipient_unit_or_group",
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True)
                | Q(confidence__gte=1, confidence__lte=100, unit__isnull=False)
                | Q(confidence__gte=1, confidence__lte=100, group__isnull=False),
                name="recipient_confidence_of_a_body",
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit or self.group or self.written)

    @property
    def is_open_text(self) -> bool:
        """Words that no unit stands for yet, or a body without an account."""
        return self.unit_id is None and self.group_id is None
