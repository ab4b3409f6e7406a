"""What leaders said or wrote about work that is followed ("ý kiến chỉ đạo"), and what came of it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse

from directive_tracker.doors import through
from directive_tracker.vietnamese import vn_date
from tasks.instructions.querysets import InstructionQuerySet
from tasks.models.chasing import Appended
from tasks.models.directive import Directive
from tasks.models.task import DirectiveTask


class InstructionSource(models.TextChoices):
    BRIEFING = "briefing", "Giao ban"
    NOTE = "note", "Bút phê"
    MEETING = "meeting", "Cuộc họp"
    DOCUMENT = "document", "Văn bản"
    PAGE = "page", "Ghi trên phần mềm"


class InstructionState(models.TextChoices):
    OPEN = "open", "Chưa xử lý"
    FOLLOWED = "followed", "Đang theo dõi"
    DONE = "done", "Đã xong"


class Instruction(models.Model):
    """One thing a leader said: the words, whose they are as written down, the day, what and whom it is about."""

    directive = models.ForeignKey(
        Directive, on_delete=models.PROTECT, related_name="instructions", verbose_name="văn bản"
    )
    tasks = models.ManyToManyField(DirectiveTask, blank=True, related_name="instructions", verbose_name="nhiệm vụ")
    units = models.ManyToManyField("units.Unit", blank=True, related_name="+", verbose_name="đơn vị")
    words = models.TextField("nội dung ý kiến", max_length=2000)
    said_by = models.CharField("người cho ý kiến (như ghi)", max_length=160)
    said_on = models.DateField("ngày")
    source = models.CharField("nguồn", max_length=10, choices=InstructionSource.choices)
    state = models.CharField(
        "tình trạng", max_length=10, choices=InstructionState.choices, default=InstructionState.OPEN
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người ghi"
    )
    written_at = models.DateTimeField("ghi lúc")

    objects = InstructionQuerySet.as_manager()

    class Meta:
        verbose_name = "ý kiến chỉ đạo"
        verbose_name_plural = "ý kiến chỉ đạo"
        ordering = ["-pk"]
        indexes = [
            # In the order of the list: what is open, then followed, then done ("open" > "followed" > "done").
            models.Index(fields=["-state", "-said_on", "-id"], name="instruction_list"),
            models.Index(fields=["directive", "-said_on", "-id"], name="instruction_of_directive"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=InstructionState.values), name="instruction_state"),
            models.CheckConstraint(condition=Q(source__in=InstructionSource.values), name="instruction_source"),
            models.CheckConstraint(condition=~Q(words="") & ~Q(said_by=""), name="instruction_has_words"),
        ]

    def __str__(self) -> str:
        return f"Ý kiến chỉ đạo ngày {vn_date(self.said_on)}"

    def get_absolute_url(self) -> str:
        return reverse("tasks:instruction", args=[self.pk])

    @property
    def is_done(self) -> bool:
        return self.state == InstructionState.DONE

    @property
    def mark(self) -> str:
        """What a task that came of it bears."""
        return f"theo ý kiến chỉ đạo ngày {vn_date(self.said_on)}"


class InstructionStepKind(models.TextChoices):
    NUDGED = "nudged", "Đôn đốc"
    TASKED = "tasked", "Giao thành nhiệm vụ"
    FOLLOWED = "followed", "Để theo dõi"
    NOTED = "noted", "Ghi thêm"
    DONE = "done", "Ghi kết quả, kết thúc"
    REOPENED = "reopened", "Mở lại"


class InstructionStep(Appended):
    """One thing done about an instruction, in the order in which it happened; never changed."""

    instruction = models.ForeignKey(Instruction, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField("việc đã làm", max_length=10, choices=InstructionStepKind.choices)
    words = models.CharField("nội dung", max_length=1000, blank=True)
    # The task it became.
    task = models.OneToOneField(
        DirectiveTask, on_delete=models.PROTECT, null=True, blank=True, related_name="instruction_step"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người làm"
    )
    at = models.DateTimeField("lúc")

    objects = through("instruction")

    class Meta:
        verbose_name = "bước xử lý ý kiến chỉ đạo"
        verbose_name_plural = "bước xử lý ý kiến chỉ đạo"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="tasked", task__isnull=False) | (~Q(kind="tasked") & Q(task__isnull=True)),
                name="instruction_step_task",
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
