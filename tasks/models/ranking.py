"""A ranking of units by timeliness: frozen when it is made, the office's own until the units have seen and answered it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from directive_tracker.vietnamese import vn_date
from tasks.models.chasing import Appended
from tasks.models.directive import Directive
from tasks.reading_querysets import RankingAnswerQuerySet, RankingQuerySet


class RankingState(models.TextChoices):
    """How far a ranking has gone; told by its columns, not stored."""

    INTERNAL = "internal", "Nội bộ Văn phòng"
    SHOWN = "shown", "Các đơn vị đang xem"
    RELEASED = "released", "Đã gửi Thường trực"
    WITHDRAWN = "withdrawn", "Đã rút"


class Ranking(models.Model):
    """One ranking: internal → shown to the units → released (or withdrawn, with a reason).

    `data` never changes (tasks/ranking/freezing.py says how it is built): each unit's figures, its rank or why it has
    none, the works that cost it. It may leave the office on `leaves_on`, two working days after the units were shown it.
    """

    # Without one the ranking is over everything that is followed.
    directive = models.ForeignKey(Directive, on_delete=models.PROTECT, null=True, blank=True, related_name="rankings")
    day = models.DateField("số liệu hết ngày")
    minimum = models.PositiveSmallIntegerField("số việc ít nhất để xếp hạng")
    data = models.JSONField("số liệu")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người lập"
    )
    made_at = models.DateTimeField("lập lúc")
    shown_on = models.DateField("cho đơn vị xem từ ngày", null=True, blank=True)
    shown_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    leaves_on = models.DateField("được gửi ra ngoài từ ngày", null=True, blank=True)
    released_at = models.DateTimeField("gửi ra ngoài lúc", null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField("rút lúc", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_reason = models.CharField("lý do rút", max_length=500, blank=True)

    objects = RankingQuerySet.as_manager()

    class Meta:
        verbose_name = "bảng xếp hạng"
        verbose_name_plural = "bảng xếp hạng"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["directive", "-id"], name="ranking_newest")]
        constraints = [
            models.CheckConstraint(condition=Q(minimum__gte=1), name="ranking_minimum"),
            models.CheckConstraint(
                condition=Q(shown_on__isnull=True, shown_by__isnull=True, leaves_on__isnull=True)
                | Q(shown_on__isnull=False, shown_by__isnull=False, leaves_on__gt=F("shown_on")),
                name="ranking_shown_before_it_leaves",
            ),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True, released_by__isnull=True)
                | Q(released_at__isnull=False, released_by__isnull=False, leaves_on__isnull=False),
                name="ranking_released_after_shown",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawn_reason="")),
                name="ranking_withdrawn_why",
            ),
        ]

    def __str__(self) -> str:
        return f"Xếp hạng tiến độ đến hết {vn_date(self.day)}"

    def get_absolute_url(self) -> str:
        return reverse("tasks:ranking", args=[self.pk])

    @property
    def scope(self) -> str:
        """What it is about."""
        return self.directive.short_title if self.directive is not None else "Tất cả văn bản đang theo dõi"

    @property
    def state(self) -> RankingState:
        if self.withdrawn_at is not None:
            return RankingState.WITHDRAWN
        if self.released_at is not None:
            return RankingState.RELEASED
        return RankingState.INTERNAL if self.shown_on is None else RankingState.SHOWN


class RankingAnswer(Appended):
    """What a unit says to its place, and what the office says to that; whose figures are wrong is put right at the works."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="answers")
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="đơn vị")
    from_office = models.BooleanField("Văn phòng trả lời", default=False)
    text = models.CharField("nội dung", max_length=1000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người viết"
    )
    at = models.DateTimeField("lúc")

    objects = RankingAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = "ý kiến về xếp hạng"
        verbose_name_plural = "ý kiến về xếp hạng"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="ranking_answer_says_something")]

    def __str__(self) -> str:
        return f"{self.unit}: {self.text[:40]}"
