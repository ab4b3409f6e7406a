"""Who works where, as what, from when until when."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from units.models.area import Area
from units.models.unit import Unit


class Role(models.TextChoices):
    OFFICE = "office", "Cán bộ Văn phòng"
    REPORTER = "reporter", "Cán bộ đầu mối"
    UNIT_HEAD = "unit_head", "Lãnh đạo đơn vị"
    READER = "reader", "Thường trực, Ban Thường vụ"
    REGISTRAR = "registrar", "Cán bộ sổ tri ân"
    ADMINISTRATOR = "administrator", "Quản trị hệ thống"


class MembershipQuerySet(models.QuerySet):
    def active_on(self, day: date) -> "MembershipQuerySet":
        """Memberships in force that day, of people whose account is active."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
            valid_from__lte=day,
            user__is_active=True,
        )


class Membership(models.Model):
    """One role of one person. A registrar's scope is an area, everybody else's a unit.

    "monitor" is no membership: it follows from DirectiveTask.monitors and the reporter's unit.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name="người dùng",
    )
    role = models.CharField("vai trò", max_length=15, choices=Role.choices)
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="đơn vị",
    )
    area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="địa bàn",
    )
    is_contact = models.BooleanField("là đầu mối liên hệ của đơn vị", default=False)
    valid_from = models.DateField("từ ngày", default=date(1900, 1, 1))
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "vai trò"
        verbose_name_plural = "vai trò"
        ordering = ["user", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(role="registrar") & Q(area__isnull=False))
                | (~Q(role="registrar") & Q(unit__isnull=False)),
                name="membership_scope_fits_role",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_valid_order",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "unit", "valid_from"],
                condition=~Q(role="registrar"),
                name="membership_unit_once",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "area", "valid_from"],
                condition=Q(role="registrar"),
                name="membership_area_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.get_role_display()} ({self.unit or self.area})"
