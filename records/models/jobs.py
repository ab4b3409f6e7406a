"""What is running: long work with progress."""

from django.conf import settings
from django.db import models


class JobState(models.TextChoices):
    QUEUED = "queued", "Đang chờ"
    RUNNING = "running", "Đang chạy"
    DONE = "done", "Xong"
    FAILED = "failed", "Không xong"
    CANCELLED = "cancelled", "Đã hủy"


class JobQuerySet(models.QuerySet):
    def visible_to(self, user) -> "JobQuerySet":
        """A job is seen by the person who started it."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        return self.filter(started_by=user)


class Job(models.Model):
    """One piece of long work; the queue only rings the bell, this row is the truth."""

    kind = models.CharField("loại việc", max_length=60)
    title = models.CharField("tên việc", max_length=200)
    arguments = models.JSONField("tham số", default=dict, blank=True)
    state = models.CharField("trạng thái", max_length=12, choices=JobState.choices, default=JobState.QUEUED)
    done = models.PositiveIntegerField("đã xong", default=0)
    total = models.PositiveIntegerField("tổng số", default=0)
    message = models.CharField("ghi chú", max_length=300, blank=True)
    result_file = models.ForeignKey(
        "records.StoredFile",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="tệp kết quả",
    )
    cancel_requested = models.BooleanField("đã yêu cầu hủy", default=False)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name="người yêu cầu",
    )
    # Under which number the log knows the request that asked for it (directive_tracker/watching).
    request_id = models.CharField("mã yêu cầu", max_length=36, blank=True, default="", db_default="", editable=False)
    created_at = models.DateTimeField("yêu cầu lúc")
    started_at = models.DateTimeField("bắt đầu lúc", null=True, blank=True)
    # By the database's clock, which all machines share.
    alive_at = models.DateTimeField("còn chạy lúc", null=True, blank=True)
    attempts = models.PositiveSmallIntegerField("số lần chạy", default=0, db_default=0)
    finished_at = models.DateTimeField("kết thúc lúc", null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = "việc chạy nền"
        verbose_name_plural = "việc chạy nền"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["started_by", "-id"], name="job_owner"),
            # What the minute's round and /metrics look for, among all that was ever done.
            models.Index(
                fields=["state", "created_at"], condition=models.Q(state__in=["queued", "running"]), name="job_open"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "running"], finished_at__isnull=True)
                | models.Q(state__in=["done", "failed", "cancelled"], finished_at__isnull=False),
                name="job_finished_has_time",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_running(self) -> bool:
        return self.state in {JobState.QUEUED, JobState.RUNNING}

    @property
    def is_finishing(self) -> bool:
        """Everything is done but the last step, which is short and is not stopped any more."""
        return self.state == JobState.RUNNING and 0 < self.total <= self.done

    @property
    def percent(self) -> int:
        """Whole per cent done, 0 while the total is unknown."""
        return min(100, self.done * 100 // self.total) if self.total else 0


class JobTally(models.Model):
    """How often a function of the workers ran, on all machines together; what /metrics and `manage.py doctor` tell of them."""

    name = models.CharField("việc", max_length=100, unique=True)
    started = models.BigIntegerField("số lần bắt đầu", default=0)
    ended = models.BigIntegerField("số lần xong", default=0)
    failed = models.BigIntegerField("số lần lỗi", default=0)
    seconds = models.FloatField("tổng số giây", default=0)
    # By the database's clock.
    last_started_at = models.DateTimeField("bắt đầu gần nhất", null=True)
    last_ended_at = models.DateTimeField("xong gần nhất", null=True)

    class Meta:
        verbose_name = "số lần chạy việc nền"
        verbose_name_plural = "số lần chạy việc nền"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
