"""Words by which documents and tasks are found from anywhere."""

from django.db import models
from django.db.models import Q

from directive_tracker.doors import through
from tasks.desk.words import LONGEST
from tasks.models.directive import Directive
from tasks.models.task import DirectiveTask


class SearchWord(models.Model):
    """One word of a document, or of one of its tasks; written by their own `save` (Searched)."""

    directive = models.ForeignKey(
        Directive, on_delete=models.CASCADE, related_name="search_words", verbose_name="văn bản"
    )
    task = models.ForeignKey(
        DirectiveTask,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="search_words",
        verbose_name="nhiệm vụ",
    )
    word = models.CharField("từ", max_length=LONGEST)

    objects = through("directive")

    class Meta:
        verbose_name = "từ để tìm"
        verbose_name_plural = "từ để tìm"
        constraints = [
            models.UniqueConstraint(fields=["task", "word"], condition=Q(task__isnull=False), name="word_task_once"),
            models.UniqueConstraint(
                fields=["directive", "word"], condition=Q(task__isnull=True), name="word_directive_once"
            ),
        ]
        indexes = [
            # The beginning of a word leads to the rows without reading the table.
            models.Index(
                fields=["word", "task", "directive"],
                opclasses=["varchar_pattern_ops", "int8_ops", "int8_ops"],
                name="word_from_start",
            )
        ]

    def __str__(self) -> str:
        return self.word
