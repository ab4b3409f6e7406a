"""What people say to each other about a part of the work."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from directive_tracker.doors import through
from tasks.models.assignment import Assignment
from tasks.talking.querysets import CommentQuerySet

LONGEST = 2000


class CommentScope(models.TextChoices):
    OFFICE = "office", "Nội bộ Văn phòng"
    ALL = "all", "Mọi người thấy phần việc"


class Comment(models.Model):
    """A few words about one part of the work. Never edited; taken back, its text stays here and leaves the page."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.CASCADE, related_name="comments", verbose_name="phần việc"
    )
    scope = models.CharField("ai đọc được", max_length=6, choices=CommentScope.choices)
    text = models.CharField("nội dung", max_length=LONGEST)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người viết"
    )
    at = models.DateTimeField("viết lúc")
    taken_back_at = models.DateTimeField("rút lại lúc", null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = "lời trao đổi"
        verbose_name_plural = "lời trao đổi"
        ordering = ["pk"]
        indexes = [models.Index(fields=["assignment", "id"], name="comment_of_assignment")]
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=["office", "all"]), name="comment_scope_known"),
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True) | Q(taken_back_at__gte=models.F("at")),
                name="comment_taken_back_after",
            ),
        ]

    def __str__(self) -> str:
        return f"Lời trao đổi số {self.pk or 'mới'}"

    def save(self, *args, **kwargs) -> None:
        """Errors: TypeError for a row that is stored already; taking back is an update of its own (talking.writing)."""
        if not self._state.adding:
            raise TypeError("Comment is append-only")
        super().save(*args, **kwargs)


class CommentMention(models.Model):
    """Somebody whom a comment names, and who was told."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = through("comment")

    class Meta:
        verbose_name = "người được nhắc tới"
        verbose_name_plural = "người được nhắc tới"
        constraints = [models.UniqueConstraint(fields=["comment", "user"], name="comment_mention_once")]

    def __str__(self) -> str:
        return str(self.user)
