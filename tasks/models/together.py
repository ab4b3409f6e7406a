"""Working on one task with others: asking for a contribution, partners without an account, papers handed to recipients."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from directive_tracker.doors import through
from tasks.handing.querysets import IdleWorkQuerySet, ProductReleaseQuerySet, ReleaseRecipientQuerySet
from tasks.models.assignment import Assignment, AssignmentProduct


class ContributionRequest(models.Model):
    """A unit that works with others asks one of them for its contribution ("đề nghị góp"); append-only."""

    assignment = models.ForeignKey(
        Assignment,
        on_delete=models.PROTECT,
        related_name="contribution_requests",
        verbose_name="phần việc được đề nghị",
    )
    asking = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="+", verbose_name="phần việc của đơn vị đề nghị"
    )
    words = models.CharField("nội dung đề nghị", max_length=500)
    wanted_by = models.DateField("gửi trước ngày", null=True, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người đề nghị"
    )
    asked_at = models.DateTimeField("lúc")

    objects = through("assignment")

    class Meta:
        verbose_name = "đề nghị góp"
        verbose_name_plural = "đề nghị góp"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["assignment", "-id"], name="contribution_request_newest")]
        constraints = [
            models.CheckConstraint(condition=~Q(words=""), name="contribution_request_words"),
            models.CheckConstraint(condition=~Q(assignment=F("asking")), name="contribution_request_other"),
        ]

    def __str__(self) -> str:
        return self.words


class Partner(models.Model):
    """A body without an account that does something of a unit's work: a name and what it does, nobody's inbox."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="partners", verbose_name="phần việc"
    )
    name = models.CharField("tên cơ quan, đơn vị", max_length=200)
    does = models.CharField("làm gì", max_length=500)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người ghi"
    )
    added_at = models.DateTimeField("ghi lúc")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người ghi thôi",
    )
    ended_at = models.DateTimeField("thôi lúc", null=True, blank=True)

    objects = through("assignment")

    class Meta:
        verbose_name = "đối tác"
        verbose_name_plural = "đối tác"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "name"], condition=Q(ended_at__isnull=True), name="partner_once"
            ),
            models.CheckConstraint(condition=~Q(name="") & ~Q(does=""), name="partner_says_what"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="partner_ended_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductRelease(models.Model):
    """A delivered paper that its unit hands to recipients ("phát hành"); the paper as it was at that moment."""

    delivery = models.ForeignKey(
        AssignmentProduct, on_delete=models.PROTECT, related_name="releases", verbose_name="sản phẩm"
    )
    number = models.CharField("số", max_length=30, blank=True)
    symbol = models.CharField("ký hiệu", max_length=60, blank=True)
    paper_date = models.DateField("ngày văn bản", null=True, blank=True)
    file = models.ForeignKey("records.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    words = models.CharField("lời nhắn", max_length=1000, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người phát hành"
    )
    released_at = models.DateTimeField("phát hành lúc")
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người thu hồi",
    )
    withdrawn_at = models.DateTimeField("thu hồi lúc", null=True, blank=True)
    withdrawal_reason = models.CharField("lý do thu hồi", max_length=500, blank=True)

    objects = ProductReleaseQuerySet.as_manager()

    class Meta:
        verbose_name = "văn bản phát hành"
        verbose_name_plural = "văn bản phát hành"
        ordering = ["-pk"]
        constraints = [
            # The same paper stands released once; whoever was forgotten is added to its recipients. What was taken
            # back stays as it was, and the paper may be released anew.
            models.UniqueConstraint(
                fields=["delivery", "file"],
                condition=Q(file__isnull=False, withdrawn_at__isnull=True),
                name="release_of_file_once",
            ),
            models.UniqueConstraint(
                fields=["delivery", "number", "symbol"],
                condition=Q(file__isnull=True, withdrawn_at__isnull=True),
                name="release_of_number_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason="")),
                name="release_withdrawn_with_reason",
            ),
            models.CheckConstraint(condition=Q(file__isnull=False) | ~Q(number=""), name="release_has_file_or_number"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery.product.name} {self.paper_identity}".strip()

    def get_absolute_url(self) -> str:
        return reverse("tasks:release", args=[self.pk])

    @property
    def paper_identity(self) -> str:
        """ "12-KH/HU"; "" where it has no number."""
        return "-".join(part for part in (self.number, self.symbol) if part)

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class ReleaseRecipient(models.Model):
    """A unit that a paper was handed to, and the moment the unit first opened it: the unit, never a person."""

    release = models.ForeignKey(ProductRelease, on_delete=models.PROTECT, related_name="recipients")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    sent_at = models.DateTimeField("gửi lúc")
    opened_at = models.DateTimeField("mở lần đầu lúc", null=True, blank=True)
    reminded_at = models.DateTimeField("nhắc gần nhất lúc", null=True, blank=True)

    objects = ReleaseRecipientQuerySet.as_manager()

    class Meta:
        verbose_name = "đơn vị nhận văn bản"
        verbose_name_plural = "đơn vị nhận văn bản"
        ordering = ["pk"]
        indexes = [models.Index(fields=["unit", "-id"], name="release_recipient_unit")]
        constraints = [models.UniqueConstraint(fields=["release", "unit"], name="release_recipient_once")]

    def __str__(self) -> str:
        return str(self.unit)


class IdleKind(models.TextChoices):
    """Why work waits on nobody."""

    UNIT_EMPTY = "unit_empty", "Đơn vị có việc nhưng không có người"
    UNIT_ENDED = "unit_ended", "Việc của đơn vị đã kết thúc hoạt động"
    PART_LEFT = "part_left", "Phần giao lại còn mở, việc của đơn vị giao đã kết thúc"
    REVIEW = "review", "Báo cáo chờ xem xét, bên xem xét không có người"
    EXTENSION = "extension", "Xin gia hạn, bên quyết định không có người"
    CONDITION = "condition", "Điều kiện chờ quyết định, bên quyết định không có người"
    FINDING = "finding", "Kiến nghị sau kiểm tra, đơn vị không có người"


class IdleWork(models.Model):
    """One thing the check found waiting on nobody, from when until when; for "only what is new is told"."""

    kind = models.CharField("loại", max_length=12, choices=IdleKind.choices)
    target_id = models.BigIntegerField("mã")
    found_at = models.DateTimeField("thấy lúc")
    ended_at = models.DateTimeField("hết lúc", null=True, blank=True)

    objects = IdleWorkQuerySet.as_manager()

    class Meta:
        verbose_name = "việc không ai đang làm"
        verbose_name_plural = "việc không ai đang làm"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target_id"], condition=Q(ended_at__isnull=True), name="idle_work_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=IdleKind.values), name="idle_work_kind"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
