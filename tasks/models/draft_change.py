"""What was done to the breakdown of a draft, step by step, so that it can be undone."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from directive_tracker.doors import through
from tasks.models.directive import Directive


class DraftVerb(models.TextChoices):
    """What a step did; the words follow "Đã"."""

    ADD = "add", "tạo nhiệm vụ"
    EDIT = "edit", "sửa nhiệm vụ"
    SPLIT = "split", "tách nhiệm vụ"
    MERGE = "merge", "gộp nhiệm vụ"
    REMOVE = "remove", "bỏ nhiệm vụ"
    MOVE = "move", "sắp lại thứ tự"
    CHECK = "check", "soát nhiệm vụ"
    ASSIGN = "assign", "giao đơn vị"
    PRODUCT = "product", "sửa sản phẩm"
    ADDRESS = "address", "sửa nơi kính gửi"
    DISMISS = "dismiss", "đánh dấu không phải nhiệm vụ"
    REOPEN = "reopen", "bỏ dấu không phải nhiệm vụ"
    TEXT = "text", "sửa lời văn"
    UNDO = "undo", "hoàn tác"


class DraftChange(models.Model):
    """One step on a draft. Appended only; an undo is a step of its own that names the one it took back."""

    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, related_name="draft_changes")
    number = models.PositiveIntegerField("bước thứ")
    verb = models.CharField("việc", max_length=10, choices=DraftVerb.choices)
    # Task codes or the like, as the person saw them then.
    about = models.CharField("về", max_length=200, blank=True)
    # Before the step: {"orders": {pk: order}, "tasks": {pk: rows, or null when it was not there}, "text", "non_tasks": rows, "lines": rows}.
    before = models.JSONField("trước đó", encoder=DjangoJSONEncoder)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc")
    undoes = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by")

    objects = through("directive")

    class Meta:
        verbose_name = "bước soạn"
        verbose_name_plural = "bước soạn"
        ordering = ["directive", "number"]
        constraints = [
            models.UniqueConstraint(fields=["directive", "number"], name="draft_change_number_once"),
            models.CheckConstraint(
                condition=models.Q(verb="undo", undoes__isnull=False)
                | (~models.Q(verb="undo") & models.Q(undoes__isnull=True)),
                name="draft_change_undo_names_a_step",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(filter(None, ["Đã", str(self.get_verb_display()), self.about]))

    def save(self, *args, **kwargs):
        """Write a new step. Errors: TypeError for one that is stored already."""
        if not self._state.adding:
            raise TypeError("a step on a draft is append-only")
        super().save(*args, **kwargs)
