"""Keys with which another program works here for a person, and what was done with them."""

from collections.abc import Iterator

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from directive_tracker import clock
from units.access import access_of
from units.models.unit import Unit


class Scope(models.TextChoices):
    """What a key may be used for; each is a column of its own, `may_…`."""

    READ = "read", "Xem văn bản, nhiệm vụ, phần việc, báo cáo, đơn vị"
    FIGURES = "figures", "Xem số liệu tổng hợp và chỉ tiêu"
    ACKNOWLEDGE = "acknowledge", "Tiếp nhận việc mới giao"
    REPORT = "report", "Gửi báo cáo của đơn vị"


class ApiTokenQuerySet(models.QuerySet):
    def visible_to(self, user) -> "ApiTokenQuerySet":
        """All for administrators, who see that there is one; the own ones; those of the units one works for."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        access = access_of(user, today=clock.today())
        if access.is_administrator:
            return self
        return self.filter(Q(holder=user) | Q(unit__in=access.reporter_unit_ids | access.head_unit_ids))

    def alive(self) -> "ApiTokenQuerySet":
        """Not taken back; it may have expired."""
        return self.filter(revoked_at__isnull=True)


class ApiToken(models.Model):
    """One key ("mã truy cập API"). It always has a holder: a person, in whose name everything is done.

    Without a unit it carries what the holder may; with one, what the holder may for that unit alone. Only the hash is
    kept, so it is shown once. `stamp` are the roles it was made under: with other roles it opens nothing.
    """

    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="api_tokens", verbose_name="người giữ"
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="api_tokens", verbose_name="đơn vị"
    )
    name = models.CharField("dùng cho", max_length=80)
    token_hash = models.CharField("dấu của mã", max_length=64, unique=True, editable=False)
    first_letters = models.CharField("mấy chữ đầu", max_length=12)
    may_read = models.BooleanField(Scope.READ.label, default=True)
    may_figures = models.BooleanField(Scope.FIGURES.label, default=False)
    may_acknowledge = models.BooleanField(Scope.ACKNOWLEDGE.label, default=False)
    may_report = models.BooleanField(Scope.REPORT.label, default=False)
    stamp = models.JSONField("vai trò khi tạo", default=list, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="người tạo"
    )
    made_at = models.DateTimeField("tạo lúc")
    expires_at = models.DateTimeField("hết hạn lúc")
    last_used_at = models.DateTimeField("dùng gần nhất", null=True, blank=True)
    # When it was last turned away although it is known, for the page and so that the log says it once a day.
    refused_at = models.DateTimeField("bị từ chối gần nhất", null=True, blank=True)
    revoked_at = models.DateTimeField("hủy lúc", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="người hủy",
    )

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "mã truy cập API"
        verbose_name_plural = "mã truy cập API"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(may_read=True) | Q(may_figures=True) | Q(may_acknowledge=True) | Q(may_report=True),
                name="api_token_has_scope",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="api_token_expires_later"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_token_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.first_letters}…)"

    @property
    def scopes(self) -> frozenset[str]:
        """What it may be used for."""
        return frozenset(scope.value for scope in Scope if getattr(self, f"may_{scope.value}"))

    @property
    def scope_words(self) -> Iterator[str]:
        """The same in words, in the order of the page."""
        return (str(scope.label) for scope in Scope if scope.value in self.scopes)


class ApiWrite(models.Model):
    """One thing a program has done, under the key it chose for it, with the answer it got: asked again, it is not done
    again. Written in the transaction of the act itself; kept for a week (units/api_writes.py)."""

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="writes")
    key = models.CharField("khóa chống lặp", max_length=100)
    request_hash = models.CharField("dấu của yêu cầu", max_length=64)
    status = models.PositiveSmallIntegerField("mã trả lời")
    answer = models.JSONField("trả lời")
    made_at = models.DateTimeField("lúc", db_index=True)

    class Meta:
        verbose_name = "lần ghi qua API"
        verbose_name_plural = "lần ghi qua API"
        constraints = [
            models.UniqueConstraint(fields=["token", "key"], name="api_write_once"),
            models.CheckConstraint(condition=~Q(key=""), name="api_write_has_key"),
            models.CheckConstraint(condition=Q(status__gte=200, status__lt=300), name="api_write_was_done"),
        ]

    def __str__(self) -> str:
        return self.key
