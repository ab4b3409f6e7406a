"""What has been done: communes whose list is complete, and visits with what was given."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from directive_tracker.doors import through
from units.models import Area, AreaLevel, Unit
from veterans.enums import GiftSource
from veterans.models.person import Person
from veterans.querysets import AreaReviewQuerySet

CAMPAIGN = "Kỷ niệm 70 năm Chiến thắng Điện Biên Phủ"


class AreaReview(models.Model):
    """A reviewed commune: everybody is on the list, or there is nobody. Once a campaign."""

    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="reviews", verbose_name="xã, phường, thị trấn"
    )
    campaign = models.CharField("đợt", max_length=120, default=CAMPAIGN)
    reviewed_on = models.DateField("rà soát xong ngày")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người ghi"
    )
    at = models.DateTimeField("ghi lúc")
    note = models.CharField("ghi chú", max_length=300, blank=True)

    objects = AreaReviewQuerySet.as_manager()

    class Meta:
        verbose_name = "xã đã rà soát"
        verbose_name_plural = "các xã đã rà soát"
        ordering = ["area", "reviewed_on"]
        constraints = [models.UniqueConstraint(fields=["area", "campaign"], name="area_review_once")]
        indexes = [models.Index(fields=["campaign", "reviewed_on"], name="area_review_day")]

    def __str__(self) -> str:
        return f"{self.area} – {self.campaign}"

    def clean(self):
        """Errors: ValidationError when the area is not a commune."""
        if self.area_id and self.area.level != AreaLevel.COMMUNE:
            raise ValidationError({"area": "Chỉ ghi rà soát cho xã, phường, thị trấn."})


class Visit(models.Model):
    """One visit by one giver. Several givers on the same day are several rows."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="visits", verbose_name="người được thăm")
    on = models.DateField("ngày thăm")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="visits", verbose_name="đơn vị tổ chức đoàn")
    source = models.CharField("nguồn quà", max_length=10, choices=GiftSource.choices)
    gift = models.CharField("hiện vật", max_length=200, blank=True)
    money = models.PositiveBigIntegerField("số tiền (đồng)", default=0)
    received_by = models.CharField("người nhận thay", max_length=120, blank=True)
    note = models.CharField("ghi chú", max_length=500, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người ghi"
    )
    recorded_at = models.DateTimeField("ghi lúc")

    objects = through("person")

    class Meta:
        verbose_name = "lần thăm hỏi"
        verbose_name_plural = "thăm hỏi, quà"
        ordering = ["-on", "-pk"]
        constraints = [
            # Also what a second click on the button runs into.
            models.UniqueConstraint(fields=["person", "on", "unit", "source"], name="visit_once_a_day_and_source"),
            models.CheckConstraint(condition=Q(money__gte=0), name="visit_money_not_negative"),
        ]
        indexes = [models.Index(fields=["on", "person"], name="visit_day")]

    def __str__(self) -> str:
        return f"Lần thăm số {self.pk or 'mới'}"

    def clean(self):
        """Errors: ValidationError when the person had died, or is no longer on the list."""
        if not self.person_id or not self.on:
            return
        person = self.person
        if person.is_removed:
            raise ValidationError("Người này đã được đưa khỏi danh sách, không ghi thăm hỏi được.")
        if person.is_deceased and not (person.death_on and self.on < person.death_on):
            raise ValidationError(
                "Người này đã từ trần. Chỉ ghi được lần thăm trước ngày từ trần; nếu tin từ trần"
                " không đúng, hãy rút lại tin đó trước."
            )
