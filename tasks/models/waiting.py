"""Which task of a document comes after which: 1b.2 plans for those whom 1b.1 has found."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from tasks.models.task import DirectiveTask
from tasks.querysets import TaskWaitQuerySet


class TaskWait(models.Model):
    """One task waits for another one of the same document. It tells; it blocks no report and moves no day."""

    # task_wait_once begins with it.
    task = models.ForeignKey(
        DirectiveTask, on_delete=models.CASCADE, db_index=False, related_name="waits", verbose_name="nhiệm vụ"
    )
    waits_for = models.ForeignKey(
        DirectiveTask, on_delete=models.CASCADE, related_name="awaited_by", verbose_name="chờ nhiệm vụ"
    )
    words = models.CharField("vì sao chờ", max_length=200, blank=True)
    # Nobody asks by whom.
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name="người đặt",
    )
    set_at = models.DateTimeField("đặt lúc")

    objects = TaskWaitQuerySet.as_manager()

    class Meta:
        verbose_name = "nhiệm vụ phải chờ"
        verbose_name_plural = "nhiệm vụ phải chờ"
        ordering = ["task", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["task", "waits_for"], name="task_wait_once"),
            models.CheckConstraint(condition=~Q(task=F("waits_for")), name="task_wait_for_another"),
        ]

    def __str__(self) -> str:
        return f"Thứ tự làm số {self.pk or 'mới'}"

    def clean(self) -> None:
        """Errors: ValidationError for a task of another document."""
        if self.task.directive_id != self.waits_for.directive_id:
            raise ValidationError("Chỉ chờ được nhiệm vụ của cùng một văn bản.")
