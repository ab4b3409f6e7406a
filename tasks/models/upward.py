"""What the office itself has to report to the bodies above, and the files that cited documents had before."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from directive_tracker.doors import through
from directive_tracker.reversing import row_url
from directive_tracker.vietnamese import vn_date
from tasks.enums import DirectiveState
from tasks.models.chasing import Appended
from tasks.models.directive import CitedDocument, Directive
from tasks.querysets import OfficeQuerySet


class UpwardState(models.TextChoices):
    OPEN = "open", "Chưa gửi"
    SENT = "sent", "Đã gửi"
    DROPPED = "dropped", "Không phải gửi nữa"


class UpwardReportQuerySet(OfficeQuerySet):
    """A matter of the office alone; units owe nothing by it."""

    def open(self) -> "UpwardReportQuerySet":
        """Not sent yet and not dropped."""
        return self.filter(state=UpwardState.OPEN)

    def due_until(self, day: date) -> "UpwardReportQuerySet":
        """Open ones due on that day or before, of documents that are followed or not issued yet."""
        return self.open().filter(due__lte=day).exclude(directive__state=DirectiveState.CLOSED)

    def by_due(self) -> "UpwardReportQuerySet":
        """The soonest first, those without a day last."""
        return self.order_by(F("due").asc(nulls_last=True), "pk")


class UpwardReport(models.Model):
    """A duty of the office to report to a body above (design.md, section 4: it stands in none of the four classes)."""

    directive = models.ForeignKey(
        Directive, on_delete=models.PROTECT, related_name="upward_reports", verbose_name="văn bản"
    )
    cited = models.ForeignKey(
        CitedDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="upward_reports",
        verbose_name="theo văn bản viện dẫn",
    )
    to_whom = models.CharField("gửi đến", max_length=200)
    about = models.CharField("nội dung báo cáo", max_length=300)
    due = models.DateField("hạn gửi", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    state = models.CharField("trạng thái", max_length=8, choices=UpwardState.choices, default=UpwardState.OPEN)
    number = models.CharField("số, ký hiệu", max_length=60, blank=True)
    signer = models.CharField("người ký", max_length=120, blank=True)
    sent_on = models.DateField("ngày gửi", null=True, blank=True)
    file = models.ForeignKey(
        "records.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tệp"
    )
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField("ghi lúc")
    updated_at = models.DateTimeField("cập nhật lúc")

    objects = UpwardReportQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo lên cấp trên"
        verbose_name_plural = "báo cáo lên cấp trên"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["state", "due", "id"], name="upward_state_due"),
            models.Index(fields=["updated_at"], name="upward_updated"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=UpwardState.values), name="upward_state"),
            models.CheckConstraint(
                condition=Q(state="sent", sent_on__isnull=False) | (~Q(state="sent") & Q(sent_on__isnull=True)),
                name="upward_sent_has_day",
            ),
            models.CheckConstraint(condition=~Q(to_whom="") & ~Q(about=""), name="upward_says_what"),
        ]

    def __str__(self) -> str:
        return f"Báo cáo {self.to_whom}: {self.about}"

    def get_absolute_url(self) -> str:
        return row_url("tasks:upward_detail", self.pk)

    @property
    def is_open(self) -> bool:
        return self.state == UpwardState.OPEN

    @property
    def is_sent(self) -> bool:
        return self.state == UpwardState.SENT

    def is_overdue(self, *, today: date) -> bool:
        """Open, and its day is over."""
        return self.is_open and self.due is not None and self.due < today

    @property
    def sent_words(self) -> str:
        """ "số 12-BC/TU, ngày 20/5/2024, Lê Văn A ký"."""
        parts = [
            f"số {self.number}" if self.number else "",
            f"ngày {vn_date(self.sent_on)}" if self.sent_on else "",
            f"{self.signer} ký" if self.signer else "",
        ]
        return ", ".join(part for part in parts if part)


class UpwardStepKind(models.TextChoices):
    MADE = "made", "Ghi việc phải báo cáo"
    CHANGED = "changed", "Sửa"
    SENT = "sent", "Ghi đã gửi"
    REOPENED = "reopened", "Mở lại"
    DROPPED = "dropped", "Ghi không phải gửi nữa"


class UpwardReportStep(Appended):
    """One thing done about an upward report, with the words and days before; never changed."""

    report = models.ForeignKey(UpwardReport, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField("việc đã làm", max_length=8, choices=UpwardStepKind.choices)
    words = models.CharField("nội dung", max_length=1000, blank=True)
    # The file that stood there before.
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc")

    objects = through("report")

    class Meta:
        verbose_name = "bước của báo cáo lên cấp trên"
        verbose_name_plural = "bước của báo cáo lên cấp trên"
        ordering = ["report", "pk"]

    def __str__(self) -> str:
        return self.get_kind_display()


class CitedFile(Appended):
    """One file that was attached to a cited document; the newest is the one in use."""

    cited = models.ForeignKey(CitedDocument, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField("lúc")

    objects = through("cited")

    class Meta:
        verbose_name = "tệp của văn bản viện dẫn"
        verbose_name_plural = "tệp của văn bản viện dẫn"
        ordering = ["cited", "pk"]

    def __str__(self) -> str:
        return str(self.file)
