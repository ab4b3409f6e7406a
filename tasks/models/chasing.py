"""What people did to get late work moving: calls, what the unit says of the delay, letters. Chasing in the app is Nudge."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from directive_tracker.doors import through
from tasks.chasing.querysets import ChaseLetterQuerySet
from tasks.models.assignment import Assignment


class Appended(models.Model):
    """A row of history: written once, never changed; who was wrong writes another one."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Errors: TypeError for a row that is stored already."""
        if not self._state.adding:
            raise TypeError(f"{type(self).__name__} is append-only")
        super().save(*args, **kwargs)


class CallNote(Appended):
    """A telephone call about late work: with whom, what was said, until when the unit promised it.

    Names stay on the pages of those who see the assignment; no mail and no log carries them.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="call_notes")
    spoke_with = models.CharField("nói chuyện với", max_length=120)
    called_on = models.DateField("gọi ngày")
    said = models.CharField("nội dung trao đổi", max_length=500)
    promised_until = models.DateField("hẹn xong ngày", null=True, blank=True)
    corrects = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrected_by",
        verbose_name="sửa cho lần ghi",
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người gọi"
    )
    at = models.DateTimeField("ghi lúc")

    objects = through("assignment")

    class Meta:
        verbose_name = "cuộc gọi"
        verbose_name_plural = "cuộc gọi"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["assignment", "-id"], name="call_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(promised_until__isnull=True) | Q(promised_until__gte=F("called_on")),
                name="call_promise_after_call",
            ),
            models.CheckConstraint(condition=~Q(corrects=F("id")), name="call_corrects_another"),
        ]

    def __str__(self) -> str:
        return f"{self.assignment_id} – {self.called_on:%d/%m/%Y}"


class DelayCause(models.TextChoices):
    OBJECTIVE = "objective", "Khách quan"
    SUBJECTIVE = "subjective", "Chủ quan"


class DelayNote(Appended):
    """What a unit says of work that is late: why, and the day it expects to be done. The due date stays as it is."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="delay_notes")
    cause = models.CharField("nguyên nhân", max_length=12, choices=DelayCause.choices)
    reason = models.CharField("lý do chậm", max_length=200)
    expected_on = models.DateField("dự kiến xong ngày")
    noted_on = models.DateField("nêu ngày")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người nêu"
    )
    at = models.DateTimeField("nêu lúc")

    objects = through("assignment")

    class Meta:
        verbose_name = "lý do chậm"
        verbose_name_plural = "lý do chậm"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["assignment", "-id"], name="delay_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(expected_on__gte=F("noted_on")), name="delay_expected_from_that_day")
        ]

    def __str__(self) -> str:
        return self.reason

    @property
    def words(self) -> str:
        """ "chủ quan: chờ các xã gửi danh sách"."""
        return f"{DelayCause(self.cause).label.lower()}: {self.reason}"


class ChaseLetter(models.Model):
    """A letter (công văn đôn đốc) made for signature: one unit, its late work as it stood that day, the file.

    `content` is what the letter says, frozen (tasks/chasing/letters.py). Number and date are written down once the
    letter has been signed and sent; from then on the unit reads it too.
    """

    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="chase_letters", verbose_name="gửi đơn vị"
    )
    assignments = models.ManyToManyField(Assignment, related_name="chase_letters", verbose_name="phần việc")
    content = models.JSONField("nội dung")
    as_of = models.DateField("số liệu đến ngày")
    report_by = models.DateField("đề nghị báo cáo chậm nhất ngày")
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name="tệp")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người soạn"
    )
    made_at = models.DateTimeField("soạn lúc")
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    sent_on = models.DateField("gửi ngày", null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ghi đã gửi",
    )
    sent_noted_at = models.DateTimeField("ghi đã gửi lúc", null=True, blank=True)

    objects = ChaseLetterQuerySet.as_manager()

    class Meta:
        verbose_name = "công văn đôn đốc"
        verbose_name_plural = "công văn đôn đốc"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["unit", "-id"], name="chase_letter_of_unit")]
        constraints = [
            models.CheckConstraint(condition=Q(report_by__gte=F("as_of")), name="chase_letter_day_ahead"),
            models.CheckConstraint(
                condition=Q(number="", sent_on__isnull=True, sent_by__isnull=True, sent_noted_at__isnull=True)
                | (~Q(number="") & Q(sent_on__gte=F("as_of"), sent_by__isnull=False, sent_noted_at__isnull=False)),
                name="chase_letter_sent_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"Công văn đôn đốc {self.unit.short_name}"

    def get_absolute_url(self) -> str:
        return reverse("tasks:chase_letter", args=[self.pk])

    @property
    def is_sent(self) -> bool:
        return self.sent_on is not None

    @property
    def works(self) -> list[dict]:
        """The lines of the letter, whatever document they belong to."""
        return [with_days(work) for group in self.content["groups"] for work in group["works"]]


def with_days(work: dict) -> dict:
    """A line of a letter as pages show it: days instead of their ISO words."""
    days = {name: date.fromisoformat(work[name]) if work[name] else None for name in ("due", "expected_on")}
    return {**work, **days}


def promise_is_broken(promised_until: date | None, *, today: date) -> bool:
    """A promised day is over at midnight."""
    return promised_until is not None and promised_until < today
