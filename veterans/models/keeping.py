"""How long what an occasion leaves behind is kept, where it was set otherwise than by default."""

from django.db import models
from django.db.models import Q

from directive_tracker.doors import through
from veterans.enums import KeptKind
from veterans.models.campaign import Campaign, by_user


class Keeping(models.Model):
    """What was set for one kind of one occasion; without a row the default of veterans/protection/law.py holds."""

    # keeping_once begins with it.
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, db_index=False, related_name="keepings", verbose_name="đợt"
    )
    kind = models.CharField("loại", max_length=11, choices=KeptKind.choices)
    basis = models.CharField("căn cứ lưu", max_length=300)
    months = models.PositiveSmallIntegerField("lưu thêm (tháng)", null=True, blank=True)
    set_by = by_user("người đặt")
    set_at = models.DateTimeField("đặt lúc")

    objects = through("campaign")

    class Meta:
        verbose_name = "quy định lưu sau đợt"
        verbose_name_plural = "các quy định lưu sau đợt"
        ordering = ["campaign", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "kind"], name="keeping_once"),
            models.CheckConstraint(condition=~Q(basis=""), name="keeping_has_a_ground"),
            models.CheckConstraint(
                condition=Q(kind__in=["accounts", "signed", "pictures", "delegations", "approvals"]),
                name="keeping_can_be_set",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.campaign}"
