"""The Standing Committee's digest: figures frozen at one moment (tasks/digests), shown as they were for ever."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from directive_tracker.vietnamese import ZONE, vn_date, vn_datetime
from tasks.models.chasing import Appended
from tasks.querysets import DigestQuerySet

# A round that comes a few minutes after the hour is no delay worth a word.
PUNCTUAL = timedelta(minutes=10)


class DigestKind(models.TextChoices):
    WEEKLY = "weekly", "Hằng tuần"
    MONTHLY = "monthly", "Hằng tháng"
    ON_DEMAND = "on_demand", "Theo yêu cầu"


def period_words(kind: str, first, last, as_of: datetime | None = None) -> str:
    """ "tuần 12/4–18/4/2024", "tháng 4/2024", "đến 09:15 15/4/2024"."""
    if kind == DigestKind.MONTHLY:
        return f"tháng {last.month}/{last.year}"
    if kind == DigestKind.ON_DEMAND:
        return f"đến {vn_datetime(as_of) if as_of else vn_date(last)}"
    begins = vn_date(first) if first.year != last.year else vn_date(first).rpartition("/")[0]
    return f"tuần {begins}–{vn_date(last)}"


class Digest(Appended):
    """One digest: written once; page, mail and print read this row and no live figures.

    `data` is what is shown (tasks/digests/freezing.py says how it is built), `known` the works that the next digest of
    the kind is compared with; pages do not load it. `cut_at` is the moment the timetable names, `as_of` the moment of
    the data: later when nobody was there to freeze. Pages say so.
    """

    kind = models.CharField("loại", max_length=10, choices=DigestKind.choices)
    period_from = models.DateField("từ ngày")
    period_to = models.DateField("đến ngày")
    cut_at = models.DateTimeField("chốt theo lịch lúc")
    as_of = models.DateTimeField("số liệu lúc")
    due_at = models.DateTimeField("gửi thư từ lúc", null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người chốt",
    )
    previous = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="kỳ trước"
    )
    headline = models.CharField("tóm tắt", max_length=200)
    data = models.JSONField("số liệu")
    known = models.JSONField("để so với kỳ sau")

    objects = DigestQuerySet.as_manager()

    class Meta:
        verbose_name = "báo cáo nhanh"
        verbose_name_plural = "báo cáo nhanh"
        ordering = ["-as_of", "-pk"]
        indexes = [
            models.Index(fields=["-as_of", "-id"], name="digest_newest"),
            models.Index(fields=["kind", "-id"], name="digest_of_kind"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period_to"], condition=~Q(kind="on_demand"), name="digest_once_a_period"
            ),
            models.CheckConstraint(condition=Q(period_to__gte=F("period_from")), name="digest_period_order"),
            models.CheckConstraint(condition=Q(as_of__gte=F("cut_at")), name="digest_not_before_its_hour"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True) | Q(due_at__gte=F("as_of")), name="digest_mail_after_data"
            ),
            models.CheckConstraint(
                condition=Q(kind="on_demand", made_by__isnull=False)
                | Q(kind__in=["weekly", "monthly"], made_by__isnull=True, due_at__isnull=False),
                name="digest_made_by_whom",
            ),
        ]

    def __str__(self) -> str:
        return f"Báo cáo nhanh {self.period_words}"

    def get_absolute_url(self) -> str:
        return reverse("tasks:digest", args=[self.pk])

    def delete(self, *args, **kwargs):
        """Errors: TypeError, always: what was told stays."""
        raise TypeError("Digest is append-only")

    @property
    def period_words(self) -> str:
        return period_words(self.kind, self.period_from, self.period_to, self.as_of)

    @property
    def title(self) -> str:
        """The subject of its mail: "Báo cáo nhanh tuần 12/4–18/4/2024: 40/90 việc hoàn thành, 3 việc quá hạn"."""
        return f"{self}: {self.headline}"

    @property
    def late_words(self) -> str:
        """ "" for data of the hour the timetable names, else words that say how it came."""
        if self.as_of - self.cut_at <= PUNCTUAL:
            return ""
        return f"chốt muộn, theo lịch là {vn_datetime(self.cut_at.astimezone(ZONE))}"
