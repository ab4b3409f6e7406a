"""Who works where, as what, from when until when."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from directive_tracker.vietnamese import vn_date
from units.models.area import Area
from units.models.unit import Unit
from units.roles import Role

LONG_AGO = date(1900, 1, 1)


def active_q(day: date, path: str = "") -> Q:
    """In force that day, of people whose account is active.

    Args:
        path: the way to the membership from the model that is asked, with its last "__"; conditions on the same
            membership belong into the same filter().
    """
    return (Q(**{f"{path}valid_to__isnull": True}) | Q(**{f"{path}valid_to__gte": day})) & Q(
        **{f"{path}valid_from__lte": day, f"{path}user__is_active": True}
    )


class MembershipQuerySet(models.QuerySet):
    def active_on(self, day: date) -> "MembershipQuerySet":
        """Memberships in force that day, of people whose account is active."""
        return self.filter(active_q(day))

    def same_role(self, row: "Membership") -> "MembershipQuerySet":
        """The same person's memberships with the same role in the same unit or area, without the row itself."""
        scope = {"area": row.area_id} if row.role == Role.REGISTRAR else {"unit": row.unit_id}
        return self.filter(user=row.user_id, role=row.role, **scope).exclude(pk=row.pk)

    def overlapping(self, first: date, last: date | None) -> "MembershipQuerySet":
        """In force on at least one day from `first` to `last` inclusive; None: for ever."""
        found = self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
        return found if last is None else found.filter(valid_from__lte=last)


class Membership(models.Model):
    """One role of one person. A registrar's scope is an area, everybody else's a unit.

    "monitor" is no membership: it follows from DirectiveTask.monitors and the reporter's unit.
    The same role twice at the same time is refused by the database too (units/migrations/0003).
    """

    # Rows that are being saved together with this one: whoever saves them compares the new values himself.
    saved_together: frozenset[int] = frozenset()

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
    may_read_sensitive = models.BooleanField(
        "được xem thông tin nhạy cảm trong sổ tri ân",
        default=False,
        db_default=False,
        help_text="Quyền riêng của cán bộ sổ tri ân; mỗi lần xem phải nêu mục đích và được ghi nhật ký.",
    )
    may_export_sensitive = models.BooleanField(
        "được xuất thông tin nhạy cảm của sổ tri ân ra tệp",
        default=False,
        db_default=False,
        help_text="Quyền thứ hai, cần có quyền xem; mỗi lần xuất phải nêu mục đích, xác nhận lại và được ghi nhật ký.",
    )
    valid_from = models.DateField("từ ngày", default=date(1900, 1, 1))
    valid_to = models.DateField("đến hết ngày", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "vai trò"
        verbose_name_plural = "vai trò"
        ordering = ["user", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(may_read_sensitive=False) | Q(role="registrar"), name="membership_sensitive_registrar"
            ),
            models.CheckConstraint(
                condition=Q(may_export_sensitive=False) | Q(role="registrar", may_read_sensitive=True),
                name="membership_export_registrar",
            ),
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

    def clean(self) -> None:
        """Say in words when the person has this role there already. Errors: ValidationError."""
        if not self.user_id or not self.role or not self.valid_from or not (self.unit_id or self.area_id):
            return
        if self.valid_to is not None and self.valid_to < self.valid_from:
            return  # The constraint says it.
        others = Membership.objects.same_role(self).overlapping(self.valid_from, self.valid_to)
        # The same first day has a constraint and words of its own.
        other = others.exclude(pk__in=self.saved_together).exclude(valid_from=self.valid_from).first()
        if other is not None:
            raise ValidationError(f"Trùng với vai trò đã có {other.days()}.")

    def days(self) -> str:
        """In words: "từ 15/4/2024 đến hết 20/4/2024", "từ trước tới nay"."""
        if self.valid_to is None:
            return (
                "từ trước tới nay" if self.valid_from == LONG_AGO else f"từ {vn_date(self.valid_from)}, không thời hạn"
            )
        start = "" if self.valid_from == LONG_AGO else f"từ {vn_date(self.valid_from)} "
        return f"{start}đến hết {vn_date(self.valid_to)}"
