"""What a unit asks or objects about work it was given, and the one answer to it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from directive_tracker.doors import ThroughQuerySet
from tasks.enums import QuestionKind, QuestionState
from tasks.models.assignment import Assignment


class UnitQuestionQuerySet(ThroughQuerySet):
    door = "assignment"

    def waiting(self) -> "UnitQuestionQuerySet":
        """What has no answer yet."""
        return self.filter(state=QuestionState.OPEN)

    def objections(self) -> "UnitQuestionQuerySet":
        """Waiting objections to a proposed day."""
        return self.waiting().filter(kind=QuestionKind.OTHER_DUE)


class UnitQuestion(models.Model):
    """One question or objection of a unit about one assignment (tasks/asking); at most one of a kind is open.

    Questions about work that is not the unit's name the unit it belongs to, where the unit knows; objections to a
    proposed day name another one. The answer is written once and stays.
    """

    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, related_name="questions", verbose_name="phần việc"
    )
    kind = models.CharField("loại", max_length=10, choices=QuestionKind.choices)
    words = models.CharField("nội dung", max_length=1000)
    named_unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="đề nghị giao"
    )
    old_due = models.DateField("hạn lúc hỏi", null=True, blank=True)
    due_version = models.PositiveIntegerField("về lần đặt hạn")
    proposed_due = models.DateField("đề nghị hạn", null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người hỏi"
    )
    asked_at = models.DateTimeField("hỏi lúc")
    state = models.CharField("kết quả", max_length=12, choices=QuestionState.choices, default=QuestionState.OPEN)
    answer = models.CharField("trả lời", max_length=1000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người trả lời",
    )
    answered_at = models.DateTimeField("trả lời lúc", null=True, blank=True)
    answered_due = models.DateField("hạn ấn định", null=True, blank=True)
    handed_to = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="giao sang"
    )

    objects = UnitQuestionQuerySet.as_manager()

    class Meta:
        verbose_name = "câu hỏi của đơn vị"
        verbose_name_plural = "câu hỏi của đơn vị"
        ordering = ["-pk"]
        indexes = [
            # What waits for an answer: the office's day and the unit's page.
            models.Index(fields=["id"], condition=Q(state="open"), name="question_waiting"),
            models.Index(fields=["assignment", "-id"], name="question_newest"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "kind"], condition=Q(state="open"), name="question_one_open_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True) | (~Q(state="open") & Q(answered_at__isnull=False)),
                name="question_answered_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(kind="other_due") | Q(proposed_due__isnull=False), name="question_names_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="handed_over") | Q(handed_to__isnull=False), name="question_handed_to_whom"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.assignment}"

    def get_absolute_url(self) -> str:
        return reverse("tasks:question", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == QuestionState.OPEN
