"""What has been done: communes whose list is complete, and calls on the families of the dead."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from directive_tracker.doors import through
from units.models import Area, AreaLevel
from veterans.enums import ReviewSource, ReviewState
from veterans.models.campaign import Campaign
from veterans.models.person import Person
from veterans.querysets import AreaReviewQuerySet


class AreaReview(models.Model):
    """The review of one commune by one source in one campaign, as far as it has come; no row: not begun."""

    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="reviews", verbose_name="xã, phường, thị trấn"
    )
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, db_index=False, related_name="reviews", verbose_name="đợt"
    )
    source = models.CharField(
        "nguồn danh sách", max_length=12, choices=ReviewSource.choices, default=ReviewSource.COMMUNE
    )
    state = models.CharField("tình trạng", max_length=8, choices=ReviewState.choices, default=ReviewState.DONE)
    people = models.PositiveIntegerField("số người trong danh sách", null=True, blank=True)
    signed_by = models.CharField("người ký", max_length=120, blank=True)
    reviewed_on = models.DateField("rà soát xong ngày", null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người ghi"
    )
    at = models.DateTimeField("ghi lúc")
    note = models.CharField("ghi chú", max_length=300, blank=True)

    history = HistoricalRecords()
    objects = AreaReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "xã đã rà soát"
        verbose_name_plural = "các xã đã rà soát"
        ordering = ["area", "source"]
        constraints = [
            models.UniqueConstraint(fields=["area", "campaign", "source"], name="area_review_once_a_source"),
            models.CheckConstraint(
                condition=Q(state="doing", reviewed_on__isnull=True)
                | (~Q(state="doing") & Q(reviewed_on__isnull=False)),
                name="area_review_finished_has_day",
            ),
            models.CheckConstraint(condition=~Q(state="nobody") | Q(people=0), name="area_review_nobody_counts_none"),
        ]
        indexes = [models.Index(fields=["campaign", "reviewed_on"], name="area_review_day")]

    def __str__(self) -> str:
        return f"{self.area} – {self.get_source_display()}"

    def clean(self):
        """Errors: ValidationError when the area is not a commune."""
        if self.area_id and self.area.level != AreaLevel.COMMUNE:
            raise ValidationError({"area": "Chỉ ghi rà soát cho xã, phường, thị trấn."})


class Condolence(models.Model):
    """A condolence visit proposed when a death is confirmed; withdrawn with the death, never forgotten."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Đề nghị thăm viếng"
        DONE = "done", "Đã thăm viếng"
        DECLINED = "declined", "Không thăm viếng"
        WITHDRAWN = "withdrawn", "Tin từ trần đã rút"

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="condolences", verbose_name="người từ trần"
    )
    state = models.CharField("tình trạng", max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_at = models.DateTimeField("đề nghị lúc")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="người ghi"
    )
    decided_at = models.DateTimeField("ghi lúc", null=True, blank=True)
    note = models.CharField("ghi chú", max_length=300, blank=True)

    objects = through("person")

    class Meta:
        verbose_name = "thăm viếng"
        verbose_name_plural = "thăm viếng"
        ordering = ["-proposed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=~Q(state="withdrawn"), name="condolence_once_a_death"),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_at__isnull=False)),
                name="condolence_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Thăm viếng số {self.pk or 'mới'}"
