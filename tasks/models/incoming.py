"""Documents on their way in: files that arrived in a watched place, scans that are being read."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from directive_tracker.doors import through
from directive_tracker.reversing import row_url
from tasks.enums import IncomingState, ScanState
from tasks.models.directive import Directive
from tasks.querysets import OfficeQuerySet


class IncomingFileQuerySet(OfficeQuerySet):
    def waiting(self) -> "IncomingFileQuerySet":
        """What nobody has decided about, and scans that are being read for it."""
        return self.filter(state__in=[IncomingState.WAITING, IncomingState.READING])


class IncomingFile(models.Model):
    """One file that arrived, known by its checksum however often and under whatever names it comes.

    Its content stays where it lies. Of a paper with a mark of secrecy no name is kept, for the name may be secret too.
    """

    name = models.CharField("tên tệp", max_length=200, blank=True)
    sha256 = models.CharField("mã kiểm SHA-256", max_length=64, unique=True)
    size = models.PositiveBigIntegerField("cỡ (byte)")
    source = models.CharField("nơi đến", max_length=40)
    seen_at = models.DateTimeField("thấy lúc")
    state = models.CharField("tình trạng", max_length=8, choices=IncomingState.choices, default=IncomingState.WAITING)
    directive = models.ForeignKey(
        Directive, on_delete=models.PROTECT, null=True, blank=True, related_name="arrived", verbose_name="văn bản"
    )
    refusal = models.CharField("vì sao không nhận", max_length=400, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người xử lý",
    )
    decided_at = models.DateTimeField("xử lý lúc", null=True, blank=True)

    objects = IncomingFileQuerySet.as_manager()

    class Meta:
        verbose_name = "tệp đến"
        verbose_name_plural = "các tệp đến"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "-seen_at", "-id"], name="incoming_state")]
        constraints = [
            models.CheckConstraint(
                # Refused with one: the same paper was recorded from another file.
                condition=Q(state="recorded", directive__isnull=False)
                | Q(state="refused")
                | (~Q(state__in=["recorded", "refused"]) & Q(directive__isnull=True)),
                name="incoming_recorded_has_directive",
            ),
            models.CheckConstraint(
                condition=(Q(state="refused") & ~Q(refusal="")) | ~Q(state="refused"),
                name="incoming_refused_says_why",
            ),
        ]

    def __str__(self) -> str:
        # The log keeps this; a name may turn out to be secret when the scan is read.
        return f"Tệp đến số {self.pk or 'mới'}"

    @property
    def is_waiting(self) -> bool:
        return self.state == IncomingState.WAITING


class IncomingPlace(models.Model):
    """Where a file was seen, so that an unchanged one is not read again each minute.

    key: HMAC of source and path, for names may be secret; changed: the file's own time in nanoseconds; noted_at: real
    time at which it was first seen with this size and time.
    """

    key = models.CharField(max_length=64, unique=True)
    source = models.CharField("nơi đến", max_length=40)
    size = models.PositiveBigIntegerField("cỡ (byte)")
    changed = models.BigIntegerField("thay đổi lúc")
    noted_at = models.DateTimeField("thấy lúc")
    incoming = models.ForeignKey(
        IncomingFile, on_delete=models.CASCADE, null=True, blank=True, related_name="places", verbose_name="tệp đến"
    )

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = "chỗ của tệp đến"
        verbose_name_plural = "chỗ của các tệp đến"
        indexes = [models.Index(fields=["source"], name="incoming_place_source")]

    def __str__(self) -> str:
        return f"Chỗ số {self.pk or 'mới'}"


class ScanReading(models.Model):
    """A scan that is read page by page. Its file lies sealed, and only as long as it is read.

    pages: how many pages have to be read; count: how many the file has; lease_until: real time until which a worker has
    it in hand; attempts: how often a worker took it up.
    """

    file = models.ForeignKey(
        "records.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="tệp"
    )
    name = models.CharField("tên tệp", max_length=200, blank=True)
    sha256 = models.CharField("mã kiểm bản gốc", max_length=64, blank=True)
    state = models.CharField("tình trạng", max_length=8, choices=ScanState.choices, default=ScanState.READING)
    pages = models.PositiveIntegerField("số trang phải đọc")
    words = models.CharField("ghi chú", max_length=400, blank=True)
    job = models.ForeignKey(
        "records.Job", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="việc chạy nền"
    )
    attempts = models.PositiveSmallIntegerField("số lần bắt đầu", default=0)
    lease_until = models.DateTimeField("đang đọc đến lúc", null=True, blank=True)
    incoming = models.ForeignKey(
        IncomingFile, on_delete=models.PROTECT, null=True, blank=True, related_name="readings", verbose_name="tệp đến"
    )
    directive = models.ForeignKey(
        Directive, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="văn bản"
    )
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người gửi"
    )
    begun_at = models.DateTimeField("gửi lúc")
    ended_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = "bản quét đang đọc"
        verbose_name_plural = "các bản quét đang đọc"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["state", "ended_at"], name="scan_state")]
        constraints = [
            models.UniqueConstraint(fields=["sha256"], condition=Q(state="reading"), name="scan_once"),
            models.CheckConstraint(
                condition=Q(state="reading", file__isnull=False, ended_at__isnull=True)
                | (~Q(state="reading") & Q(file__isnull=True, ended_at__isnull=False)),
                name="scan_file_while_read",
            ),
            models.CheckConstraint(
                condition=Q(state="done", directive__isnull=False)
                | Q(state="failed")
                | (~Q(state__in=["done", "failed"]) & Q(directive__isnull=True)),
                name="scan_done_has_directive",
            ),
            models.CheckConstraint(
                condition=~Q(state="secret") | Q(name="", sha256=""), name="scan_secret_has_no_name"
            ),
        ]

    def __str__(self) -> str:
        # The log keeps this, and the name of a secret paper may be secret.
        return f"Bản quét số {self.pk or 'mới'}"

    def get_absolute_url(self) -> str:
        return row_url("tasks:scan", self.pk)

    @property
    def is_reading(self) -> bool:
        return self.state == ScanState.READING


class ScanPage(models.Model):
    """The words of one page that passed the guard: a killed worker goes on behind it."""

    reading = models.ForeignKey(
        ScanReading, on_delete=models.CASCADE, related_name="read_pages", verbose_name="bản quét"
    )
    number = models.PositiveIntegerField("trang")
    text = models.TextField("chữ đọc được", blank=True)

    objects = through("reading")

    class Meta:
        verbose_name = "trang đã đọc"
        verbose_name_plural = "các trang đã đọc"
        constraints = [models.UniqueConstraint(fields=["reading", "number"], name="scan_page_once")]

    def __str__(self) -> str:
        return f"trang {self.number}"
