"""Who stands in for whom, from when until when."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from directive_tracker import clock
from directive_tracker.vietnamese import vn_date
from units.access import access_of

# First and last day included.
LONGEST_DAYS = 366


class DeputationQuerySet(models.QuerySet):
    def visible_to(self, user) -> "DeputationQuerySet":
        """All for administrators; for everybody else those they have a part in."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if access_of(user, today=clock.today()).is_administrator:
            return self
        return self.filter(Q(deputy=user) | Q(principal=user))

    def active_on(self, day: date) -> "DeputationQuerySet":
        """In force that day, between two people whose accounts are active."""
        return self.filter(
            ended_at__isnull=True,
            valid_from__lte=day,
            valid_to__gte=day,
            deputy__is_active=True,
            principal__is_active=True,
        )

    def standing_between(self, first: date, last: date) -> "DeputationQuerySet":
        """Not ended, and in force on at least one of these days."""
        return self.filter(ended_at__isnull=True, valid_from__lte=last, valid_to__gte=first)


class Deputation(models.Model):
    """One person may act for another on certain days; both days are required, an early end is `ended_at`.

    Whoever is represented on a day represents nobody else that day, so that rights never travel along a chain.
    The database refuses overlaps and chains too (units/migrations/0003).
    """

    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="deputations",
        verbose_name="người thay mặt",
    )
    principal = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="represented_by",
        verbose_name="thay mặt cho",
    )
    valid_from = models.DateField("từ ngày")
    valid_to = models.DateField("đến hết ngày")
    reason = models.CharField(
        "lý do", max_length=300, help_text="Ví dụ: Quyết định số 12-QĐ/HU ngày 10/4/2024; đi công tác."
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người lập"
    )
    made_at = models.DateTimeField("lập lúc")
    ended_at = models.DateTimeField("kết thúc sớm lúc", null=True, blank=True)

    objects = DeputationQuerySet.as_manager()

    class Meta:
        verbose_name = "thay mặt"
        verbose_name_plural = "thay mặt"
        ordering = ["-valid_from", "-pk"]
        indexes = [
            models.Index(
                fields=["deputy", "valid_to"], condition=Q(ended_at__isnull=True), name="deputation_deputy_now"
            ),
            models.Index(
                fields=["principal", "valid_to"], condition=Q(ended_at__isnull=True), name="deputation_principal_now"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(deputy=F("principal")),
                name="deputation_not_self",
                violation_error_message="Không ai thay mặt chính mình.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="deputation_valid_order",
                violation_error_message="Ngày kết thúc đứng trước ngày bắt đầu.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} thay mặt {self.principal}"

    def clean(self) -> None:
        """Say in words what the database would refuse. Errors: ValidationError."""
        if not all((self.deputy_id, self.principal_id, self.valid_from, self.valid_to)) or self.ended_at is not None:
            return
        if self.deputy_id == self.principal_id or self.valid_to < self.valid_from:
            return  # The constraints say it.
        if self.valid_to - self.valid_from >= timedelta(days=LONGEST_DAYS):
            raise ValidationError(f"Một lần thay mặt dài nhất {LONGEST_DAYS} ngày.")
        for person in (self.deputy, self.principal):
            if not person.is_active:
                raise ValidationError(f"Tài khoản của {person} đã khóa.")
        self._refuse_overlaps()

    def _refuse_overlaps(self) -> None:
        """Refuse the same pair twice, and chains."""
        others = Deputation.objects.standing_between(self.valid_from, self.valid_to).exclude(pk=self.pk)
        same = others.filter(deputy=self.deputy_id, principal=self.principal_id).first()
        if same is not None:
            raise ValidationError(f"Trùng với lần thay mặt đã có {same.days()}.")
        above = others.filter(principal=self.deputy_id).first()
        if above is not None:
            raise ValidationError(
                f"{self.deputy} đang nhờ người khác thay mặt {above.days()}; "
                "người đã nhờ thay mặt không thay mặt người khác trong thời gian ấy."
            )
        below = others.filter(deputy=self.principal_id).first()
        if below is not None:
            raise ValidationError(
                f"{self.principal} đang thay mặt người khác {below.days()}; "
                "người đang thay mặt không nhờ người thứ ba trong thời gian ấy."
            )

    def days(self) -> str:
        """In words: "từ 15/4/2024 đến hết 20/4/2024"."""
        return f"từ {vn_date(self.valid_from)} đến hết {vn_date(self.valid_to)}"
